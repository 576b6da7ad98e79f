"""What becomes of a record: a whole roster confirmed or declined in one act.

Invariants: nobody confirms their own record; whoever recorded it may not confirm it.
"""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.activities import errors
from services.activities.gatherings.state import Activity, Record, RecordStatus
from services.activities.records.logging import TimeElsewhere
from services.activities.records.vouching import require_looked_at
from services.activities.wording import ROSTER_LIMIT, Reason
from shared.contracts.activities import (
    ActivityConfirmed,
    ActivityDeclined,
    ActivityLogged,
    EvidenceLevel,
)
from shared.contracts.event import Event
from shared.decider import Command


class Decline(Command):
    """One record that is not confirmed, and why."""

    record_id: UUID
    reason: Reason


class RosterDecision(Command):
    """Which open records are confirmed (None: all the others) and which are declined; flagged ones have to be named."""

    record_ids: Annotated[tuple[UUID, ...], Field(max_length=ROSTER_LIMIT)] | None = None
    decline: Annotated[tuple[Decline, ...], Field(max_length=ROSTER_LIMIT)] = ()
    accept_flagged: Annotated[tuple[UUID, ...], Field(max_length=ROSTER_LIMIT)] = ()


class ConfirmRoster(RosterDecision):
    """Decide the whole roster in one act. `elsewhere`: what was confirmed for these members in other activities."""

    confirmed_by: str
    elsewhere: dict[UUID, tuple[TimeElsewhere, ...]] = Field(default_factory=dict[UUID, tuple[TimeElsewhere, ...]])


def confirm_roster(command: ConfirmRoster, state: Activity) -> tuple[Event, ...]:
    """Confirm and decline; records that already stand so are passed over."""
    if not state.records:
        raise errors.NothingToConfirm
    declines = {each.record_id: each.reason for each in command.decline}
    chosen = _chosen(command, state, declines)
    require_looked_at(chosen, command.accept_flagged, command.confirmed_by, command.elsewhere)
    declined = [_open_record(state, record_id, RecordStatus.DECLINED) for record_id in declines]
    for record in chosen:
        require_somebody_else(record, command.confirmed_by)
    for record in declined:
        # The recorder may take back a slip of the pen; nobody decides about themself.
        if record and command.confirmed_by == str(record.logged.member_id):
            raise errors.NobodyConfirmsTheirOwn(record_id=str(record.logged.record_id))
    return (
        *(_confirmed(record.logged, command.confirmed_by) for record in chosen),
        *(_declined(record.logged, declines[record.logged.record_id], command.confirmed_by) for record in declined if record),
    )


def _chosen(command: ConfirmRoster, state: Activity, declines: dict[UUID, str]) -> tuple[Record, ...]:
    if command.record_ids is None:
        records = (record for record in state.records.values() if record.status is RecordStatus.LOGGED)
        return tuple(record for record in records if record.logged.record_id not in declines)
    wanted = (each for each in dict.fromkeys(command.record_ids) if each not in declines)
    return tuple(record for each in wanted if (record := _open_record(state, each, RecordStatus.CONFIRMED)))


def _open_record(state: Activity, record_id: UUID, wanted: RecordStatus) -> Record | None:
    record = known_record(state, record_id)
    if record.status is wanted:
        return None
    if record.status is not RecordStatus.LOGGED:
        raise errors.RecordIsNotOpen(record_id=str(record_id))
    return record


def require_somebody_else(record: Record, subject: str) -> None:
    """Raise when the subject served or recorded."""
    if subject == str(record.logged.member_id):
        raise errors.NobodyConfirmsTheirOwn(record_id=str(record.logged.record_id))
    if subject == record.logged.recorder:
        raise errors.RecorderMayNotConfirm(record_id=str(record.logged.record_id))


def _confirmed(logged: ActivityLogged, confirmed_by: str) -> ActivityConfirmed:
    is_measured = logged.evidence_level is EvidenceLevel.MEASURED
    level = EvidenceLevel.MEASURED if is_measured else EvidenceLevel.ORGANISER_CONFIRMED
    return ActivityConfirmed.model_validate({**logged.model_dump(), "evidence_level": level, "confirmed_by": confirmed_by})


def _declined(logged: ActivityLogged, reason: str, declined_by: str) -> ActivityDeclined:
    return ActivityDeclined(**ids_of(logged), reason=reason, declined_by=declined_by)


def known_record(state: Activity, record_id: UUID) -> Record:
    """Return the record. Raises RecordUnknown."""
    if (record := state.records.get(record_id)) is None:
        raise errors.RecordUnknown(record_id=str(record_id))
    return record


def ids_of(logged: ActivityLogged) -> dict[str, Any]:
    """Ids that every event about the record carries."""
    return {each: getattr(logged, each) for each in ("record_id", "activity_id", "member_id", "community_id")}
