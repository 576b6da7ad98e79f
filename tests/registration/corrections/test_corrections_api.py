"""Corrections of the roster over HTTP: asked by the member, answered by the unit, sealed on the way; reveals on record; retention."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from ops.provision import Database
from services.registration.app import SERVICE
from shared.eventlog.rebuild import rebuild
from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"
NUMBER, MASKED = "11010519491231002X", "1101**********002X"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def ask(town: Town, member_id: str, field: str, value: str) -> int:
    body = {"field": field, "value": value}
    answer = await town.service.post(f"/members/{member_id}/corrections", json=body, as_=town.member(member_id))
    await town.service.settled()
    return answer.status_code


async def waiting(town: Town, unit: str = SCHOOL) -> list[dict[str, Any]]:
    return (await town.service.get(f"/units/{town.units[unit]}/corrections", as_=town.liaison(unit))).json()


async def answer(town: Town, member_id: str, field: str, unit: str = SCHOOL, reason: str | None = None) -> tuple[int, str | None]:
    path = f"/members/{member_id}/corrections/{field}/{'agreement' if reason is None else 'refusal'}"
    told = await town.service.post(path, as_=town.liaison(unit), **({} if reason is None else {"json": {"reason": reason}}))
    await town.service.settled()
    return told.status_code, told.json().get("code")


async def page(town: Town, member_id: str) -> dict[str, Any]:
    return (await town.service.get(f"/members/{member_id}", as_=town.member(member_id))).json()


@pytest.mark.parametrize(
    ("field", "value", "wanted", "shown", "expected"),
    [
        ("NAME", "郑 启明", "郑启明", "name", "郑启明"),
        ("CITIZEN_NUMBER", NUMBER.lower(), MASKED, "citizen_number_masked", MASKED),
        ("PHONE", "10000012345", "10000012345", "phone", "10000012345"),
        ("EMAIL", "right@members.example", "right@members.example", "email", "right@members.example"),
        ("POLITICAL_STATUS", "02", "中共预备党员", "political_status", "02"),
        ("OCCUPATION_GROUP", "POLICE", "公安", "occupation_group", "POLICE"),
    ],
)
async def test_what_the_roster_has_wrong_is_corrected_with_the_units_agreement(
    town: Town, field: str, value: str, wanted: str, shown: str, expected: str
) -> None:
    member_id = await town.enrolled(SCHOOL, "郑启名")
    await town.service.settled()
    before = (await page(town, member_id))[shown]
    assert await answer(town, member_id, field) == (409, "correction_not_requested")
    assert await ask(town, member_id, field, value) == 200
    assert [(each["field"], each["wanted"]) for each in await waiting(town) if each["member_id"] == member_id] == [(field, wanted)]
    assert await answer(town, member_id, field, BUREAU) == (403, "forbidden")
    assert await answer(town, member_id, field, reason="与证件不符") == (200, None)
    kept = await page(town, member_id)
    assert (kept[shown], [(each["status"], each["reason"]) for each in kept["corrections"]]) == (before, [("DECLINED", "与证件不符")])
    assert await ask(town, member_id, field, value) == 200
    assert await answer(town, member_id, field) == (200, None)
    corrected = await page(town, member_id)
    assert (corrected[shown], [each["status"] for each in corrected["corrections"]]) == (expected, ["AGREED"])
    assert await waiting(town) == []
    log = b"".join(event.body for event in await town.service.log(town.district))
    assert value.encode() not in log or len(value) < 3 or field == "OCCUPATION_GROUP"


async def test_a_wrong_residence_is_corrected_to_a_community_that_exists(town: Town) -> None:
    member_id = await town.enrolled(SCHOOL, "柳青")
    assert await ask(town, member_id, "RESIDENCE_COMMUNITY", str(uuid4())) == 404
    assert await ask(town, member_id, "RESIDENCE_COMMUNITY", str(town.units[SCHOOL])) == 404
    assert await ask(town, member_id, "RESIDENCE_COMMUNITY", str(town.communities[THERE])) == 200
    assert [each["wanted"] for each in await waiting(town)] == [THERE]
    assert await answer(town, member_id, "RESIDENCE_COMMUNITY") == (200, None)
    listed = await town.service.get(f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL), params={"limit": 500})
    assert {line["residence_community_id"] for line in listed.json()["items"] if line["member_id"] == member_id} == {
        str(town.communities[THERE])
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("NAME", "  "),
        ("NAME", "柳" * 51),
        ("CITIZEN_NUMBER", "110105194912310021"),
        ("PHONE", "123"),
        ("EMAIL", "nobody"),
        ("POLITICAL_STATUS", "13"),
        ("OCCUPATION_GROUP", "ASTRONAUT"),
        ("RESIDENCE_COMMUNITY", "x"),
        ("THOUGHTS", "x"),
    ],
)
async def test_a_correction_that_cannot_be_right_is_refused_without_being_repeated(town: Town, field: str, value: str) -> None:
    member_id = await town.enrolled(SCHOOL, "柳青")
    body = {"field": field, "value": value}
    told = await town.service.post(f"/members/{member_id}/corrections", json=body, as_=town.member(member_id))
    assert told.status_code == 422
    assert value not in told.text or len(value) < 5
    other = await town.service.post(
        f"/members/{member_id}/corrections", json={"field": "NAME", "value": "柳"}, as_=town.member(str(uuid4()))
    )
    assert other.status_code == 403


async def test_a_citizen_number_belongs_to_one_member(town: Town) -> None:
    number = "110101199003070010"[:17]
    number += "10X98765432"[sum(int(sign) * 2 ** (17 - place) for place, sign in enumerate(number)) % 11]
    await town.enrolled(SCHOOL, "林予安", citizen_number=number)
    other = await town.enrolled(SCHOOL, "林予安")
    assert await ask(town, other, "CITIZEN_NUMBER", number) == 200
    assert await answer(town, other, "CITIZEN_NUMBER") == (409, "citizen_number_taken")
    assert await answer(town, other, "CITIZEN_NUMBER", reason="重复") == (200, None)


async def test_a_probationary_member_becomes_a_full_one(town: Town) -> None:
    member_id = await town.enrolled(SCHOOL, "柳青", political_status="02")
    path, body = f"/members/{member_id}/political-status", {"political_status": "01"}
    assert (await town.service.post(path, json=body, as_=town.liaison(BUREAU))).status_code == 403
    first = await town.service.post(path, json=body, as_=town.liaison(SCHOOL))
    again = await town.service.post(path, json=body, as_=town.liaison(SCHOOL))
    assert [name.split(".")[2] for name in first.json()["event_types"]] == ["PoliticalStatusChanged"]
    assert again.json()["event_ids"] == []
    await town.service.settled()
    assert (await page(town, member_id))["political_status"] == "01"


async def test_a_field_is_revealed_to_who_manages_the_member_and_that_is_on_record(town: Town) -> None:
    service = town.service
    member_id, _ = await town.registered(SCHOOL, HERE)
    await service.post(f"/members/{member_id}/contact", json={"phone": "10000054321", "email": None}, as_=town.member(member_id))
    await service.settled()
    why = {"purpose": "失联核实"}

    async def reveal(field: str, as_: str, **params: str) -> tuple[int, str | None]:
        told = await service.get(f"/members/{member_id}/fields/{field}", as_=as_, params=params)
        return told.status_code, told.json().get("value")

    assert await reveal("phone", town.clerk(HERE), **why) == (200, "10000054321")
    assert await reveal("phone", town.liaison(SCHOOL), **why) == (200, "10000054321")
    assert await reveal("phone", town.clerk(HERE)) == (422, None)
    assert (await reveal("name", town.clerk(HERE), **why))[0] == 422
    for stranger in (town.clerk(THERE), town.liaison(BUREAU), town.admin):
        assert await reveal("phone", stranger, **why) == (403, None)
    assert await reveal("citizen_number", town.clerk(HERE), **why) == (403, None)
    looked = (await service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))).json()["items"]
    assert {(each["actor"], each["purpose"]) for each in looked} >= {
        (f"clerk {HERE}", "phone: 失联核实"),
        (f"liaison {SCHOOL}", "phone: 失联核实"),
    }


async def test_half_a_year_after_the_end_the_citizen_number_cannot_be_read_any_more(service: ServiceUnderTest) -> None:
    town = await new_town(service, "retention")
    vault = service.client._transport.app.state.vault
    sealed: dict[str, str] = {}
    for place, reason in (("kept", None), ("ended", "RETIRED")):
        member_id = await town.enrolled(SCHOOL, "柳青", citizen_number=NUMBER if reason else None)
        certificate = {"member_id": member_id, "community_id": str(town.communities[HERE])}
        issued = await service.post("/certificates", json=certificate, as_=town.liaison(SCHOOL))
        await service.settled()
        report = {"certificate_no": issued.json()["result"]["certificate_no"], "consent_text_version": "2026-01"}
        registered = await service.post("/registrations", json=report, as_=town.member(member_id))
        sealed[place] = member_id
        if reason:
            path = f"/registrations/{registered.json()['result']['registration_id']}/closure"
            assert (await service.post(path, json={"reason": reason}, as_=town.liaison(SCHOOL))).status_code == 200
    await service.settled()
    ended = UUID(sealed["ended"])
    enrolled = next(each.data for each in await service.log("retention") if getattr(each.data, "citizen_number_sealed", None))
    assert (await page(town, sealed["ended"]))["citizen_number_masked"] == MASKED
    service.now = NEW_YEAR + timedelta(days=184)
    try:
        await service.post(
            f"/members/{sealed['kept']}/profile", json={"skills": [], "preferences": ["周末"]}, as_=town.member(sealed["kept"])
        )
        await service.settled()
    finally:
        service.now = NEW_YEAR
    shown = await page(town, sealed["ended"])
    assert (shown["name"], shown["citizen_number_masked"]) == ("柳青", None)
    ring = await vault.key_ring("retention", [ended], numbers=True)
    assert ring.open(ended, "citizen_number", enrolled.citizen_number_sealed) is None
    assert ring.open(ended, "name", enrolled.name_sealed) == "柳青"
    assert [each.name for each in await service.log("retention")].count("RetentionApplied") == 1
    assert await town.enrolled(SCHOOL, "柳青", citizen_number=NUMBER) == sealed["ended"], "still found as one person"
    assert await ask(town, sealed["ended"], "CITIZEN_NUMBER", NUMBER) == 409


async def test_the_read_model_of_all_that_is_a_function_of_the_log(town: Town, database: Database) -> None:
    await town.service.settled()
    told = {event.name for district in ("yunxi", "retention") for event in await town.service.log(district)}
    assert told >= {
        "CorrectionRequested",
        "CorrectionDeclined",
        "CorrectionAgreed",
        "PoliticalStatusChanged",
        "OccupationGroupChanged",
        "ResidenceCommunityChanged",
        "RetentionApplied",
    }
    owner, role = database.url("registration_owner"), database.url("registration")
    rebuilt = await rebuild(SERVICE.read_model(), town.service.feeds, owner_url=owner, service_url=role, swap=False)
    assert rebuilt.is_equal
