"""A confirmed record changes only by events that name what they replace: corrected, voided, and the member's request for it.

Invariants: nobody corrects or voids their own record; every change counts revisions, so that a change based on an outdated reading is
refused; a request keeps its first day for the answer, and when that day has passed this is noted once.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.activities.gatherings.service_records import ConfirmedRecord, VoidedRecord, open_request
from services.activities.gatherings.state import KnownActivity, records_of
from services.activities.records.long_days import Counted, counted, counting_before
from services.activities.records.service_log import MinutesExceedDuration, TimeElsewhere, check_times, duration
from services.activities.records.vouching import (
    RecordHasMovedOn,
    RecordUnknown,
    before_of,
    known_record,
    record_ids,
    require_somebody_else,
)
from services.activities.refusals import NobodyConfirmsTheirOwn
from services.activities.wording import Reason
from shared.calendar.local_time import local_day
from shared.contracts.activities.codes import SixOnesItem
from shared.contracts.activities.records import (
    ActivityCorrected,
    ActivityVoided,
    RecordCorrectionDeclined,
    RecordCorrectionOverdue,
    RecordCorrectionRequested,
)
from shared.contracts.event import Event
from shared.decider import Command, DomainError

ANSWER_WITHIN: Final = 10  # working days the community has for an answer


class RecordIsNotConfirmed(DomainError):
    """Only a confirmed record can be corrected or voided."""


class NothingCorrected(DomainError):
    """The correction states what the record already says."""


class RecordChange(Command):
    """New values of a confirmed record; None leaves a value as it is."""

    reason: Reason
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    duty_units: Annotated[int, Field(ge=0, le=20)] | None = None
    six_ones_item: SixOnesItem | None = None
    without_six_ones_item: bool = False


class CorrectActivity(RecordChange):
    """Replace what the record says. `corrects_event_id` and `revision` state what the caller has read, `elsewhere` what counts of the
    member in other activities.
    """

    record_id: UUID
    corrects_event_id: UUID
    revision: int
    corrected_by: str
    now: AwareDatetime
    elsewhere: tuple[TimeElsewhere, ...] = ()


class VoidActivity(Command):
    """Take the record back altogether."""

    record_id: UUID
    voids_event_id: UUID
    revision: int
    voided_by: str
    reason: Reason


class RequestRecordCorrection(Command):
    """The member says what is wrong."""

    record_id: UUID
    member_id: UUID
    request: Reason
    answer_by: date


class RemindOfCorrection(Command):
    """The day for the answer is over."""

    record_id: UUID
    today: date


class CorrectionNotRequested(DomainError):
    """No correction of this record is asked for."""


class DeclineRecordCorrection(Command):
    """The community keeps the record."""

    record_id: UUID
    declined_by: str
    reason: Reason


def correct(command: CorrectActivity, state: KnownActivity) -> tuple[Event, ...]:
    """Replace the values of a confirmed record."""
    record = _confirmed(state, command.record_id, command.revision)
    counting = record.counting
    require_somebody_else(record, command.corrected_by)
    changes = command.model_dump(include={"starts_at", "ends_at", "minutes", "duty_units", "six_ones_item"}, exclude_none=True)
    if command.without_six_ones_item:
        changes["six_ones_item"] = None
    values: dict[str, Any] = {**counting.model_dump(), **changes}
    check_times(values["starts_at"], values["ends_at"], state.plan, command.now)
    available, total = duration(values["starts_at"], values["ends_at"]), counting.minutes + counting.waiting_minutes
    if command.minutes is None:
        values["minutes"] = min(total, available)
    if values["minutes"] > available:
        raise MinutesExceedDuration(available=available)
    values["served_on"] = local_day(values["starts_at"])
    unchanged = all(values[name] == getattr(counting, name) for name in changes if name != "minutes")
    if unchanged and values["minutes"] == total:
        raise NothingCorrected
    values |= _counted(command, record, state, values)._asdict()
    return (
        ActivityCorrected.model_validate(
            {
                **values,
                **before_of(counting),
                "is_second_confirmation": False,
                "corrects_event_id": command.corrects_event_id,
                "revision": counting.revision + 1,
                "reason": command.reason,
                "corrected_by": command.corrected_by,
            }
        ),
    )


def _counted(command: CorrectActivity, record: ConfirmedRecord, state: KnownActivity, values: Mapping[str, Any]) -> Counted:
    """A second confirmation holds as long as the record says no more than it said then, and of the same day."""
    counting = record.counting
    holds = values["minutes"] <= counting.minutes + counting.waiting_minutes and values["served_on"] == counting.served_on
    before = counting_before(records_of(state), command.elsewhere, command.record_id, values["served_on"])
    second = counting.second_confirmed_by if holds else None
    return counted(values["minutes"], before, second, by_street=record.is_street_reviewed)


def void(command: VoidActivity, state: KnownActivity) -> tuple[Event, ...]:
    """Let the record count nothing any more."""
    if isinstance(known_record(state, command.record_id), VoidedRecord):
        return ()
    record = _confirmed(state, command.record_id, command.revision)
    counting = record.counting
    if command.voided_by == str(record.logged.member_id):
        raise NobodyConfirmsTheirOwn
    return (
        ActivityVoided(
            **record_ids(record.logged),
            **before_of(counting),
            unit_id=counting.unit_id,
            voids_event_id=command.voids_event_id,
            revision=counting.revision + 1,
            reason=command.reason,
            voided_by=command.voided_by,
        ),
    )


def _confirmed(state: KnownActivity, record_id: UUID, revision: int) -> ConfirmedRecord:
    record = known_record(state, record_id)
    if not isinstance(record, ConfirmedRecord):
        raise RecordIsNotConfirmed
    if record.counting.revision != revision:
        raise RecordHasMovedOn(revision=record.counting.revision)
    return record


def request(command: RequestRecordCorrection, state: KnownActivity) -> tuple[Event, ...]:
    """Ask for a correction of one's own record."""
    record = known_record(state, command.record_id)
    if record.logged.member_id != command.member_id:
        raise RecordUnknown
    if isinstance(record, VoidedRecord):
        raise RecordIsNotConfirmed
    asked = record.correction_request
    answer_by = (asked and asked.answer_by) or command.answer_by
    return (RecordCorrectionRequested(**record_ids(record.logged), request=command.request, answer_by=answer_by),)


def remind(command: RemindOfCorrection, state: KnownActivity) -> tuple[Event, ...]:
    """Note that the day has passed, unless the request was answered or this was noted before."""
    record = known_record(state, command.record_id)
    asked = open_request(record)
    if asked is None or asked.answer_by is None or asked.is_overdue or command.today <= asked.answer_by:
        return ()
    return (RecordCorrectionOverdue(**record_ids(record.logged), due_on=asked.answer_by),)


def decline(command: DeclineRecordCorrection, state: KnownActivity) -> tuple[Event, ...]:
    """Answer that the record is right."""
    record = known_record(state, command.record_id)
    if open_request(record) is None:
        raise CorrectionNotRequested
    if command.declined_by == str(record.logged.member_id):
        raise NobodyConfirmsTheirOwn
    return (RecordCorrectionDeclined(**record_ids(record.logged), reason=command.reason),)
