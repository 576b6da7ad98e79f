"""State of an activity: its plan, who comes, who came, and each member's record with what it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.activities import (
    ActivityAmended,
    ActivityCancelled,
    ActivityConfirmed,
    ActivityCorrected,
    ActivityDeclined,
    ActivityLogged,
    ActivityPlanned,
    ActivityPublished,
    ActivitySignedUp,
    ActivityVoided,
    Attendance,
    AttendanceRecorded,
    LeaveApproved,
    LeaveDeclined,
    LeaveReason,
    LeaveRequested,
    RecordCorrectionDeclined,
    RecordCorrectionOverdue,
    RecordCorrectionRequested,
    RecordVouched,
    SignUpWaitlisted,
    SignUpWithdrawn,
)
from shared.contracts.event import Event

Plan = ActivityPlanned | ActivityAmended
Counting = ActivityConfirmed | ActivityCorrected


class ActivityPhase(StrEnum):
    """Where an activity stands."""

    UNKNOWN = "UNKNOWN"
    PLANNED = "PLANNED"
    PUBLISHED = "PUBLISHED"
    CANCELLED = "CANCELLED"


class RecordStatus(StrEnum):
    """Where a record stands."""

    LOGGED = "LOGGED"
    CONFIRMED = "CONFIRMED"
    DECLINED = "DECLINED"
    VOIDED = "VOIDED"


LIVING: Final = frozenset({RecordStatus.LOGGED, RecordStatus.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Leave:
    """A member's leave from this activity."""

    reason_code: LeaveReason
    is_approved: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """What the member asked for and nobody has answered yet."""

    answer_by: date | None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A member's record: as logged, where it stands, and what counts now."""

    logged: ActivityLogged
    status: RecordStatus = RecordStatus.LOGGED
    counting: Counting | None = None
    revision: int = 0
    correction_request: CorrectionRequest | None = None
    vouchers: frozenset[str] = frozenset()
    is_street_reviewed: bool = False

    @property
    def times(self) -> ActivityLogged | Counting:
        """Return what states the record's time now."""
        return self.counting or self.logged


@dataclass(frozen=True, slots=True)
class Activity:
    """Fold of an activity's stream."""

    phase: ActivityPhase = ActivityPhase.UNKNOWN
    plan: Plan | None = None
    signed_up: frozenset[UUID] = frozenset()
    waiting: tuple[UUID, ...] = ()  # in line for a place
    leaves: Mapping[UUID, Leave] = field(default_factory=dict[UUID, Leave])
    attendance: Mapping[UUID, Attendance] = field(default_factory=dict[UUID, Attendance])
    records: Mapping[UUID, Record] = field(default_factory=dict[UUID, Record])

    @property
    def served(self) -> frozenset[UUID]:
        """Members with a record that counts or may come to count."""
        return frozenset(record.logged.member_id for record in self.records.values() if record.status in LIVING)

    def living_records(self, member_id: UUID) -> tuple[Record, ...]:
        """Return the member's records that count or may come to count."""
        return tuple(record for record in self.records.values() if record.logged.member_id == member_id and record.status in LIVING)


INITIAL: Final = Activity()


def evolve(state: Activity, event: Event) -> Activity:
    """Fold one event. Never raises."""
    match event:
        case ActivityPlanned():
            return replace(state, phase=ActivityPhase.PLANNED, plan=event)
        case ActivityAmended():
            return replace(state, plan=event)
        case ActivityPublished():
            return replace(state, phase=ActivityPhase.PUBLISHED)
        case ActivityCancelled():
            return replace(state, phase=ActivityPhase.CANCELLED)
        case ActivitySignedUp():
            return replace(state, signed_up=state.signed_up | {event.member_id}, waiting=_without(state.waiting, event.member_id))
        case SignUpWaitlisted():
            return replace(state, waiting=(*state.waiting, event.member_id))
        case SignUpWithdrawn():
            return replace(state, signed_up=state.signed_up - {event.member_id}, waiting=_without(state.waiting, event.member_id))
        case LeaveRequested():
            return replace(state, leaves={**state.leaves, event.member_id: Leave(event.reason_code)})
        case LeaveApproved():
            return replace(state, leaves={**state.leaves, event.member_id: Leave(event.reason_code, is_approved=True)})
        case LeaveDeclined():
            return replace(state, leaves={member: leave for member, leave in state.leaves.items() if member != event.member_id})
        case AttendanceRecorded():
            return replace(state, attendance={**state.attendance, event.member_id: event.attendance})
        case _:
            return _evolve_record(state, event)


def _without(line: tuple[UUID, ...], member_id: UUID) -> tuple[UUID, ...]:
    return tuple(each for each in line if each != member_id)


def _evolve_record(state: Activity, event: Event) -> Activity:
    match event:
        case ActivityLogged():
            return replace(state, records={**state.records, event.record_id: Record(event)})
        case ActivityConfirmed() | ActivityCorrected():
            return _changed(
                state, event.record_id, status=RecordStatus.CONFIRMED, counting=event, revision=event.revision, correction_request=None
            )
        case ActivityDeclined():
            return _changed(state, event.record_id, status=RecordStatus.DECLINED)
        case ActivityVoided():
            return _changed(state, event.record_id, status=RecordStatus.VOIDED, revision=event.revision, correction_request=None)
        case RecordVouched():
            return _vouched(state, event)
        case RecordCorrectionRequested():
            return _requested(state, event)
        case RecordCorrectionOverdue():
            return _changed(state, event.record_id, correction_request=CorrectionRequest(event.due_on, is_overdue=True))
        case RecordCorrectionDeclined():
            return _changed(state, event.record_id, correction_request=None)
        case _:
            return state


def _vouched(state: Activity, event: RecordVouched) -> Activity:
    if (record := state.records.get(event.record_id)) is None:
        return state
    reviewed = record.is_street_reviewed or event.by_street
    return _changed(state, event.record_id, vouchers=record.vouchers | {event.vouched_by}, is_street_reviewed=reviewed)


def _requested(state: Activity, event: RecordCorrectionRequested) -> Activity:
    """Asking again changes the words, not whether the day has passed."""
    record = state.records.get(event.record_id)
    is_overdue = record is not None and record.correction_request is not None and record.correction_request.is_overdue
    return _changed(state, event.record_id, correction_request=CorrectionRequest(event.answer_by, is_overdue))


def _changed(state: Activity, record_id: UUID, **changes: object) -> Activity:
    if (record := state.records.get(record_id)) is None:
        return state
    return replace(state, records={**state.records, record_id: replace(record, **changes)})
