"""The member's own page and own acts: who looked, consent as an exit that is always open, erasure, addresses for letters."""

from typing import Any
from uuid import UUID

import pytest_asyncio

from ops.demo import make_roster
from services.registration.citizen_number import masked
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL = "云溪区育光小学"
PEOPLE = {person.name: person for person in make_roster.rows() if person.unit == SCHOOL}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    town = await new_town(service, "yunxi")
    await town.send_roster(make_roster.ROSTER.read_bytes())
    return town


async def member_at(town: Town, place: int) -> tuple[str, make_roster.Person]:
    answer = await town.service.get(f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL))
    line = answer.json()["items"][place]
    return line["member_id"], PEOPLE[line["name"]]


async def act(town: Town, member_id: str, path: str, **body: object) -> int:
    answer = await town.service.post(f"/members/{member_id}/{path}", json=body, as_=town.member(member_id))
    return answer.status_code


async def page(town: Town, member_id: str) -> dict[str, Any]:
    answer = await town.service.get(f"/members/{member_id}", as_=town.member(member_id))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def register(town: Town, member_id: str) -> str:
    issued = await town.service.post("/certificates", json={"member_id": member_id}, as_=town.liaison(SCHOOL))
    await town.service.settled()
    body = {"certificate_no": issued.json()["result"]["certificate_no"], "consent_text_version": "2026-01"}
    answer = await town.service.post("/registrations", json=body, as_=town.member(member_id))
    return answer.json()["result"]["registration_id"]


def service_token(town: Town) -> str:
    return town.service.token(Role.SERVICE, subject="service:notifications", district=town.district)


async def test_the_own_page_shows_what_is_known_with_the_citizen_number_masked(town: Town) -> None:
    member_id, person = await member_at(town, 0)
    shown = await page(town, member_id)
    assert (shown["name"], shown["phone"], shown["email"]) == (person.name, person.phone, person.email)
    assert shown["citizen_number_masked"] == masked(person.citizen_number)
    assert person.citizen_number not in str(shown)
    assert shown["unit"] == {"organisation_id": str(town.units[SCHOOL]), "name": SCHOOL}


async def test_profile_and_contact_belong_to_the_member(town: Town) -> None:
    member_id, _ = await member_at(town, 1)
    assert await act(town, member_id, "profile", skills=["书法", "急救"], preferences=["周末"]) == 200
    assert await act(town, member_id, "contact", phone="10000099999", email=None) == 200
    shown = await page(town, member_id)
    assert (shown["skills"], shown["preferences"], shown["phone"], shown["email"]) == (["书法", "急救"], ["周末"], "10000099999", None)
    assert b"10000099999" not in b"".join(event.body for event in await town.service.log(town.district))


async def test_a_profile_is_bounded(town: Town) -> None:
    member_id, _ = await member_at(town, 1)
    assert await act(town, member_id, "profile", skills=["书" * 41], preferences=[]) == 422
    assert await act(town, member_id, "profile", skills=["书"] * 21, preferences=[]) == 422
    for willingness in ({"kinds": ["WAR"]}, {"times": ["MIDNIGHT"]}, {"times_per_month": 32}, {"mood": "good"}):
        assert await act(town, member_id, "profile", skills=[], preferences=[], willingness=willingness) == 422
    assert await act(town, member_id, "contact", phone="12", email="nobody") == 422


async def test_willingness_belongs_to_the_member_and_leaves_with_the_own_copy(town: Town) -> None:
    member_id, _ = await member_at(town, 1)
    willing = {"kinds": ["CULTURE", "ENVIRONMENT", "CULTURE"], "times": ["WEEKEND_MORNING"], "times_per_month": 2}
    assert await act(town, member_id, "profile", skills=["书法"], preferences=[], willingness=willing) == 200
    declared = willing | {"kinds": ["ENVIRONMENT", "CULTURE"]}
    assert (await page(town, member_id))["willingness"] == declared
    copy = await town.service.get(f"/members/{member_id}/export", as_=town.member(member_id))
    assert copy.json()["page"]["willingness"] == declared
    assert await act(town, member_id, "profile", skills=["书法"], preferences=[]) == 200
    assert (await page(town, member_id))["willingness"] == {"kinds": [], "times": [], "times_per_month": None}


async def test_who_looked_is_shown_to_the_member(town: Town) -> None:
    member_id, _ = await member_at(town, 2)
    answer = await town.service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))
    assert {(each["actor"], each["purpose"]) for each in answer.json()["items"]} == {(f"liaison {SCHOOL}", "unit_list")}


async def test_a_letter_needs_consent_and_its_address_is_on_record(town: Town) -> None:
    member_id, person = await member_at(town, 3)
    path = f"/addresses/MEMBER/{member_id}"
    before = (await town.service.get(path, as_=service_token(town))).json()
    assert (before["name"], before["email"], before["phone"]) == (None, None, None)
    assert await act(town, member_id, "consents", purpose="DIRECT_CONTACT", text_version="2026-01") == 200
    after = (await town.service.get(path, as_=service_token(town))).json()
    assert (after["name"], after["email"]) == (person.name, person.email)
    looked = await town.service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))
    assert ("service:notifications", "letter") in {(each["actor"], each["purpose"]) for each in looked.json()["items"]}
    assert await act(town, member_id, "consents/DIRECT_CONTACT/withdrawal") == 200
    assert (await town.service.get(path, as_=service_token(town))).json()["email"] is None


async def test_offices_have_a_mailbox(town: Town) -> None:
    unit = town.units[SCHOOL]
    answer = await town.service.get(f"/addresses/UNIT/{unit}", as_=service_token(town))
    assert (answer.json()["name"], answer.json()["email"]) == (SCHOOL, "yuguang@units.guangcai.example")
    await town.service.post(f"/organisations/{unit}/contact", json={"contact_email": "new@units.guangcai.example"}, as_=town.admin)
    answer = await town.service.get(f"/addresses/UNIT/{unit}", as_=service_token(town))
    assert answer.json()["email"] == "new@units.guangcai.example"
    wrong_kind = await town.service.get(f"/addresses/COMMUNITY/{unit}", as_=service_token(town))
    assert wrong_kind.status_code == 404


async def test_withdrawn_consent_ends_the_registration_and_is_never_refused(town: Town) -> None:
    member_id, _ = await member_at(town, 4)
    registration_id = await register(town, member_id)
    assert await act(town, member_id, "consents/PUBLIC_NAMING/withdrawal") == 200
    assert await act(town, member_id, "consents/DUAL_MANAGEMENT/withdrawal") == 200
    shown = await page(town, member_id)
    assert [(each["registration_id"], each["status"], each["reason"]) for each in shown["registrations"]] == [
        (registration_id, "CLOSED", "WITHDRAWN")
    ]
    assert await act(town, member_id, "consents/DUAL_MANAGEMENT/withdrawal") == 200


async def test_optional_consents_leave_the_registration_alone(town: Town) -> None:
    member_id, _ = await member_at(town, 5)
    await register(town, member_id)
    await act(town, member_id, "consents", purpose="PUBLIC_NAMING", text_version="2026-01")
    await act(town, member_id, "consents/PUBLIC_NAMING/withdrawal")
    shown = await page(town, member_id)
    assert [each["status"] for each in shown["registrations"]] == ["PENDING"]


async def test_after_erasure_nothing_of_the_person_is_readable_anywhere(town: Town) -> None:
    member_id, person = await member_at(town, 6)
    registration_id = await register(town, member_id)
    key = town.service.key()
    first = await town.service.post(f"/members/{member_id}/erasure", as_=town.member(member_id), key=key)
    again = await town.service.post(f"/members/{member_id}/erasure", as_=town.member(member_id), key=key)
    assert (first.status_code, again.json()) == (200, first.json())
    shown = await page(town, member_id)
    assert (shown["is_erased"], shown["name"], shown["citizen_number_masked"], shown["phone"], shown["email"]) == (
        True,
        None,
        None,
        None,
        None,
    )
    assert (shown["skills"], shown["willingness"]["kinds"], shown["consents"]) == ([], [], [])
    listed = await town.service.get(f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL))
    assert person.name not in listed.text
    ended = await town.service.get(f"/registrations/{registration_id}", as_=town.admin)
    assert ended.json()["status"] == "CLOSED"
    assert (await town.service.get(f"/addresses/MEMBER/{member_id}", as_=service_token(town))).status_code == 404
    vault = town.service.client._transport.app.state.vault
    ring = await vault.key_ring(town.district, [UUID(member_id)])
    enrolled = next(event for event in await town.service.log(town.district) if getattr(event.data, "member_id", None) == UUID(member_id))
    assert ring.open(UUID(member_id), "name", enrolled.data.name_sealed) is None
    assert await act(town, member_id, "profile", skills=["书法"], preferences=[]) == 409


async def test_the_district_may_erase_when_retention_ends(town: Town) -> None:
    member_id, _ = await member_at(town, 7)
    answer = await town.service.post(f"/members/{member_id}/erasure", as_=town.admin)
    assert answer.status_code == 200
    assert (await page(town, member_id))["is_erased"] is True


async def test_lists_come_in_pages_without_gaps(town: Town) -> None:
    whole = (await town.service.get("/organisations", as_=town.admin, params={"limit": 500})).json()["items"]
    collected, after = [], None
    while True:
        params = {"limit": "3"} | ({"after": after} if after else {})
        answer = (await town.service.get("/organisations", as_=town.admin, params=params)).json()
        collected += answer["items"]
        after = answer["next"]
        if after is None:
            break
    assert collected == whole
    lines = (await town.service.get(f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL))).json()["items"]
    first = (await town.service.get(f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL), params={"limit": 2})).json()
    second = await town.service.get(
        f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL), params={"limit": 500, "after": first["next"]}
    )
    assert first["items"] + second.json()["items"] == lines
