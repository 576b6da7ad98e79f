"""The official working calendar: 调休 decides the time band, an unknown year says so, the organiser may override with a reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from services.activities.gatherings.activity import ACTIVITY, AmendActivity, PlanActivity, TimeBandNeedsReason, WorkingCalendarUnknown
from services.activities.work_hours import default_time_band
from shared.calendar.working_calendar import ARRANGEMENTS, DayKind, day_kind, first_of_kind, first_working_day_after
from shared.contracts.activities.codes import TimeBand
from shared.contracts.activities.records import ActivityAmended, ActivityPlanned
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import BEFORE, COMMUNITY, PLAN, planned

INSIDE, OUTSIDE = TimeBand.WITHIN_WORK_HOURS, TimeBand.OUTSIDE_WORK_HOURS
DRAFT = {name: value for name, value in PLAN.items() if name not in ("time_band", "six_ones_item")}


def china(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


def morning(day: date) -> dict[str, Any]:
    return {"starts_at": china(day, 9), "ends_at": china(day, 11)}


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 2, 14), DayKind.WORKING_DAY),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 16), DayKind.REST_DAY),  # a Monday of the Spring Festival
        (date(2026, 3, 7), DayKind.REST_DAY),
        (date(2026, 3, 9), DayKind.WORKING_DAY),
        (date(2025, 9, 28), DayKind.WORKING_DAY),
        (date(2025, 10, 8), DayKind.REST_DAY),
        (date(2027, 1, 1), DayKind.REST_DAY),  # by law, before the notice is out
        (date(2027, 1, 4), DayKind.UNKNOWN),
        (date(2027, 1, 3), DayKind.UNKNOWN),  # a Sunday, but nobody knows yet whether it is a make-up day
    ],
)
def test_a_day_is_worked_free_or_unknown(day: date, kind: DayKind):
    assert day_kind(day) is kind


def test_ac_08_the_meeting_was_on_the_first_working_day_after_the_launch():
    launch_days = [date(2010, 3, 26), date(2010, 3, 27), date(2010, 3, 28)]
    assert {first_working_day_after(day) for day in launch_days} == {date(2010, 3, 29)}


def test_the_first_working_day_after_skips_a_holiday_and_stops_at_an_unknown_year():
    assert first_working_day_after(date(2026, 2, 14)) == date(2026, 2, 24)
    assert first_working_day_after(date(2026, 9, 30)) == date(2026, 10, 8)
    assert first_working_day_after(date(2026, 12, 31)) is None
    assert first_of_kind(DayKind.REST_DAY, date(2026, 2, 14)) == date(2026, 2, 15)


@pytest.mark.parametrize("year", sorted(ARRANGEMENTS))
def test_every_entered_year_is_consistent(year: int):
    arrangement = ARRANGEMENTS[year]
    assert f"{year}年" in arrangement.source
    assert all(first <= last and first.year == last.year == year for first, last in arrangement.holidays)
    assert all(day.weekday() >= 5 and not arrangement.is_holiday(day) for day in arrangement.make_up_days)


def test_the_time_band_knows_make_up_days_and_holidays():
    assert default_time_band(**morning(date(2026, 2, 28))) is INSIDE
    assert default_time_band(**morning(date(2026, 2, 20))) is OUTSIDE
    assert default_time_band(china(date(2026, 2, 23), 20), china(date(2026, 2, 24), 9)) is INSIDE


def test_an_unknown_year_is_only_asked_when_it_decides():
    assert default_time_band(**morning(date(2027, 1, 4))) is None
    assert default_time_band(china(date(2027, 1, 4), 19), china(date(2027, 1, 4), 21)) is OUTSIDE
    assert default_time_band(china(date(2026, 12, 31), 9), china(date(2027, 1, 1), 11)) is INSIDE


def test_in_an_unknown_year_the_organiser_states_the_band():
    draft = {**DRAFT, **morning(date(2027, 1, 4))}
    Scenario(ACTIVITY).when(PlanActivity(**draft)).then_rejected(WorkingCalendarUnknown, first_day="2027-01-04")
    (plan,) = Scenario(ACTIVITY).when(PlanActivity(**draft, time_band=OUTSIDE)).then_events(ActivityPlanned)
    assert plan.time_band is OUTSIDE


def test_another_band_than_the_calendars_needs_a_reason():
    override = {**DRAFT, "time_band": INSIDE}
    Scenario(ACTIVITY).when(PlanActivity(**override)).then_rejected(TimeBandNeedsReason, by_calendar=OUTSIDE)
    (plan,) = Scenario(ACTIVITY).when(PlanActivity(**override, time_band_reason="周六值班")).then_events(ActivityPlanned)
    assert (plan.time_band, plan.time_band_reason) == (INSIDE, "周六值班")


def test_new_times_are_judged_by_the_calendar_again():
    overridden = planned.model_copy(update={"time_band": INSIDE, "time_band_reason": "周六值班"})
    (amended,) = (
        Scenario(ACTIVITY).given(overridden).when(AmendActivity(**morning(date(2026, 3, 14)), now=BEFORE)).then_events(ActivityAmended)
    )
    assert (amended.time_band, amended.time_band_reason) == (OUTSIDE, None)
    (moved,) = Scenario(ACTIVITY).given(overridden).when(AmendActivity(place="二楼", now=BEFORE)).then_events(ActivityAmended)
    assert (moved.time_band, moved.time_band_reason) == (INSIDE, "周六值班")


async def test_the_calendar_is_shown_with_its_source(district: District) -> None:
    day = await district.get("/working-days/2026-02-14", district.member(1))
    assert (day["kind"], day["first_working_day_after"]) == ("WORKING_DAY", "2026-02-24")
    assert "国务院办公厅" in day["source"]
    assert (await district.get("/working-days/2027-02-14", district.member(1)))["kind"] == "UNKNOWN"
    year = await district.get("/working-years/2026", district.clerk)
    assert (year["is_known"], len(year["holidays"]), len(year["make_up_days"])) == (True, 7, 6)
    assert not (await district.get("/working-years/2031", district.clerk))["is_known"]
    await district.get("/working-years/31", district.clerk, 422)


async def test_a_feed_says_how_often_to_ask_and_which_version_of_an_activity_it_shows(district: District) -> None:
    activity_id = await district.open_activity()
    await district.post(f"/activities/{activity_id}/sign-ups", district.member(1), 201)
    link = (await district.post("/me/calendar-links", district.member(1), 201))["result"]["path"]
    feeds = ((link, None), ("/me/activities.ics", district.member(1)), (f"/communities/{COMMUNITY}/activities.ics", district.member(2)))

    async def sequences() -> list[int]:
        await district.service.settled()
        found: list[int] = []
        for path, reader in feeds:
            calendar = Calendar.from_ical((await district.service.get(path, as_=reader)).content)
            assert calendar.refresh_interval == timedelta(hours=1)
            assert calendar["X-PUBLISHED-TTL"].to_ical() == b"PT1H"
            found += [int(event["SEQUENCE"]) for event in calendar.walk("VEVENT")]
        return found

    assert await sequences() == [0, 0, 0]
    await district.post(f"/activities/{activity_id}/amend", district.clerk, place="二楼会议室")
    assert await sequences() == [1, 1, 1]
    await district.post(f"/activities/{activity_id}/amend", district.clerk, place="三楼会议室")
    await district.post(f"/activities/{activity_id}/cancel", district.clerk, reason="停电")
    assert await sequences() == [3, 3, 3]


async def test_a_calendar_program_may_ask_for_the_head_of_a_feed(district: District) -> None:
    link = (await district.post("/me/calendar-links", district.member(1), 201))["result"]["path"]
    await district.service.settled()
    for path, reader in (
        (link, None),
        ("/me/activities.ics", district.member(1)),
        (f"/communities/{COMMUNITY}/activities.ics", district.clerk),
    ):
        headers = {} if reader is None else {"Authorization": f"Bearer {reader}"}
        response = await district.service.client.head(path, headers=headers)
        assert response.status_code == 200, path
        assert response.headers["content-type"].startswith("text/calendar")


async def test_work_hours_without_the_units_consent_are_warned_of_until_it_is_recorded(district: District) -> None:
    draft = {
        "community_id": str(COMMUNITY),
        "title": "政策宣讲",
        "activity_type": "POLICY_TALK",
        "starts_at": "2026-02-28T09:00:00+08:00",
        "ends_at": "2026-02-28T11:00:00+08:00",
        "place": "会议室",
    }
    answer = (await district.post("/activities", district.clerk, 201, **draft))["result"]
    bare = ["within_work_hours_without_unit_consent"]
    assert (answer["time_band"], answer["warnings"]) == ("WITHIN_WORK_HOURS", bare)
    path = f"/activities/{answer['activity_id']}"
    assert (await district.post(f"{path}/publish", district.clerk))["result"]["warnings"] == bare
    consented = await district.post(f"{path}/amend", district.clerk, unit_consent="区教育局2月20日函")
    assert consented["result"]["warnings"] == []
    assert (await district.get(path, district.member(1)))["unit_consent"] == "区教育局2月20日函"
    unknown = {**draft, "starts_at": "2027-03-01T09:00:00+08:00", "ends_at": "2027-03-01T11:00:00+08:00"}
    assert (await district.post("/activities", district.clerk, 409, **unknown))["code"] == "working_calendar_unknown"
    stated = {**draft, "time_band": "OUTSIDE_WORK_HOURS"}
    assert (await district.post("/activities", district.clerk, 409, **stated))["code"] == "time_band_needs_reason"
