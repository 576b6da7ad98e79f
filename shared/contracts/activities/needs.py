"""Events of residents' needs (群众需求): recorded, looked at by the community before anybody else reads them, forwarded, answered, in time.

No resident has a name here. What was recorded stays in the log as it was; what members read is the wording that was published.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value
from shared.contracts.service_preference import PostCategory


class NeedReturn(StrEnum):
    """Why a need is not published, or no longer."""

    PERSONAL_DATA = "PERSONAL_DATA"  # 涉及可识别的个人信息: it cannot be told without showing who it is
    DUPLICATE = "DUPLICATE"  # 重复
    UNCLEAR = "UNCLEAR"  # 表述不清: ask again and record anew
    NOT_OURS = "NOT_OURS"  # 不属于社区服务范围
    HANDLED_DIRECTLY = "HANDLED_DIRECTLY"  # 已当面办理: dealt with in person, nothing of it is to be published


class NeedLimit(StrEnum):
    """What has to be done about a need by a certain day."""

    FIRST_LOOK = "FIRST_LOOK"  # 初审
    ANSWER = "ANSWER"  # 答复


class _NeedFacts(Value):
    need_id: UUID
    community_id: UUID
    category: PostCategory


class ResidentNeedRecorded(_NeedFacts, Event):
    """群众需求, to block level, without the resident's identity. `member_id` is the member who heard it, if one did; `recorder` wrote it
    down. The community looks at it until `look_by`; without that day it was recorded when needs were public at once.
    """

    TYPE: ClassVar[str] = "guangcai.activities.ResidentNeedRecorded"
    VERSION: ClassVar[int] = 1

    text: str
    place: str
    member_id: UUID | None = None
    recorder: str | None = None
    look_by: date | None = None


class ResidentNeedPublished(_NeedFacts, Event):
    """Somebody other than the recorder looked: from now on members read it, in these words. `is_rewritten`: not those recorded."""

    TYPE: ClassVar[str] = "guangcai.activities.ResidentNeedPublished"
    VERSION: ClassVar[int] = 1

    text: str
    place: str
    is_rewritten: bool
    published_by: str
    answer_by: date


class ResidentNeedReturned(_NeedFacts, Event):
    """Not published, or no longer: it goes back to who recorded it, and its words are shown to nobody. It can be recorded anew."""

    TYPE: ClassVar[str] = "guangcai.activities.ResidentNeedReturned"
    VERSION: ClassVar[int] = 1

    reason_code: NeedReturn
    reason: str
    returned_by: str
    member_id: UUID | None = None


class ResidentNeedForwarded(_NeedFacts, Event):
    """Passed on to whoever can answer."""

    TYPE: ClassVar[str] = "guangcai.activities.ResidentNeedForwarded"
    VERSION: ClassVar[int] = 1

    forwarded_to: str


class ResidentNeedAnswered(_NeedFacts, Event):
    """The answer that residents get."""

    TYPE: ClassVar[str] = "guangcai.activities.ResidentNeedAnswered"
    VERSION: ClassVar[int] = 1

    answer: str


class ResidentNeedOverdue(_NeedFacts, Event):
    """The day passed and nobody looked, or answered. Said once for each limit, while it is so."""

    TYPE: ClassVar[str] = "guangcai.activities.ResidentNeedOverdue"
    VERSION: ClassVar[int] = 1

    limit: NeedLimit
    due_on: date
