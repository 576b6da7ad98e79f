"""Who comes and who came: sign-ups, leave, attendance.

Invariants: never more sign-ups than places, and nobody overtakes on the waiting list; a no-show was signed up, has no approved leave,
and somebody else noted it.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.activities import errors
from services.activities.gatherings.state import Activity, ActivityPhase, Plan
from services.activities.wording import ROSTER_LIMIT, Reason
from shared.contracts.activities import (
    ActivitySignedUp,
    Attendance,
    AttendanceRecorded,
    LeaveApproved,
    LeaveDeclined,
    LeaveReason,
    LeaveRequested,
    SignUpWaitlisted,
    SignUpWithdrawn,
)
from shared.contracts.event import Event
from shared.decider import Command

DOORS_OPEN: Final = timedelta(minutes=30)
SIGN_IN_CODE: Final = "sign-in-code"  # who noted it: the code


class SignUp(Command):
    """报名; somebody else may enter it when the member's consent is stated."""

    member_id: UUID
    now: AwareDatetime
    assisted_consent: Reason | None = None


class WithdrawSignUp(Command):
    """The member does not come after all."""

    member_id: UUID
    now: AwareDatetime


class RequestLeave(Command):
    """The member asks to be excused."""

    member_id: UUID
    reason_code: LeaveReason


class ApproveLeave(Command):
    """The community excuses the member."""

    member_id: UUID
    approved_by: str


class DeclineLeave(Command):
    """The community does not excuse the member."""

    member_id: UUID
    declined_by: str
    reason: Reason


class AttendanceEntry(Command):
    """One line of an attendance list."""

    member_id: UUID
    attendance: Attendance
    comment: Reason | None = None


class RecordAttendance(Command):
    """The organiser's attendance list, or part of it."""

    entries: Annotated[tuple[AttendanceEntry, ...], Field(min_length=1, max_length=ROSTER_LIMIT)]
    recorder: str
    now: AwareDatetime


class CheckIn(Command):
    """The member typed the code that is shown at the activity; the caller checked it."""

    member_id: UUID
    now: AwareDatetime


def check_in(command: CheckIn, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Note that the member is there; half an hour early is early enough."""
    _require_open(state)
    if command.now < plan.starts_at - DOORS_OPEN:
        raise errors.ActivityHasNotBegun
    if command.now > plan.ends_at:
        raise errors.SignUpIsOver
    if state.attendance.get(command.member_id) is Attendance.ATTENDED:
        return ()
    return (AttendanceRecorded(**_ids(plan, command.member_id), attendance=Attendance.ATTENDED, recorder=SIGN_IN_CODE),)


def sign_up(command: SignUp, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Take a place in the activity, or the next one in the line for it."""
    _require_open(state)
    if command.member_id in state.signed_up or command.member_id in state.waiting:
        return ()
    _require_not_begun(plan, command.now)
    ids, consent = _ids(plan, command.member_id), command.assisted_consent
    if plan.capacity is None or len(state.signed_up) < plan.capacity:
        return (ActivitySignedUp(**ids, assisted_consent=consent),)
    if len(state.waiting) >= plan.waiting_list_limit:
        raise errors.ActivityIsFull(capacity=plan.capacity, waiting_list_limit=plan.waiting_list_limit)
    return (SignUpWaitlisted(**ids, position=len(state.waiting) + 1, assisted_consent=consent),)


def withdraw(command: WithdrawSignUp, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Give the place back, or the one in the line, before the activity begins; later, leave is the way."""
    is_coming = command.member_id in state.signed_up
    if not is_coming and command.member_id not in state.waiting:
        return ()
    _require_not_begun(plan, command.now)
    withdrawn = SignUpWithdrawn(**_ids(plan, command.member_id))
    return (withdrawn, *moved_up(state, plan, leaving=1)) if is_coming else (withdrawn,)


def moved_up(state: Activity, plan: Plan, *, leaving: int = 0) -> tuple[Event, ...]:
    """Who is next in line for the places that are free by `plan` once so many have left."""
    line = [each for each in state.waiting if each not in state.signed_up]
    free = len(line) if plan.capacity is None else max(0, plan.capacity - len(state.signed_up) + leaving)
    return tuple(ActivitySignedUp(**_ids(plan, each), from_waiting_list=True) for each in line[:free])


def request_leave(command: RequestLeave, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Ask to be excused, before or after the activity."""
    _require_open(state)
    if command.member_id not in state.signed_up:
        raise errors.NotSignedUp
    leave = state.leaves.get(command.member_id)
    if leave is not None and (leave.is_approved or leave.reason_code is command.reason_code):
        return ()
    return (LeaveRequested(**_ids(plan, command.member_id), reason_code=command.reason_code),)


def approve_leave(command: ApproveLeave, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Excuse the member; a no-show noted before becomes excused."""
    if (leave := state.leaves.get(command.member_id)) is None:
        raise errors.NoLeaveRequested
    if leave.is_approved:
        return ()
    if command.approved_by == str(command.member_id):
        raise errors.NobodyConfirmsTheirOwn
    ids = _ids(plan, command.member_id)
    approved = LeaveApproved(**ids, reason_code=leave.reason_code)
    if state.attendance.get(command.member_id) is not Attendance.NO_SHOW:
        return (approved,)
    return (approved, AttendanceRecorded(**ids, attendance=Attendance.EXCUSED, recorder=command.approved_by))


def decline_leave(command: DeclineLeave, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Do not excuse the member."""
    leave = state.leaves.get(command.member_id)
    if leave is None:
        raise errors.NoLeaveRequested
    if leave.is_approved:
        raise errors.LeaveWasApproved
    return (LeaveDeclined(**_ids(plan, command.member_id), reason=command.reason),)


def record_attendance(command: RecordAttendance, state: Activity, plan: Plan) -> tuple[Event, ...]:
    """Note who attended, who was excused and who did not show up; the last line about a member holds."""
    _require_open(state)
    if command.now < plan.starts_at:
        raise errors.ActivityHasNotBegun
    entries = {entry.member_id: entry for entry in command.entries}
    for entry in entries.values():
        _check_attendance(entry, command.recorder, state)
    return tuple(
        AttendanceRecorded(**_ids(plan, entry.member_id), attendance=entry.attendance, recorder=command.recorder, comment=entry.comment)
        for entry in entries.values()
        if state.attendance.get(entry.member_id) is not entry.attendance
    )


def _check_attendance(entry: AttendanceEntry, recorder: str, state: Activity) -> None:
    member = str(entry.member_id)
    if recorder == member:
        raise errors.NobodyRecordsTheirOwnAttendance
    if entry.attendance is Attendance.ATTENDED:
        return
    if state.living_records(entry.member_id):
        raise errors.AlreadyLogged(member_id=member)
    if entry.attendance is not Attendance.NO_SHOW:
        return
    if entry.member_id not in state.signed_up:
        raise errors.NotSignedUp(member_id=member)
    leave = state.leaves.get(entry.member_id)
    if leave is not None and leave.is_approved:
        raise errors.LeaveWasApproved(member_id=member)


def _require_open(state: Activity) -> None:
    if state.phase is not ActivityPhase.PUBLISHED:
        raise errors.ActivityIsNotOpen


def _require_not_begun(plan: Plan, now: datetime) -> None:
    if now >= plan.starts_at:
        raise errors.SignUpIsOver


def _ids(plan: Plan, member_id: UUID) -> dict[str, Any]:
    return {"activity_id": plan.activity_id, "member_id": member_id, "community_id": plan.community_id}
