"""The day on which something happened, where the programme runs. No daylight saving there since 1991, so no time zone data are needed."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """Calendar day in China of an aware moment."""
    return moment.astimezone(CHINA).date()


def day_begins(day: date) -> datetime:
    """The first moment of a day in China, aware."""
    return datetime.combine(day, time(), CHINA)
