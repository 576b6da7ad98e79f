"""Local days and work hours. China keeps one offset all year, so a fixed offset needs no time zone database."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from shared.contracts.activities import TimeBand

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
WORK_STARTS: Final = time(8, 30)
WORK_ENDS: Final = time(17, 30)
SATURDAY: Final = 5


def local_day(moment: datetime) -> date:
    """Return the calendar day of an aware moment in China."""
    return moment.astimezone(CHINA).date()


def default_time_band(starts_at: datetime, ends_at: datetime) -> TimeBand:
    """Within work hours when any part lies on Monday to Friday between 08:30 and 17:30 local time."""
    starts, ends = starts_at.astimezone(CHINA), ends_at.astimezone(CHINA)
    day = starts.date()
    while day <= ends.date():
        work_starts, work_ends = datetime.combine(day, WORK_STARTS, CHINA), datetime.combine(day, WORK_ENDS, CHINA)
        if day.weekday() < SATURDAY and starts < work_ends and work_starts < ends:
            return TimeBand.WITHIN_WORK_HOURS
        day += timedelta(days=1)
    return TimeBand.OUTSIDE_WORK_HOURS
