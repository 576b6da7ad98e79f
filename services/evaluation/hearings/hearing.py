"""Hearings: a deduction for an abandoned post or a false record takes effect only after the member could answer (G11)."""

from datetime import date
from uuid import UUID

from services.evaluation.cases.state import CaseState, Charge, Hearing
from shared.contracts.evaluation import (
    DeductionAnswered,
    DeductionDropped,
    DeductionKind,
    DeductionProposed,
    DeductionUpheld,
    Reason,
)
from shared.contracts.event import Event
from shared.decider import Command, DomainError


class ProposeDeduction(Command):
    """Tell the member what is held against them and until when they may answer.

    `elsewhere`: what was held against them under entries given up for this one.
    """

    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    community_id: UUID
    kind: DeductionKind
    source_event_id: UUID
    reason: Reason
    answer_until: date
    proposed_by: str
    elsewhere: frozenset[Charge] = frozenset()


class AnswerDeduction(Command):
    """The member's answer."""

    deduction_id: UUID
    answer: Reason


class UpholdDeduction(Command):
    """Decide that the deduction takes effect. `elsewhere`: what has, under any entry of the member."""

    deduction_id: UUID
    decided_by: str
    today: date
    reason: Reason
    elsewhere: frozenset[Charge] = frozenset()


class DropDeduction(Command):
    """Decide that nothing is deducted."""

    deduction_id: UUID
    decided_by: str
    reason: Reason


class DeductionUnknown(DomainError):
    """There is no such deduction in this case."""


class DeductionIsDecided(DomainError):
    """This deduction has been decided."""


class DeductionAlreadyProposed(DomainError):
    """A deduction for the same event is under way or has been decided."""


class DeductionTookEffect(DomainError):
    """For the same event a deduction took effect under another entry of the member; drop this one."""


class HearingStillOpen(DomainError):
    """The member may still answer; decide after the answer or when the time has passed."""


class ProposerMayNotDecide(DomainError):
    """Who proposed a deduction does not decide on it."""


def propose_deduction(command: ProposeDeduction, state: CaseState) -> tuple[Event, ...]:
    """One hearing per event held against the member."""
    if command.deduction_id in state.hearings:
        return ()
    if (command.kind, command.source_event_id) in {hearing.charge for hearing in state.hearings.values()} | command.elsewhere:
        raise DeductionAlreadyProposed
    return (DeductionProposed(**command.model_dump(exclude={"elsewhere"})),)


def answer_deduction(command: AnswerDeduction, state: CaseState) -> tuple[Event, ...]:
    """Answers are taken until the decision, also late ones."""
    proposed = _open(command.deduction_id, state).proposed
    return (
        DeductionAnswered(
            deduction_id=command.deduction_id, member_id=proposed.member_id, period_id=proposed.period_id, answer=command.answer
        ),
    )


def uphold_deduction(command: UpholdDeduction, state: CaseState) -> tuple[Event, ...]:
    """Only after the answer or the time for it, and by somebody else than the proposer."""
    hearing = _open(command.deduction_id, state)
    if command.decided_by == hearing.proposed.proposed_by:
        raise ProposerMayNotDecide
    if hearing.charge in command.elsewhere:
        raise DeductionTookEffect
    if not hearing.is_answered and command.today <= hearing.proposed.answer_until:
        raise HearingStillOpen(answer_until=hearing.proposed.answer_until.isoformat())
    return (
        DeductionUpheld(
            deduction_id=command.deduction_id,
            member_id=hearing.proposed.member_id,
            period_id=hearing.proposed.period_id,
            kind=hearing.proposed.kind,
            source_event_id=hearing.proposed.source_event_id,
            reason=command.reason,
            decided_by=command.decided_by,
        ),
    )


def drop_deduction(command: DropDeduction, state: CaseState) -> tuple[Event, ...]:
    """At any time."""
    proposed = _open(command.deduction_id, state).proposed
    return (
        DeductionDropped(
            deduction_id=command.deduction_id,
            member_id=proposed.member_id,
            period_id=proposed.period_id,
            kind=proposed.kind,
            reason=command.reason,
            decided_by=command.decided_by,
        ),
    )


def _open(deduction_id: UUID, state: CaseState) -> Hearing:
    hearing = state.hearings.get(deduction_id)
    if hearing is None:
        raise DeductionUnknown
    if hearing.is_upheld is not None:
        raise DeductionIsDecided
    return hearing
