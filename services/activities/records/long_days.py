"""Long days: eight hours of a day count at once, twelve after a second confirmation by somebody else, more after the street's.

Invariant: minutes that nobody else has looked at count nothing. They wait, and whoever confirms them adds them by a correction.
"""

from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple
from uuid import UUID

from services.activities.gatherings.service_records import ConfirmedRecord, LoggedRecord, Records
from services.activities.records.service_log import VERY_LONG_DAY, TimeElsewhere
from services.activities.work_hours import LONG_DAY
from shared.calendar.local_time import local_day

WHOLE_DAY: Final = 24 * 60


class Look(IntEnum):
    """How far a day has been looked at: the minutes of it that may count."""

    ONE_PERSON = LONG_DAY
    TWO_PERSONS = VERY_LONG_DAY
    STREET = WHOLE_DAY


class Counted(NamedTuple):
    """How much of a record counts, how much waits, and who confirmed it as the second where more than eight hours count."""

    minutes: int
    waiting_minutes: int
    second_confirmed_by: str | None


def counted(minutes: int, before: int, second: str | None, *, by_street: bool) -> Counted:
    """`before`: what counts of the member's day already. `second`: who looked at it besides the one who confirms."""
    at_once = _within(minutes, before, Look.ONE_PERSON)
    look = Look.ONE_PERSON if second is None else Look.STREET if by_street else Look.TWO_PERSONS
    counts = _within(minutes, before, look)
    return Counted(counts, minutes - counts, second if counts > at_once else None)


def second_look(record: LoggedRecord, confirmed_by: str) -> str | None:
    """Somebody besides the one who confirms who vouched for an open record."""
    return min(record.vouchers - {confirmed_by}, default=None)


def counting_before(records: Records, elsewhere: Iterable[TimeElsewhere], record_id: UUID, day: date) -> int:
    """Minutes of the member's day that count already: of other activities, and of other records in this one."""
    member_id = records[record_id].logged.member_id
    here = [
        each.counting.minutes
        for key, each in records.items()
        if key != record_id and isinstance(each, ConfirmedRecord) and each.logged.member_id == member_id and each.counting.served_on == day
    ]
    return sum(here) + sum(each.minutes for each in elsewhere if local_day(each.starts_at) == day)


def _within(minutes: int, before: int, look: Look) -> int:
    return min(minutes, max(0, look - before))
