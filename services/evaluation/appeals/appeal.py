"""Appeals: within 15 working days, decided by somebody independent with reasons, restated in that act, once taken one level up (G10)."""

from datetime import date
from typing import Final, assert_never
from uuid import UUID

from services.evaluation.cases.appeal_phases import Accepted, Appeal, Open, Rejected
from services.evaluation.cases.hearing_phases import Upheld
from services.evaluation.cases.published import published
from services.evaluation.cases.state import CaseState, case_decider
from services.evaluation.scoring.engine import Statement
from services.evaluation.statements.statement import RestateStatement, restatement
from shared.contracts.evaluation.codes import Reason, RestatementCause
from shared.contracts.evaluation.hearings import AppealAccepted, AppealEscalated, AppealLodged, AppealRejected, DeductionDropped
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class LodgeAppeal(Command):
    """Contest the statement, or named lines of it."""

    appeal_id: UUID
    line_ids: tuple[UUID, ...] = ()
    grounds: Reason
    today: date
    decide_by: date


class AppealWindowClosed(DomainError):
    """The time to appeal ended on {appeal_until}."""


class AppealAlreadyOpen(DomainError):
    """An appeal against this statement is open."""


class AppealAlreadyDecided(DomainError):
    """An appeal against this version of the statement has been decided; a rejected one can be taken one level up."""


class LineNotInStatement(DomainError):
    """The statement has no such line."""


class AcceptAppeal(Command):
    """Find for the member. `reviewer_organisations`: whom the reviewer acts for. `take_back`: deductions.

    `computed`: the statement as it is with this decision; None: it is that of another case, into whose member this one was merged.
    """

    appeal_id: UUID
    reviewer: str
    reviewer_organisations: frozenset[UUID] = frozenset()
    reasons: Reason
    take_back: tuple[UUID, ...] = ()
    unchanged_because: Reason | None = None
    computed: Statement | None
    appeal_until: date


class AcceptedAppealChangesNothing(DomainError):
    """Nothing in the statement would change: have what is wrong corrected first, take a deduction back, or say why nothing changes."""


class NoDeductionToTakeBack(DomainError):
    """This case has no such deduction in effect."""


class RejectAppeal(Command):
    """Find no error."""

    appeal_id: UUID
    reviewer: str
    reviewer_organisations: frozenset[UUID] = frozenset()
    reasons: Reason


class AppealUnknown(DomainError):
    """There is no such appeal in this case."""


class AppealIsDecided(DomainError):
    """This appeal has been decided."""


class ReviewerNotIndependent(DomainError):
    """Who had a hand in the case, acts for its unit or community, or decided before does not review it."""


class EscalateAppeal(Command):
    """Take a rejected appeal one level up."""

    appeal_id: UUID
    grounds: Reason
    today: date
    decide_by: date


class AppealNotRejected(DomainError):
    """Only a rejected appeal can be taken one level up, and only once."""


AppealCommand = LodgeAppeal | AcceptAppeal | RejectAppeal | EscalateAppeal


def decide(command: AppealCommand, state: CaseState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case LodgeAppeal():
            return _lodge(command, state)
        case AcceptAppeal():
            return _accept(command, state)
        case RejectAppeal():
            return _reject(command, state)
        case EscalateAppeal():
            return _escalate(command, state)
        case _:
            assert_never(command)


def _lodge(command: LodgeAppeal, state: CaseState) -> tuple[Event, ...]:
    """One open appeal at a time, against the latest version."""
    statement = published(state)
    if command.appeal_id in state.appeals:
        return ()
    if state.is_under_review:
        raise AppealAlreadyOpen
    if any(appeal.lodged.statement_version == statement.version for appeal in state.appeals.values()):
        raise AppealAlreadyDecided
    if command.today > statement.appeal_until:
        raise AppealWindowClosed(appeal_until=statement.appeal_until.isoformat())
    if not set(command.line_ids) <= {line.line_id for line in statement.lines}:
        raise LineNotInStatement
    return (
        AppealLodged(
            appeal_id=command.appeal_id,
            member_id=statement.member_id,
            period_id=statement.period_id,
            statement_id=statement.statement_id,
            statement_version=statement.version,
            unit_id=statement.unit_id,
            community_id=statement.community_id,
            line_ids=command.line_ids,
            grounds=command.grounds,
            decide_by=command.decide_by,
        ),
    )


def _accept(command: AcceptAppeal, state: CaseState) -> tuple[Event, ...]:
    """What is wrong is corrected where the error lies, and deductions are taken back here: the statement is restated in this act."""
    lodged = _reviewed(command, state).lodged
    restated = _restated(command, state)
    if not restated and command.computed and not command.unchanged_because:
        raise AcceptedAppealChangesNothing
    return (
        AppealAccepted(
            appeal_id=lodged.appeal_id,
            member_id=lodged.member_id,
            period_id=lodged.period_id,
            statement_id=lodged.statement_id,
            unit_id=lodged.unit_id,
            community_id=lodged.community_id,
            reasons=command.reasons,
            reviewer=command.reviewer,
            restated_version=published(state).version + 1 if restated else None,
            unchanged_because=None if restated else command.unchanged_because,
        ),
        *[_taken_back(each, command, state) for each in dict.fromkeys(command.take_back)],
        *restated,
    )


def _restated(command: AcceptAppeal, state: CaseState) -> tuple[Event, ...]:
    if command.computed is None:
        return ()
    restate = RestateStatement(computed=command.computed, appeal_until=command.appeal_until, cause=RestatementCause.APPEAL_ACCEPTED)
    return restatement(restate, state)


def _taken_back(deduction_id: UUID, command: AcceptAppeal, state: CaseState) -> DeductionDropped:
    hearing = state.hearings.get(deduction_id)
    if not isinstance(hearing, Upheld):
        raise NoDeductionToTakeBack
    about = hearing.proposed.model_dump(include={"deduction_id", "member_id", "period_id", "kind"})
    return DeductionDropped(**about, reason=command.reasons, decided_by=command.reviewer)


def _reject(command: RejectAppeal, state: CaseState) -> tuple[Event, ...]:
    """Final when it had been taken one level up."""
    appeal = _reviewed(command, state)
    lodged = appeal.lodged
    return (
        AppealRejected(
            appeal_id=lodged.appeal_id,
            member_id=lodged.member_id,
            period_id=lodged.period_id,
            statement_id=lodged.statement_id,
            unit_id=lodged.unit_id,
            community_id=lodged.community_id,
            reasons=command.reasons,
            final=appeal.is_escalated,
            reviewer=command.reviewer,
        ),
    )


def _escalate(command: EscalateAppeal, state: CaseState) -> tuple[Event, ...]:
    """Once; the same reviewer cannot decide again."""
    appeal = _known(command.appeal_id, state)
    if not isinstance(appeal, Rejected) or appeal.is_final:
        raise AppealNotRejected
    lodged = appeal.lodged
    return (
        AppealEscalated(
            appeal_id=lodged.appeal_id,
            member_id=lodged.member_id,
            period_id=lodged.period_id,
            statement_id=lodged.statement_id,
            grounds=command.grounds,
            decide_by=command.decide_by,
        ),
    )


def _reviewed(command: AcceptAppeal | RejectAppeal, state: CaseState) -> Open:
    appeal = _known(command.appeal_id, state)
    match appeal:
        case Accepted() | Rejected():
            raise AppealIsDecided
        case Open(lodged):
            had_a_hand = command.reviewer in state.involved | appeal.reviewers | {str(lodged.member_id)}
            if had_a_hand or command.reviewer_organisations & {lodged.unit_id, lodged.community_id}:
                raise ReviewerNotIndependent
            return appeal
        case _:
            assert_never(appeal)


def _known(appeal_id: UUID, state: CaseState) -> Appeal:
    appeal = state.appeals.get(appeal_id)
    if appeal is None:
        raise AppealUnknown
    return appeal


APPEAL: Final[Decider[AppealCommand, CaseState]] = case_decider(decide)
