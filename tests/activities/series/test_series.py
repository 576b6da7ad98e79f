"""Series of activities: rules of RFC 5545, fixed days on holidays, planning twice plans once, calendar files."""

from datetime import date, time, timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.activities.gatherings.activity import ActivityEndsBeforeItStarts, WorkingCalendarUnknown
from services.activities.refusals import AlreadyExists, TermEndsBeforeItStarts, WrongStep
from services.activities.series.recurrence import days_of, is_rule
from services.activities.series.series import SERIES, DefineSeries, EndSeries, dates, occurrence, occurrence_id, placed
from services.activities.series.templates import TEMPLATES, CommunityType, TemplateCode
from shared.calendar.local_time import local_day
from shared.contracts.activities.codes import ActivityType, HolidayRule
from shared.contracts.activities.series import ActivitySeriesDefined, ActivitySeriesEnded
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, some_id

SERIES_ID = some_id("ce", 1)
STUDY_DAY: dict[str, Any] = {
    "series_id": SERIES_ID,
    "community_id": COMMUNITY,
    "title": "党员学习活动日",
    "activity_type": ActivityType.COMMUNITY_PARTY_LIFE,
    "rule": "FREQ=MONTHLY;BYMONTHDAY=15",
    "holiday_rule": HolidayRule.KEEP_DATE,
    "first_day": date(2026, 1, 1),
    "starts": time(19),
    "ends": time(20, 30),
    "place": "党员活动室",
}
defined = ActivitySeriesDefined(**STUDY_DAY)
ended = ActivitySeriesEnded(series_id=SERIES_ID, community_id=COMMUNITY, last_day=date(2026, 6, 30), reason="场地改造")


def test_a_series_is_defined_and_ended():
    Scenario(SERIES).when(DefineSeries(**STUDY_DAY)).then(defined)
    Scenario(SERIES).given(defined).when(DefineSeries(**STUDY_DAY)).then_rejected(AlreadyExists)
    one_day = STUDY_DAY | {"last_day": STUDY_DAY["first_day"]}
    Scenario(SERIES).when(DefineSeries(**one_day)).then(ActivitySeriesDefined(**one_day))
    Scenario(SERIES).when(DefineSeries(**STUDY_DAY | {"last_day": date(2025, 12, 31)})).then_rejected(TermEndsBeforeItStarts)
    end = EndSeries(last_day=date(2026, 6, 30), reason="场地改造")
    Scenario(SERIES).given(defined).when(end).then(ended)
    Scenario(SERIES).given(defined, ended).when(end).then_nothing()
    Scenario(SERIES).when(end).then_rejected(WrongStep)


def test_a_series_does_not_run_backwards():
    overnight = {**STUDY_DAY, "ends": time(19)}
    Scenario(SERIES).when(DefineSeries(**overnight)).then_rejected(ActivityEndsBeforeItStarts)
    Scenario(SERIES).when(DefineSeries(**STUDY_DAY, last_day=date(2025, 1, 1))).then_rejected(TermEndsBeforeItStarts)


def test_ac_22_the_fifteenth_keeps_its_date_on_holidays_unless_configured():
    days = days_of(defined.rule, defined.first_day, date(2026, 12, 31))
    assert days == [date(2026, month, 15) for month in range(1, 13)]
    assert [placed(day, HolidayRule.KEEP_DATE) for day in days] == days
    spring_festival, sunday = date(2026, 2, 15), date(2026, 3, 15)
    assert placed(spring_festival, HolidayRule.NEXT_WORKING_DAY) == date(2026, 2, 24)
    assert placed(sunday, HolidayRule.NEXT_WORKING_DAY) == date(2026, 3, 16)
    assert placed(spring_festival, HolidayRule.LEAVE_OUT) is None
    assert placed(date(2026, 4, 15), HolidayRule.LEAVE_OUT) == date(2026, 4, 15)
    assert placed(date(2026, 2, 14), HolidayRule.NEXT_REST_DAY) == spring_festival  # a Saturday that is worked


def test_where_the_calendar_would_decide_nothing_is_guessed():
    assert placed(date(2027, 2, 15), HolidayRule.KEEP_DATE) == date(2027, 2, 15)
    for rule in (HolidayRule.NEXT_WORKING_DAY, HolidayRule.NEXT_REST_DAY, HolidayRule.LEAVE_OUT):
        with pytest.raises(WorkingCalendarUnknown):
            placed(date(2027, 2, 15), rule)
    assert placed(date(2026, 12, 31), HolidayRule.NEXT_REST_DAY) == date(2027, 1, 1), "a holiday by law"


def test_weekday_rules_name_their_days():
    assert days_of("FREQ=MONTHLY;BYDAY=+1SA", date(2026, 1, 1), date(2026, 3, 31)) == [
        date(2026, m, d) for m, d in ((1, 3), (2, 7), (3, 7))
    ]
    assert days_of("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", date(2026, 1, 1), date(2026, 1, 31)) == [date(2026, 1, d) for d in (1, 15, 29)]
    assert days_of("FREQ=MONTHLY;BYMONTHDAY=-1", date(2026, 2, 1), date(2026, 3, 31)) == [date(2026, 2, 28), date(2026, 3, 31)]
    assert days_of("FREQ=MONTHLY;BYMONTHDAY=15", date(2026, 2, 1), date(2026, 1, 31)) == []


@pytest.mark.parametrize(
    "rule",
    [
        *("", "every day", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX", "FREQ=MONTHLY;BYDAY=6SA"),
        *("FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=15;UNTIL=20261231", "FREQ=MONTHLY;BYMONTHDAY=15\nRRULE:FREQ=DAILY"),
        *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31"),  # may never name a day
    ],
)
def test_other_rules_are_refused(rule: str):
    assert not is_rule(rule)


def test_an_occurrence_is_always_the_same_activity():
    first, moved = occurrence(defined, date(2026, 2, 15), date(2026, 2, 15)), occurrence(defined, date(2026, 2, 15), date(2026, 2, 24))
    assert first.activity_id == moved.activity_id == occurrence_id(SERIES_ID, date(2026, 2, 15))
    assert occurrence_id(SERIES_ID, date(2026, 3, 15)) != first.activity_id
    assert first.starts_at.isoformat() == "2026-02-15T19:00:00+08:00"


def test_every_type_of_community_has_a_model_with_a_readable_rule():
    assert {each.community_type for each in TEMPLATES} == {None, *CommunityType}
    assert sorted(each.code for each in TEMPLATES) == sorted(TemplateCode)
    for rule in filter(None, (each.rule for each in TEMPLATES)):
        assert days_of(rule, date(2026, 1, 1), date(2026, 6, 30))


NATIONAL_DAY_RULE = "FREQ=WEEKLY;BYDAY=MO,TU"  # 5 and 6 October 2026 are both moved to 8 October


@given(st.dates(date(2026, 9, 1), date(2026, 10, 20)), st.dates(date(2026, 9, 1), date(2026, 10, 20)), st.sampled_from(HolidayRule))
def test_plans_made_on_any_two_days_agree(first: date, second: date, holiday_rule: HolidayRule):
    series = defined.model_copy(update={"rule": NATIONAL_DAY_RULE, "holiday_rule": holiday_rule})
    until, later = date(2026, 11, 30), max(first, second)
    held_of_first, held_of_second = (
        {held_on: named for named, held_on in dates(series, today, until) if held_on is not None} for today in (first, second)
    )
    assert {day: named for day, named in held_of_first.items() if day >= later} == {
        day: named for day, named in held_of_second.items() if day >= later
    }


def test_two_occurrences_moved_to_one_day_are_one_activity_whenever_it_is_planned():
    series = defined.model_copy(update={"rule": NATIONAL_DAY_RULE, "holiday_rule": HolidayRule.NEXT_WORKING_DAY})
    for today in (date(2026, 9, 20), date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 8)):
        assert [each for each in dates(series, today, date(2026, 10, 8)) if each[1] == date(2026, 10, 8)] == [
            (date(2026, 10, 5), date(2026, 10, 8))
        ]


def test_a_series_never_asks_for_a_year_that_is_over():
    series = defined.model_copy(update={"first_day": date(2019, 1, 1), "holiday_rule": HolidayRule.NEXT_WORKING_DAY})
    assert dates(series, date(2026, 3, 1), date(2026, 3, 31)) == [(date(2026, 3, 15), date(2026, 3, 16))]
    assert dates(series, date(2025, 1, 10), date(2025, 1, 31)) == [(date(2025, 1, 15), date(2025, 1, 15))]
    with pytest.raises(WorkingCalendarUnknown):
        dates(series, date(2026, 12, 20), date(2027, 1, 31))


@given(
    st.sampled_from(
        [
            *("FREQ=DAILY", "FREQ=DAILY;INTERVAL=7", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SU", "FREQ=MONTHLY;BYMONTHDAY=31"),
            *("FREQ=MONTHLY;INTERVAL=6;BYDAY=-1FR", "FREQ=MONTHLY;INTERVAL=4;BYMONTHDAY=1,-1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28"),
        ]
    ),
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    st.dates(date(2021, 1, 1), date(2026, 12, 31)),
)
def test_a_rule_names_the_same_days_wherever_one_begins_to_look(rule: str, first_day: date, since: date):
    until = since + timedelta(days=200)
    assert days_of(rule, first_day, until, since=since) == [day for day in days_of(rule, first_day, until) if day >= since]


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=1"])
def test_a_series_of_the_year_206_is_followed_from_where_it_is_looked_at(rule: str):
    started = perf_counter()
    assert days_of(rule, date(206, 1, 1), date(2026, 12, 31), since=date(2026, 1, 1))
    assert perf_counter() - started < 0.2


async def test_models_are_offered_by_type(district: District) -> None:
    found = await district.get("/activity-templates", district.clerk, community_type="学习型")
    assert [each["code"] for each in found][:4] == ["WELCOME", "DEDICATION_DAY", "STUDY_DAY", "READING_CIRCLE"]
    assert {each["community_type"] for each in found} == {None, "LEARNING"}
    assert found[3]["title"] == {"zh": "学习读书进社区", "en": "reading circle"}
    assert found == await district.get("/activity-templates", district.clerk, community_type="LEARNING")
    await district.get("/activity-templates", district.clerk, 422, community_type="未知")


async def test_meetings_lectures_clinics_visits_and_census_help_have_a_model(district: District) -> None:
    found = {each["code"]: each for each in await district.get("/activity-templates", district.clerk)}
    expected = {
        "PARTY_LECTURE": "COMMUNITY_PARTY_LIFE",
        "RESIDENTS_SYMPOSIUM": "SYMPOSIUM",
        "COORDINATION_MEETING": "SYMPOSIUM",
        "FREE_CLINIC": "VOLUNTEER_SERVICE",
        "GREEN_ADOPTION": "VOLUNTEER_SERVICE",
        "CENSUS_HELP": "VOLUNTEER_SERVICE",
        "STUDY_VISIT": "STUDY_VISIT",
        "CULTURE_EVENING": "CULTURE",
    }
    assert {code: found[code]["activity_type"] for code in expected} == expected
    symposium = found["RESIDENTS_SYMPOSIUM"]
    assert symposium["title"] == {"zh": "居民代表定期座谈", "en": "regular symposium with residents"}
    draft = {name: str(value) for name, value in STUDY_DAY.items() if name != "series_id"}
    draft |= {"template": symposium["code"], "activity_type": symposium["activity_type"], "rule": symposium["rule"]}
    series_id = (await district.post("/series", district.clerk, 201, **draft))["result"]["series_id"]
    (listed,) = (await district.get("/series", district.member(1), community_id=str(COMMUNITY)))["items"]
    assert (listed["series_id"], listed["template"], listed["activity_type"]) == (series_id, "RESIDENTS_SYMPOSIUM", "SYMPOSIUM")


async def test_a_study_visit_lasts_two_days_and_each_is_recorded(district: District) -> None:
    first = district.service.now + timedelta(days=2)
    second = first + timedelta(days=1)
    activity_id = await district.open_activity(
        title="参观学习", activity_type="STUDY_VISIT", starts_at=first.isoformat(), ends_at=(second + timedelta(hours=4)).isoformat()
    )
    district.service.now += timedelta(days=5)
    for day in (first, second):
        await district.log(activity_id, 1, starts_at=day.isoformat(), ends_at=(day + timedelta(hours=3)).isoformat())
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    records = (await district.get("/me/records", district.member(1)))["items"]
    days = [local_day(day).isoformat() for day in (first, second)]
    assert sorted((each["served_on"], each["minutes"]) for each in records) == [(day, 180) for day in days]


async def test_a_series_is_planned_once_and_shows_in_calendars(district: District) -> None:
    draft = {name: str(value) for name, value in STUDY_DAY.items() if name != "series_id"} | {"template": "STUDY_DAY"}
    draft["first_day"] = district.service.now.date().replace(day=1).isoformat()
    await district.post("/series", district.elsewhere, 403, **draft)
    await district.post("/series", district.clerk, 422, **draft | {"rule": "FREQ=SECONDLY"})
    series_id = (await district.post("/series", district.clerk, 201, **draft))["result"]["series_id"]
    path, until = f"/series/{series_id}", district.service.now.date().replace(month=12, day=31).isoformat()
    await district.post(f"{path}/plan", district.elsewhere, 403, until=until)
    planned = await district.post(f"{path}/plan", district.clerk, until=until)
    assert (len(planned["planned"]), planned["already_planned"]) == (12, [])
    again = await district.post(f"{path}/plan", district.clerk, until=until)
    assert (again["planned"], again["already_planned"]) == ([], planned["planned"])
    (first, *_, _last) = planned["planned"]
    await district.post(f"/activities/{first}/publish", district.clerk)
    await district.post(f"/activities/{first}/sign-ups", district.member(1), 201)
    dates = (await district.get(f"{path}/occurrences", district.member(1), until=until))["items"]
    assert [(each["activity_id"], each["status"]) for each in dates[:2]] == [(first, "PUBLISHED"), (planned["planned"][1], "PLANNED")]
    listed = (await district.get("/series", district.member(1), community_id=str(COMMUNITY)))["items"]
    assert [(each["series_id"], each["template"]) for each in listed] == [(series_id, "STUDY_DAY")]
    for calendar, reader in (("/me/activities.ics", 1), (f"/communities/{COMMUNITY}/activities.ics", 2)):
        response = await district.service.get(calendar, as_=district.member(reader))
        assert response.headers["content-type"].startswith("text/calendar")
        (event,) = Calendar.from_ical(response.content).walk("VEVENT")
        assert (str(event["UID"]), str(event["SUMMARY"]), event["STATUS"]) == (f"{first}@guangcai", "党员学习活动日", "CONFIRMED")
    nobodys = await district.service.get("/me/activities.ics", as_=district.member(2))
    assert not Calendar.from_ical(nobodys.content).walk("VEVENT")
    await district.post(f"{path}/end", district.clerk, last_day="2026-03-31", reason="场地改造")
    assert len((await district.get(f"{path}/occurrences", district.member(1), until=until))["items"]) == 3
    await district.get("/series/00000000-0000-7000-8000-000000000000/occurrences", district.member(1), 404, until=until)
