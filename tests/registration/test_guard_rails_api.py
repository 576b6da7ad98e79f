"""Guard rails that belong to registration, shown through the public API. Others stand with the rule they protect."""

from typing import Any

import pytest_asyncio

from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL = "云溪区育光小学"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "guarded")


def a_community(town: Town) -> str:
    return next(iter(town.communities))


async def test_g4_members_see_all_that_is_held_and_who_looked_and_take_it_away(town: Town) -> None:
    member_id, registration_id = await town.registered(SCHOOL, a_community(town))
    me = town.member(member_id)
    await town.service.get(f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL))
    page = (await town.service.get(f"/members/{member_id}", as_=me)).json()
    assert (page["name"], [each["registration_id"] for each in page["registrations"]]) == ("郑启明", [registration_id])
    looked = (await town.service.get(f"/members/{member_id}/accesses", as_=me)).json()["items"]
    assert (f"liaison {SCHOOL}", "unit_list") in {(each["actor"], each["purpose"]) for each in looked}
    copy = (await town.service.get(f"/members/{member_id}/export", as_=me)).json()
    assert copy["page"]["registrations"] == page["registrations"]
    assert copy["elsewhere"] == dict.fromkeys(("activities", "evaluation", "notifications"), "/me/copy")
    for path in ("", "/accesses", "/export"):
        other = await town.service.get(f"/members/{member_id}{path}", as_=town.liaison(SCHOOL))
        assert other.status_code == 403, "the own page is the member's alone"


async def test_g7_consent_gates_entry_and_never_exit(town: Town) -> None:
    member_id, number = await town.certified(SCHOOL, a_community(town))
    me = town.member(member_id)
    refused = await town.service.post("/registrations", json={"certificate_no": number}, as_=me)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
    report = {"certificate_no": number, "consent_text_version": "2026-01"}
    registered = await town.service.post("/registrations", json=report, as_=me)
    assert registered.status_code == 201, registered.text
    given = (await town.service.get(f"/members/{member_id}", as_=me)).json()["consents"]
    assert {each["purpose"] for each in given} == {"DUAL_MANAGEMENT"}, "what is optional is asked for separately"
    left = await town.service.post(f"/members/{member_id}/consents/DUAL_MANAGEMENT/withdrawal", as_=me)
    assert left.status_code == 200, "one call, no reason, no condition"
    (ended,) = (await town.service.get(f"/members/{member_id}", as_=me)).json()["registrations"]
    assert (ended["status"], ended["reason"]) == ("CLOSED", "WITHDRAWN")


async def test_g18_another_district_finds_nothing_in_any_list(town: Town) -> None:
    member_id, registration_id = await town.registered(SCHOOL, a_community(town))
    unit, community = str(town.units[SCHOOL]), str(town.communities[a_community(town)])
    roles = (Role.DISTRICT_ADMIN, Role.UNIT_SECRETARY, Role.COMMUNITY_SECRETARY, Role.MEMBER)
    organisations = [town.units[SCHOOL], town.communities[a_community(town)]]
    foreign = town.service.token(*roles, subject=member_id, organisations=organisations, district="elsewhere")
    described: dict[str, Any] = (await town.service.client.get("/openapi.json")).json()["paths"]
    asked = {
        "member_id": member_id,
        "registration_id": registration_id,
        "unit_id": unit,
        "community_id": community,
        "organisation_id": unit,
    }
    answered = 0
    for template, operations in described.items():
        names = {each["name"] for each in operations.get("get", {}).get("parameters", []) if each["in"] == "path"}
        if "get" not in operations or template.startswith("/feed") or not names <= set(asked):
            continue
        answer = await town.service.get(template.format(**asked), as_=foreign, params={"q": "郑"})
        answered += answer.status_code == 200
        assert not [each for each in ("郑启明", SCHOOL, a_community(town)) if each in answer.text], template
    assert answered > 5, "lists that refuse everybody show nothing"
