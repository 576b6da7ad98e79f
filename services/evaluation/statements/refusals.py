"""The member's refusal that a grade is proposed by the engine (G6): a right that needs no reason, costs nothing and can be taken back.

Invariant: from the refusal on no event states a proposed grade; what people have decided meanwhile is decided.
"""

from typing import Final, assert_never
from uuid import UUID

from services.evaluation.cases.state import CaseState, case_decider
from shared.contracts.evaluation.hearings import GradeProposalRefusalTakenBack, GradeProposalRefused
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class RefuseProposal(Command):
    """Want people to decide alone."""

    member_id: UUID
    period_id: UUID
    unit_id: UUID


class TakeBackRefusal(Command):
    """Have a grade proposed again. `is_confirmed`: also in the case of another entry of the member."""

    member_id: UUID
    period_id: UUID
    is_confirmed: bool = False


class GradeIsConfirmed(DomainError):
    """People have decided the grade; the refusal cannot be taken back any more."""


RefusalCommand = RefuseProposal | TakeBackRefusal


def decide(command: RefusalCommand, state: CaseState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case RefuseProposal():
            return _refuse(command, state)
        case TakeBackRefusal():
            return _take_back(command, state)
        case _:
            assert_never(command)


def _refuse(command: RefuseProposal, state: CaseState) -> tuple[Event, ...]:
    """At any time; a grade that is confirmed already stays until people decide anew."""
    if state.is_proposal_refused:
        return ()
    return (GradeProposalRefused(**command.model_dump(), is_first=not state.has_ever_refused),)


def _take_back(command: TakeBackRefusal, state: CaseState) -> tuple[Event, ...]:
    """Until people have decided."""
    if not state.is_proposal_refused:
        return ()
    if command.is_confirmed or state.confirmed is not None:
        raise GradeIsConfirmed
    return (GradeProposalRefusalTakenBack(member_id=command.member_id, period_id=command.period_id),)


REFUSAL: Final[Decider[RefusalCommand, CaseState]] = case_decider(decide)
