"""Periods in working days: by the official calendar for years with an entry, otherwise by the day of the week."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar.statutory_holidays import assumed_rest_days, statutory_holidays
from shared.calendar.working_calendar import ARRANGEMENTS, Arrangement, DayKind, day_kind
from shared.calendar.working_days import is_assumed, is_working_day, restated, working_days_after


def test_working_days_know_holidays_and_make_up_days() -> None:
    assert is_working_day(date(2026, 2, 14)), "a Saturday before the Spring Festival is made up"
    assert not is_working_day(date(2026, 2, 23))
    assert working_days_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert working_days_after(date(2026, 2, 13), 2) == date(2026, 2, 24)


def test_a_window_can_be_told_before_the_notice_of_its_year_is_published() -> None:
    assert day_kind(date(2027, 1, 11)) is DayKind.UNKNOWN, "enter the notice of a later year here"
    assert working_days_after(date(2027, 1, 8), 15) == date(2027, 1, 29)


def test_new_years_day_is_a_holiday_by_law_before_the_notice_is_out() -> None:
    assert working_days_after(date(2026, 12, 28), 5) == date(2027, 1, 5)
    assert day_kind(date(2027, 1, 1)) is DayKind.REST_DAY
    assert day_kind(date(2027, 1, 2)) is DayKind.UNKNOWN, "a Saturday that the notice may make a working day"


@pytest.mark.parametrize(
    ("opened_on", "count", "ends_on"),
    [
        (date(2027, 2, 4), 1, date(2027, 2, 11)),  # eve to third day of the Spring Festival, two of them on a weekend
        (date(2027, 4, 2), 1, date(2027, 4, 6)),  # Qingming
        (date(2027, 4, 30), 1, date(2027, 5, 5)),  # Labour Day on a Saturday and Sunday
        (date(2027, 6, 8), 1, date(2027, 6, 10)),  # Dragon Boat Festival
        (date(2027, 9, 14), 1, date(2027, 9, 16)),  # Mid-Autumn Festival
        (date(2027, 9, 30), 1, date(2027, 10, 6)),  # National Day, two of three on a weekend
        (date(2027, 12, 31), 1, date(2028, 1, 4)),  # New Year's Day on a Saturday
        (date(2031, 9, 30), 1, date(2031, 10, 6)),  # Mid-Autumn Festival on National Day
    ],
)
def test_every_holiday_that_the_law_names_is_free_before_the_notice_is_out(opened_on: date, count: int, ends_on: date) -> None:
    assert working_days_after(opened_on, count) == ends_on


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_notices_of_years_under_the_law_of_today_keep_every_statutory_holiday(year: int) -> None:
    assert all(ARRANGEMENTS[year].is_holiday(day) for day in statutory_holidays(year))


@given(st.integers(min_value=1900, max_value=2200))
def test_any_year_has_its_statutory_holidays_and_a_weekday_in_return_for_each_on_a_weekend(year: int) -> None:
    holidays = statutory_holidays(year)
    assert 11 <= len(holidays) <= 13
    assert {day.year for day in holidays} == {year}
    on_weekends = sum(day.weekday() >= 5 for day in holidays)
    assert len(assumed_rest_days(year)) == len(holidays) + on_weekends


LATER = Arrangement("国务院办公厅关于2027年部分节假日安排的通知", ((date(2027, 1, 1), date(2027, 1, 3)),), (date(2027, 1, 9),))


def test_what_rests_on_an_assumed_calendar_says_so_and_is_recomputed_when_the_notice_comes() -> None:
    opened_on, years = date(2026, 12, 28), {**ARRANGEMENTS, 2027: LATER}
    ends_on = working_days_after(opened_on, 10)
    assert ends_on == date(2027, 1, 12)
    assert is_assumed(opened_on, ends_on)
    assert not is_assumed(opened_on, ends_on, years)
    assert not is_assumed(opened_on, date(2026, 12, 31))
    assert restated(opened_on, ends_on, years) == working_days_after(opened_on, 10, years) == date(2027, 1, 11)


@given(st.dates(date(2026, 11, 1), date(2027, 6, 30)), st.integers(min_value=1, max_value=30))
def test_a_restated_end_is_the_one_that_the_notice_would_have_given(opened_on: date, count: int) -> None:
    years = {**ARRANGEMENTS, 2027: LATER}
    assert restated(opened_on, working_days_after(opened_on, count), years) == working_days_after(opened_on, count, years)
    assert restated(opened_on, working_days_after(opened_on, count), ARRANGEMENTS) == working_days_after(opened_on, count)
