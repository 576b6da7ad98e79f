"""What has to be looked at before a record counts: flags judged again by what was confirmed since, and a second look at long days.

Invariants: a day of more than twelve hours counts only after the street looked at it; one of more than eight that the member recorded
themself only after a second person of the community vouched for it. Nobody vouches for their own record or one they recorded.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.activities.gatherings.service_records import LoggedRecord, Record
from services.activities.gatherings.state import KnownActivity, records_of
from services.activities.records.service_log import TimeElsewhere, flags_of
from services.activities.refusals import NobodyConfirmsTheirOwn
from shared.contracts.activities.codes import RecordFlag
from shared.contracts.activities.records import ActivityLogged, RecordVouched
from shared.contracts.event import Event
from shared.decider import Command, DomainError

LONG: Final = frozenset({RecordFlag.OVER_EIGHT_HOURS, RecordFlag.OVER_TWELVE_HOURS})


class RecordUnknown(DomainError):
    """There is no such record in this activity."""


class RecordIsNotOpen(DomainError):
    """The record has already been decided."""


class RecorderMayNotConfirm(DomainError):
    """Whoever recorded the service may not confirm it."""


class FlaggedRecordNeedsALook(DomainError):
    """Records with long hours or overlapping times have to be accepted one by one."""


class StreetReviewNeeded(DomainError):
    """A day of more than twelve hours has to be looked at by the street first."""


class SecondConfirmationNeeded(DomainError):
    """A day of more than eight hours that the member recorded needs a second person of the community."""


class VouchRecord(Command):
    """A second person looked at a long day."""

    record_id: UUID
    vouched_by: str
    by_street: bool = False


def vouch(command: VouchRecord, state: KnownActivity) -> tuple[Event, ...]:
    """Vouch for an open record."""
    record = known_record(state, command.record_id)
    if not isinstance(record, LoggedRecord):
        raise RecordIsNotOpen(record_id=str(command.record_id))
    require_somebody_else(record, command.vouched_by)
    if command.vouched_by in record.vouchers:
        return ()
    return (RecordVouched(**record_ids(record.logged), vouched_by=command.vouched_by, by_street=command.by_street),)


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
    chosen: Sequence[LoggedRecord], accepted: Sequence[UUID], confirmed_by: str, elsewhere: Mapping[UUID, tuple[TimeElsewhere, ...]]
) -> None:
    """Raise when a record that is to be confirmed was not named although it is flagged, or lacks the second look it needs."""
    flags = {record.logged.record_id: _flags_now(record, elsewhere.get(record.logged.member_id, ())) for record in chosen}
    if unseen := [str(each) for each, found in flags.items() if found and each not in accepted]:
        raise FlaggedRecordNeedsALook(record_ids=unseen)
    if lone := [each for each in chosen if RecordFlag.OVER_TWELVE_HOURS in flags[each.logged.record_id] and not each.is_street_reviewed]:
        raise StreetReviewNeeded(record_ids=[str(each.logged.record_id) for each in lone])
    if lone := [each for each in chosen if LONG & flags[each.logged.record_id] and not _seen_by_two(each, confirmed_by)]:
        raise SecondConfirmationNeeded(record_ids=[str(each.logged.record_id) for each in lone])


def _flags_now(record: LoggedRecord, elsewhere: tuple[TimeElsewhere, ...]) -> frozenset[RecordFlag]:
    logged = record.logged
    return frozenset(logged.flags) | frozenset(flags_of(logged.starts_at, logged.ends_at, logged.minutes, elsewhere))


def _seen_by_two(record: LoggedRecord, confirmed_by: str) -> bool:
    """An organiser's own log is the first look; a member's is none."""
    first = record.vouchers if record.logged.recorder == str(record.logged.member_id) else {*record.vouchers, record.logged.recorder}
    return bool(first - {confirmed_by})
