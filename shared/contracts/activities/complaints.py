"""Events of complaints (投诉): about the burden of using this, or about a process that went wrong; never about a person.

Whoever may be meant does not answer: a complaint about a community goes to the street, about a unit, a street or the software to the
district, about the district to whoever reviews appeals.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class ComplaintKind(StrEnum):
    """What is wrong."""

    REPEATED_ENTRY = "REPEATED_ENTRY"  # 重复填报
    FORCED_CHECK_IN = "FORCED_CHECK_IN"  # 强制打卡、签到
    FORCED_USE = "FORCED_USE"  # 强制下载、登录或转发
    PHOTOS_DEMANDED = "PHOTOS_DEMANDED"  # 过度留痕: photos or videos asked for as proof
    RANKING = "RANKING"  # 排名通报
    PRESSED_TO_SERVE = "PRESSED_TO_SERVE"  # 摊派、强迫认岗
    NOT_ANSWERED = "NOT_ANSWERED"  # 逾期不答复
    WRONG_PROCEDURE = "WRONG_PROCEDURE"  # 程序不当
    OTHER = "OTHER"


class ComplainedOf(StrEnum):
    """Whose doing it is, as a level and never as a person."""

    COMMUNITY = "COMMUNITY"
    UNIT = "UNIT"
    STREET = "STREET"
    DISTRICT = "DISTRICT"
    SOFTWARE = "SOFTWARE"


class ComplaintDesk(StrEnum):
    """Who answers."""

    STREET = "STREET"
    DISTRICT = "DISTRICT"
    REVIEWER = "REVIEWER"  # 监督/申诉复核


class ComplaintOutcome(StrEnum):
    """What came of it."""

    REMEDIED = "REMEDIED"  # 已整改
    EXPLAINED = "EXPLAINED"  # 已说明, nothing has to change


class _ComplaintFacts(Value):
    """Who complained is a member, a unit or a community."""

    complaint_id: UUID
    member_id: UUID | None = None
    unit_id: UUID | None = None
    community_id: UUID | None = None


class ComplaintLodged(_ComplaintFacts, Event):
    """投诉: `organisation_id` says which unit or community is meant, where one is."""

    TYPE: ClassVar[str] = "guangcai.activities.ComplaintLodged"
    VERSION: ClassVar[int] = 1

    kind: ComplaintKind
    about: ComplainedOf
    organisation_id: UUID | None = None
    text: str
    lodged_by: str
    addressed_to: ComplaintDesk
    answer_by: date


class ComplaintOverdue(_ComplaintFacts, Event):
    """The day passed without an answer: from now on the desk above may answer too. Said once."""

    TYPE: ClassVar[str] = "guangcai.activities.ComplaintOverdue"
    VERSION: ClassVar[int] = 1

    due_on: date
    passed_up_to: ComplaintDesk


class ComplaintAnswered(_ComplaintFacts, Event):
    """The answer, to whoever complained."""

    TYPE: ClassVar[str] = "guangcai.activities.ComplaintAnswered"
    VERSION: ClassVar[int] = 1

    outcome: ComplaintOutcome
    answer: str
    answered_by: str
