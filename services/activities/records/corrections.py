"""A confirmed record changes only by events that name what they replace: corrected, voided, and the member's request for it.

Invariants: nobody corrects or voids their own record; every change counts revisions, so that a change based on an outdated reading is
refused; a request keeps its first day for the answer, and its passing is said once.
"""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.activities import errors
from services.activities.gatherings.state import Activity, Plan, Record, RecordStatus
from services.activities.records.confirming import ids_of, known_record, require_somebody_else
from services.activities.records.logging import check_times, duration
from services.activities.wording import Reason
from services.activities.work_hours import local_day
from shared.contracts.activities import (
    ActivityConfirmed,
    ActivityCorrected,
    ActivityVoided,
    RecordCorrectionDeclined,
    RecordCorrectionOverdue,
    RecordCorrectionRequested,
    SixOnesItem,
)
from shared.contracts.event import Event
from shared.decider import Command

ANSWER_WITHIN: Final = 10  # working days the community has for an answer


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
    """Replace what the record says. `corrects_event_id` and `revision` state what the caller has read."""

    record_id: UUID
    corrects_event_id: UUID
    revision: int
    corrected_by: str
    now: AwareDatetime


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


class DeclineRecordCorrection(Command):
    """The community keeps the record."""

    record_id: UUID
    declined_by: str
    reason: Reason


Correcting = CorrectActivity | VoidActivity | RequestRecordCorrection | RemindOfCorrection | DeclineRecordCorrection


def decide(command: Correcting, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Decide one command about what a record says."""
    match command:
        case CorrectActivity():
            return _correct(command, state, plan)
        case VoidActivity():
            return _void(command, state)
        case RequestRecordCorrection():
            return _request(command, state)
        case RemindOfCorrection():
            return _remind(command, state)
        case DeclineRecordCorrection():
            return _decline(command, state)


def _correct(command: CorrectActivity, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Replace the values of a confirmed record."""
    record, counting = _counting(state, command.record_id, command.revision)
    require_somebody_else(record, command.corrected_by)
    changes = command.model_dump(include={"starts_at", "ends_at", "minutes", "duty_units", "six_ones_item"}, exclude_none=True)
    if command.without_six_ones_item:
        changes["six_ones_item"] = None
    values: dict[str, Any] = {**counting.model_dump(), **changes}
    check_times(values["starts_at"], values["ends_at"], plan, command.now)
    available = duration(values["starts_at"], values["ends_at"])
    if command.minutes is None:
        values["minutes"] = min(counting.minutes, available)
    if values["minutes"] > available:
        raise errors.MinutesExceedDuration(available=available)
    values["served_on"] = local_day(values["starts_at"])
    if all(values[name] == getattr(counting, name) for name in (*changes, "minutes")):
        raise errors.NothingCorrected
    return (
        ActivityCorrected.model_validate(
            {
                **values,
                **_before(counting),
                "corrects_event_id": command.corrects_event_id,
                "revision": record.revision + 1,
                "reason": command.reason,
                "corrected_by": command.corrected_by,
            }
        ),
    )


def _void(command: VoidActivity, state: Activity) -> tuple[Event, ...]:
    """Let the record count nothing any more."""
    if known_record(state, command.record_id).status is RecordStatus.VOIDED:
        return ()
    record, counting = _counting(state, command.record_id, command.revision)
    if command.voided_by == str(record.logged.member_id):
        raise errors.NobodyConfirmsTheirOwn
    return (
        ActivityVoided(
            **ids_of(record.logged),
            **_before(counting),
            unit_id=counting.unit_id,
            voids_event_id=command.voids_event_id,
            revision=record.revision + 1,
            reason=command.reason,
            voided_by=command.voided_by,
        ),
    )


def _counting(state: Activity, record_id: UUID, revision: int) -> tuple[Record, ActivityConfirmed | ActivityCorrected]:
    record = known_record(state, record_id)
    if record.status is not RecordStatus.CONFIRMED or record.counting is None:
        raise errors.RecordIsNotConfirmed
    if record.revision != revision:
        raise errors.RecordHasMovedOn(revision=record.revision)
    return record, record.counting


def _before(counting: ActivityConfirmed | ActivityCorrected) -> dict[str, Any]:
    names = ("minutes", "served_on", "post_id", "duty_units", "six_ones_item")
    return {f"before_{name}": getattr(counting, name) for name in names}


def _request(command: RequestRecordCorrection, state: Activity) -> tuple[Event, ...]:
    """Ask for a correction of one's own record."""
    record = known_record(state, command.record_id)
    if record.logged.member_id != command.member_id:
        raise errors.RecordUnknown
    if record.status is RecordStatus.VOIDED:
        raise errors.RecordIsNotConfirmed
    open_request = record.correction_request
    answer_by = (open_request and open_request.answer_by) or command.answer_by
    return (RecordCorrectionRequested(**ids_of(record.logged), request=command.request, answer_by=answer_by),)


def _remind(command: RemindOfCorrection, state: Activity) -> tuple[Event, ...]:
    """Say that the day has passed, unless it was answered or said."""
    record = known_record(state, command.record_id)
    asked = record.correction_request
    if asked is None or asked.answer_by is None or asked.is_overdue or command.today <= asked.answer_by:
        return ()
    return (RecordCorrectionOverdue(**ids_of(record.logged), due_on=asked.answer_by),)


def _decline(command: DeclineRecordCorrection, state: Activity) -> tuple[Event, ...]:
    """Answer that the record is right."""
    record = known_record(state, command.record_id)
    if record.correction_request is None:
        raise errors.CorrectionNotRequested
    if command.declined_by == str(record.logged.member_id):
        raise errors.NobodyConfirmsTheirOwn
    return (RecordCorrectionDeclined(**ids_of(record.logged), reason=command.reason),)
