"""Calendar days in China. The offset is the same everywhere, without daylight saving since 1991: no time zone database is needed."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
FIRST_DAY: Final = date.min + timedelta(days=1)  # the first day that begins within the calendar everywhere
LAST_DAY: Final = date.max - timedelta(days=1)  # the last day that has a successor


def local_day(moment: datetime) -> date:
    """The calendar day in China of an aware moment."""
    return moment.astimezone(CHINA).date()


def day_begins(day: date) -> datetime:
    """The aware moment at which `day` begins in China; the first day of the calendar begins one day late."""
    return datetime.combine(max(day, FIRST_DAY), time(), CHINA)


def days_after(day: date, wait: timedelta) -> date:
    """The day after `wait`, at most the last of the calendar: a reaction must not fail, whatever day its event holds."""
    return day + min(wait, date.max - day)


def day_after_begins(day: date) -> datetime:
    """The aware moment at which `day` ends in China; the last day of the calendar ends one day early."""
    return day_begins(min(day, LAST_DAY) + timedelta(days=1))
