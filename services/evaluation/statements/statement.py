"""The statement of a case: published once, restated when its figures change. Nothing that is known and unchanged gives an event."""

from datetime import date
from decimal import Decimal
from typing import Final, assert_never
from uuid import UUID

from services.evaluation.cases.state import CaseState, PublishedStatement, case_decider, case_id
from services.evaluation.scoring.engine import Statement
from shared.contracts.evaluation.codes import ReferenceGrade, RestatementCause
from shared.contracts.evaluation.statements import LineChange, ScoreLine, ScoreStatementPublished, ScoreStatementRestated
from shared.contracts.event import Event
from shared.decider import Command, Decider


class PublishStatement(Command):
    """Make the computed statement known; one that is known already and has changed is restated."""

    computed: Statement
    appeal_until: date


class RestateStatement(Command):
    """Replace a published statement, if its figures changed."""

    computed: Statement
    appeal_until: date
    cause: RestatementCause
    cause_event_id: UUID | None = None


StatementCommand = PublishStatement | RestateStatement


def decide(command: StatementCommand, state: CaseState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case PublishStatement():
            return _publish(command, state)
        case RestateStatement():
            return _restate(command, state)
        case _:
            assert_never(command)


def _publish(command: PublishStatement, state: CaseState) -> tuple[Event, ...]:
    """Nothing when it is known and unchanged."""
    computed = _as_refused(command.computed, state)
    if state.statement is not None:
        return _restated(state.statement, computed, command.appeal_until, RestatementCause.LATE_FACTS, None)
    return (
        ScoreStatementPublished(
            statement_id=case_id(computed.member_id, computed.period_id),
            version=1,
            appeal_until=command.appeal_until,
            **computed.figures(),
        ),
    )


def _restate(command: RestateStatement, state: CaseState) -> tuple[Event, ...]:
    """Nothing before publication, nothing without a change."""
    if state.statement is None:
        return ()
    computed = _as_refused(command.computed, state)
    return _restated(state.statement, computed, command.appeal_until, command.cause, command.cause_event_id)


def _as_refused(computed: Statement, state: CaseState) -> Statement:
    """Without a proposed grade where the member refuses it, also when it was computed before that was known."""
    return computed.without_proposal() if state.is_proposal_refused else computed


def _restated(
    known: PublishedStatement, computed: Statement, appeal_until: date, cause: RestatementCause, cause_event_id: UUID | None
) -> tuple[Event, ...]:
    figures = computed.figures()
    if all(getattr(known, name) == value for name, value in figures.items()):
        return ()
    return (
        ScoreStatementRestated(
            statement_id=known.statement_id,
            version=known.version + 1,
            previous_version=known.version,
            previous_score=known.score,
            previous_grade=ReferenceGrade.NOT_RATED if computed.is_proposal_refused else known.grade,
            cause=cause,
            cause_event_id=cause_event_id,
            diff=difference(known.lines, computed.lines),
            appeal_until=appeal_until,
            **figures,
        ),
    )


def difference(before: tuple[ScoreLine, ...], after: tuple[ScoreLine, ...]) -> tuple[LineChange, ...]:
    """Lines whose points changed, came or went, in the order of the lines."""
    old, new = {line.line_id: line for line in before}, {line.line_id: line for line in after}
    return tuple(
        LineChange(line_id=line_id, category=(new.get(line_id) or old[line_id]).category, before=was, after=is_now)
        for line_id in dict.fromkeys((*old, *new))
        if (was := _points(old.get(line_id))) != (is_now := _points(new.get(line_id)))
    )


def _points(line: ScoreLine | None) -> Decimal | None:
    return line.points if line else None


STATEMENT: Final[Decider[StatementCommand, CaseState]] = case_decider(decide)
