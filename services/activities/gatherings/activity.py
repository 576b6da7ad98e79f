"""An activity from plan to cancellation, with the people who take part.

Invariant: what was recorded stays: an activity with records is neither cancelled nor changed, its records are corrected or voided.
"""

from datetime import timedelta
from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.activities.following import following
from services.activities.gatherings import attendance, sign_ups
from services.activities.gatherings.attendance import ApproveLeave, CheckIn, DeclineLeave, RecordAttendance, RequestLeave
from services.activities.gatherings.sign_ups import ActivityIsFull, SignUp, WithdrawSignUp
from services.activities.gatherings.state import (
    INITIAL,
    Activity,
    ActivityIsNotOpen,
    Cancelled,
    KnownActivity,
    Planned,
    Published,
    Unplanned,
    evolve,
    people_of,
    records_of,
    require_planned,
)
from services.activities.refusals import AlreadyExists
from services.activities.wording import Line, Prose, Reason, Title
from services.activities.work_hours import default_time_band
from shared.calendar.local_time import local_day
from shared.contracts.activities.codes import ActivityType, SixOnesItem, TimeBand
from shared.contracts.activities.records import ActivityAmended, ActivityCancelled, ActivityPlanned, ActivityPublished
from shared.contracts.event import Event
from shared.contracts.values import HAS_LINES
from shared.decider import Command, Decider, DomainError

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


class ActivityEndsBeforeItStarts(DomainError):
    """It has to end after it starts, and an activity lasts 31 days at most."""


class WorkingCalendarUnknown(DomainError):
    """The official working calendar of this year is not entered here; state what depends on it."""


class TimeBandNeedsReason(DomainError):
    """The official calendar says otherwise; give the reason for stating another time band."""


class ActivityHasRecords(DomainError):
    """Service was already recorded for this activity; it cannot be cancelled or changed any more."""


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
    description: Annotated[str, HAS_LINES, Field(max_length=2000)] = ""
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
ActivityCommand = PlanActivity | PublishActivity | AmendActivity | CancelActivity | Participation


def decide(command: ActivityCommand, state: Activity) -> tuple[Event, ...]:
    """Decide one command about an activity."""
    match command:
        case PlanActivity():
            return _plan(command, state)
        case PublishActivity():
            return _publish(require_planned(state))
        case AmendActivity():
            return _amend(command, require_planned(state))
        case CancelActivity():
            return _cancel(command, require_planned(state))
        case SignUp():
            return sign_ups.sign_up(command, require_planned(state))
        case WithdrawSignUp():
            return sign_ups.withdraw(command, require_planned(state))
        case CheckIn():
            return attendance.check_in(command, require_planned(state))
        case RequestLeave():
            return attendance.request_leave(command, require_planned(state))
        case ApproveLeave():
            return attendance.approve_leave(command, require_planned(state))
        case DeclineLeave():
            return attendance.decline_leave(command, require_planned(state))
        case RecordAttendance():
            return attendance.record_attendance(command, require_planned(state))
        case _:
            assert_never(command)


def _plan(command: PlanActivity, state: Activity) -> tuple[Event, ...]:
    if not isinstance(state, Unplanned):
        raise AlreadyExists
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
        raise WorkingCalendarUnknown(first_day=local_day(starts_at).isoformat(), last_day=local_day(ends_at).isoformat())
    if by_calendar not in {None, band} and not command.time_band_reason:
        raise TimeBandNeedsReason(by_calendar=by_calendar)
    return band


def _publish(state: KnownActivity) -> tuple[Event, ...]:
    match state:
        case Published():
            return ()
        case Cancelled():
            raise ActivityIsNotOpen
        case Planned(plan):
            return (ActivityPublished(activity_id=plan.activity_id, community_id=plan.community_id),)
        case _:
            assert_never(state)


def _amend(command: AmendActivity, state: KnownActivity) -> tuple[Event, ...]:
    _require_changeable(state)
    changes = command.model_dump(exclude_none=True, exclude={"is_announced", "now"})
    if all(value == getattr(state.plan, name) for name, value in changes.items()):
        return ()
    values: dict[str, Any] = {**state.plan.model_dump(), **changes, "is_announced": command.is_announced}
    _check_duration(values["starts_at"], values["ends_at"])
    if command.starts_at or command.ends_at or command.time_band:
        band = _time_band(command, values["starts_at"], values["ends_at"])
        values |= {"time_band": band, "time_band_reason": command.time_band_reason}
    people = people_of(state)
    if command.capacity is not None and command.capacity < len(people.signed_up):
        raise ActivityIsFull(signed_up=len(people.signed_up))
    amended = ActivityAmended.model_validate(values)
    if command.now >= amended.starts_at:  # whoever still waits has made other plans
        return (amended,)
    return (amended, *sign_ups.moved_up(people, amended))


def _cancel(command: CancelActivity, state: KnownActivity) -> tuple[Event, ...]:
    if isinstance(state, Cancelled):
        return ()
    _require_changeable(state)
    ids = {"activity_id": state.plan.activity_id, "community_id": state.plan.community_id}
    return (ActivityCancelled(**ids, reason=command.reason),)


def _require_changeable(state: KnownActivity) -> None:
    if isinstance(state, Cancelled):
        raise ActivityIsNotOpen
    if records_of(state):
        raise ActivityHasRecords


def _check_duration(starts_at: AwareDatetime, ends_at: AwareDatetime) -> None:
    if ends_at <= starts_at or ends_at - starts_at > LONGEST:
        raise ActivityEndsBeforeItStarts


ACTIVITY: Final = following(Decider(category="activity", initial=INITIAL, decide=decide, evolve=evolve))
