"""Cases by example: assessments, exemptions, waivers."""

from datetime import date
from typing import Any
from uuid import UUID

from services.evaluation.cases.assessments import (
    AttendanceExceedsRequired,
    AttendanceMissing,
    AttendanceSumsDisagree,
    LowScoreNeedsReason,
    MeetingKindRepeated,
    RubricIncomplete,
    SubmitUnitAssessment,
)
from services.evaluation.cases.case import CASE
from services.evaluation.cases.grants import CategoryCannotBeWaived, ExemptionEndsBeforeItStarts, GrantExemption, WaiveCategory
from services.evaluation.cases.state import case_id
from shared.contracts.evaluation.assessments import MeetingAttendance, RubricScore, UnitAssessmentSubmitted
from shared.contracts.evaluation.codes import ExemptionReason, MeetingKind, RubricItem, WaiverReason
from shared.contracts.evaluation.hearings import CategoryWaived, ExemptionGranted
from shared.contracts.evaluation.statements import ScoreStatementPublished
from shared.testing.scenario import Scenario
from tests.evaluation.given import MEMBER, PERIOD, RUBRIC, UNIT, published

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


def test_a_case_has_one_stream() -> None:
    assert case_id(MEMBER, PERIOD) == case_id(MEMBER, PERIOD) != case_id(PERIOD, MEMBER)
    assert ScoreStatementPublished.model_validate_json(published().model_dump_json()) == published()


def test_all_that_was_required_may_be_attended_or_excused() -> None:
    Scenario(CASE).when(assess(attended=22)).then_events(UnitAssessmentSubmitted)
    Scenario(CASE).when(assess(attended=23)).then_rejected(AttendanceExceedsRequired, kinds=[])
    whole = (counted(MeetingKind.PARTY_LECTURE, 2, 4, 2),)
    Scenario(CASE).when(assess(**NO_SUMS, meetings=whole)).then_events(UnitAssessmentSubmitted)
    over = (counted(MeetingKind.PARTY_LECTURE, 2, 3, 2), counted(MeetingKind.THEME_DAY, 0, 9))
    Scenario(CASE).when(assess(**NO_SUMS, meetings=over)).then_rejected(AttendanceExceedsRequired, kinds=[MeetingKind.PARTY_LECTURE])
