"""The desk sends a stack of papers, later or again."""

from datetime import timedelta

import pytest_asyncio

from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def test_a_desk_sends_its_stack_again_and_nobody_is_registered_twice(town: Town) -> None:
    service, path = town.service, f"/communities/{town.communities[HERE]}/desk-registrations"
    good = [(await town.certified(SCHOOL, HERE))[1] for _ in range(3)]
    elsewhere = (await town.certified(SCHOOL, THERE))[1]
    yesterday = NEW_YEAR.date() - timedelta(days=1)
    entries = [{"certificate_no": number, "consent_text_version": "2026-01", "reported_on": yesterday.isoformat()} for number in good]
    entries += [entries[0], {"certificate_no": elsewhere, "consent_text_version": "2026-01"}, {"certificate_no": "LX-00000-00000"}]
    first = await service.post(path, json={"entries": entries}, as_=town.clerk(HERE))
    assert first.status_code == 200, first.text
    assert [(line["outcome"], line["code"]) for line in first.json()["lines"]] == [
        *[("REGISTERED", None)] * 3,
        ("REFUSED", "certificate_is_for_another_community"),
        ("REFUSED", "certificate_unknown"),
    ]
    await service.settled()
    before = len(await service.log(town.district))
    again = await service.post(path, json={"entries": entries}, as_=town.clerk(HERE))
    assert [line["outcome"] for line in again.json()["lines"]] == ["ALREADY"] * 3 + ["REFUSED"] * 2
    assert [line["registration_id"] for line in again.json()["lines"]] == [line["registration_id"] for line in first.json()["lines"]]
    assert len(await service.log(town.district)) == before
    seen = await service.get(f"/registrations/{first.json()['lines'][0]['registration_id']}", as_=town.clerk(HERE))
    assert seen.json()["reported_on"] == yesterday.isoformat()


async def test_a_desk_registers_for_its_own_community_today_or_before(town: Town) -> None:
    _, number = await town.certified(SCHOOL, HERE)
    path = f"/communities/{town.communities[HERE]}/desk-registrations"
    entry = {"certificate_no": number}
    assert (await town.service.post(path, json={"entries": [entry]}, as_=town.clerk(THERE))).status_code == 403
    future = entry | {"reported_on": (NEW_YEAR.date() + timedelta(days=2)).isoformat()}
    assert (await town.service.post(path, json={"entries": [future]}, as_=town.clerk(HERE))).status_code == 422
    answer = await town.service.post(path, json={"entries": [entry]}, as_=town.clerk(HERE))
    assert answer.json()["lines"][0]["code"] == "consent_missing"
