"""Working days of the periods for objecting, appealing and answering, by the official calendar.

The end of a period is announced when it opens, even if it falls into a year not entered yet: there only weekends count as free.
"""

from datetime import date, timedelta

from shared.calendar.working_calendar import SATURDAY, DayKind, day_kind


def is_working_day(day: date) -> bool:
    """By the official calendar, or by the day of the week in a year not entered yet: enter each year's notice when it is published."""
    kind = day_kind(day)
    return day.weekday() < SATURDAY if kind is DayKind.UNKNOWN else kind is DayKind.WORKING_DAY


def working_days_after(day: date, count: int) -> date:
    """The last day of a period of `count` working days that begins on the day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
