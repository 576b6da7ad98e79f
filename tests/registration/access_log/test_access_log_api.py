"""Who looked is on record for three years."""

from datetime import UTC, date, datetime

import pytest_asyncio

from ops.demo import make_roster
from shared.contracts.registration.changes import AccessRetentionApplied
from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL = "云溪区育光小学"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    town = await new_town(service, "yunxi")
    await town.send_roster(make_roster.ROSTER.read_bytes())
    return town


async def test_who_looked_is_forgotten_after_three_years_and_that_is_on_record(service: ServiceUnderTest) -> None:
    town = await new_town(service, "access-log")
    member_id = await town.enrolled(SCHOOL, "柳青")
    profile = f"/members/{member_id}/profile"

    async def looked_on(day: date) -> list[str]:
        """A day of this district: its business goes on, the unit looks; who looked when, as the member is told then."""
        service.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        body = {"skills": [], "preferences": [day.isoformat()]}
        assert (await service.post(profile, json=body, as_=town.member(member_id))).is_success
        await service.settled()
        await service.get(f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL))
        told = await service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))
        return [each["at"][:10] for each in told.json()["items"]]

    try:
        assert await looked_on(date(2026, 1, 20)) == ["2026-01-20"]
        assert await looked_on(date(2026, 3, 1)) == ["2026-03-01", "2026-01-20"]
        assert await looked_on(date(2029, 1, 31)) == ["2029-01-31", "2026-03-01", "2026-01-20"]
        assert await looked_on(date(2029, 2, 2)) == ["2029-02-02", "2029-01-31", "2026-03-01"]
        assert await looked_on(date(2029, 6, 5)) == ["2029-06-05", "2029-02-02", "2029-01-31"]
    finally:
        service.now = NEW_YEAR
    told = [event.data for event in await service.log("access-log") if isinstance(event.data, AccessRetentionApplied)]
    assert [(each.until.isoformat(), each.entries) for each in told] == [
        ("2026-02-01", 1),
        ("2026-03-01", 0),
        ("2026-04-01", 1),
        ("2026-05-01", 0),
        ("2026-06-01", 0),
    ]
    assert [each.applied_on for each in told] == [each.until.replace(year=2029) for each in told]
