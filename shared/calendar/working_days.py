"""Working days of the periods for objecting, appealing and answering, by the official calendar.

The end of a period is announced when it opens, even if it falls into a year whose notice is not out yet: there weekends and the holidays
that the law names count as free, and whoever states the end can say that it rests on an assumed calendar.
"""

from datetime import date, timedelta

from shared.calendar.statutory_holidays import SATURDAY, assumed_rest_days
from shared.calendar.working_calendar import ARRANGEMENTS, DayKind, Years, day_kind


def is_working_day(day: date, years: Years = ARRANGEMENTS) -> bool:
    """By the official calendar; in a year without a notice by the day of the week and the law on public holidays."""
    kind = day_kind(day, years)
    if kind is DayKind.UNKNOWN:
        return day.weekday() < SATURDAY and day not in assumed_rest_days(day.year)
    return kind is DayKind.WORKING_DAY


def working_days_after(day: date, count: int, years: Years = ARRANGEMENTS) -> date:
    """The last day of a period of `count` working days that begins on the day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, years)
    return day


def is_assumed(first: date, last: date, years: Years = ARRANGEMENTS) -> bool:
    """Whether a period from `first` to `last` rests on a year whose notice is not known."""
    return any(year not in years for year in range(first.year, last.year + 1))


def restated(opened_on: date, ends_on: date, years: Years) -> date:
    """The end of a period that was stated by the shipped calendar, by `years`: the same number of working days after its opening."""
    days = (opened_on + timedelta(days=ahead) for ahead in range(1, (ends_on - opened_on).days + 1))
    return working_days_after(opened_on, sum(is_working_day(day) for day in days), years)
