"""Code tables and value objects of activities. Codes are names of the business language; Chinese wording lives in shared/texts."""

from datetime import time
from decimal import Decimal
from enum import StrEnum

from shared.contracts.event import Value


class ClaimRejection(StrEnum):
    """Why a claim on a post was turned away; an expected outcome, never a judgement on the member."""

    CAPACITY = "CAPACITY"
    ACTIVE_POST_LIMIT = "ACTIVE_POST_LIMIT"
    QUALIFICATION = "QUALIFICATION"
    COLLISION = "COLLISION"


class ReleaseReason(StrEnum):
    """Reason code of a release; no diagnosis, no private circumstances."""

    MOVED = "MOVED"
    WORKLOAD = "WORKLOAD"
    HEALTH = "HEALTH"
    CARE = "CARE"
    REGISTRATION_CLOSED = "REGISTRATION_CLOSED"
    POST_CLOSED = "POST_CLOSED"
    ABANDONED = "ABANDONED"  # stated by the community: the holder stayed away without a word
    COMMUNITY_DECISION = "COMMUNITY_DECISION"
    OTHER = "OTHER"


class TeamKind(StrEnum):
    """What a service team is for; the first three are suggested by occupation."""

    SUBSTITUTE_PARENTS = "SUBSTITUTE_PARENTS"  # 代理家长队
    COMMUNITY_SECURITY = "COMMUNITY_SECURITY"  # 社区治安队
    POLICY_PROMOTION = "POLICY_PROMOTION"  # 政策宣传队
    OTHER = "OTHER"


class ActivityType(StrEnum):
    """Kind of programme activity."""

    VOLUNTEER_SERVICE = "VOLUNTEER_SERVICE"
    COMMUNITY_PARTY_LIFE = "COMMUNITY_PARTY_LIFE"
    FACE_TO_FACE = "FACE_TO_FACE"
    POLICY_TALK = "POLICY_TALK"
    SYMPOSIUM = "SYMPOSIUM"
    CULTURE = "CULTURE"
    STUDY_VISIT = "STUDY_VISIT"
    CEREMONY = "CEREMONY"
    EMERGENCY_CALL_OUT = "EMERGENCY_CALL_OUT"


class SixOnesItem(StrEnum):
    """六个一: one of each per member and calendar year."""

    VOLUNTEER_ACTIVITY = "VOLUNTEER_ACTIVITY"
    COMMUNITY_PARTY_ACTIVITY = "COMMUNITY_PARTY_ACTIVITY"
    FACE_TO_FACE_EXCHANGE = "FACE_TO_FACE_EXCHANGE"
    POLICY_TALK = "POLICY_TALK"
    SUGGESTION = "SUGGESTION"
    PRACTICAL_MATTER = "PRACTICAL_MATTER"


class TimeBand(StrEnum):
    """八小时内/外, of an activity and never of a person."""

    WITHIN_WORK_HOURS = "WITHIN_WORK_HOURS"
    OUTSIDE_WORK_HOURS = "OUTSIDE_WORK_HOURS"


class HolidayRule(StrEnum):
    """What becomes of an occurrence of a series that falls on a day of the wrong kind."""

    KEEP_DATE = "KEEP_DATE"  # as announced, holiday or not
    NEXT_WORKING_DAY = "NEXT_WORKING_DAY"
    NEXT_REST_DAY = "NEXT_REST_DAY"
    LEAVE_OUT = "LEAVE_OUT"  # on rest days


class Attendance(StrEnum):
    """What the organiser noted about a member at an activity."""

    ATTENDED = "ATTENDED"
    EXCUSED = "EXCUSED"
    NO_SHOW = "NO_SHOW"


class EvidenceLevel(StrEnum):
    """How well a record is supported; only the two upper levels count."""

    SELF_REPORTED = "SELF_REPORTED"
    ORGANISER_CONFIRMED = "ORGANISER_CONFIRMED"
    MEASURED = "MEASURED"


class LeaveReason(StrEnum):
    """Reason code of a leave; no diagnosis."""

    HEALTH = "HEALTH"
    CARE = "CARE"
    WORK = "WORK"
    SHIFT = "SHIFT"
    OTHER = "OTHER"


class RecordFlag(StrEnum):
    """What the confirmer must look at before confirming a record."""

    OVER_EIGHT_HOURS = "OVER_EIGHT_HOURS"
    OVER_TWELVE_HOURS = "OVER_TWELVE_HOURS"
    OVERLAP = "OVERLAP"


class RecipientType(StrEnum):
    """Whom a service reached, by kind; never a named resident."""

    COMMUNITY = "COMMUNITY"
    ELDERLY = "ELDERLY"
    CHILDREN = "CHILDREN"
    DISABLED = "DISABLED"
    LOW_INCOME = "LOW_INCOME"
    RESIDENTS = "RESIDENTS"
    OTHER = "OTHER"


class DutySlot(Value):
    """A weekly time at which a post is served, local time; weekday 1 = Monday."""

    weekday: int
    starts: time
    ends: time


class ActivityOutcome(Value):
    """What came of an activity, e.g. 清理小广告1000余条: number 1000, unit 条, approximate, and the text as it was written."""

    metric: str
    number: Decimal
    unit: str
    approximate: bool = False
    text: str
