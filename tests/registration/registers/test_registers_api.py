"""A clerk looks somebody up among the community's own registrants."""

import pytest_asyncio

from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def test_a_clerk_finds_own_registrants_by_name_initials_and_number(town: Town) -> None:
    member_id, number = await town.certified(SCHOOL, HERE, "欧阳知远")
    report = {"certificate_no": number, "consent_text_version": "2026-01"}
    await town.service.post("/registrations", json=report, as_=town.member(member_id))
    path = f"/communities/{town.communities[HERE]}/registrants"
    for typed in ("知远", "oyzy", number.lower()):
        found = await town.service.get(path, as_=town.clerk(HERE), params={"q": typed})
        assert [line["name"] for line in found.json()] == ["欧阳知远"], typed
    assert (await town.service.get(path, as_=town.clerk(THERE), params={"q": "oyzy"})).status_code == 403
    other = f"/communities/{town.communities[THERE]}/registrants"
    assert (await town.service.get(other, as_=town.clerk(THERE), params={"q": "oyzy"})).json() == []
    copy = await town.service.get(f"/members/{member_id}/export", as_=town.member(member_id))
    assert copy.headers["content-disposition"].startswith("attachment")
    assert copy.json()["page"]["name"] == "欧阳知远"
    assert {(each["actor"], each["purpose"]) for each in copy.json()["accesses"]} == {(f"clerk {HERE}", "look_up")}
    assert (await town.service.get(f"/members/{member_id}/export", as_=town.clerk(HERE))).status_code == 403
