"""Hearings: a deduction for an abandoned post or a false record takes effect only after the member could answer (G11)."""

from datetime import date
from typing import Final, assert_never
from uuid import UUID

from services.evaluation.cases.hearing_phases import Charge, Dropped, Open, Upheld, charge
from services.evaluation.cases.state import CaseState, case_decider
from services.evaluation.hearings.grounds import charges, require_shown
from services.evaluation.scoring.facts import Fact, Period
from shared.contracts.evaluation.codes import DeductionKind, Reason
from shared.contracts.evaluation.hearings import DeductionAnswered, DeductionDropped, DeductionProposed, DeductionUpheld
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class ProposeDeduction(Command):
    """Tell the member what is held against them and until when they may answer.

    `known`: the facts about them on the subject of the source event. `elsewhere`: what was held against them under entries that were
    merged into this one.
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
    period: Period
    known: tuple[Fact, ...]
    elsewhere: frozenset[Charge] = frozenset()


class DeductionAlreadyProposed(DomainError):
    """A deduction for the same event is under way or has been decided."""


class AnswerDeduction(Command):
    """The member's answer."""

    deduction_id: UUID
    answer: Reason


class DeductionUnknown(DomainError):
    """There is no such deduction in this case."""


class DeductionIsDecided(DomainError):
    """This deduction has been decided."""


class UpholdDeduction(Command):
    """Decide that the deduction takes effect. `known`: as when it was proposed. `elsewhere`: what did, under any entry of the member."""

    deduction_id: UUID
    decided_by: str
    today: date
    reason: Reason
    period: Period
    known: tuple[Fact, ...]
    elsewhere: frozenset[Charge] = frozenset()


class ProposerMayNotDecide(DomainError):
    """Who proposed a deduction does not decide on it."""


class DeductionTookEffect(DomainError):
    """For the same event a deduction took effect under another entry of the member; drop this one."""


class HearingStillOpen(DomainError):
    """The member may answer until {answer_until}; decide after the answer or when the time has passed."""


class DropDeduction(Command):
    """Decide that nothing is deducted."""

    deduction_id: UUID
    decided_by: str
    reason: Reason


HearingCommand = ProposeDeduction | AnswerDeduction | UpholdDeduction | DropDeduction


def decide(command: HearingCommand, state: CaseState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case ProposeDeduction():
            return _propose(command, state)
        case AnswerDeduction():
            return _answer(command, state)
        case UpholdDeduction():
            return _uphold(command, state)
        case DropDeduction():
            return _drop(command, state)
        case _:
            assert_never(command)


def _propose(command: ProposeDeduction, state: CaseState) -> tuple[Event, ...]:
    """One hearing per matter held against the member, and only on an event that shows it."""
    if command.deduction_id in state.hearings:
        return ()
    require_shown(command.kind, command.source_event_id, command.known, command.period)
    heard = {charge(hearing) for hearing in state.hearings.values()} | command.elsewhere
    if heard & charges(command.kind, command.source_event_id, command.known):
        raise DeductionAlreadyProposed
    return (DeductionProposed(**command.model_dump(exclude={"elsewhere", "period", "known"})),)


def _answer(command: AnswerDeduction, state: CaseState) -> tuple[Event, ...]:
    """Answers are taken until the decision, also late ones."""
    proposed = _open(command.deduction_id, state).proposed
    return (
        DeductionAnswered(
            deduction_id=command.deduction_id, member_id=proposed.member_id, period_id=proposed.period_id, answer=command.answer
        ),
    )


def _uphold(command: UpholdDeduction, state: CaseState) -> tuple[Event, ...]:
    """Only after the answer or the time for it, by somebody else than the proposer, and on an event that shows it."""
    hearing = _open(command.deduction_id, state)
    kind, source = charge(hearing)
    if command.decided_by == hearing.proposed.proposed_by:
        raise ProposerMayNotDecide
    require_shown(kind, source, command.known, command.period)
    if command.elsewhere & charges(kind, source, command.known):
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


def _drop(command: DropDeduction, state: CaseState) -> tuple[Event, ...]:
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


def _open(deduction_id: UUID, state: CaseState) -> Open:
    hearing = state.hearings.get(deduction_id)
    match hearing:
        case None:
            raise DeductionUnknown
        case Open():
            return hearing
        case Upheld() | Dropped():
            raise DeductionIsDecided
        case _:
            assert_never(hearing)


HEARING: Final[Decider[HearingCommand, CaseState]] = case_decider(decide)
