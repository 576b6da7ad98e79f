"""Appeals by example: in time, independent, one level up once."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.appeals.appeal import APPEAL as APPEALS
from services.evaluation.appeals.appeal import (
    AcceptAppeal,
    AppealAlreadyDecided,
    AppealAlreadyOpen,
    AppealIsDecided,
    AppealNotRejected,
    AppealUnknown,
    AppealWindowClosed,
    EscalateAppeal,
    LineNotInStatement,
    LodgeAppeal,
    RejectAppeal,
    ReviewerNotIndependent,
)
from services.evaluation.cases.published import StatementNotPublished
from shared.contracts.evaluation.assessments import UnitAssessmentSubmitted
from shared.contracts.evaluation.hearings import AppealAccepted, AppealEscalated, AppealLodged, AppealRejected
from shared.testing.scenario import Scenario
from tests.evaluation.given import APPEAL, COMMUNITY, MEMBER, PERIOD, RUBRIC, UNIT, lodged, published

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
    return AcceptAppeal(appeal_id=APPEAL, reviewer=reviewer, reviewer_organisations=frozenset(organisations), reasons="核实有误")


def test_a_member_appeals_within_the_window() -> None:
    Scenario(APPEALS).given(published()).when(lodge()).then(lodged())
    Scenario(APPEALS).given(published()).when(lodge(29)).then_events(AppealLodged)
    Scenario(APPEALS).given(published()).when(lodge(30)).then_rejected(AppealWindowClosed, appeal_until="2027-01-29")
    Scenario(APPEALS).when(lodge()).then_rejected(StatementNotPublished)
    Scenario(APPEALS).given(published()).when(lodge(line_ids=(UUID(int=999),))).then_rejected(LineNotInStatement)


def test_one_appeal_against_one_version() -> None:
    other = lodge(appeal_id=UUID(int=3))
    Scenario(APPEALS).given(published(), lodged()).when(other).then_rejected(AppealAlreadyOpen)
    (accepted,) = Scenario(APPEALS).given(published(), lodged()).when(accept()).then_events(AppealAccepted)
    Scenario(APPEALS).given(published(), lodged(), accepted).when(other).then_rejected(AppealAlreadyDecided)
    Scenario(APPEALS).given(published(), lodged(), accepted).when(accept()).then_rejected(AppealIsDecided)
    Scenario(APPEALS).given(published()).when(accept()).then_rejected(AppealUnknown)


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
