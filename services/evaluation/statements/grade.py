"""The grade that people confirm (G6). The engine's is a reference, where the member has it proposed at all; 不合格 exists only here."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import StringConstraints

from services.evaluation.cases.published import settled
from services.evaluation.cases.state import CaseState, case_decider
from shared.contracts.evaluation.codes import ConfirmedGrade, ReferenceGrade
from shared.contracts.evaluation.statements import ReferenceGradeConfirmed
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class ConfirmGrade(Command):
    """People decide the grade. `has_open_appeal`, `is_proposal_refused`: also in the case of an entry that was merged into this one."""

    unit_id: UUID
    grade: ConfirmedGrade
    reasons: Annotated[str, StringConstraints(max_length=200)] = ""
    heard_on: date | None = None
    today: date
    has_open_appeal: bool = False
    is_proposal_refused: bool = False


class DecisionNeedsReasons(DomainError):
    """The member has refused a proposed grade: decide without one and write down why."""


class UnqualifiedNeedsHearing(DomainError):
    """Unqualified needs written reasons and a hearing that has taken place."""


def decide(command: ConfirmGrade, state: CaseState) -> tuple[Event, ...]:
    """Not while an appeal is open; with reasons where nothing is proposed."""
    statement = settled(state, has_open_appeal=command.has_open_appeal)
    is_refused = command.is_proposal_refused or state.is_proposal_refused
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


GRADE: Final[Decider[ConfirmGrade, CaseState]] = case_decider(decide)
