"""The statement of a case: published once, restated when its figures change. Nothing that is known and unchanged gives an event."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, assert_never
from uuid import UUID

from services.evaluation.cases.handout_phases import Destroyed
from services.evaluation.cases.state import CaseState, case_decider, case_id
from services.evaluation.scoring.engine import Statement
from shared.contracts.evaluation.codes import ReferenceGrade, RestatementCause
from shared.contracts.evaluation.statements import (
    LineChange,
    ScoreLine,
    ScoreStatementPublished,
    ScoreStatementRestated,
    StatementExportOutdated,
)
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
    if state.statement is not None:
        return _restate(RestateStatement(**dict(command), cause=RestatementCause.LATE_FACTS), state)
    computed = _as_refused(command.computed, state)
    return (
        ScoreStatementPublished(
            statement_id=case_id(computed.member_id, computed.period_id),
            version=1,
            appeal_until=command.appeal_until,
            **computed.figures(),
        ),
    )


def _restate(command: RestateStatement, state: CaseState) -> tuple[Event, ...]:
    """Nothing before publication, nothing without a change, and nothing while an appeal is open: its decision restates (ADR 21)."""
    return () if state.is_under_review else restatement(command, state)


def restatement(command: RestateStatement, state: CaseState) -> tuple[Event, ...]:
    """The next version, and a word on each earlier one that somebody else has; nothing when no figure changes."""
    known, computed = state.statement, _as_refused(command.computed, state)
    if known is None or all(getattr(known, name) == value for name, value in computed.figures().items()):
        return ()
    restated = ScoreStatementRestated(
        statement_id=known.statement_id,
        version=known.version + 1,
        previous_version=known.version,
        previous_score=known.score,
        previous_grade=ReferenceGrade.NOT_RATED if computed.is_proposal_refused else known.grade,
        cause=command.cause,
        cause_event_id=command.cause_event_id,
        diff=difference(known.lines, computed.lines),
        appeal_until=command.appeal_until,
        was_confirmed=state.confirmed is not None,
        **computed.figures(),
    )
    return (restated, *_outdated(state, restated.version))


def _outdated(state: CaseState, version: int) -> Iterator[StatementExportOutdated]:
    for each in state.handouts.values():
        if not isinstance(each, Destroyed):
            about = each.exported.model_dump(include={"export_id", "member_id", "period_id", "unit_id", "recipient", "expires_on"})
            yield StatementExportOutdated(**about, statement_version=version)


def _as_refused(computed: Statement, state: CaseState) -> Statement:
    """Without a proposed grade where the member refuses it, also when it was computed before that was known."""
    return computed.without_proposal() if state.is_proposal_refused else computed


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
