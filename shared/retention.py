"""Terms after which something is given up, a calendar month at a time (guard rail G15)."""

from datetime import MAXYEAR, date


def month_after(day: date) -> date:
    """The first day of the next month: what happened until then is given up together."""
    if (day.year, day.month) == (MAXYEAR, 12):
        return date.max  # reactions to an event must not fail, whatever day it names
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def given_up_on(until: date, years: int) -> date:
    """The day on which everything before `until`, the first of a month, has been kept for so many years."""
    return until.replace(year=min(until.year + years, MAXYEAR))
