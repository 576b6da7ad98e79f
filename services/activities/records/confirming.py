"""What becomes of a record: a whole roster confirmed or declined in one act.

Invariants: nobody confirms their own record; whoever recorded it may not confirm it.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.activities.gatherings.service_records import ConfirmedRecord, DeclinedRecord, LoggedRecord, Record, evolve_records
from services.activities.gatherings.state import KnownActivity, records_of
from services.activities.records.long_days import counted, counting_before, second_look
from services.activities.records.service_log import TimeElsewhere
from services.activities.records.vouching import RecordIsNotOpen, known_record, record_ids, require_looked_at, require_somebody_else
from services.activities.refusals import NobodyConfirmsTheirOwn
from services.activities.wording import ROSTER_LIMIT, Reason
from shared.contracts.activities.codes import EvidenceLevel
from shared.contracts.activities.records import ActivityConfirmed, ActivityDeclined, ActivityLogged
from shared.contracts.event import Event
from shared.decider import Command, DomainError


class NothingToConfirm(DomainError):
    """No record has been logged for this activity."""


class Decline(Command):
    """One record that is not confirmed, and why."""

    record_id: UUID
    reason: Reason


class RosterDecision(Command):
    """Which open records are confirmed (None: all the others) and which are declined; those that overlap others have to be named."""

    record_ids: Annotated[tuple[UUID, ...], Field(max_length=ROSTER_LIMIT)] | None = None
    decline: Annotated[tuple[Decline, ...], Field(max_length=ROSTER_LIMIT)] = ()
    accept_flagged: Annotated[tuple[UUID, ...], Field(max_length=ROSTER_LIMIT)] = ()


class ConfirmRoster(RosterDecision):
    """Decide the whole roster in one act. `elsewhere`: what was confirmed for these members in other activities."""

    confirmed_by: str
    elsewhere: dict[UUID, tuple[TimeElsewhere, ...]] = Field(default_factory=dict[UUID, tuple[TimeElsewhere, ...]])


def confirm_roster(command: ConfirmRoster, state: KnownActivity) -> tuple[Event, ...]:
    """Confirm and decline; records that are already decided so are passed over."""
    if not records_of(state):
        raise NothingToConfirm
    declines = {each.record_id: each.reason for each in command.decline}
    chosen = _chosen(command, state, declines)
    require_looked_at(chosen, command.accept_flagged, command.elsewhere)
    declined = [record for each in declines if (record := _open_record(state, each, DeclinedRecord))]
    for record in chosen:
        require_somebody_else(record, command.confirmed_by)
    for record in declined:
        # The recorder may take back a slip of the pen; nobody decides about themself.
        if command.confirmed_by == str(record.logged.member_id):
            raise NobodyConfirmsTheirOwn(record_id=str(record.logged.record_id))
    return (
        *_confirmed(chosen, command, state),
        *(_declined(record.logged, declines[record.logged.record_id], command.confirmed_by) for record in declined),
    )


def _chosen(command: ConfirmRoster, state: KnownActivity, declines: dict[UUID, str]) -> tuple[LoggedRecord, ...]:
    if command.record_ids is None:
        records = (record for record in records_of(state).values() if isinstance(record, LoggedRecord))
        return tuple(record for record in records if record.logged.record_id not in declines)
    wanted = (each for each in dict.fromkeys(command.record_ids) if each not in declines)
    return tuple(record for each in wanted if (record := _open_record(state, each, ConfirmedRecord)))


def _open_record(state: KnownActivity, record_id: UUID, wanted: type[Record]) -> LoggedRecord | None:
    """The record if it is to be decided, None when it is what is wanted already."""
    record = known_record(state, record_id)
    if isinstance(record, wanted):
        return None
    if not isinstance(record, LoggedRecord):
        raise RecordIsNotOpen(record_id=str(record_id))
    return record


def _confirmed(chosen: Iterable[LoggedRecord], command: ConfirmRoster, state: KnownActivity) -> Iterator[ActivityConfirmed]:
    """One after the other, as two of them may be of one day of one member."""
    records = records_of(state)
    for record in chosen:
        logged = record.logged
        before = counting_before(records, command.elsewhere.get(logged.member_id, ()), logged.record_id, logged.served_on)
        second = second_look(record, command.confirmed_by)
        minutes = counted(logged.minutes, before, second, by_street=record.is_street_reviewed)
        is_measured = logged.evidence_level is EvidenceLevel.MEASURED
        level = EvidenceLevel.MEASURED if is_measured else EvidenceLevel.ORGANISER_CONFIRMED
        decided = {"evidence_level": level, "confirmed_by": command.confirmed_by}
        event = ActivityConfirmed.model_validate({**logged.model_dump(), **minutes._asdict(), **decided})
        records = evolve_records(records, event)
        yield event


def _declined(logged: ActivityLogged, reason: str, declined_by: str) -> ActivityDeclined:
    return ActivityDeclined(**record_ids(logged), reason=reason, declined_by=declined_by)
