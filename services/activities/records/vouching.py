"""What has to be looked at before a record counts: flags judged again by what was confirmed since, and a second look at long days.

Invariants: a day of more than twelve hours counts only after the street looked at it; one of more than eight that the member recorded
themself only after a second person of the community vouched for it. Nobody vouches for their own record or one they recorded.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from services.activities import errors
from services.activities.gatherings.state import Activity, Record, RecordStatus
from services.activities.records.logging import TimeElsewhere, flags_of
from shared.contracts.activities import RecordFlag, RecordVouched
from shared.contracts.event import Event
from shared.decider import Command

LONG: Final = frozenset({RecordFlag.OVER_EIGHT_HOURS, RecordFlag.OVER_TWELVE_HOURS})


class VouchRecord(Command):
    """A second person looked at a long day."""

    record_id: UUID
    vouched_by: str
    by_street: bool = False


def vouch(command: VouchRecord, state: Activity) -> tuple[Event, ...]:
    """Vouch for an open record."""
    record = state.records.get(command.record_id)
    if record is None:
        raise errors.RecordUnknown(record_id=str(command.record_id))
    if record.status is not RecordStatus.LOGGED:
        raise errors.RecordIsNotOpen(record_id=str(command.record_id))
    logged = record.logged
    if command.vouched_by == str(logged.member_id):
        raise errors.NobodyConfirmsTheirOwn(record_id=str(command.record_id))
    if command.vouched_by == logged.recorder:
        raise errors.RecorderMayNotConfirm(record_id=str(command.record_id))
    if command.vouched_by in record.vouchers:
        return ()
    ids = {name: getattr(logged, name) for name in ("record_id", "activity_id", "member_id", "community_id")}
    return (RecordVouched(**ids, vouched_by=command.vouched_by, by_street=command.by_street),)


def require_looked_at(
    chosen: Sequence[Record], accepted: Sequence[UUID], confirmed_by: str, elsewhere: Mapping[UUID, tuple[TimeElsewhere, ...]]
) -> None:
    """Raise when a record that is to be confirmed was not named although it is flagged, or lacks the second look it needs."""
    flags = {record.logged.record_id: _flags_now(record, elsewhere.get(record.logged.member_id, ())) for record in chosen}
    if unseen := [str(each) for each, found in flags.items() if found and each not in accepted]:
        raise errors.FlaggedRecordNeedsALook(record_ids=unseen)
    if lone := [each for each in chosen if RecordFlag.OVER_TWELVE_HOURS in flags[each.logged.record_id] and not each.is_street_reviewed]:
        raise errors.StreetReviewNeeded(record_ids=[str(each.logged.record_id) for each in lone])
    if lone := [each for each in chosen if LONG & flags[each.logged.record_id] and not _seen_by_two(each, confirmed_by)]:
        raise errors.SecondConfirmationNeeded(record_ids=[str(each.logged.record_id) for each in lone])


def _flags_now(record: Record, elsewhere: tuple[TimeElsewhere, ...]) -> frozenset[RecordFlag]:
    logged = record.logged
    return frozenset(logged.flags) | frozenset(flags_of(logged.starts_at, logged.ends_at, logged.minutes, elsewhere))


def _seen_by_two(record: Record, confirmed_by: str) -> bool:
    """An organiser's own log is the first look; a member's is none."""
    first = record.vouchers if record.logged.recorder == str(record.logged.member_id) else {*record.vouchers, record.logged.recorder}
    return bool(first - {confirmed_by})
