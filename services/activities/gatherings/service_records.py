"""State of the records in an activity: each as logged, its status, and what counts now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from shared.contracts.activities.records import (
    ActivityConfirmed,
    ActivityCorrected,
    ActivityDeclined,
    ActivityLogged,
    ActivityVoided,
    RecordCorrectionDeclined,
    RecordCorrectionOverdue,
    RecordCorrectionRequested,
    RecordVouched,
)
from shared.contracts.event import Event

Counting = ActivityConfirmed | ActivityCorrected


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """What the member asked for and nobody has answered yet."""

    answer_by: date | None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class LoggedRecord:
    """It waits for confirmation; `vouchers` are the people who took a second look."""

    logged: ActivityLogged
    vouchers: frozenset[str] = frozenset()
    is_street_reviewed: bool = False
    correction_request: CorrectionRequest | None = None


@dataclass(frozen=True, slots=True)
class ConfirmedRecord:
    """It counts as `counting` says."""

    logged: ActivityLogged
    vouchers: frozenset[str]
    counting: Counting
    is_street_reviewed: bool = False
    correction_request: CorrectionRequest | None = None


@dataclass(frozen=True, slots=True)
class DeclinedRecord:
    """It was not confirmed and does not count."""

    logged: ActivityLogged
    vouchers: frozenset[str]
    correction_request: CorrectionRequest | None = None


@dataclass(frozen=True, slots=True)
class VoidedRecord:
    """It counted once and was taken back."""

    logged: ActivityLogged
    vouchers: frozenset[str]


LivingRecord = LoggedRecord | ConfirmedRecord
Record = LivingRecord | DeclinedRecord | VoidedRecord
Records = Mapping[UUID, Record]


def living_records(records: Records) -> tuple[LivingRecord, ...]:
    """Records that count or may come to count."""
    return tuple(record for record in records.values() if isinstance(record, LoggedRecord | ConfirmedRecord))


def living_records_of(records: Records, member_id: UUID) -> tuple[LivingRecord, ...]:
    """The member's records that count or may come to count."""
    return tuple(record for record in living_records(records) if record.logged.member_id == member_id)


def open_request(record: Record) -> CorrectionRequest | None:
    """The request for a correction that nobody has answered yet."""
    return None if isinstance(record, VoidedRecord) else record.correction_request


def evolve_records(records: Records, event: Event) -> Records:
    """Fold one event. Never raises."""
    match event:
        case ActivityLogged():
            return {**records, event.record_id: LoggedRecord(event)}
        case (
            ActivityConfirmed()
            | ActivityCorrected()
            | ActivityDeclined()
            | ActivityVoided()
            | RecordVouched()
            | RecordCorrectionRequested()
            | RecordCorrectionOverdue()
            | RecordCorrectionDeclined()
        ):
            record = records.get(event.record_id)
            return records if record is None else {**records, event.record_id: _evolve(record, event)}
        case _:
            return records


def _evolve(record: Record, event: Event) -> Record:
    match record, event:
        case LoggedRecord(), ActivityConfirmed():
            return ConfirmedRecord(record.logged, record.vouchers, event, record.is_street_reviewed)
        case ConfirmedRecord(), ActivityCorrected(second_confirmed_by=str()):
            request = record.correction_request if event.is_second_confirmation else None
            return replace(record, counting=event, correction_request=request)
        case _, ActivityConfirmed() | ActivityCorrected():
            return ConfirmedRecord(record.logged, frozenset(), event)  # nobody has looked at this besides who decided it
        case LoggedRecord(), ActivityDeclined():
            return DeclinedRecord(record.logged, record.vouchers, record.correction_request)
        case _, ActivityVoided():
            return VoidedRecord(record.logged, record.vouchers)
        case LoggedRecord() | ConfirmedRecord(), RecordVouched():
            is_reviewed = record.is_street_reviewed or event.by_street
            return replace(record, vouchers=record.vouchers | {event.vouched_by}, is_street_reviewed=is_reviewed)
        case LoggedRecord() | ConfirmedRecord() | DeclinedRecord(), RecordCorrectionRequested():
            # Asking again changes the text of the request, not whether its day has passed.
            is_overdue = record.correction_request is not None and record.correction_request.is_overdue
            return replace(record, correction_request=CorrectionRequest(event.answer_by, is_overdue))
        case LoggedRecord() | ConfirmedRecord() | DeclinedRecord(), RecordCorrectionOverdue():
            return replace(record, correction_request=CorrectionRequest(event.due_on, is_overdue=True))
        case LoggedRecord() | ConfirmedRecord() | DeclinedRecord(), RecordCorrectionDeclined():
            return replace(record, correction_request=None)
        case _:
            return record
