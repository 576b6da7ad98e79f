"""The evaluation case by example: assessments, hearings, statements, appeals, the grade that people confirm."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

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
from services.evaluation.cases.assessments import (
    AttendanceExceedsRequired,
    AttendanceMissing,
    AttendanceSumsDisagree,
    CategoryCannotBeWaived,
    ExemptionEndsBeforeItStarts,
    GrantExemption,
    LowScoreNeedsReason,
    MeetingKindRepeated,
    RubricIncomplete,
    SubmitUnitAssessment,
    WaiveCategory,
)
from services.evaluation.cases.case import CASE, case_id
from services.evaluation.handouts.handout import (
    ConfirmDestruction,
    ExportNeedsExpiry,
    ExportStatement,
    ExportUnknown,
    OccasionNotEnabled,
    RemindOfExport,
)
from services.evaluation.hearings.hearing import (
    AnswerDeduction,
    DeductionAlreadyProposed,
    DeductionIsDecided,
    DeductionTookEffect,
    DeductionUnknown,
    DropDeduction,
    HearingStillOpen,
    ProposeDeduction,
    ProposerMayNotDecide,
    UpholdDeduction,
)
from services.evaluation.statements.refusals import GradeIsConfirmed, RefuseProposal, TakeBackRefusal
from services.evaluation.statements.statement import (
    ConfirmGrade,
    DecisionNeedsReasons,
    GradeUnderReview,
    PublishStatement,
    RestateStatement,
    StatementNotPublished,
    UnqualifiedNeedsHearing,
)
from shared.contracts.evaluation import (
    AppealAccepted,
    AppealEscalated,
    AppealLodged,
    AppealRejected,
    CategoryWaived,
    ConfirmedGrade,
    DeductionAnswered,
    DeductionDropped,
    DeductionKind,
    DeductionProposed,
    DeductionUpheld,
    EvaluationOccasion,
    ExemptionGranted,
    ExemptionReason,
    GradeProposalRefusalTakenBack,
    GradeProposalRefused,
    LineChange,
    MeetingAttendance,
    MeetingKind,
    ReferenceGrade,
    ReferenceGradeConfirmed,
    RestatementCause,
    RubricItem,
    RubricScore,
    ScoreStatementPublished,
    ScoreStatementRestated,
    StatementExportDestroyed,
    StatementExported,
    StatementExportExpired,
    UnitAssessmentSubmitted,
    WaiverReason,
)
from shared.testing.scenario import Scenario
from tests.evaluation.given import APPEAL, COMMUNITY, MEMBER, PERIOD, PUBLISHED_UNTIL, RUBRIC, UNIT, computed, line, lodged, published

DEDUCTION = UUID(int=77)
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
WAIVABLE = frozenset({"C1", "C2", "C3", "C4", "C5"})


def assess(**changes: Any) -> SubmitUnitAssessment:
    return SubmitUnitAssessment(**{**FIGURES, "rubric": RUBRIC, **changes})


def test_the_unit_assesses_and_may_correct_itself() -> None:
    Scenario(CASE).given().when(assess()).then(UnitAssessmentSubmitted(**FIGURES, rubric=RUBRIC))
    first = UnitAssessmentSubmitted(**FIGURES, rubric=RUBRIC)
    Scenario(CASE).given(first).when(assess()).then_nothing()
    Scenario(CASE).given(first).when(assess(attended=21)).then_events(UnitAssessmentSubmitted)


def test_attendance_cannot_exceed_what_was_required() -> None:
    Scenario(CASE).when(assess(attended=23)).then_rejected(AttendanceExceedsRequired)


def counted(kind: MeetingKind, attended: int, required: int, excused: int = 0) -> MeetingAttendance:
    return MeetingAttendance(kind=kind, attended=attended, required=required, excused=excused)


MEETINGS = (
    counted(MeetingKind.BRANCH_ASSEMBLY, 4, 4),
    counted(MeetingKind.PARTY_LECTURE, 2, 4, 1),
    counted(MeetingKind.THEME_DAY, 14, 16, 1),
)
NO_SUMS = {"attended": None, "required": None, "excused": None}


def test_attendance_by_kind_of_meeting_makes_the_sums_or_agrees_with_them() -> None:
    by_kind = UnitAssessmentSubmitted(**FIGURES, rubric=RUBRIC, meetings=MEETINGS)
    Scenario(CASE).when(assess(**NO_SUMS, meetings=MEETINGS)).then(by_kind)
    Scenario(CASE).when(assess(meetings=MEETINGS)).then(by_kind)
    Scenario(CASE).given(by_kind).when(assess(**{**NO_SUMS, "attended": 20}, meetings=MEETINGS)).then_nothing()
    disagreeing = assess(attended=19, meetings=MEETINGS)
    Scenario(CASE).when(disagreeing).then_rejected(AttendanceSumsDisagree, attended=20, required=24, excused=2)
    Scenario(CASE).when(assess(attended=None)).then_rejected(AttendanceMissing)
    Scenario(CASE).when(assess(excused=None)).then(UnitAssessmentSubmitted(**{**FIGURES, "excused": 0}, rubric=RUBRIC))


def test_each_kind_of_meeting_is_counted_once_and_within_what_was_required() -> None:
    twice = (*MEETINGS, counted(MeetingKind.THEME_DAY, 0, 0))
    Scenario(CASE).when(assess(**NO_SUMS, meetings=twice)).then_rejected(MeetingKindRepeated)
    more = (counted(MeetingKind.GROUP_MEETING, 12, 11), counted(MeetingKind.PARTY_LECTURE, 2, 4))
    at_fault = [MeetingKind.GROUP_MEETING]
    Scenario(CASE).when(assess(**NO_SUMS, meetings=more)).then_rejected(AttendanceExceedsRequired, kinds=at_fault)


def test_the_branch_judges_all_four_items() -> None:
    Scenario(CASE).when(assess(rubric=RUBRIC[:3])).then_rejected(RubricIncomplete)


def test_a_low_mark_needs_a_reason() -> None:
    low = (*RUBRIC[:3], RubricScore(item=RubricItem.COMMUNITY_SUPPORT, score=4))
    Scenario(CASE).when(assess(rubric=low)).then_rejected(LowScoreNeedsReason, items=[RubricItem.COMMUNITY_SUPPORT])
    explained = (*RUBRIC[:3], RubricScore(item=RubricItem.COMMUNITY_SUPPORT, score=4, reason="全年未参加共建活动"))
    Scenario(CASE).when(assess(rubric=explained)).then_events(UnitAssessmentSubmitted)


def proposed(source: int = 5) -> DeductionProposed:
    return DeductionProposed(
        **CASE_IDS, deduction_id=DEDUCTION, community_id=COMMUNITY, kind=DeductionKind.POST_ABANDONED, source_event_id=UUID(int=source),
        reason="离岗未告知", answer_until=date(2026, 6, 8), proposed_by="clerk",
    )  # fmt: skip


def uphold(day: int, by: str = "street") -> UpholdDeduction:
    return UpholdDeduction(deduction_id=DEDUCTION, decided_by=by, today=date(2026, 6, day), reason="情况属实")


def test_g11_a_deduction_waits_for_the_answer_or_its_time() -> None:
    Scenario(CASE).given(proposed()).when(uphold(8)).then_rejected(HearingStillOpen, answer_until="2026-06-08")
    Scenario(CASE).given(proposed()).when(uphold(9)).then_events(DeductionUpheld)
    answered = DeductionAnswered(**CASE_IDS, deduction_id=DEDUCTION, answer="我已电话告知")
    Scenario(CASE).given(proposed()).when(AnswerDeduction(deduction_id=DEDUCTION, answer="我已电话告知")).then(answered)
    Scenario(CASE).given(proposed(), answered).when(uphold(3)).then_events(DeductionUpheld)


def test_g11_who_proposes_a_deduction_does_not_decide_it() -> None:
    Scenario(CASE).given(proposed()).when(uphold(9, by="clerk")).then_rejected(ProposerMayNotDecide)


def test_one_event_is_held_against_a_person_once_under_whichever_entry() -> None:
    asked = ProposeDeduction(**proposed().model_dump())
    charge = frozenset({(DeductionKind.POST_ABANDONED, UUID(int=5))})
    Scenario(CASE).when(asked.model_copy(update={"elsewhere": charge})).then_rejected(DeductionAlreadyProposed)
    other = ProposeDeduction(**proposed(6).model_dump(), elsewhere=charge)
    Scenario(CASE).when(other).then(proposed(6))
    twice = uphold(9).model_copy(update={"elsewhere": charge})
    Scenario(CASE).given(proposed()).when(twice).then_rejected(DeductionTookEffect)
    Scenario(CASE).given(proposed(6)).when(twice).then_events(DeductionUpheld)


def test_a_deduction_is_decided_once() -> None:
    drop = DropDeduction(deduction_id=DEDUCTION, decided_by="street", reason="证据不足")
    (dropped,) = Scenario(CASE).given(proposed()).when(drop).then_events(DeductionDropped)
    Scenario(CASE).given(proposed(), dropped).when(uphold(9)).then_rejected(DeductionIsDecided)
    Scenario(CASE).when(uphold(9)).then_rejected(DeductionUnknown)


def test_one_hearing_per_event() -> None:
    again = ProposeDeduction(**{**proposed().model_dump(), "deduction_id": UUID(int=78)})
    Scenario(CASE).given(proposed()).when(again).then_rejected(DeductionAlreadyProposed)
    Scenario(CASE).given(proposed()).when(ProposeDeduction(**proposed().model_dump())).then_nothing()


def test_exempted_days_are_granted_once_without_a_diagnosis() -> None:
    grant = GrantExemption(
        **CASE_IDS, exemption_id=UUID(int=5), starts_on=date(2026, 3, 1), ends_on=date(2026, 5, 31), reason_code=ExemptionReason.HEALTH
    )
    (granted,) = Scenario(CASE).when(grant).then_events(ExemptionGranted)
    Scenario(CASE).given(granted).when(grant.model_copy(update={"exemption_id": UUID(int=6)})).then_nothing()
    backwards = grant.model_copy(update={"ends_on": date(2026, 2, 1)})
    Scenario(CASE).when(backwards).then_rejected(ExemptionEndsBeforeItStarts)


def test_only_core_categories_are_waived_and_one_remains() -> None:
    waive = WaiveCategory(**CASE_IDS, category="C4", reason_code=WaiverReason.NO_SUITABLE_POST, waivable=WAIVABLE)
    Scenario(CASE).when(waive).then(CategoryWaived(**CASE_IDS, category="C4", reason_code=WaiverReason.NO_SUITABLE_POST))
    Scenario(CASE).when(waive.model_copy(update={"category": "D"})).then_rejected(CategoryCannotBeWaived)
    Scenario(CASE).when(waive.model_copy(update={"waivable": frozenset({"C4"})})).then_rejected(CategoryCannotBeWaived)


def test_a_statement_is_published_once() -> None:
    publish = PublishStatement(computed=computed(), appeal_until=PUBLISHED_UNTIL)
    Scenario(CASE).when(publish).then(published())
    Scenario(CASE).given(published()).when(publish).then_nothing()


def restate(**changes: Any) -> RestateStatement:
    cause = {"cause": RestatementCause.ACTIVITY_CORRECTED, "cause_event_id": UUID(int=9), "appeal_until": date(2027, 2, 20)}
    return RestateStatement(**{"computed": computed(line("25.00")), **cause, **changes})


def test_a_changed_statement_is_restated_with_the_difference() -> None:
    (restated,) = Scenario(CASE).given(published()).when(restate()).then_events(ScoreStatementRestated)
    assert isinstance(restated, ScoreStatementRestated)
    assert (restated.version, restated.previous_version, restated.cause) == (2, 1, RestatementCause.ACTIVITY_CORRECTED)
    assert restated.diff == (LineChange(line_id=UUID(int=1), category="C3", before=Decimal("23.25"), after=Decimal("25.00")),)
    Scenario(CASE).given(published(), restated).when(restate()).then_nothing()


def test_nothing_is_restated_before_publication() -> None:
    Scenario(CASE).when(restate()).then_nothing()


def test_publishing_again_restates_who_changed() -> None:
    publish = PublishStatement(computed=computed(line("25.00")), appeal_until=PUBLISHED_UNTIL)
    (restated,) = Scenario(CASE).given(published()).when(publish).then_events(ScoreStatementRestated)
    assert isinstance(restated, ScoreStatementRestated)
    assert restated.cause is RestatementCause.LATE_FACTS


def lodge(day: int = 20, **changes: Any) -> LodgeAppeal:
    given = {"appeal_id": APPEAL, "grounds": "五月的服务时间记少了", "today": date(2027, 1, day), "decide_by": date(2027, 2, 10)}
    return LodgeAppeal(**{**given, **changes})


def accept(reviewer: str = "reviewer", *organisations: UUID) -> AcceptAppeal:
    return AcceptAppeal(appeal_id=APPEAL, reviewer=reviewer, reviewer_organisations=frozenset(organisations), reasons="核实有误")


def test_a_member_appeals_within_the_window() -> None:
    Scenario(CASE).given(published()).when(lodge()).then(lodged())
    Scenario(CASE).given(published()).when(lodge(29)).then_events(AppealLodged)
    Scenario(CASE).given(published()).when(lodge(30)).then_rejected(AppealWindowClosed, appeal_until="2027-01-29")
    Scenario(CASE).when(lodge()).then_rejected(StatementNotPublished)
    Scenario(CASE).given(published()).when(lodge(line_ids=(UUID(int=999),))).then_rejected(LineNotInStatement)


def test_one_appeal_against_one_version() -> None:
    other = lodge(appeal_id=UUID(int=3))
    Scenario(CASE).given(published(), lodged()).when(other).then_rejected(AppealAlreadyOpen)
    (accepted,) = Scenario(CASE).given(published(), lodged()).when(accept()).then_events(AppealAccepted)
    Scenario(CASE).given(published(), lodged(), accepted).when(other).then_rejected(AppealAlreadyDecided)
    Scenario(CASE).given(published(), lodged(), accepted).when(accept()).then_rejected(AppealIsDecided)
    Scenario(CASE).given(published()).when(accept()).then_rejected(AppealUnknown)


@pytest.mark.parametrize("command", [accept("secretary"), accept(str(MEMBER)), accept("x", UNIT), accept("x", COMMUNITY)])
def test_g10_the_reviewer_is_independent(command: AcceptAppeal) -> None:
    given = (UnitAssessmentSubmitted(**FIGURES, rubric=RUBRIC), published(), lodged())
    Scenario(CASE).given(*given).when(command).then_rejected(ReviewerNotIndependent)


def test_a_rejected_appeal_goes_one_level_up_once() -> None:
    reject = RejectAppeal(appeal_id=APPEAL, reviewer="reviewer", reasons="记录无误")
    escalate = EscalateAppeal(appeal_id=APPEAL, grounds="请再核对", today=date(2027, 2, 1), decide_by=date(2027, 2, 20))
    (rejected,) = Scenario(CASE).given(published(), lodged()).when(reject).then_events(AppealRejected)
    (escalated,) = Scenario(CASE).given(published(), lodged(), rejected).when(escalate).then_events(AppealEscalated)
    above = (published(), lodged(), rejected, escalated)
    Scenario(CASE).given(*above).when(reject).then_rejected(ReviewerNotIndependent)
    (final,) = Scenario(CASE).given(*above).when(reject.model_copy(update={"reviewer": "street"})).then_events(AppealRejected)
    assert isinstance(final, AppealRejected)
    assert final.final
    Scenario(CASE).given(*above, final).when(escalate).then_rejected(AppealNotRejected)


def confirm(grade: ConfirmedGrade, **changes: Any) -> ConfirmGrade:
    return ConfirmGrade(**{"unit_id": UNIT, "grade": grade, "today": date(2027, 2, 1), **changes})


def test_g6_people_decide_the_grade() -> None:
    (confirmed,) = Scenario(CASE).given(published()).when(confirm(ConfirmedGrade.GOOD)).then_events(ReferenceGradeConfirmed)
    assert isinstance(confirmed, ReferenceGradeConfirmed)
    assert (confirmed.reference_grade, confirmed.grade) == (ReferenceGrade.EXCELLENT, ConfirmedGrade.GOOD)
    Scenario(CASE).when(confirm(ConfirmedGrade.GOOD)).then_rejected(StatementNotPublished)
    Scenario(CASE).given(published(), lodged()).when(confirm(ConfirmedGrade.GOOD)).then_rejected(GradeUnderReview)


def test_g6_unqualified_needs_reasons_and_a_hearing() -> None:
    given = Scenario(CASE).given(published())
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
    Scenario(CASE).when(REFUSE).then(REFUSED)
    Scenario(CASE).given(published(), REFUSED).when(REFUSE).then_nothing()
    Scenario(CASE).when(TAKE_BACK).then_nothing()
    Scenario(CASE).given(REFUSED).when(TAKE_BACK).then(TAKEN_BACK)
    Scenario(CASE).given(REFUSED, TAKEN_BACK).when(TAKE_BACK).then_nothing()
    again = REFUSED.model_copy(update={"is_first": False})
    Scenario(CASE).given(REFUSED, TAKEN_BACK).when(REFUSE).then(again)


def test_g6_no_grade_is_proposed_against_the_members_wish() -> None:
    publish = PublishStatement(computed=computed(), appeal_until=PUBLISHED_UNTIL)
    (silent,) = Scenario(CASE).given(REFUSED).when(publish).then_events(ScoreStatementPublished)
    assert (silent.grade, silent.level, silent.is_proposal_refused) == (ReferenceGrade.NOT_RATED, None, True)
    assert (silent.score, silent.lines) == (published().score, published().lines), "refusing has no effect on any point"
    changed = RestateStatement(computed=computed(line("20.00")), appeal_until=PUBLISHED_UNTIL, cause=RestatementCause.ACTIVITY_CORRECTED)
    (restated,) = Scenario(CASE).given(published(), REFUSED).when(changed).then_events(ScoreStatementRestated)
    assert {restated.grade, restated.previous_grade} == {ReferenceGrade.NOT_RATED}
    same = RestateStatement(computed=computed(), appeal_until=PUBLISHED_UNTIL, cause=RestatementCause.CIRCUMSTANCES_RECOGNISED)
    (shown,) = Scenario(CASE).given(silent, TAKEN_BACK).when(same).then_events(ScoreStatementRestated)
    assert (shown.grade, shown.diff) == (ReferenceGrade.EXCELLENT, ())


def test_g6_people_who_decide_alone_write_down_why() -> None:
    given = Scenario(CASE).given(published(), REFUSED)
    for reasons in ("", "  "):
        given.when(confirm(ConfirmedGrade.GOOD, reasons=reasons)).then_rejected(DecisionNeedsReasons)
    (decided,) = given.when(confirm(ConfirmedGrade.GOOD, reasons="支部大会讨论决定")).then_events(ReferenceGradeConfirmed)
    assert (decided.reference_grade, decided.reasons) == (ReferenceGrade.NOT_RATED, "支部大会讨论决定")
    Scenario(CASE).given(published(), REFUSED, decided).when(TAKE_BACK).then_rejected(GradeIsConfirmed)
    elsewhere = TAKE_BACK.model_copy(update={"is_confirmed": True})
    Scenario(CASE).given(REFUSED).when(elsewhere).then_rejected(GradeIsConfirmed)
    under_another_entry = confirm(ConfirmedGrade.GOOD, is_proposal_refused=True)
    Scenario(CASE).given(published()).when(under_another_entry).then_rejected(DecisionNeedsReasons)
    Scenario(CASE).given(published(), REFUSED, TAKEN_BACK).when(confirm(ConfirmedGrade.GOOD)).then_events(ReferenceGradeConfirmed)


def export(**changes: Any) -> ExportStatement:
    default = frozenset({EvaluationOccasion.DEMOCRATIC_APPRAISAL, EvaluationOccasion.AWARD_SELECTION})
    given = {"export_id": UUID(int=4), "occasion": EvaluationOccasion.DEMOCRATIC_APPRAISAL, "enabled": default, "recipient": "第一党支部"}
    return ExportStatement(**{**given, "expires_on": date(2027, 6, 1), "today": date(2027, 2, 1), **changes})


def test_g13_an_export_states_purpose_recipient_and_expiry() -> None:
    given = Scenario(CASE).given(published())
    given.when(export(occasion=EvaluationOccasion.PROMOTION_RECOMMENDATION)).then_rejected(OccasionNotEnabled)
    for day in (date(2027, 2, 1), date(2029, 1, 1), date.max):
        given.when(export(expires_on=day)).then_rejected(ExportNeedsExpiry)
    Scenario(CASE).given(published(), lodged()).when(export()).then_rejected(GradeUnderReview)
    (exported,) = given.when(export()).then_events(StatementExported)
    Scenario(CASE).given(published(), exported).when(export()).then_nothing()


def test_g13_what_was_handed_on_is_asked_back_once_and_confirmed_once() -> None:
    (exported,) = Scenario(CASE).given(published()).when(export()).then_events(StatementExported)
    given, export_id = (published(), exported), UUID(int=4)
    facts = {"export_id": export_id, "member_id": MEMBER, "period_id": PERIOD, "unit_id": UNIT, "recipient": "第一党支部"}
    expired = StatementExportExpired(**facts, expires_on=date(2027, 6, 1))
    destroyed = StatementExportDestroyed(**facts, expires_on=date(2027, 6, 1), destroyed_on=date(2027, 6, 3), confirmed_by="secretary")
    remind = RemindOfExport(export_id=export_id, today=date(2027, 6, 2))
    confirm_it = ConfirmDestruction(export_id=export_id, confirmed_by="secretary", today=date(2027, 6, 3))
    Scenario(CASE).given(*given).when(RemindOfExport(export_id=export_id, today=date(2027, 6, 1))).then_nothing()
    Scenario(CASE).given(*given).when(remind).then(expired)
    Scenario(CASE).given(*given, expired).when(remind).then_nothing()
    Scenario(CASE).given(*given, expired).when(confirm_it).then(destroyed)
    Scenario(CASE).given(*given, destroyed).when(remind).then_nothing()
    Scenario(CASE).given(*given, destroyed).when(confirm_it).then_nothing()
    Scenario(CASE).given(published()).when(confirm_it).then_rejected(ExportUnknown)


def test_a_case_has_one_stream() -> None:
    assert case_id(MEMBER, PERIOD) == case_id(MEMBER, PERIOD) != case_id(PERIOD, MEMBER)
    assert ScoreStatementPublished.model_validate_json(published().model_dump_json()) == published()
