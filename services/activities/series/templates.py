"""Models for activities by type of community (七型社区), and the welcome that every community gives. A start to edit, nothing more.

Titles are texts (`template_<code>`); communities state their type as a code or in words (`community_type_<code>`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.contracts.activities.codes import ActivityType, HolidayRule


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
    activity_type: ActivityType
    minutes: int
    community_type: CommunityType | None = None
    rule: str | None = None
    holiday_rule: HolidayRule = HolidayRule.KEEP_DATE


FIRST_SATURDAY: Final = "FREQ=MONTHLY;BYDAY=+1SA"
FIFTEENTH: Final = "FREQ=MONTHLY;BYMONTHDAY=15"
QUARTERLY: Final = "FREQ=MONTHLY;INTERVAL=3;BYDAY=+2TH"
TEMPLATES: Final = (
    Template(TemplateCode.WELCOME, ActivityType.SYMPOSIUM, 90),
    Template(TemplateCode.DEDICATION_DAY, ActivityType.VOLUNTEER_SERVICE, 120, rule=FIRST_SATURDAY, holiday_rule=HolidayRule.NEXT_REST_DAY),
    Template(TemplateCode.STUDY_DAY, ActivityType.COMMUNITY_PARTY_LIFE, 90, rule=FIFTEENTH),
    Template(
        TemplateCode.CULTURE_EVENING,
        ActivityType.CULTURE,
        120,
        community_type=CommunityType.CULTURE_AND_SPORT,
        rule="FREQ=MONTHLY;BYDAY=+2FR",
    ),
    Template(
        TemplateCode.JOB_COUNSELLING,
        ActivityType.VOLUNTEER_SERVICE,
        120,
        community_type=CommunityType.REEMPLOYMENT,
        rule="FREQ=MONTHLY;BYDAY=+2SA",
    ),
    Template(
        TemplateCode.READING_CIRCLE, ActivityType.CULTURE, 90, community_type=CommunityType.LEARNING, rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"
    ),
    Template(
        TemplateCode.JOINT_MEETING,
        ActivityType.SYMPOSIUM,
        90,
        community_type=CommunityType.PARTNERSHIP,
        rule="FREQ=MONTHLY;INTERVAL=3;BYDAY=+1TH",
    ),
    Template(
        TemplateCode.SAFETY_PATROL, ActivityType.VOLUNTEER_SERVICE, 90, community_type=CommunityType.SAFETY, rule="FREQ=WEEKLY;BYDAY=FR"
    ),
    Template(
        TemplateCode.CLEAN_UP, ActivityType.VOLUNTEER_SERVICE, 120, community_type=CommunityType.ENVIRONMENT, rule="FREQ=MONTHLY;BYDAY=-1SA"
    ),
    Template(TemplateCode.SCIENCE_TALK, ActivityType.POLICY_TALK, 90, community_type=CommunityType.SCIENCE, rule="FREQ=MONTHLY;BYDAY=+3SA"),
    Template(TemplateCode.PARTY_LECTURE, ActivityType.COMMUNITY_PARTY_LIFE, 90),
    Template(TemplateCode.RESIDENTS_SYMPOSIUM, ActivityType.SYMPOSIUM, 90, rule=QUARTERLY),
    Template(TemplateCode.COORDINATION_MEETING, ActivityType.SYMPOSIUM, 90, rule=QUARTERLY),
    Template(TemplateCode.FREE_CLINIC, ActivityType.VOLUNTEER_SERVICE, 180),
    Template(
        TemplateCode.GREEN_ADOPTION,
        ActivityType.VOLUNTEER_SERVICE,
        60,
        community_type=CommunityType.ENVIRONMENT,
        rule="FREQ=MONTHLY;BYDAY=+1SU",
    ),
    Template(TemplateCode.CENSUS_HELP, ActivityType.VOLUNTEER_SERVICE, 180),  # what the census asks stays with the census
    Template(TemplateCode.STUDY_VISIT, ActivityType.STUDY_VISIT, 240),
)
