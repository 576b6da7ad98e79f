"""活动记实: what a member did, when and for how long, as the organiser (or the member) records it once it is over.

Invariants: minutes never exceed the time without travel; no time of a member is recorded twice in one activity; long days and
overlaps with other activities are flagged for the confirmer, not refused.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.activities.gatherings.activity import ActivityEndsBeforeItStarts
from services.activities.gatherings.attendance import AlreadyLogged
from services.activities.gatherings.service_records import (
    ConfirmedRecord,
    LivingRecord,
    Records,
    evolve_records,
    living_records,
    living_records_of,
)
from services.activities.gatherings.state import KnownActivity, Plan, Published, require_published
from services.activities.refusals import FutureRecord, TwoAdultsNeeded
from services.activities.wording import ADULTS_WITH_MINORS, LIST_LIMIT, ROSTER_LIMIT, Line, Prose
from services.activities.work_hours import LONG_DAY
from shared.calendar.local_time import local_day
from shared.contracts.activities.codes import ActivityOutcome, Attendance, EvidenceLevel, RecipientType, RecordFlag
from shared.contracts.activities.records import ActivityLogged
from shared.contracts.event import Event
from shared.decider import Command, DomainError

VERY_LONG_DAY: Final = 12 * 60
LATE_DAYS: Final = 30
ABSENT: Final = frozenset({Attendance.EXCUSED, Attendance.NO_SHOW})


class LateEntryNeedsReason(DomainError):
    """The activity is long over; say why the record comes late."""


class MarkedAbsent(DomainError):
    """The member was noted as absent; change the attendance first."""


class OutsideTheActivity(DomainError):
    """The recorded time does not lie on a day of the activity."""


class MinutesExceedDuration(DomainError):
    """More minutes were stated than the time without travel allows."""


class OutcomeEntry(Command):
    """An outcome with its figure, unit and the text as written, e.g. 1000余条."""

    metric: Line
    number: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
    unit: Line
    approximate: bool = False
    text: Line


class TimeElsewhere(Command):
    """A living record of the member in another activity, looked up by the caller."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    minutes: int


class LogLine(Command):
    """A member's line as entered; times default to the activity's, minutes to the duration without travel."""

    member_id: UUID
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    travel_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 0
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    duty_units: Annotated[int, Field(ge=0, le=20)] = 0
    measured: bool = False


class LogEntry(LogLine):
    """A line with its record id and the facts about the member that the caller looked up."""

    record_id: UUID
    unit_id: UUID
    elsewhere: tuple[TimeElsewhere, ...] = ()


class RecordDraft(Command):
    """What all lines of a log share."""

    recipient_type: RecipientType
    content: Prose
    person_in_charge: Line | None = None
    outcomes: Annotated[tuple[OutcomeEntry, ...], Field(max_length=LIST_LIMIT)] = ()
    late_reason: Line | None = None
    second_adult: Line | None = None


class LogActivity(RecordDraft):
    """Record the service of one or many members."""

    entries: Annotated[tuple[LogEntry, ...], Field(min_length=1, max_length=ROSTER_LIMIT)]
    recorder: str
    now: AwareDatetime


def log(command: LogActivity, state: KnownActivity) -> tuple[Event, ...]:
    """Record every line, or none when one of them breaks a rule."""
    state = require_published(state)
    plan, records = state.plan, state.records
    if command.now - plan.ends_at > timedelta(days=LATE_DAYS) and not command.late_reason:
        raise LateEntryNeedsReason(days=LATE_DAYS)
    events: list[Event] = []
    for entry in command.entries:
        event = _log_one(entry, command, state, records)
        records = evolve_records(records, event)
        events.append(event)
    if plan.is_with_minors and not command.second_adult and len(_served(records)) < ADULTS_WITH_MINORS:
        raise TwoAdultsNeeded
    return tuple(events)


def _served(records: Records) -> set[UUID]:
    return {record.logged.member_id for record in living_records(records)}


def _log_one(entry: LogEntry, command: LogActivity, state: Published, records: Records) -> ActivityLogged:
    """The event of one line; `records` are those before it, with the lines already logged."""
    plan = state.plan
    starts_at, ends_at = entry.starts_at or plan.starts_at, entry.ends_at or plan.ends_at
    member = str(entry.member_id)
    if state.people.attendance.get(entry.member_id) in ABSENT:
        raise MarkedAbsent(member_id=member)
    check_times(starts_at, ends_at, plan, command.now)
    own = tuple(_time_of(record) for record in living_records_of(records, entry.member_id))
    if entry.record_id in records or any(_meets(starts_at, ends_at, each) for each in own):
        raise AlreadyLogged(member_id=member)
    served_on = local_day(starts_at)
    minutes = minutes_served(entry, starts_at, ends_at)
    return ActivityLogged(
        record_id=entry.record_id,
        record_no=f"{served_on:%Y%m%d}-{entry.record_id.hex[-10:].upper()}",
        activity_id=plan.activity_id,
        member_id=entry.member_id,
        community_id=plan.community_id,
        unit_id=entry.unit_id,
        activity_name=plan.title,
        activity_type=plan.activity_type,
        time_band=plan.time_band,
        place=plan.place,
        recipient_type=command.recipient_type,
        content=command.content,
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=minutes,
        served_on=served_on,
        person_in_charge=command.person_in_charge or command.recorder,
        recorder=command.recorder,
        evidence_level=EvidenceLevel.MEASURED if entry.measured and command.recorder != member else EvidenceLevel.SELF_REPORTED,
        post_id=plan.post_id,
        duty_units=entry.duty_units if plan.post_id else 0,
        six_ones_item=plan.six_ones_item,
        outcomes=tuple(ActivityOutcome.model_validate(each.model_dump()) for each in command.outcomes),
        flags=flags_of(starts_at, ends_at, minutes, (*entry.elsewhere, *own)),
        late_reason=command.late_reason,
        second_adult=command.second_adult,
    )


def check_times(starts_at: datetime, ends_at: datetime, plan: Plan, now: datetime) -> None:
    """Refuse times that run backwards, lie in the future, or on no day of the activity."""
    if ends_at <= starts_at:
        raise ActivityEndsBeforeItStarts
    if ends_at > now:
        raise FutureRecord
    if not local_day(plan.starts_at) <= local_day(starts_at) <= local_day(plan.ends_at):
        raise OutsideTheActivity


def duration(starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes between two moments."""
    return int((ends_at - starts_at).total_seconds()) // 60


def minutes_served(line: LogLine, starts_at: datetime, ends_at: datetime) -> int:
    """Minutes served, travel excluded, at most one day."""
    available = min(duration(starts_at, ends_at) - line.travel_minutes, VERY_LONG_DAY * 2)
    minutes = available if line.minutes is None else line.minutes
    if minutes > available or minutes < 1:
        raise MinutesExceedDuration(member_id=str(line.member_id), available=max(0, available))
    return minutes


def flags_of(starts_at: datetime, ends_at: datetime, minutes: int, elsewhere: tuple[TimeElsewhere, ...]) -> tuple[RecordFlag, ...]:
    """What the confirmer has to look at, given the member's other records."""
    day = local_day(starts_at)
    total = minutes + sum(each.minutes for each in elsewhere if local_day(each.starts_at) == day)
    flags: list[RecordFlag] = []
    if total > VERY_LONG_DAY:
        flags.append(RecordFlag.OVER_TWELVE_HOURS)
    elif total > LONG_DAY:
        flags.append(RecordFlag.OVER_EIGHT_HOURS)
    if any(_meets(starts_at, ends_at, each) for each in elsewhere):
        flags.append(RecordFlag.OVERLAP)
    return tuple(flags)


def _time_of(record: LivingRecord) -> TimeElsewhere:
    times = record.counting if isinstance(record, ConfirmedRecord) else record.logged
    return TimeElsewhere(starts_at=times.starts_at, ends_at=times.ends_at, minutes=times.minutes)


def _meets(starts_at: datetime, ends_at: datetime, other: TimeElsewhere) -> bool:
    return starts_at < other.ends_at and other.starts_at < ends_at
