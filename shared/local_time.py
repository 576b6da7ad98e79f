"""Days where the programme runs. China has kept one offset without daylight saving since 1991, so no time zone database is needed."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
LAST_DAY: Final = date.max - timedelta(days=1)  # the last one that can be followed by another


def local_day(moment: datetime) -> date:
    """The calendar day in China of an aware moment."""
    return moment.astimezone(CHINA).date()


def day_begins(day: date) -> datetime:
    """The aware moment at which `day` begins in China."""
    return datetime.combine(day, time(), CHINA)


def day_after_begins(day: date) -> datetime:
    """The aware moment at which `day` is over in China; a day without a successor is over one day early."""
    return day_begins(min(day, LAST_DAY) + timedelta(days=1))
