"""Code tables and value objects of evaluation. Codes are names of the business language; wording lives in shared/texts."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints


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
    ASSESSMENT_MISSING = "ASSESSMENT_MISSING"  # of a side; people decided not to wait for it
    UNIT_IN_ANOTHER_DISTRICT = "UNIT_IN_ANOTHER_DISTRICT"  # combination and grade are that district's
    RULES_MISSING = "RULES_MISSING"


class Unknown(StrEnum):
    """What a statement does not know, and therefore does not count as 0."""

    UNIT_ASSESSMENT = "UNIT_ASSESSMENT"  # the unit has not assessed the member
    COMMUNITY_ASSESSMENT = "COMMUNITY_ASSESSMENT"  # the community has not said its word
    UNIT_IN_ANOTHER_DISTRICT = "UNIT_IN_ANOTHER_DISTRICT"  # its half is not given here
    RULES = "RULES"  # something happened on a day without rules in force


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


class MeetingKind(StrEnum):
    """What the unit's Party life consists of: the four of 三会一课, and the day with a theme."""

    BRANCH_ASSEMBLY = "BRANCH_ASSEMBLY"  # 支部党员大会
    BRANCH_COMMITTEE = "BRANCH_COMMITTEE"  # 支委会
    GROUP_MEETING = "GROUP_MEETING"  # 党小组会
    PARTY_LECTURE = "PARTY_LECTURE"  # 党课
    THEME_DAY = "THEME_DAY"  # 主题党日


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
    CIRCUMSTANCES_RECOGNISED = "CIRCUMSTANCES_RECOGNISED"  # exemption, waiver, a refusal of the proposed grade taken back
    LATE_FACTS = "LATE_FACTS"


class AwardLevel(StrEnum):
    """Whose award it is."""

    COMMUNITY = "COMMUNITY"
    DISTRICT = "DISTRICT"


class NominationGround(StrEnum):
    """What somebody is nominated for: service in the programme and nothing else."""

    SUSTAINED_SERVICE = "SUSTAINED_SERVICE"  # 长期坚持服务
    POST_DUTY = "POST_DUTY"  # 岗位尽责
    EMERGENCY_SERVICE = "EMERGENCY_SERVICE"  # 应急值守
    PRACTICAL_MATTER = "PRACTICAL_MATTER"  # 办成实事
    ADOPTED_SUGGESTION = "ADOPTED_SUGGESTION"  # 建议获采纳
    TEAM_WORK = "TEAM_WORK"  # 带动团队


class PanelOpinion(StrEnum):
    """What somebody on the panel says of one nominee."""

    APPROVE = "APPROVE"
    ABSTAIN = "ABSTAIN"
    AGAINST = "AGAINST"


class AwardOutcome(StrEnum):
    """What the panel decided on one nominee."""

    CHOSEN = "CHOSEN"
    NOT_CHOSEN = "NOT_CHOSEN"


class LapseCause(StrEnum):
    """Why a nomination ended by itself."""

    REGISTRATION_ENDED = "REGISTRATION_ENDED"
    ROUND_CALLED_OFF = "ROUND_CALLED_OFF"


class RoundOutcome(StrEnum):
    """How an award round ended."""

    CONCLUDED = "CONCLUDED"  # with at least one award
    NOBODY_CHOSEN = "NOBODY_CHOSEN"
    CALLED_OFF = "CALLED_OFF"


class AwardObjectionGround(StrEnum):
    """What an objection during the public notice is about."""

    FACTS = "FACTS"  # 事迹不实
    ELIGIBILITY = "ELIGIBILITY"  # 不符合条件
    PROCEDURE = "PROCEDURE"  # 程序问题
    OTHER = "OTHER"


Reason = Annotated[str, StringConstraints(min_length=1, max_length=200)]  # free text about a person, always shown to that person
