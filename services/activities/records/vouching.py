"""What has to be looked at: overlaps before a record is confirmed, judged by what was confirmed since, and long days by a second person.

Invariants: what counts beyond eight hours of a day was confirmed by two persons, beyond twelve by the street too. Nobody vouches for their
own record or one they recorded.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.activities.gatherings.service_records import ConfirmedRecord, Counting, LoggedRecord, Record
from services.activities.gatherings.state import KnownActivity, records_of
from services.activities.records.long_days import counted, counting_before
from services.activities.records.service_log import TimeElsewhere, flags_of
from services.activities.refusals import NobodyConfirmsTheirOwn
from shared.contracts.activities.codes import RecordFlag
from shared.contracts.activities.records import ActivityConfirmed, ActivityCorrected, ActivityLogged, RecordVouched
from shared.contracts.event import Event
from shared.decider import Command, DomainError


class RecordUnknown(DomainError):
    """There is no such record in this activity."""


class RecordIsNotOpen(DomainError):
    """The record has already been decided."""


class RecorderMayNotConfirm(DomainError):
    """Whoever recorded the service may not confirm it."""


class FlaggedRecordNeedsALook(DomainError):
    """Records whose time overlaps another one of the member have to be accepted one by one."""


class StreetReviewNeeded(DomainError):
    """What is above twelve hours of a day counts after the street has looked at it."""


class ConfirmerMayNotVouch(DomainError):
    """The second confirmation of a long day comes from somebody else."""


class RecordHasMovedOn(DomainError):
    """The record was changed in the meantime; read it again."""


class VouchRecord(Command):
    """A second person looked at a long day, before it is confirmed or after.

    Of a confirmed record: `corrects_event_id` and `revision` as the caller has read it; `elsewhere` what counts in other activities.
    """

    record_id: UUID
    vouched_by: str
    by_street: bool = False
    reason: str
    corrects_event_id: UUID | None = None
    revision: int = 0
    elsewhere: tuple[TimeElsewhere, ...] = ()


def vouch(command: VouchRecord, state: KnownActivity) -> tuple[Event, ...]:
    """Vouch for an open record, or confirm what waits of a confirmed one."""
    record = known_record(state, command.record_id)
    if not (isinstance(record, LoggedRecord) or (isinstance(record, ConfirmedRecord) and record.counting.waiting_minutes)):
        raise RecordIsNotOpen(record_id=str(command.record_id))
    require_somebody_else(record, command.vouched_by)
    vouched = RecordVouched(**record_ids(record.logged), vouched_by=command.vouched_by, by_street=command.by_street)
    if isinstance(record, ConfirmedRecord):
        return (vouched, _second_confirmation(command, record, state))
    return () if command.vouched_by in record.vouchers else (vouched,)


def _second_confirmation(command: VouchRecord, record: ConfirmedRecord, state: KnownActivity) -> ActivityCorrected:
    """What waited counts now, up to twelve hours of the day or, for the street, all of it."""
    counting = record.counting
    if counting.revision != command.revision:
        raise RecordHasMovedOn(revision=counting.revision)
    if command.vouched_by == decided_by(counting):
        raise ConfirmerMayNotVouch
    before = counting_before(records_of(state), command.elsewhere, command.record_id, counting.served_on)
    total = counting.minutes + counting.waiting_minutes
    now = counted(total, before, command.vouched_by, by_street=command.by_street or record.is_street_reviewed)
    if now.minutes <= counting.minutes:
        raise StreetReviewNeeded(record_ids=[str(command.record_id)])
    return ActivityCorrected.model_validate(
        {
            **counting.model_dump(),
            **before_of(counting),
            **now._asdict(),
            "corrects_event_id": command.corrects_event_id,
            "revision": counting.revision + 1,
            "reason": command.reason,
            "corrected_by": command.vouched_by,
            "is_second_confirmation": True,
        }
    )


def decided_by(counting: Counting) -> str:
    """Who decided that the record counts so."""
    return counting.confirmed_by if isinstance(counting, ActivityConfirmed) else counting.corrected_by


def before_of(counting: Counting) -> dict[str, Any]:
    """What counted so far, as an event that changes it says it."""
    names = ("minutes", "served_on", "post_id", "duty_units", "six_ones_item")
    return {f"before_{name}": getattr(counting, name) for name in names}


def known_record(state: KnownActivity, record_id: UUID) -> Record:
    """Return the record. Raises RecordUnknown."""
    if (record := records_of(state).get(record_id)) is None:
        raise RecordUnknown(record_id=str(record_id))
    return record


def require_somebody_else(record: Record, subject: str) -> None:
    """Raise when the subject served or recorded."""
    if subject == str(record.logged.member_id):
        raise NobodyConfirmsTheirOwn(record_id=str(record.logged.record_id))
    if subject == record.logged.recorder:
        raise RecorderMayNotConfirm(record_id=str(record.logged.record_id))


def record_ids(logged: ActivityLogged) -> dict[str, Any]:
    """Ids that every event about the record carries."""
    return {each: getattr(logged, each) for each in ("record_id", "activity_id", "member_id", "community_id")}


def require_looked_at(
    chosen: Sequence[LoggedRecord], accepted: Sequence[UUID], elsewhere: Mapping[UUID, tuple[TimeElsewhere, ...]]
) -> None:
    """Raise when the time of a record that is to be confirmed overlaps another one and it was not named."""
    unseen = [
        str(record.logged.record_id)
        for record in chosen
        if RecordFlag.OVERLAP in _flags_now(record, elsewhere.get(record.logged.member_id, ())) and record.logged.record_id not in accepted
    ]
    if unseen:
        raise FlaggedRecordNeedsALook(record_ids=unseen)


def _flags_now(record: LoggedRecord, elsewhere: tuple[TimeElsewhere, ...]) -> frozenset[RecordFlag]:
    logged = record.logged
    return frozenset(logged.flags) | frozenset(flags_of(logged.starts_at, logged.ends_at, logged.minutes, elsewhere))
