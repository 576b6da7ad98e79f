"""Attendance is given up after three years, records and certificates after ten, by events of their own; a rebuild gives up the same."""

from datetime import date, timedelta
from typing import Any

import pytest

from ops.provision import Database
from services.activities.app import SERVICE
from services.activities.bulletins.bulletin import bulletin_id
from services.activities.members.retention import RETENTION, ApplyRetention, TermIsNotOver
from shared.contracts.activities.retention import Retained, ServiceRetentionApplied
from shared.eventlog.rebuild import rebuild
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, member


def apply(what: Retained, until: date, on: date) -> ApplyRetention:
    return ApplyRetention(what=what, until=until, applied_on=on)


@pytest.mark.parametrize(("what", "last_day"), [(Retained.ATTENDANCE, date(2029, 1, 31)), (Retained.LEDGER, date(2036, 1, 31))])
def test_g15_nothing_is_given_up_early_and_nothing_twice(what: Retained, last_day: date):
    until = date(2026, 2, 1)
    applied = ServiceRetentionApplied(what=what, until=until, applied_on=last_day + timedelta(days=1))
    due = apply(what, until, last_day + timedelta(days=1))
    Scenario(RETENTION).when(apply(what, until, last_day)).then_rejected(TermIsNotOver)
    Scenario(RETENTION).when(due).then(applied)
    Scenario(RETENTION).given(applied).when(due).then_nothing()
    earlier = apply(what, date(2026, 1, 1), last_day + timedelta(days=1))
    Scenario(RETENTION).given(applied).when(earlier).then_nothing()


async def test_g15_attendance_goes_after_three_years_records_after_ten(district: District, database: Database) -> None:
    activity_id = await district.open_activity()
    await district.post(f"/activities/{activity_id}/sign-ups", district.member(1), 201)
    await district.post(f"/activities/{activity_id}/leave", district.member(1), 201, reason_code="HEALTH")
    district.service.now += timedelta(days=3)
    await district.log(activity_id, 2)
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    await district.service.settled()
    period = {"period_start": "2026-01-01", "period_end": "2026-12-31"}
    await district.post("/certificates", district.secretary, 201, member_id=str(member(2)), community_id=str(COMMUNITY), **period)
    await district.post("/bulletin-names", district.clerk, 201, community_id=str(COMMUNITY), month="2026-01")
    await district.post(f"/bulletin-names/{bulletin_id(COMMUNITY, '2026-01')}/answer", district.member(2), may_be_named=True)

    async def kept_on(day: date) -> tuple[int, int, int, int]:
        """The district's business goes on; how many sign-ups, records, certificates and names of that January can be read."""
        district.service.now += day - district.service.now.date()
        await district.open_post()
        await district.service.settled()
        lists: list[list[Any]] = [
            (await district.get("/me/activities", district.member(1)))["items"],
            (await district.get("/me/records", district.member(2)))["items"],
            await district.get("/me/certificates", district.member(2)),
            await district.get("/me/bulletin-names", district.member(2)),
        ]
        signed_up, records, certificates, names = (len(each) for each in lists)
        return signed_up, records, certificates, names

    assert await kept_on(date(2029, 1, 30)) == (1, 1, 1, 1)
    assert await kept_on(date(2029, 2, 2)) == (0, 1, 1, 1)
    roster = await district.get(f"/activities/{activity_id}/roster", district.clerk)
    assert [each["member_id"] for each in roster["members"]] == [str(member(2))]
    assert await kept_on(date(2036, 1, 30)) == (0, 1, 1, 1)
    assert await kept_on(date(2036, 2, 2)) == (0, 0, 0, 0)
    told = [each.data for each in await district.service.log() if isinstance(each.data, ServiceRetentionApplied)]
    assert [(each.what, each.until) for each in told] == [(Retained.ATTENDANCE, date(2026, 2, 1)), (Retained.LEDGER, date(2026, 2, 1))]
    owner, role = database.url("activities_owner"), database.url("activities")
    assert (await rebuild(SERVICE.read_model(), district.service.feeds, owner_url=owner, service_url=role, swap=False)).is_equal
