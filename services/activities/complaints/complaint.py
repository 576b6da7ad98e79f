"""A complaint (投诉) about the burden of use or a wrong process: lodged, passed up when its day has passed, answered.

Invariants: whoever may be meant does not answer, nor does who complained; no number that leads to a person enters; answered once.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.activities import errors
from services.activities.following import following
from services.activities.needs.need import require_nobodys
from services.activities.wording import Reason
from shared.contracts.activities import (
    ComplainedOf,
    ComplaintAnswered,
    ComplaintDesk,
    ComplaintKind,
    ComplaintLodged,
    ComplaintOutcome,
    ComplaintOverdue,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider

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


class ComplaintDraft(Command):
    """What is wrong and whose doing it is; no persons."""

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
class Complaint:
    """Fold of a complaint's stream; `desks` may answer."""

    lodged: ComplaintLodged | None = None
    desks: frozenset[ComplaintDesk] = frozenset()
    is_overdue: bool = False
    is_answered: bool = False


def decide(command: ComplaintCommand, state: Complaint) -> tuple[Event, ...]:
    """Decide one command about a complaint."""
    if isinstance(command, LodgeComplaint):
        return _lodge(command, state)
    if state.lodged is None:
        raise errors.ComplaintUnknown
    ids = state.lodged.model_dump(include={"complaint_id", "member_id", "unit_id", "community_id"})
    match command:
        case AnswerComplaint():
            return _answer(command, state, state.lodged, ids)
        case RemindOfComplaint():
            return _remind(command, state, state.lodged, ids)


def _lodge(command: LodgeComplaint, state: Complaint) -> tuple[Event, ...]:
    if state.lodged is not None:
        raise errors.AlreadyExists
    require_nobodys(command.text)
    return (ComplaintLodged(**command.model_dump(), addressed_to=ADDRESSED_TO[command.about]),)


def _answer(command: AnswerComplaint, state: Complaint, lodged: ComplaintLodged, ids: dict[str, Any]) -> tuple[Event, ...]:
    if not command.desks & state.desks:
        raise errors.ComplaintIsAnotherDesks
    if state.is_answered:
        raise errors.ComplaintIsAnswered
    if command.answered_by == lodged.lodged_by:
        raise errors.NobodyConfirmsTheirOwn
    require_nobodys(command.answer)
    return (ComplaintAnswered(**ids, **command.model_dump(exclude={"desks"})),)


def _remind(command: RemindOfComplaint, state: Complaint, lodged: ComplaintLodged, ids: dict[str, Any]) -> tuple[Event, ...]:
    if state.is_answered or state.is_overdue or command.today <= lodged.answer_by:
        return ()
    return (ComplaintOverdue(**ids, due_on=lodged.answer_by, passed_up_to=ABOVE[lodged.addressed_to]),)


def evolve(state: Complaint, event: Event) -> Complaint:
    """Fold one event. Never raises."""
    match event:
        case ComplaintLodged():
            return Complaint(event, frozenset({event.addressed_to}))
        case ComplaintOverdue():
            return replace(state, desks=state.desks | {event.passed_up_to}, is_overdue=True)
        case ComplaintAnswered():
            return replace(state, is_answered=True)
        case _:
            return state


COMPLAINT: Final = following(Decider(category="complaint", initial=Complaint(), decide=decide, evolve=evolve))
