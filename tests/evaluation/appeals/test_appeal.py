"""Appeals by example: in time, independent, one level up once."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.appeals.appeal import APPEAL as APPEALS
from services.evaluation.appeals.appeal import (
    AcceptAppeal,
    AcceptedAppealChangesNothing,
    AppealAlreadyDecided,
    AppealAlreadyOpen,
    AppealIsDecided,
    AppealNotRejected,
    AppealUnknown,
    AppealWindowClosed,
    EscalateAppeal,
    LineNotInStatement,
    LodgeAppeal,
    NoDeductionToTakeBack,
    RejectAppeal,
    ReviewerNotIndependent,
)
from services.evaluation.cases.published import StatementNotPublished
from services.evaluation.statements.statement import PublishStatement, RestateStatement
from shared.contracts.evaluation.assessments import UnitAssessmentSubmitted
from shared.contracts.evaluation.codes import ConfirmedGrade, DeductionKind, EvaluationOccasion, ReferenceGrade, RestatementCause
from shared.contracts.evaluation.hearings import (
    AppealAccepted,
    AppealEscalated,
    AppealLodged,
    AppealRejected,
    DeductionDropped,
    DeductionProposed,
    DeductionUpheld,
)
from shared.contracts.evaluation.statements import (
    ReferenceGradeConfirmed,
    ScoreStatementRestated,
    StatementExportDestroyed,
    StatementExported,
    StatementExportExpired,
    StatementExportOutdated,
)
from shared.testing.scenario import Scenario
from tests.evaluation.deciders import WHOLE_CASE
from tests.evaluation.given import APPEAL, COMMUNITY, MEMBER, PERIOD, RUBRIC, UNIT, computed, line, lodged, published

WHY = "更正的是六月的记录，不在本周期"
CORRECTED = computed(line("25.00"), score="86.45")
DEDUCTION = UUID(int=77)
CHARGE: dict[str, Any] = {"deduction_id": DEDUCTION, "kind": DeductionKind.POST_ABANDONED, "source_event_id": UUID(int=5)}
CASE_IDS: dict[str, Any] = {"member_id": MEMBER, "period_id": PERIOD}
FIGURES: dict[str, Any] = {
    **CASE_IDS,
    "unit_id": UNIT,
    "attended": 20,
    "required": 24,
    "excused": 2,
    "unit_tasks": 4,
    "assessed_by": "secretary",
}


def lodge(day: int = 20, **changes: Any) -> LodgeAppeal:
    given = {"appeal_id": APPEAL, "grounds": "五月的服务时间记少了", "today": date(2027, 1, day), "decide_by": date(2027, 2, 10)}
    return LodgeAppeal(**{**given, **changes})


def accept(reviewer: str = "reviewer", *organisations: UUID) -> AcceptAppeal:
    return AcceptAppeal(
        appeal_id=APPEAL,
        reviewer=reviewer,
        reviewer_organisations=frozenset(organisations),
        reasons="核实有误",
        computed=CORRECTED,
        appeal_until=date(2027, 2, 20),
    )


def changes_nothing(**changes: Any) -> AcceptAppeal:
    return accept().model_copy(update={"computed": computed(), **changes})


def test_a_member_appeals_within_the_window() -> None:
    Scenario(APPEALS).given(published()).when(lodge()).then(lodged())
    Scenario(APPEALS).given(published()).when(lodge(29)).then_events(AppealLodged)
    Scenario(APPEALS).given(published()).when(lodge(30)).then_rejected(AppealWindowClosed, appeal_until="2027-01-29")
    Scenario(APPEALS).when(lodge()).then_rejected(StatementNotPublished)
    Scenario(APPEALS).given(published()).when(lodge(line_ids=(UUID(int=999),))).then_rejected(LineNotInStatement)


def test_one_appeal_against_one_version() -> None:
    other = lodge(appeal_id=UUID(int=3))
    Scenario(APPEALS).given(published(), lodged()).when(other).then_rejected(AppealAlreadyOpen)
    accepted = Scenario(APPEALS).given(published(), lodged()).when(accept()).then_events(AppealAccepted, ScoreStatementRestated)
    Scenario(APPEALS).given(published(), lodged(), *accepted).when(other).then_events(AppealLodged)
    (unchanged,) = Scenario(APPEALS).given(published(), lodged()).when(changes_nothing(unchanged_because=WHY)).then_events(AppealAccepted)
    Scenario(APPEALS).given(published(), lodged(), unchanged).when(other).then_rejected(AppealAlreadyDecided)
    Scenario(APPEALS).given(published(), lodged(), unchanged).when(accept()).then_rejected(AppealIsDecided)
    Scenario(APPEALS).given(published()).when(accept()).then_rejected(AppealUnknown)


def test_an_upheld_appeal_restates_in_the_same_act() -> None:
    accepted, restated = Scenario(APPEALS).given(published(), lodged()).when(accept()).then_events(AppealAccepted, ScoreStatementRestated)
    assert (accepted.restated_version, accepted.unchanged_because) == (2, None)
    assert (restated.version, restated.previous_score, restated.score) == (2, Decimal("85.75"), Decimal("86.45"))
    assert (restated.cause, restated.appeal_until) == (RestatementCause.APPEAL_ACCEPTED, date(2027, 2, 20))
    spoken = accept().model_copy(update={"unchanged_because": WHY})
    said, _ = Scenario(APPEALS).given(published(), lodged()).when(spoken).then_events(AppealAccepted, ScoreStatementRestated)
    assert said.unchanged_because is None, "something does change"


def test_or_it_says_why_nothing_changes() -> None:
    Scenario(APPEALS).given(published(), lodged()).when(changes_nothing()).then_rejected(AcceptedAppealChangesNothing)
    (said,) = Scenario(APPEALS).given(published(), lodged()).when(changes_nothing(unchanged_because=WHY)).then_events(AppealAccepted)
    assert (said.restated_version, said.unchanged_because) == (None, WHY)


def test_a_deduction_is_taken_back_with_the_appeal() -> None:
    upheld = DeductionUpheld(**CASE_IDS, **CHARGE, reason="属实", decided_by="street")
    proposed = DeductionProposed(
        **CASE_IDS, **CHARGE, community_id=COMMUNITY, reason="离岗未告知", answer_until=date(2026, 6, 8), proposed_by="clerk"
    )
    take_back = accept().model_copy(update={"take_back": (DEDUCTION,)})
    given = (published(), proposed, upheld, lodged())
    kinds = (AppealAccepted, DeductionDropped, ScoreStatementRestated)
    _, dropped, _ = Scenario(APPEALS).given(*given).when(take_back).then_events(*kinds)
    assert (dropped.deduction_id, dropped.reason, dropped.decided_by) == (DEDUCTION, "核实有误", "reviewer")
    Scenario(APPEALS).given(published(), lodged()).when(take_back).then_rejected(NoDeductionToTakeBack)
    Scenario(APPEALS).given(published(), proposed, lodged()).when(take_back).then_rejected(NoDeductionToTakeBack)
    somebody_else = take_back.model_copy(update={"reviewer": "another reviewer"})
    Scenario(APPEALS).given(*given, dropped).when(somebody_else).then_rejected(NoDeductionToTakeBack)


def test_whoever_holds_the_old_statement_is_told_whatever_restated_it() -> None:
    out = exported(1), exported(2), exported(3)
    expired = StatementExportExpired(**handed(2))
    gone = StatementExportDestroyed(**handed(3), destroyed_on=date(2027, 1, 20), confirmed_by="secretary")
    confirmed = ReferenceGradeConfirmed(
        **CASE_IDS, statement_id=published().statement_id, unit_id=UNIT, statement_version=1, reference_grade=ReferenceGrade.EXCELLENT,
        grade=ConfirmedGrade.EXCELLENT,
    )  # fmt: skip
    given = (published(), confirmed, *out, expired, gone)
    kinds = (ScoreStatementRestated, StatementExportOutdated, StatementExportOutdated)
    _, restated, *outdated = Scenario(APPEALS).given(*given, lodged()).when(accept()).then_events(AppealAccepted, *kinds)
    corrected = RestateStatement(computed=CORRECTED, appeal_until=date(2027, 2, 20), cause=RestatementCause.ACTIVITY_CORRECTED)
    also, *too = Scenario(WHOLE_CASE).given(*given).when(corrected).then_events(*kinds)
    assert [each.export_id for each in outdated] == [UUID(int=1), UUID(int=2)]
    assert {(each.recipient, each.unit_id, each.statement_version) for each in outdated} == {("第一党支部", UNIT, 2)}
    assert outdated == too
    assert restated.was_confirmed
    assert also.was_confirmed


def test_while_an_appeal_is_open_published_figures_stand_still() -> None:
    corrected = RestateStatement(computed=CORRECTED, appeal_until=date(2027, 2, 20), cause=RestatementCause.ACTIVITY_CORRECTED)
    again = PublishStatement(computed=CORRECTED, appeal_until=date(2027, 2, 20))
    for command in (corrected, again):
        Scenario(WHOLE_CASE).given(published(), lodged()).when(command).then_nothing()
    reject = RejectAppeal(appeal_id=APPEAL, reviewer="reviewer", reasons="记录无误")
    (rejected,) = Scenario(APPEALS).given(published(), lodged()).when(reject).then_events(AppealRejected)
    Scenario(WHOLE_CASE).given(published(), lodged(), rejected).when(corrected).then_events(ScoreStatementRestated)


def handed(number: int) -> dict[str, Any]:
    return {**CASE_IDS, "export_id": UUID(int=number), "unit_id": UNIT, "recipient": "第一党支部", "expires_on": date(2027, 3, 1)}


def exported(number: int) -> StatementExported:
    return StatementExported(
        **handed(number), statement_id=published().statement_id, statement_version=1, occasion=EvaluationOccasion.COMMENDATION
    )


@pytest.mark.parametrize("command", [accept("secretary"), accept(str(MEMBER)), accept("x", UNIT), accept("x", COMMUNITY)])
def test_g10_the_reviewer_is_independent(command: AcceptAppeal) -> None:
    given = (UnitAssessmentSubmitted(**FIGURES, rubric=RUBRIC), published(), lodged())
    Scenario(APPEALS).given(*given).when(command).then_rejected(ReviewerNotIndependent)


def test_a_rejected_appeal_goes_one_level_up_once() -> None:
    reject = RejectAppeal(appeal_id=APPEAL, reviewer="reviewer", reasons="记录无误")
    escalate = EscalateAppeal(appeal_id=APPEAL, grounds="请再核对", today=date(2027, 2, 1), decide_by=date(2027, 2, 20))
    (rejected,) = Scenario(APPEALS).given(published(), lodged()).when(reject).then_events(AppealRejected)
    (escalated,) = Scenario(APPEALS).given(published(), lodged(), rejected).when(escalate).then_events(AppealEscalated)
    above = (published(), lodged(), rejected, escalated)
    Scenario(APPEALS).given(*above).when(reject).then_rejected(ReviewerNotIndependent)
    (final,) = Scenario(APPEALS).given(*above).when(reject.model_copy(update={"reviewer": "street"})).then_events(AppealRejected)
    assert isinstance(final, AppealRejected)
    assert final.final
    Scenario(APPEALS).given(*above, final).when(escalate).then_rejected(AppealNotRejected)
