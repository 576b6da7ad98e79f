"""The statement of a case: published once, restated when its figures change, confirmed by people."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from services.evaluation.cases.state import CaseState, PublishedStatement, case_id
from services.evaluation.scoring.engine import Statement
from shared.contracts.evaluation import (
    ConfirmedGrade,
    LineChange,
    ReferenceGrade,
    ReferenceGradeConfirmed,
    RestatementCause,
    ScoreLine,
    ScoreStatementPublished,
    ScoreStatementRestated,
)
from shared.contracts.event import Event
from shared.decider import Command, DomainError


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


class ConfirmGrade(Command):
    """People decide the grade. `has_open_appeal`, `is_proposal_refused`: also in the case of an entry that was given up for this one."""

    unit_id: UUID
    grade: ConfirmedGrade
    reasons: Annotated[str, StringConstraints(max_length=200)] = ""
    heard_on: date | None = None
    today: date
    has_open_appeal: bool = False
    is_proposal_refused: bool = False


class StatementNotPublished(DomainError):
    """There is no published statement yet."""


class GradeUnderReview(DomainError):
    """An appeal is open: the grade is neither confirmed nor handed on."""


class DecisionNeedsReasons(DomainError):
    """The member has refused a proposed grade: people decide alone and write down why."""


class UnqualifiedNeedsHearing(DomainError):
    """不合格 needs written reasons and a hearing that has taken place."""


def publish_statement(command: PublishStatement, state: CaseState) -> tuple[Event, ...]:
    """Nothing when it is known and unchanged."""
    computed = _as_wished(command.computed, state)
    if state.statement is not None:
        return _restated(state.statement, computed, command.appeal_until, RestatementCause.LATE_FACTS, None)
    return (
        ScoreStatementPublished(
            statement_id=case_id(computed.member_id, computed.period_id),
            version=1,
            appeal_until=command.appeal_until,
            **_figures(computed),
        ),
    )


def restate_statement(command: RestateStatement, state: CaseState) -> tuple[Event, ...]:
    """Nothing before publication, nothing without a change."""
    if state.statement is None:
        return ()
    computed = _as_wished(command.computed, state)
    return _restated(state.statement, computed, command.appeal_until, command.cause, command.cause_event_id)


def _as_wished(computed: Statement, state: CaseState) -> Statement:
    """Also when it was computed before the refusal was heard."""
    return computed.without_proposal() if state.is_proposal_refused else computed


def _restated(
    known: PublishedStatement, computed: Statement, appeal_until: date, cause: RestatementCause, cause_event_id: UUID | None
) -> tuple[Event, ...]:
    figures = _figures(computed)
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


def _figures(computed: Statement) -> dict[str, Any]:
    """The fields that a statement and its event share."""
    return {name: getattr(computed, name) for name in Statement.__slots__}


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


def confirm_grade(command: ConfirmGrade, state: CaseState) -> tuple[Event, ...]:
    """The engine's grade is a reference, where the member has it proposed at all; 不合格 exists only here."""
    statement = settled(state, has_open_appeal=command.has_open_appeal)
    is_refused = command.is_proposal_refused or bool(state.is_proposal_refused)
    if is_refused and not command.reasons.strip():
        raise DecisionNeedsReasons
    if command.grade is ConfirmedGrade.UNQUALIFIED and (
        not command.reasons.strip() or command.heard_on is None or command.heard_on > command.today
    ):
        raise UnqualifiedNeedsHearing
    confirmed = ReferenceGradeConfirmed(
        statement_id=statement.statement_id,
        member_id=statement.member_id,
        period_id=statement.period_id,
        unit_id=command.unit_id,
        statement_version=statement.version,
        reference_grade=ReferenceGrade.NOT_RATED if is_refused else statement.grade,
        grade=command.grade,
        reasons=command.reasons,
        heard_on=command.heard_on,
    )
    return () if confirmed == state.confirmed else (confirmed,)


def settled(state: CaseState, *, has_open_appeal: bool) -> PublishedStatement:
    """The published statement that no appeal keeps open. Raises StatementNotPublished, GradeUnderReview."""
    if state.statement is None:
        raise StatementNotPublished
    if state.is_under_review or has_open_appeal:
        raise GradeUnderReview
    return state.statement
