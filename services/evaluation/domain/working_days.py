"""Working days of the national calendar: weekends off, public holidays off, make-up days (调休) on. One entry per year as published."""

from datetime import date, timedelta


def _days(year: int, *spans: tuple[tuple[int, int], tuple[int, int]]) -> frozenset[date]:
    """All days of the spans, each from (month, day) to (month, day)."""
    found: set[date] = set()
    for first, last in spans:
        day = date(year, *first)
        while day <= date(year, *last):
            found.add(day)
            day += timedelta(days=1)
    return frozenset(found)


HOLIDAYS = {
    *_days(2025, ((1, 1), (1, 1)), ((1, 28), (2, 4)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((5, 31), (6, 2)), ((10, 1), (10, 8))),
    *_days(2026, ((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21))),
    *_days(2026, ((9, 25), (9, 27)), ((10, 1), (10, 7))),
}
MAKE_UP_DAYS = frozenset(
    {
        *(date(2025, month, day) for month, day in ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11))),
        *(date(2026, month, day) for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))),
    }
)
SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Years without an entry have plain weekends: a window can then only be longer than the calendar's, never shorter, for a holiday."""
    return day in MAKE_UP_DAYS or (day.weekday() < SATURDAY and day not in HOLIDAYS)


def working_days_after(day: date, count: int) -> date:
    """The last day of a window of `count` working days that begins on the day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
