"""Retention periods: data expires by whole calendar months (guard rail G15)."""

from datetime import MAXYEAR, date


def month_after(day: date) -> date:
    """The first day of the next month: everything that happened before it expires together."""
    if (day.year, day.month) == (MAXYEAR, 12):
        return date.max  # a reaction must not fail, whatever date its event holds
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def given_up_on(until: date, years: int) -> date:
    """The day on which data from before `until`, the first of a month, expires after `years` years."""
    return until.replace(year=min(until.year + years, MAXYEAR))
