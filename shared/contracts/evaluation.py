"""What evaluation publishes: periods, rule sets, assessments, ratings, hearings, score statements, appeals.

A score is always `Decimal` in hundredths; a line is never published without the events behind it.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.event import Event

Reason = Annotated[str, StringConstraints(min_length=1, max_length=200)]  # free text about a person, always shown to that person


class Side(StrEnum):
    """Who manages: the community assists, the unit is primary; OVERALL adds to the combined score (bonus of some districts)."""

    COMMUNITY = "COMMUNITY"
    UNIT = "UNIT"
    OVERALL = "OVERALL"


class AdjustmentKind(StrEnum):
    """Why the points of a line differ from its raw value."""

    DAILY_CAP = "DAILY_CAP"
    BAND = "BAND"
    CATEGORY_CAP = "CATEGORY_CAP"
    PRORATION = "PRORATION"
    NEUTRAL = "NEUTRAL"
    WAIVER = "WAIVER"  # a category was waived, the others are scaled up
    SIDE_LIMIT = "SIDE_LIMIT"  # a side stays within its bounds
    ROUNDING = "ROUNDING"  # hundredths carried so that lines add up to the rounded category


class ReferenceGrade(StrEnum):
    """What the engine may propose. 不合格 is missing on purpose: only people can decide it, see ConfirmedGrade."""

    EXCELLENT = "EXCELLENT"  # 优秀, a candidate
    GOOD = "GOOD"  # 良好
    QUALIFIED = "QUALIFIED"  # 合格
    NEEDS_IMPROVEMENT = "NEEDS_IMPROVEMENT"  # 待改进
    NOT_RATED = "NOT_RATED"  # 不评定


class ConfirmedGrade(StrEnum):
    """What the unit's Party organisation may decide."""

    EXCELLENT = "EXCELLENT"
    GOOD = "GOOD"
    QUALIFIED = "QUALIFIED"
    NEEDS_IMPROVEMENT = "NEEDS_IMPROVEMENT"
    NOT_RATED = "NOT_RATED"
    UNQUALIFIED = "UNQUALIFIED"  # 不合格, with reasons and after a hearing


class NotRatedReason(StrEnum):
    """Why a statement carries no grade."""

    TOO_FEW_ELIGIBLE_DAYS = "TOO_FEW_ELIGIBLE_DAYS"
    PROBATIONARY = "PROBATIONARY"
    EXEMPTED = "EXEMPTED"
    UNDER_REVIEW = "UNDER_REVIEW"


class EvaluationOccasion(StrEnum):
    """What a statement may be used for; promotion is off unless the district decides otherwise."""

    DEMOCRATIC_APPRAISAL = "DEMOCRATIC_APPRAISAL"  # 民主评议
    PROMOTION_RECOMMENDATION = "PROMOTION_RECOMMENDATION"  # 推荐提拔
    COMMENDATION = "COMMENDATION"  # 表彰奖励
    AWARD_SELECTION = "AWARD_SELECTION"  # 评先选优


class CommunityOpinion(StrEnum):
    """The community's word beside the figures; never scored."""

    COMMENDED = "COMMENDED"
    SATISFACTORY = "SATISFACTORY"
    SUPPORT_SUGGESTED = "SUPPORT_SUGGESTED"


class RubricItem(StrEnum):
    """The four things a unit branch may judge; private life is not among them."""

    JOB_DUTIES = "JOB_DUTIES"  # 岗位职责
    BRANCH_TASKS = "BRANCH_TASKS"  # 支部任务
    JOINT_BUILDING = "JOINT_BUILDING"  # 参加共建
    COMMUNITY_SUPPORT = "COMMUNITY_SUPPORT"  # 支持社区服务


class ExemptionReason(StrEnum):
    """Reason codes without a diagnosis."""

    LEAVE = "LEAVE"
    HEALTH = "HEALTH"
    MATERNITY = "MATERNITY"
    CARE = "CARE"
    DISABILITY = "DISABILITY"
    SHIFT_WORK = "SHIFT_WORK"
    SECONDMENT = "SECONDMENT"


class WaiverReason(StrEnum):
    """Why a category cannot be asked of a member."""

    NO_SUITABLE_POST = "NO_SUITABLE_POST"
    FEEDBACK_IMPOSSIBLE = "FEEDBACK_IMPOSSIBLE"
    NOT_OFFERED = "NOT_OFFERED"


class DeductionKind(StrEnum):
    """Deductions that need a hearing first."""

    POST_ABANDONED = "POST_ABANDONED"
    RECORD_FALSE = "RECORD_FALSE"


class RestatementCause(StrEnum):
    """Why a published statement was restated."""

    APPEAL_ACCEPTED = "APPEAL_ACCEPTED"
    APPEAL_OPENED = "APPEAL_OPENED"
    APPEAL_CLOSED = "APPEAL_CLOSED"
    ACTIVITY_CORRECTED = "ACTIVITY_CORRECTED"
    ACTIVITY_VOIDED = "ACTIVITY_VOIDED"
    ASSESSMENT_CHANGED = "ASSESSMENT_CHANGED"
    HEARING_DECIDED = "HEARING_DECIDED"
    CIRCUMSTANCES_RECOGNISED = "CIRCUMSTANCES_RECOGNISED"  # exemption or waiver
    LATE_FACTS = "LATE_FACTS"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Adjustment(_Value):
    """One step between the raw value of a line and its points."""

    kind: AdjustmentKind
    delta: Decimal


class ScoreLine(_Value):
    """One explained amount: `points == raw + sum of adjustment deltas`, always with the events behind it."""

    line_id: UUID
    member_id: UUID
    period_id: UUID
    side: Side
    category: str
    rule_id: str
    rule_set_id: UUID
    rule_set_version: int
    occurred: date
    source_event_ids: Annotated[tuple[UUID, ...], Field(min_length=1)]
    inputs: dict[str, str]
    raw: Decimal
    adjustments: tuple[Adjustment, ...] = ()
    points: Decimal
    text_zh: str
    text_en: str
    reverses: UUID | None = None


class CategoryTotal(_Value):
    """The sum of the lines of one category, with its cap as it applied to this member (None: unlimited)."""

    side: Side
    category: str
    name_zh: str
    name_en: str
    cap: Decimal | None
    points: Decimal
    waived: bool = False


class RuleSetReference(_Value):
    """A rule set that took part in a statement."""

    rule_set_id: UUID
    version: int
    title: str


class LineChange(_Value):
    """One difference between two versions of a statement; a missing side means the line did not exist there."""

    line_id: UUID
    category: str
    before: Decimal | None
    after: Decimal | None


class RubricScore(_Value):
    """One judged item, 0 to 10; 4 or less needs a written reason."""

    item: RubricItem
    score: Annotated[int, Field(ge=0, le=10)]
    reason: Annotated[str, StringConstraints(max_length=200)] = ""


class EvaluationPeriodOpened(Event):
    """A period of evaluation began to exist; members register by the programme deadline."""

    TYPE: ClassVar[str] = "guangcai.evaluation.EvaluationPeriodOpened"
    VERSION: ClassVar[int] = 1
    period_id: UUID
    title: str
    starts_on: date
    ends_on: date
    programme_deadline: date
    occasions: tuple[EvaluationOccasion, ...]
    promotion_decision: str | None = None  # the district's decision that enables use for promotion


class StatementPublicationOrdered(Event):
    """The district ordered the statements of a period to be published; evaluation works through the members."""

    TYPE: ClassVar[str] = "guangcai.evaluation.StatementPublicationOrdered"
    VERSION: ClassVar[int] = 1
    period_id: UUID
    order: int  # 1, 2, … : a later order publishes who came later and restates who changed


class EvaluationPeriodClosed(Event):
    """Nothing more is published for the period, except restatements after appeals."""

    TYPE: ClassVar[str] = "guangcai.evaluation.EvaluationPeriodClosed"
    VERSION: ClassVar[int] = 1
    period_id: UUID


class RuleSetDrafted(Event):
    """A version of the scoring rules was written down; it binds nobody yet."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RuleSetDrafted"
    VERSION: ClassVar[int] = 1
    rule_set_id: UUID
    programme: str
    version: int
    title: str
    legal_basis: str
    definition: dict[str, Any]


class RuleSetPublished(Event):
    """A version of the scoring rules became immutable and takes effect on a date announced in advance."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RuleSetPublished"
    VERSION: ClassVar[int] = 1
    rule_set_id: UUID
    programme: str
    version: int
    title: str
    legal_basis: str
    published_on: date
    effective_from: date
    effective_to: date | None = None
    notice_days: int
    retroactive_reason: str | None = None
    definition: dict[str, Any]


class RuleSetRetired(Event):
    """A version of the scoring rules stops applying after a date."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RuleSetRetired"
    VERSION: ClassVar[int] = 1
    rule_set_id: UUID
    version: int
    effective_to: date
    reason: Reason


class UnitAssessmentSubmitted(Event):
    """The unit's half of the dual evaluation; a later one for the same case replaces it."""

    TYPE: ClassVar[str] = "guangcai.evaluation.UnitAssessmentSubmitted"
    VERSION: ClassVar[int] = 1
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    attended: int
    required: int
    excused: int
    rubric: tuple[RubricScore, ...]
    unit_tasks: int


class CommunityAssessmentSubmitted(Event):
    """The community's word; it stands beside the score and does not change it."""

    TYPE: ClassVar[str] = "guangcai.evaluation.CommunityAssessmentSubmitted"
    VERSION: ClassVar[int] = 1
    member_id: UUID
    period_id: UUID
    community_id: UUID
    opinion: CommunityOpinion
    reason: Annotated[str, StringConstraints(max_length=200)] = ""


class RatingInvited(Event):
    """A resident received a one-time link to rate the service of one member in one activity; only the token's hash is kept."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RatingInvited"
    VERSION: ClassVar[int] = 1
    invitation_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    served_on: date
    expires_on: date
    rater_token_hash: str


class RatingSubmitted(Event):
    """A resident rated a service from 1 to 5."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RatingSubmitted"
    VERSION: ClassVar[int] = 1
    invitation_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    served_on: date
    rating: Annotated[int, Field(ge=1, le=5)]
    rater_token_hash: str


class RatingWithheld(Event):
    """A resident chose not to rate."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RatingWithheld"
    VERSION: ClassVar[int] = 1
    invitation_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID


class CommendationGranted(Event):
    """The programme commended a member in writing."""

    TYPE: ClassVar[str] = "guangcai.evaluation.CommendationGranted"
    VERSION: ClassVar[int] = 1
    commendation_id: UUID
    member_id: UUID
    period_id: UUID
    granted_on: date
    reason: Reason


class DeductionProposed(Event):
    """A deduction was proposed; the member has been told and may answer until the day named. It costs nothing yet."""

    TYPE: ClassVar[str] = "guangcai.evaluation.DeductionProposed"
    VERSION: ClassVar[int] = 1
    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    community_id: UUID
    kind: DeductionKind
    source_event_id: UUID
    reason: Reason
    answer_until: date


class DeductionAnswered(Event):
    """The member answered a proposed deduction."""

    TYPE: ClassVar[str] = "guangcai.evaluation.DeductionAnswered"
    VERSION: ClassVar[int] = 1
    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    answer: Reason


class DeductionUpheld(Event):
    """After the hearing the deduction takes effect."""

    TYPE: ClassVar[str] = "guangcai.evaluation.DeductionUpheld"
    VERSION: ClassVar[int] = 1
    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    kind: DeductionKind
    source_event_id: UUID
    reason: Reason


class DeductionDropped(Event):
    """After the hearing nothing is deducted."""

    TYPE: ClassVar[str] = "guangcai.evaluation.DeductionDropped"
    VERSION: ClassVar[int] = 1
    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    kind: DeductionKind
    reason: Reason


class ExemptionGranted(Event):
    """The days named do not count as eligible; a whole period exempted is not rated."""

    TYPE: ClassVar[str] = "guangcai.evaluation.ExemptionGranted"
    VERSION: ClassVar[int] = 1
    exemption_id: UUID
    member_id: UUID
    period_id: UUID
    starts_on: date
    ends_on: date
    reason_code: ExemptionReason


class CategoryWaived(Event):
    """A category is not asked of this member; the remaining ones are scaled to the full side."""

    TYPE: ClassVar[str] = "guangcai.evaluation.CategoryWaived"
    VERSION: ClassVar[int] = 1
    member_id: UUID
    period_id: UUID
    category: str
    reason_code: WaiverReason


class ScoreStatementPublished(Event):
    """A member's score statement became known to the member; a reference, not a decision."""

    TYPE: ClassVar[str] = "guangcai.evaluation.ScoreStatementPublished"
    VERSION: ClassVar[int] = 1
    statement_id: UUID
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    community_id: UUID
    version: int
    rule_sets: tuple[RuleSetReference, ...]
    eligible_days: int
    period_days: int
    unit_score: Decimal
    community_score: Decimal
    score: Decimal
    grade: ReferenceGrade
    not_rated_reason: NotRatedReason | None = None
    level: str | None = None  # star level where a district has them
    appeal_until: date
    categories: tuple[CategoryTotal, ...]
    lines: tuple[ScoreLine, ...]


class ScoreStatementRestated(Event):
    """A published statement was replaced by a corrected one; both remain in the history."""

    TYPE: ClassVar[str] = "guangcai.evaluation.ScoreStatementRestated"
    VERSION: ClassVar[int] = 1
    statement_id: UUID
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    community_id: UUID
    version: int
    previous_version: int
    previous_score: Decimal
    previous_grade: ReferenceGrade
    cause: RestatementCause
    cause_event_id: UUID | None = None
    diff: tuple[LineChange, ...]
    rule_sets: tuple[RuleSetReference, ...]
    eligible_days: int
    period_days: int
    unit_score: Decimal
    community_score: Decimal
    score: Decimal
    grade: ReferenceGrade
    not_rated_reason: NotRatedReason | None = None
    level: str | None = None
    appeal_until: date
    categories: tuple[CategoryTotal, ...]
    lines: tuple[ScoreLine, ...]


class AppealLodged(Event):
    """The member contests a statement; until the decision its grade is under review."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AppealLodged"
    VERSION: ClassVar[int] = 1
    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_id: UUID
    statement_version: int
    unit_id: UUID
    community_id: UUID
    line_ids: tuple[UUID, ...]
    grounds: Reason
    decide_by: date


class AppealAccepted(Event):
    """An independent reviewer found for the member; the correction restates the statement."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AppealAccepted"
    VERSION: ClassVar[int] = 1
    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_id: UUID
    unit_id: UUID
    community_id: UUID
    reasons: Reason


class AppealRejected(Event):
    """An independent reviewer found no error; the member may escalate once."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AppealRejected"
    VERSION: ClassVar[int] = 1
    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_id: UUID
    unit_id: UUID
    community_id: UUID
    reasons: Reason
    final: bool


class AppealEscalated(Event):
    """The member took a rejected appeal one level up."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AppealEscalated"
    VERSION: ClassVar[int] = 1
    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_id: UUID
    grounds: Reason
    decide_by: date


class ReferenceGradeConfirmed(Event):
    """People decided the grade; the statement was their reference."""

    TYPE: ClassVar[str] = "guangcai.evaluation.ReferenceGradeConfirmed"
    VERSION: ClassVar[int] = 1
    statement_id: UUID
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    statement_version: int
    reference_grade: ReferenceGrade
    grade: ConfirmedGrade
    reasons: Annotated[str, StringConstraints(max_length=200)] = ""
    heard_on: date | None = None


class StatementExported(Event):
    """A statement was handed to a named recipient for one enabled occasion and a limited time."""

    TYPE: ClassVar[str] = "guangcai.evaluation.StatementExported"
    VERSION: ClassVar[int] = 1
    export_id: UUID
    statement_id: UUID
    member_id: UUID
    period_id: UUID
    statement_version: int
    occasion: EvaluationOccasion
    recipient: str
    expires_on: date


class FeedbackReportDrafted(Event):
    """The community wrote a quarterly report about a member; the member sees it before the unit does."""

    TYPE: ClassVar[str] = "guangcai.evaluation.FeedbackReportDrafted"
    VERSION: ClassVar[int] = 1
    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    year: int
    quarter: int
    activities: int
    minutes: int
    remark: Annotated[str, StringConstraints(max_length=200)] = ""
    comment_until: date


class FeedbackReportCommented(Event):
    """The member commented on a report before it was sent."""

    TYPE: ClassVar[str] = "guangcai.evaluation.FeedbackReportCommented"
    VERSION: ClassVar[int] = 1
    report_id: UUID
    member_id: UUID
    comment: Reason


class FeedbackReportSent(Event):
    """The report went to the work unit, with the member's comment."""

    TYPE: ClassVar[str] = "guangcai.evaluation.FeedbackReportSent"
    VERSION: ClassVar[int] = 1
    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    year: int
    quarter: int


class FeedbackReportAcknowledged(Event):
    """The work unit has taken note of the report."""

    TYPE: ClassVar[str] = "guangcai.evaluation.FeedbackReportAcknowledged"
    VERSION: ClassVar[int] = 1
    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
