"""Calendar days in China. The offset is the same everywhere, without daylight saving since 1991: no time zone database is needed."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
LAST_DAY: Final = date.max - timedelta(days=1)  # the last day that has a successor


def local_day(moment: datetime) -> date:
    """The calendar day in China of an aware moment."""
    return moment.astimezone(CHINA).date()


def day_begins(day: date) -> datetime:
    """The aware moment at which `day` begins in China."""
    return datetime.combine(day, time(), CHINA)


def day_after_begins(day: date) -> datetime:
    """The aware moment at which `day` ends in China; the last day of the calendar ends one day early."""
    return day_begins(min(day, LAST_DAY) + timedelta(days=1))
