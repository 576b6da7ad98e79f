"""Work hours by the official calendar, and from when a day of service is a long one."""

from datetime import datetime, time, timedelta
from typing import Final

from shared.calendar.local_time import CHINA
from shared.calendar.working_calendar import DayKind, day_kind
from shared.contracts.activities.codes import TimeBand

WORK_STARTS: Final = time(8, 30)
WORK_ENDS: Final = time(17, 30)
LONG_DAY: Final = 8 * 60  # minutes


def default_time_band(starts_at: datetime, ends_at: datetime) -> TimeBand | None:
    """Within work hours when any part lies on a working day between 08:30 and 17:30 local time; None when only an unknown day decides."""
    starts, ends = starts_at.astimezone(CHINA), ends_at.astimezone(CHINA)
    day, is_unknown = starts.date(), False
    while day <= ends.date():
        work_starts, work_ends = datetime.combine(day, WORK_STARTS, CHINA), datetime.combine(day, WORK_ENDS, CHINA)
        if starts < work_ends and work_starts < ends:
            kind = day_kind(day)
            if kind is DayKind.WORKING_DAY:
                return TimeBand.WITHIN_WORK_HOURS
            is_unknown = is_unknown or kind is DayKind.UNKNOWN
        day += timedelta(days=1)
    return None if is_unknown else TimeBand.OUTSIDE_WORK_HOURS
