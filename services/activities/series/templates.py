"""Models for activities by type of community (七型社区), and the welcome that every community gives. A start to edit, nothing more.

Titles are texts (`template_<code>`); communities state their type as a code or in words (`community_type_<code>`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.contracts.activities import ActivityType, HolidayRule


class CommunityType(StrEnum):
    """The seven types of community."""

    CULTURE_AND_SPORT = "CULTURE_AND_SPORT"  # 文体型
    REEMPLOYMENT = "REEMPLOYMENT"  # 再就业型
    LEARNING = "LEARNING"  # 学习型
    PARTNERSHIP = "PARTNERSHIP"  # 共建型
    SAFETY = "SAFETY"  # 平安型
    ENVIRONMENT = "ENVIRONMENT"  # 环保型
    SCIENCE = "SCIENCE"  # 科普型


class TemplateCode(StrEnum):
    """Known models."""

    WELCOME = "WELCOME"
    DEDICATION_DAY = "DEDICATION_DAY"
    STUDY_DAY = "STUDY_DAY"
    CULTURE_EVENING = "CULTURE_EVENING"
    JOB_COUNSELLING = "JOB_COUNSELLING"
    READING_CIRCLE = "READING_CIRCLE"
    JOINT_MEETING = "JOINT_MEETING"
    SAFETY_PATROL = "SAFETY_PATROL"
    CLEAN_UP = "CLEAN_UP"
    SCIENCE_TALK = "SCIENCE_TALK"
    PARTY_LECTURE = "PARTY_LECTURE"
    RESIDENTS_SYMPOSIUM = "RESIDENTS_SYMPOSIUM"
    COORDINATION_MEETING = "COORDINATION_MEETING"
    FREE_CLINIC = "FREE_CLINIC"
    GREEN_ADOPTION = "GREEN_ADOPTION"
    CENSUS_HELP = "CENSUS_HELP"
    STUDY_VISIT = "STUDY_VISIT"


@dataclass(frozen=True, slots=True)
class Template:
    """A model; `community_type` None: for every community. `rule` None: held once."""

    code: TemplateCode
    community_type: CommunityType | None
    activity_type: ActivityType
    minutes: int
    rule: str | None = None
    holiday_rule: HolidayRule = HolidayRule.KEEP_DATE


FIRST_SATURDAY: Final = "FREQ=MONTHLY;BYDAY=+1SA"
FIFTEENTH: Final = "FREQ=MONTHLY;BYMONTHDAY=15"
QUARTERLY: Final = "FREQ=MONTHLY;INTERVAL=3;BYDAY=+2TH"
TEMPLATES: Final = (
    Template(TemplateCode.WELCOME, None, ActivityType.SYMPOSIUM, 90),
    Template(TemplateCode.DEDICATION_DAY, None, ActivityType.VOLUNTEER_SERVICE, 120, FIRST_SATURDAY, HolidayRule.NEXT_REST_DAY),
    Template(TemplateCode.STUDY_DAY, None, ActivityType.COMMUNITY_PARTY_LIFE, 90, FIFTEENTH),
    Template(TemplateCode.CULTURE_EVENING, CommunityType.CULTURE_AND_SPORT, ActivityType.CULTURE, 120, "FREQ=MONTHLY;BYDAY=+2FR"),
    Template(TemplateCode.JOB_COUNSELLING, CommunityType.REEMPLOYMENT, ActivityType.VOLUNTEER_SERVICE, 120, "FREQ=MONTHLY;BYDAY=+2SA"),
    Template(TemplateCode.READING_CIRCLE, CommunityType.LEARNING, ActivityType.CULTURE, 90, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
    Template(TemplateCode.JOINT_MEETING, CommunityType.PARTNERSHIP, ActivityType.SYMPOSIUM, 90, "FREQ=MONTHLY;INTERVAL=3;BYDAY=+1TH"),
    Template(TemplateCode.SAFETY_PATROL, CommunityType.SAFETY, ActivityType.VOLUNTEER_SERVICE, 90, "FREQ=WEEKLY;BYDAY=FR"),
    Template(TemplateCode.CLEAN_UP, CommunityType.ENVIRONMENT, ActivityType.VOLUNTEER_SERVICE, 120, "FREQ=MONTHLY;BYDAY=-1SA"),
    Template(TemplateCode.SCIENCE_TALK, CommunityType.SCIENCE, ActivityType.POLICY_TALK, 90, "FREQ=MONTHLY;BYDAY=+3SA"),
    Template(TemplateCode.PARTY_LECTURE, None, ActivityType.COMMUNITY_PARTY_LIFE, 90),
    Template(TemplateCode.RESIDENTS_SYMPOSIUM, None, ActivityType.SYMPOSIUM, 90, QUARTERLY),
    Template(TemplateCode.COORDINATION_MEETING, None, ActivityType.SYMPOSIUM, 90, QUARTERLY),
    Template(TemplateCode.FREE_CLINIC, None, ActivityType.VOLUNTEER_SERVICE, 180),
    Template(TemplateCode.GREEN_ADOPTION, CommunityType.ENVIRONMENT, ActivityType.VOLUNTEER_SERVICE, 60, "FREQ=MONTHLY;BYDAY=+1SU"),
    Template(TemplateCode.CENSUS_HELP, None, ActivityType.VOLUNTEER_SERVICE, 180),  # what the census asks stays with the census
    Template(TemplateCode.STUDY_VISIT, None, ActivityType.STUDY_VISIT, 240),
)
