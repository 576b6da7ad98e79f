"""State of an activity: its plan; once it is published also who comes, who came, and each member's record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from services.activities.gatherings.service_records import Record, Records, evolve_records
from shared.contracts.activities.codes import Attendance, LeaveReason
from shared.contracts.activities.records import (
    ActivityAmended,
    ActivityCancelled,
    ActivityPlanned,
    ActivityPublished,
    ActivitySignedUp,
    AttendanceRecorded,
    LeaveApproved,
    LeaveDeclined,
    LeaveRequested,
    SignUpWaitlisted,
    SignUpWithdrawn,
)
from shared.contracts.event import Event
from shared.decider import DomainError

Plan = ActivityPlanned | ActivityAmended


class ActivityIsNotOpen(DomainError):
    """The activity is not published, or it has been cancelled."""


@dataclass(frozen=True, slots=True)
class Leave:
    """A member's leave from this activity."""

    reason_code: LeaveReason
    is_approved: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """Who comes and who came."""

    signed_up: frozenset[UUID] = frozenset()
    waiting: tuple[UUID, ...] = ()  # in line for a place
    leaves: Mapping[UUID, Leave] = field(default_factory=dict[UUID, Leave])
    attendance: Mapping[UUID, Attendance] = field(default_factory=dict[UUID, Attendance])


NOBODY: Final = People()


@dataclass(frozen=True, slots=True)
class Unplanned:
    """There is no such activity."""


@dataclass(frozen=True, slots=True)
class Planned:
    """In preparation: nobody can sign up yet."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Published:
    """Open for signing up, and later for records."""

    plan: Plan
    people: People = NOBODY
    records: Records = field(default_factory=dict[UUID, Record])


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Called off before anything was recorded."""

    plan: Plan
    people: People = NOBODY


KnownActivity = Planned | Published | Cancelled
Activity = Unplanned | KnownActivity
INITIAL: Final[Activity] = Unplanned()


def require_planned(state: Activity) -> KnownActivity:
    """Return the activity. Raises ActivityIsNotOpen when there is none."""
    if isinstance(state, Unplanned):
        raise ActivityIsNotOpen
    return state


def require_published(state: Activity) -> Published:
    """Return the activity that people can sign up for. Raises ActivityIsNotOpen for one in preparation or called off."""
    if not isinstance(state, Published):
        raise ActivityIsNotOpen
    return state


def people_of(state: Activity) -> People:
    """Who comes and who came."""
    return state.people if isinstance(state, Published | Cancelled) else NOBODY


def records_of(state: Activity) -> Records:
    """What was recorded."""
    return state.records if isinstance(state, Published) else {}


def evolve(state: Activity, event: Event) -> Activity:
    """Fold one event. Never raises."""
    match state, event:
        case _, ActivityPlanned():
            return Planned(event)
        case Planned() | Published() | Cancelled(), ActivityAmended():
            return replace(state, plan=event)
        case Planned(), ActivityPublished():
            return Published(state.plan)
        case Planned(), ActivityCancelled():
            return Cancelled(state.plan)
        case Published(), ActivityCancelled():
            return Cancelled(state.plan, state.people)
        case Published(), _:
            return replace(state, people=_evolve_people(state.people, event), records=evolve_records(state.records, event))
        case Cancelled(), _:
            return replace(state, people=_evolve_people(state.people, event))
        case _:
            return state


def _evolve_people(people: People, event: Event) -> People:
    match event:
        case ActivitySignedUp():
            return replace(people, signed_up=people.signed_up | {event.member_id}, waiting=_without(people.waiting, event.member_id))
        case SignUpWaitlisted():
            return replace(people, waiting=(*people.waiting, event.member_id))
        case SignUpWithdrawn():
            return replace(people, signed_up=people.signed_up - {event.member_id}, waiting=_without(people.waiting, event.member_id))
        case LeaveRequested():
            return replace(people, leaves={**people.leaves, event.member_id: Leave(event.reason_code)})
        case LeaveApproved():
            return replace(people, leaves={**people.leaves, event.member_id: Leave(event.reason_code, is_approved=True)})
        case LeaveDeclined():
            return replace(people, leaves={member: leave for member, leave in people.leaves.items() if member != event.member_id})
        case AttendanceRecorded():
            return replace(people, attendance={**people.attendance, event.member_id: event.attendance})
        case _:
            return people


def _without(line: tuple[UUID, ...], member_id: UUID) -> tuple[UUID, ...]:
    return tuple(each for each in line if each != member_id)
