"""What becomes of a record: confirmed or declined, and once confirmed only corrected or voided.

Invariants: nobody confirms, corrects or voids their own record; whoever recorded it may not confirm it; every change names the
event that it replaces and counts revisions, so that a change based on an outdated reading is refused.
"""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.activities.domain import errors
from services.activities.domain.activity_logging import TimeElsewhere, check_times, duration
from services.activities.domain.activity_state import Activity, Plan, Record, RecordStatus
from services.activities.domain.activity_vouching import require_looked_at
from services.activities.domain.local_time import local_day
from services.activities.domain.wording import ROSTER_LIMIT, Reason
from shared.contracts.activities import (
    ActivityConfirmed,
    ActivityCorrected,
    ActivityDeclined,
    ActivityLogged,
    ActivityVoided,
    EvidenceLevel,
    RecordCorrectionDeclined,
    RecordCorrectionRequested,
    SixOnesItem,
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


class DeclineRecordCorrection(Command):
    """The community keeps the record."""

    record_id: UUID
    declined_by: str
    reason: Reason


def confirm_roster(command: ConfirmRoster, state: Activity) -> tuple[Event, ...]:
    """Confirm and decline; records that already stand so are passed over."""
    if not state.records:
        raise errors.NothingToConfirm
    declines = {each.record_id: each.reason for each in command.decline}
    chosen = _chosen(command, state, declines)
    require_looked_at(chosen, command.accept_flagged, command.confirmed_by, command.elsewhere)
    declined = [_open_record(state, record_id, RecordStatus.DECLINED) for record_id in declines]
    for record in chosen:
        _require_somebody_else(record, command.confirmed_by)
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
    record = _record(state, record_id)
    if record.status is wanted:
        return None
    if record.status is not RecordStatus.LOGGED:
        raise errors.RecordIsNotOpen(record_id=str(record_id))
    return record


def _require_somebody_else(record: Record, subject: str) -> None:
    if subject == str(record.logged.member_id):
        raise errors.NobodyConfirmsTheirOwn(record_id=str(record.logged.record_id))
    if subject == record.logged.recorder:
        raise errors.RecorderMayNotConfirm(record_id=str(record.logged.record_id))


def _confirmed(logged: ActivityLogged, confirmed_by: str) -> ActivityConfirmed:
    is_measured = logged.evidence_level is EvidenceLevel.MEASURED
    level = EvidenceLevel.MEASURED if is_measured else EvidenceLevel.ORGANISER_CONFIRMED
    return ActivityConfirmed.model_validate({**logged.model_dump(), "evidence_level": level, "confirmed_by": confirmed_by})


def _declined(logged: ActivityLogged, reason: str, declined_by: str) -> ActivityDeclined:
    return ActivityDeclined(**_ids(logged), reason=reason, declined_by=declined_by)


def correct(command: CorrectActivity, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Replace the values of a confirmed record."""
    record, counting = _counting(state, command.record_id, command.revision)
    _require_somebody_else(record, command.corrected_by)
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


def void(command: VoidActivity, state: Activity) -> tuple[Event, ...]:
    """Let the record count nothing any more."""
    if _record(state, command.record_id).status is RecordStatus.VOIDED:
        return ()
    record, counting = _counting(state, command.record_id, command.revision)
    if command.voided_by == str(record.logged.member_id):
        raise errors.NobodyConfirmsTheirOwn
    return (
        ActivityVoided(
            **_ids(record.logged),
            **_before(counting),
            unit_id=counting.unit_id,
            voids_event_id=command.voids_event_id,
            revision=record.revision + 1,
            reason=command.reason,
            voided_by=command.voided_by,
        ),
    )


def _counting(state: Activity, record_id: UUID, revision: int) -> tuple[Record, ActivityConfirmed | ActivityCorrected]:
    record = _record(state, record_id)
    if record.status is not RecordStatus.CONFIRMED or record.counting is None:
        raise errors.RecordIsNotConfirmed
    if record.revision != revision:
        raise errors.RecordHasMovedOn(revision=record.revision)
    return record, record.counting


def _before(counting: ActivityConfirmed | ActivityCorrected) -> dict[str, Any]:
    names = ("minutes", "served_on", "post_id", "duty_units", "six_ones_item")
    return {f"before_{name}": getattr(counting, name) for name in names}


def request_correction(command: RequestRecordCorrection, state: Activity) -> tuple[Event, ...]:
    """Ask for a correction of one's own record."""
    record = _record(state, command.record_id)
    if record.logged.member_id != command.member_id:
        raise errors.RecordUnknown
    if record.status is RecordStatus.VOIDED:
        raise errors.RecordIsNotConfirmed
    return (RecordCorrectionRequested(**_ids(record.logged), request=command.request),)


def decline_correction(command: DeclineRecordCorrection, state: Activity) -> tuple[Event, ...]:
    """Answer that the record is right."""
    record = _record(state, command.record_id)
    if not record.correction_requested:
        raise errors.CorrectionNotRequested
    if command.declined_by == str(record.logged.member_id):
        raise errors.NobodyConfirmsTheirOwn
    return (RecordCorrectionDeclined(**_ids(record.logged), reason=command.reason),)


def _record(state: Activity, record_id: UUID) -> Record:
    if (record := state.records.get(record_id)) is None:
        raise errors.RecordUnknown(record_id=str(record_id))
    return record


def _ids(logged: ActivityLogged) -> dict[str, Any]:
    return {each: getattr(logged, each) for each in ("record_id", "activity_id", "member_id", "community_id")}
