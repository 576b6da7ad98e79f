"""An activity from plan to confirmed records, all in one stream, so that a whole roster is confirmed in one act.

Invariant: what was recorded stays: an activity with records is neither cancelled nor changed, its records are corrected or voided.
"""

from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.activities import errors
from services.activities.following import following
from services.activities.gatherings import participation
from services.activities.gatherings.participation import (
    ApproveLeave,
    CheckIn,
    DeclineLeave,
    RecordAttendance,
    RequestLeave,
    SignUp,
    WithdrawSignUp,
)
from services.activities.gatherings.state import INITIAL, Activity, ActivityPhase, Plan, evolve
from services.activities.records import confirming as activity_records
from services.activities.records import corrections as activity_corrections
from services.activities.records import logging as activity_logging
from services.activities.records.confirming import ConfirmRoster
from services.activities.records.corrections import Correcting
from services.activities.records.logging import LogActivity
from services.activities.records.vouching import VouchRecord, vouch
from services.activities.wording import Line, Prose, Reason, Title
from services.activities.work_hours import default_time_band, local_day
from shared.contracts.activities import (
    ActivityAmended,
    ActivityCancelled,
    ActivityPlanned,
    ActivityPublished,
    ActivityType,
    SixOnesItem,
    TimeBand,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider

LONGEST: Final = timedelta(days=31)
# What an activity of this type completes unless the organiser says otherwise.
SIX_ONES_ITEMS: Final = {
    ActivityType.VOLUNTEER_SERVICE: SixOnesItem.VOLUNTEER_ACTIVITY,
    ActivityType.COMMUNITY_PARTY_LIFE: SixOnesItem.COMMUNITY_PARTY_ACTIVITY,
    ActivityType.FACE_TO_FACE: SixOnesItem.FACE_TO_FACE_EXCHANGE,
    ActivityType.POLICY_TALK: SixOnesItem.POLICY_TALK,
}
ActivityCapacity = Annotated[int, Field(ge=1, le=5000)]
WaitingListLimit = Annotated[int, Field(ge=0, le=500)]


class ActivityDraft(Command):
    """What an organiser states about a new activity. The time band follows from the calendar unless stated."""

    community_id: UUID
    title: Title
    activity_type: ActivityType
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: Line
    capacity: ActivityCapacity | None = None
    waiting_list_limit: WaitingListLimit = 0
    description: Annotated[str, Field(max_length=2000)] = ""
    post_id: UUID | None = None
    team_id: UUID | None = None
    six_ones_item: SixOnesItem | None = None
    without_six_ones_item: bool = False
    time_band: TimeBand | None = None
    time_band_reason: Line | None = None
    unit_consent: Line | None = None
    series_id: UUID | None = None
    is_with_minors: bool = False


class PlanActivity(ActivityDraft):
    """Prepare an activity."""

    activity_id: UUID


class PublishActivity(Command):
    """Open it for signing up."""


class ActivityChanges(Command):
    """Change the plan; None leaves a value as it is. Those signed up hear of it only when `is_announced`."""

    is_announced: bool = False
    title: Title | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    place: Line | None = None
    capacity: ActivityCapacity | None = None
    waiting_list_limit: WaitingListLimit | None = None
    description: Prose | None = None
    time_band: TimeBand | None = None
    time_band_reason: Line | None = None
    unit_consent: Line | None = None


class AmendActivity(ActivityChanges):
    """Change it now."""

    now: AwareDatetime


class CancelActivity(Command):
    """Call it off."""

    reason: Reason


Participation = SignUp | WithdrawSignUp | CheckIn | RequestLeave | ApproveLeave | DeclineLeave | RecordAttendance
Recording = LogActivity | ConfirmRoster | VouchRecord | Correcting
Planning = PlanActivity | PublishActivity | AmendActivity | CancelActivity
ActivityCommand = Planning | Participation | Recording


def decide(command: ActivityCommand, state: Activity) -> tuple[Event, ...]:
    """Decide one command about an activity."""
    if isinstance(command, PlanActivity):
        return _plan(command, state)
    if state.plan is None:
        raise errors.ActivityIsNotOpen
    match command:
        case PublishActivity():
            return _publish(state, state.plan)
        case AmendActivity():
            return _amend(command, state, state.plan)
        case CancelActivity():
            return _cancel(command, state, state.plan)
        case SignUp() | WithdrawSignUp() | CheckIn() | RequestLeave() | ApproveLeave() | DeclineLeave() | RecordAttendance():
            return _decide_participation(command, state, state.plan)
        case _:
            return _decide_recording(command, state, state.plan)


def _decide_participation(command: Participation, state: Activity, plan: Plan) -> tuple[Event, ...]:
    match command:
        case SignUp():
            return participation.sign_up(command, state, plan)
        case WithdrawSignUp():
            return participation.withdraw(command, state, plan)
        case CheckIn():
            return participation.check_in(command, state, plan)
        case RequestLeave():
            return participation.request_leave(command, state, plan)
        case ApproveLeave():
            return participation.approve_leave(command, state, plan)
        case DeclineLeave():
            return participation.decline_leave(command, state, plan)
        case RecordAttendance():
            return participation.record_attendance(command, state, plan)


def _decide_recording(command: Recording, state: Activity, plan: Plan) -> tuple[Event, ...]:
    match command:
        case LogActivity():
            return activity_logging.log(command, state, plan)
        case ConfirmRoster():
            return activity_records.confirm_roster(command, state)
        case VouchRecord():
            return vouch(command, state)
        case _:
            return activity_corrections.decide(command, state, plan)


def _plan(command: PlanActivity, state: Activity) -> tuple[Event, ...]:
    if state.phase is not ActivityPhase.UNKNOWN:
        raise errors.AlreadyExists
    _check_duration(command.starts_at, command.ends_at)
    values: dict[str, Any] = command.model_dump(exclude={"without_six_ones_item"})
    if command.without_six_ones_item:
        values["six_ones_item"] = None
    elif command.six_ones_item is None:
        values["six_ones_item"] = SIX_ONES_ITEMS.get(command.activity_type)
    values["time_band"] = _time_band(command, command.starts_at, command.ends_at)
    return (ActivityPlanned.model_validate(values),)


def _time_band(command: PlanActivity | AmendActivity, starts_at: AwareDatetime, ends_at: AwareDatetime) -> TimeBand:
    by_calendar = default_time_band(starts_at, ends_at)
    band = command.time_band or by_calendar
    if band is None:
        raise errors.WorkingCalendarUnknown(first_day=local_day(starts_at).isoformat(), last_day=local_day(ends_at).isoformat())
    if by_calendar not in {None, band} and not command.time_band_reason:
        raise errors.TimeBandNeedsReason(by_calendar=by_calendar)
    return band


def _publish(state: Activity, plan: Plan) -> tuple[Event, ...]:
    if state.phase is ActivityPhase.PUBLISHED:
        return ()
    if state.phase is ActivityPhase.CANCELLED:
        raise errors.ActivityIsNotOpen
    return (ActivityPublished(activity_id=plan.activity_id, community_id=plan.community_id),)


def _amend(command: AmendActivity, state: Activity, plan: Plan) -> tuple[Event, ...]:
    _require_changeable(state)
    changes = command.model_dump(exclude_none=True, exclude={"is_announced", "now"})
    if all(value == getattr(plan, name) for name, value in changes.items()):
        return ()
    values: dict[str, Any] = {**plan.model_dump(), **changes, "is_announced": command.is_announced}
    _check_duration(values["starts_at"], values["ends_at"])
    if command.starts_at or command.ends_at or command.time_band:
        band = _time_band(command, values["starts_at"], values["ends_at"])
        values |= {"time_band": band, "time_band_reason": command.time_band_reason}
    if command.capacity is not None and command.capacity < len(state.signed_up):
        raise errors.ActivityIsFull(signed_up=len(state.signed_up))
    amended = ActivityAmended.model_validate(values)
    if command.now >= amended.starts_at:  # whoever still waits has made other plans
        return (amended,)
    return (amended, *participation.moved_up(state, amended))


def _cancel(command: CancelActivity, state: Activity, plan: Plan) -> tuple[Event, ...]:
    if state.phase is ActivityPhase.CANCELLED:
        return ()
    _require_changeable(state)
    return (ActivityCancelled(activity_id=plan.activity_id, community_id=plan.community_id, reason=command.reason),)


def _require_changeable(state: Activity) -> None:
    if state.phase is ActivityPhase.CANCELLED:
        raise errors.ActivityIsNotOpen
    if state.records:
        raise errors.ActivityHasRecords


def _check_duration(starts_at: AwareDatetime, ends_at: AwareDatetime) -> None:
    if ends_at <= starts_at or ends_at - starts_at > LONGEST:
        raise errors.ActivityEndsBeforeItStarts


ACTIVITY: Final = following(Decider(category="activity", initial=INITIAL, decide=decide, evolve=evolve))
