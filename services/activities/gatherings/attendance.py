"""Who came: leave, the attendance list, and the sign-in code.

Invariant: a no-show was signed up, has no approved leave, and somebody else noted it.
"""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.activities.gatherings.service_records import living_records_of
from services.activities.gatherings.sign_ups import SignUpIsOver, member_ids
from services.activities.gatherings.state import KnownActivity, Published, people_of, require_published
from services.activities.refusals import NobodyConfirmsTheirOwn
from services.activities.wording import ROSTER_LIMIT, Reason
from shared.contracts.activities.codes import Attendance, LeaveReason
from shared.contracts.activities.records import AttendanceRecorded, LeaveApproved, LeaveDeclined, LeaveRequested
from shared.contracts.event import Event
from shared.decider import Command, DomainError

DOORS_OPEN: Final = timedelta(minutes=30)
SIGN_IN_CODE: Final = "sign-in-code"  # who noted it: the code


class NotSignedUp(DomainError):
    """The member has not signed up for this activity."""


class RequestLeave(Command):
    """The member asks to be excused."""

    member_id: UUID
    reason_code: LeaveReason


class NoLeaveRequested(DomainError):
    """The member has not asked for leave."""


class LeaveWasApproved(DomainError):
    """Leave was approved; that is no unexcused absence."""


class ApproveLeave(Command):
    """The community excuses the member."""

    member_id: UUID
    approved_by: str


class DeclineLeave(Command):
    """The community does not excuse the member."""

    member_id: UUID
    declined_by: str
    reason: Reason


class ActivityHasNotBegun(DomainError):
    """Presence and absence can only be noted once the activity has begun."""


class NobodyRecordsTheirOwnAttendance(DomainError):
    """Nobody notes their own attendance."""


class AlreadyLogged(DomainError):
    """This time is already recorded for this member."""


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


def check_in(command: CheckIn, state: KnownActivity) -> tuple[Event, ...]:
    """Note that the member is there; half an hour early is early enough."""
    state = require_published(state)
    plan = state.plan
    if command.now < plan.starts_at - DOORS_OPEN:
        raise ActivityHasNotBegun
    if command.now > plan.ends_at:
        raise SignUpIsOver
    if state.people.attendance.get(command.member_id) is Attendance.ATTENDED:
        return ()
    return (AttendanceRecorded(**member_ids(plan, command.member_id), attendance=Attendance.ATTENDED, recorder=SIGN_IN_CODE),)


def request_leave(command: RequestLeave, state: KnownActivity) -> tuple[Event, ...]:
    """Ask to be excused, before or after the activity."""
    state = require_published(state)
    if command.member_id not in state.people.signed_up:
        raise NotSignedUp
    leave = state.people.leaves.get(command.member_id)
    if leave is not None and (leave.is_approved or leave.reason_code is command.reason_code):
        return ()
    return (LeaveRequested(**member_ids(state.plan, command.member_id), reason_code=command.reason_code),)


def approve_leave(command: ApproveLeave, state: KnownActivity) -> tuple[Event, ...]:
    """Excuse the member; a no-show noted before becomes excused."""
    people = people_of(state)
    if (leave := people.leaves.get(command.member_id)) is None:
        raise NoLeaveRequested
    if leave.is_approved:
        return ()
    if command.approved_by == str(command.member_id):
        raise NobodyConfirmsTheirOwn
    ids = member_ids(state.plan, command.member_id)
    approved = LeaveApproved(**ids, reason_code=leave.reason_code)
    if people.attendance.get(command.member_id) is not Attendance.NO_SHOW:
        return (approved,)
    return (approved, AttendanceRecorded(**ids, attendance=Attendance.EXCUSED, recorder=command.approved_by))


def decline_leave(command: DeclineLeave, state: KnownActivity) -> tuple[Event, ...]:
    """Do not excuse the member."""
    leave = people_of(state).leaves.get(command.member_id)
    if leave is None:
        raise NoLeaveRequested
    if leave.is_approved:
        raise LeaveWasApproved
    return (LeaveDeclined(**member_ids(state.plan, command.member_id), reason=command.reason),)


def record_attendance(command: RecordAttendance, state: KnownActivity) -> tuple[Event, ...]:
    """Note who attended, who was excused and who did not show up; the last line about a member holds."""
    state = require_published(state)
    if command.now < state.plan.starts_at:
        raise ActivityHasNotBegun
    entries = {entry.member_id: entry for entry in command.entries}
    for entry in entries.values():
        _check_attendance(entry, command.recorder, state)
    return tuple(
        AttendanceRecorded(
            **member_ids(state.plan, entry.member_id), attendance=entry.attendance, recorder=command.recorder, comment=entry.comment
        )
        for entry in entries.values()
        if state.people.attendance.get(entry.member_id) is not entry.attendance
    )


def _check_attendance(entry: AttendanceEntry, recorder: str, state: Published) -> None:
    member = str(entry.member_id)
    if recorder == member:
        raise NobodyRecordsTheirOwnAttendance
    if entry.attendance is Attendance.ATTENDED:
        return
    if living_records_of(state.records, entry.member_id):
        raise AlreadyLogged(member_id=member)
    if entry.attendance is not Attendance.NO_SHOW:
        return
    if entry.member_id not in state.people.signed_up:
        raise NotSignedUp(member_id=member)
    leave = state.people.leaves.get(entry.member_id)
    if leave is not None and leave.is_approved:
        raise LeaveWasApproved(member_id=member)
