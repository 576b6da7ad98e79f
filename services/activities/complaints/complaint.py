"""A complaint (投诉) about the burden of use or a wrong process: lodged, passed up when its day has passed, answered.

Invariants: whoever may be meant does not answer, nor does who complained; no number that leads to a person enters; answered once.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from services.activities.anonymous_texts import require_no_number_of_a_person
from services.activities.following import following
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn
from services.activities.wording import Reason
from shared.contracts.activities.complaints import (
    ComplainedOf,
    ComplaintAnswered,
    ComplaintDesk,
    ComplaintKind,
    ComplaintLodged,
    ComplaintOutcome,
    ComplaintOverdue,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

ANSWER_WITHIN: Final = 10  # working days
ADDRESSED_TO: Final = {
    ComplainedOf.COMMUNITY: ComplaintDesk.STREET,
    ComplainedOf.UNIT: ComplaintDesk.DISTRICT,
    ComplainedOf.STREET: ComplaintDesk.DISTRICT,
    ComplainedOf.SOFTWARE: ComplaintDesk.DISTRICT,
    ComplainedOf.DISTRICT: ComplaintDesk.REVIEWER,
}
ABOVE: Final = {
    ComplaintDesk.STREET: ComplaintDesk.DISTRICT,
    ComplaintDesk.DISTRICT: ComplaintDesk.REVIEWER,
    ComplaintDesk.REVIEWER: ComplaintDesk.REVIEWER,
}


class ComplaintUnknown(DomainError):
    """There is no such complaint."""


class ComplaintIsAnswered(DomainError):
    """This complaint has been answered."""


class ComplaintIsAnotherDesks(DomainError):
    """Somebody else answers this complaint: whoever may be meant does not."""


class ComplaintDraft(Command):
    """What is wrong, and which organisation is responsible; no persons."""

    kind: ComplaintKind
    about: ComplainedOf
    organisation_id: UUID | None = None
    text: Reason


class LodgeComplaint(ComplaintDraft):
    """Complain, as a member or for a unit or community."""

    complaint_id: UUID
    member_id: UUID | None = None
    unit_id: UUID | None = None
    community_id: UUID | None = None
    lodged_by: str
    answer_by: date


class AnswerDraft(Command):
    """What comes of it."""

    outcome: ComplaintOutcome
    answer: Reason


class AnswerComplaint(AnswerDraft):
    """Answer it, at one of these desks."""

    desks: frozenset[ComplaintDesk]
    answered_by: str


class RemindOfComplaint(Command):
    """The day for the answer is over."""

    today: date


ComplaintCommand = LodgeComplaint | AnswerComplaint | RemindOfComplaint


@dataclass(frozen=True, slots=True)
class NotLodged:
    """There is no complaint yet."""


@dataclass(frozen=True, slots=True)
class _Known:
    lodged: ComplaintLodged
    desks: frozenset[ComplaintDesk]  # any of them may answer


@dataclass(frozen=True, slots=True)
class Open(_Known):
    """Waits for its answer; the day for it has not passed, as far as is known."""


@dataclass(frozen=True, slots=True)
class Overdue(_Known):
    """The day has passed: the desk above may answer too."""


@dataclass(frozen=True, slots=True)
class Answered(_Known):
    """Closed with an answer."""


Complaint = NotLodged | Open | Overdue | Answered


def decide(command: ComplaintCommand, state: Complaint) -> tuple[Event, ...]:
    """Decide one command about a complaint."""
    match command:
        case LodgeComplaint():
            return _lodge(command, state)
        case AnswerComplaint():
            return _answer(command, state)
        case RemindOfComplaint():
            return _remind(command, state)
        case _:
            assert_never(command)


def _lodge(command: LodgeComplaint, state: Complaint) -> tuple[Event, ...]:
    if not isinstance(state, NotLodged):
        raise AlreadyExists
    require_no_number_of_a_person(command.text)
    return (ComplaintLodged(**command.model_dump(), addressed_to=ADDRESSED_TO[command.about]),)


def _answer(command: AnswerComplaint, state: Complaint) -> tuple[Event, ...]:
    if isinstance(state, NotLodged):
        raise ComplaintUnknown
    if not command.desks & state.desks:
        raise ComplaintIsAnotherDesks
    if isinstance(state, Answered):
        raise ComplaintIsAnswered
    if command.answered_by == state.lodged.lodged_by:
        raise NobodyConfirmsTheirOwn
    require_no_number_of_a_person(command.answer)
    return (ComplaintAnswered(**_ids(state.lodged), **command.model_dump(exclude={"desks"})),)


def _remind(command: RemindOfComplaint, state: Complaint) -> tuple[Event, ...]:
    match state:
        case NotLodged():
            raise ComplaintUnknown
        case Open(lodged=lodged) if command.today > lodged.answer_by:
            passed_up_to = ABOVE[lodged.addressed_to]
            return (ComplaintOverdue(**_ids(lodged), due_on=lodged.answer_by, passed_up_to=passed_up_to),)
        case Open() | Overdue() | Answered():
            return ()
        case _:
            assert_never(state)


def _ids(lodged: ComplaintLodged) -> dict[str, Any]:
    return lodged.model_dump(include={"complaint_id", "member_id", "unit_id", "community_id"})


def evolve(state: Complaint, event: Event) -> Complaint:
    """Fold one event. Never raises."""
    match state, event:
        case NotLodged(), ComplaintLodged():
            return Open(event, frozenset({event.addressed_to}))
        case Open(), ComplaintOverdue():
            return Overdue(state.lodged, state.desks | {event.passed_up_to})
        case ((Open() | Overdue()), ComplaintAnswered()):
            return Answered(state.lodged, state.desks)
        case _:
            return state


COMPLAINT: Final = following(Decider(category="complaint", initial=NotLodged(), decide=decide, evolve=evolve))
