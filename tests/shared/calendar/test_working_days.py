"""Periods in working days: by the official calendar for years with an entry, otherwise by the day of the week."""

from datetime import date

from shared.calendar.working_calendar import DayKind, day_kind
from shared.calendar.working_days import is_working_day, working_days_after


def test_working_days_know_holidays_and_make_up_days() -> None:
    assert is_working_day(date(2026, 2, 14)), "a Saturday before the Spring Festival is made up"
    assert not is_working_day(date(2026, 2, 23))
    assert working_days_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert working_days_after(date(2026, 2, 13), 2) == date(2026, 2, 24)


def test_a_window_can_be_told_before_the_notice_of_its_year_is_published() -> None:
    assert day_kind(date(2027, 1, 11)) is DayKind.UNKNOWN, "enter the notice of a later year here"
    assert working_days_after(date(2027, 1, 8), 15) == date(2027, 1, 29)
