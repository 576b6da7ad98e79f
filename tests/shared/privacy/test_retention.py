"""Retention periods count whole months, and no date in an event can make a reaction fail."""

from datetime import date

from shared.calendar.local_time import day_after_begins
from shared.privacy.retention import given_up_on, month_after


def test_a_month_expires_together_after_its_years() -> None:
    assert given_up_on(month_after(date(2026, 12, 5)), 3) == date(2030, 1, 1)


def test_the_end_of_the_calendar_is_a_day_like_any_other() -> None:
    assert month_after(date(9999, 12, 5)) == date.max
    assert given_up_on(date(9995, 1, 1), 10) == date(9999, 1, 1)
    assert day_after_begins(date.max).date() == date.max
