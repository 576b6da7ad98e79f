"""Statements by example: published, restated, the grade that people confirm, a refused proposal."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.evaluation.cases.published import GradeUnderReview, StatementNotPublished
from services.evaluation.statements.grade import ConfirmGrade, DecisionNeedsReasons, UnqualifiedNeedsHearing
from services.evaluation.statements.refusals import GradeIsConfirmed, RefuseProposal, TakeBackRefusal
from services.evaluation.statements.statement import (
    PublishStatement,
    RestateStatement,
)
from shared.contracts.evaluation.codes import ConfirmedGrade, ReferenceGrade, RestatementCause
from shared.contracts.evaluation.hearings import GradeProposalRefusalTakenBack, GradeProposalRefused
from shared.contracts.evaluation.statements import LineChange, ReferenceGradeConfirmed, ScoreStatementPublished, ScoreStatementRestated
from shared.testing.scenario import Scenario
from tests.evaluation.deciders import WHOLE_CASE
from tests.evaluation.given import MEMBER, PERIOD, PUBLISHED_UNTIL, UNIT, computed, line, lodged, published

CASE_IDS: dict[str, Any] = {"member_id": MEMBER, "period_id": PERIOD}


def test_a_statement_is_published_once() -> None:
    publish = PublishStatement(computed=computed(), appeal_until=PUBLISHED_UNTIL)
    Scenario(WHOLE_CASE).when(publish).then(published())
    Scenario(WHOLE_CASE).given(published()).when(publish).then_nothing()


def restate(**changes: Any) -> RestateStatement:
    cause = {"cause": RestatementCause.ACTIVITY_CORRECTED, "cause_event_id": UUID(int=9), "appeal_until": date(2027, 2, 20)}
    return RestateStatement(**{"computed": computed(line("25.00")), **cause, **changes})


def test_a_changed_statement_is_restated_with_the_difference() -> None:
    (restated,) = Scenario(WHOLE_CASE).given(published()).when(restate()).then_events(ScoreStatementRestated)
    assert isinstance(restated, ScoreStatementRestated)
    assert (restated.version, restated.previous_version, restated.cause) == (2, 1, RestatementCause.ACTIVITY_CORRECTED)
    assert restated.diff == (LineChange(line_id=UUID(int=1), category="C3", before=Decimal("23.25"), after=Decimal("25.00")),)
    Scenario(WHOLE_CASE).given(published(), restated).when(restate()).then_nothing()


def test_nothing_is_restated_before_publication() -> None:
    Scenario(WHOLE_CASE).when(restate()).then_nothing()


def test_publishing_again_restates_who_changed() -> None:
    publish = PublishStatement(computed=computed(line("25.00")), appeal_until=PUBLISHED_UNTIL)
    (restated,) = Scenario(WHOLE_CASE).given(published()).when(publish).then_events(ScoreStatementRestated)
    assert isinstance(restated, ScoreStatementRestated)
    assert restated.cause is RestatementCause.LATE_FACTS


def confirm(grade: ConfirmedGrade, **changes: Any) -> ConfirmGrade:
    return ConfirmGrade(**{"unit_id": UNIT, "grade": grade, "today": date(2027, 2, 1), **changes})


def test_g6_people_decide_the_grade() -> None:
    (confirmed,) = Scenario(WHOLE_CASE).given(published()).when(confirm(ConfirmedGrade.GOOD)).then_events(ReferenceGradeConfirmed)
    assert isinstance(confirmed, ReferenceGradeConfirmed)
    assert (confirmed.reference_grade, confirmed.grade) == (ReferenceGrade.EXCELLENT, ConfirmedGrade.GOOD)
    Scenario(WHOLE_CASE).when(confirm(ConfirmedGrade.GOOD)).then_rejected(StatementNotPublished)
    Scenario(WHOLE_CASE).given(published(), lodged()).when(confirm(ConfirmedGrade.GOOD)).then_rejected(GradeUnderReview)


def test_g6_unqualified_needs_reasons_and_a_hearing() -> None:
    given = Scenario(WHOLE_CASE).given(published())
    given.when(confirm(ConfirmedGrade.UNQUALIFIED)).then_rejected(UnqualifiedNeedsHearing)
    given.when(confirm(ConfirmedGrade.UNQUALIFIED, reasons="长期不履行义务")).then_rejected(UnqualifiedNeedsHearing)
    heard = confirm(ConfirmedGrade.UNQUALIFIED, reasons="长期不履行义务", heard_on=date(2027, 1, 20))
    given.when(heard).then_events(ReferenceGradeConfirmed)


REFUSE = RefuseProposal(**CASE_IDS, unit_id=UNIT)
TAKE_BACK = TakeBackRefusal(**CASE_IDS)
REFUSED = GradeProposalRefused(**CASE_IDS, unit_id=UNIT, is_first=True)
TAKEN_BACK = GradeProposalRefusalTakenBack(**CASE_IDS)


def test_g6_a_member_refuses_a_proposed_grade_without_a_reason_and_takes_it_back() -> None:
    assert set(RefuseProposal.model_fields) == {"member_id", "period_id", "unit_id"}
    Scenario(WHOLE_CASE).when(REFUSE).then(REFUSED)
    Scenario(WHOLE_CASE).given(published(), REFUSED).when(REFUSE).then_nothing()
    Scenario(WHOLE_CASE).when(TAKE_BACK).then_nothing()
    Scenario(WHOLE_CASE).given(REFUSED).when(TAKE_BACK).then(TAKEN_BACK)
    Scenario(WHOLE_CASE).given(REFUSED, TAKEN_BACK).when(TAKE_BACK).then_nothing()
    again = REFUSED.model_copy(update={"is_first": False})
    Scenario(WHOLE_CASE).given(REFUSED, TAKEN_BACK).when(REFUSE).then(again)


def test_g6_no_grade_is_proposed_against_the_members_wish() -> None:
    publish = PublishStatement(computed=computed(), appeal_until=PUBLISHED_UNTIL)
    (silent,) = Scenario(WHOLE_CASE).given(REFUSED).when(publish).then_events(ScoreStatementPublished)
    assert (silent.grade, silent.level, silent.is_proposal_refused) == (ReferenceGrade.NOT_RATED, None, True)
    assert (silent.score, silent.lines) == (published().score, published().lines), "refusing has no effect on any point"
    changed = RestateStatement(computed=computed(line("20.00")), appeal_until=PUBLISHED_UNTIL, cause=RestatementCause.ACTIVITY_CORRECTED)
    (restated,) = Scenario(WHOLE_CASE).given(published(), REFUSED).when(changed).then_events(ScoreStatementRestated)
    assert {restated.grade, restated.previous_grade} == {ReferenceGrade.NOT_RATED}
    same = RestateStatement(computed=computed(), appeal_until=PUBLISHED_UNTIL, cause=RestatementCause.CIRCUMSTANCES_RECOGNISED)
    (shown,) = Scenario(WHOLE_CASE).given(silent, TAKEN_BACK).when(same).then_events(ScoreStatementRestated)
    assert (shown.grade, shown.diff) == (ReferenceGrade.EXCELLENT, ())


def test_g6_people_who_decide_alone_write_down_why() -> None:
    given = Scenario(WHOLE_CASE).given(published(), REFUSED)
    for reasons in ("", "  "):
        given.when(confirm(ConfirmedGrade.GOOD, reasons=reasons)).then_rejected(DecisionNeedsReasons)
    (decided,) = given.when(confirm(ConfirmedGrade.GOOD, reasons="支部大会讨论决定")).then_events(ReferenceGradeConfirmed)
    assert (decided.reference_grade, decided.reasons) == (ReferenceGrade.NOT_RATED, "支部大会讨论决定")
    Scenario(WHOLE_CASE).given(published(), REFUSED, decided).when(TAKE_BACK).then_rejected(GradeIsConfirmed)
    elsewhere = TAKE_BACK.model_copy(update={"is_confirmed": True})
    Scenario(WHOLE_CASE).given(REFUSED).when(elsewhere).then_rejected(GradeIsConfirmed)
    under_another_entry = confirm(ConfirmedGrade.GOOD, is_proposal_refused=True)
    Scenario(WHOLE_CASE).given(published()).when(under_another_entry).then_rejected(DecisionNeedsReasons)
    Scenario(WHOLE_CASE).given(published(), REFUSED, TAKEN_BACK).when(confirm(ConfirmedGrade.GOOD)).then_events(ReferenceGradeConfirmed)
