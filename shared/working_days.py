"""Working days of the periods in which people may speak up, and communities and reviewers have to answer, by the official calendar.

A window has to be told when it opens, also when it reaches a year whose notice is not entered yet: then weekends alone are free.
"""

from datetime import date, timedelta

from shared.working_calendar import SATURDAY, DayKind, day_kind


def is_working_day(day: date) -> bool:
    """By the official calendar where it is entered, else by the day of the week: enter each year's notice when it is published."""
    kind = day_kind(day)
    return day.weekday() < SATURDAY if kind is DayKind.UNKNOWN else kind is DayKind.WORKING_DAY


def working_days_after(day: date, count: int) -> date:
    """The last day of a window of `count` working days that begins on the day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
