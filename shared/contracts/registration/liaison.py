"""Events of registration about contacts between a work unit and a community (联系工作制度).

Invariant: contacts of organisations about a matter, never about a person. Nothing of them is ever scored.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class LiaisonSide(StrEnum):
    """Which of the two recorded a contact."""

    UNIT = "UNIT"
    COMMUNITY = "COMMUNITY"


class LiaisonKind(StrEnum):
    """How unit and community were in contact."""

    VISIT = "VISIT"  # 走访
    MEETING = "MEETING"  # 座谈会商
    CALL = "CALL"  # 电话
    LETTER = "LETTER"  # 函件


class LiaisonSubject(StrEnum):
    """What a contact was about."""

    ROSTER = "ROSTER"  # 名册
    RECEIPTS = "RECEIPTS"  # 回执
    POSTS = "POSTS"  # 岗位
    FEEDBACK = "FEEDBACK"  # 情况反馈
    JOINT_ACTIVITY = "JOINT_ACTIVITY"  # 联合活动
    OTHER = "OTHER"  # 其他


class LiaisonContactRecorded(Event):
    """Unit and community were in contact on `held_on`; `recorded_by` says which of them wrote it down, `recorder` whose account did.

    `matter` is a few words about the matter, empty when the subject says enough.
    """

    TYPE: ClassVar[str] = "guangcai.registration.LiaisonContactRecorded"
    VERSION: ClassVar[int] = 1

    contact_id: UUID
    unit_id: UUID
    community_id: UUID
    recorded_by: LiaisonSide
    recorder: str
    kind: LiaisonKind
    subject: LiaisonSubject
    held_on: date
    matter: str = ""


class LiaisonContactAcknowledged(Event):
    """The other side has taken note."""

    TYPE: ClassVar[str] = "guangcai.registration.LiaisonContactAcknowledged"
    VERSION: ClassVar[int] = 1

    contact_id: UUID
    unit_id: UUID
    community_id: UUID


class LiaisonContactWithdrawn(Event):
    """The side that recorded the contact takes it back: it counts no longer, and both still see it with the reason."""

    TYPE: ClassVar[str] = "guangcai.registration.LiaisonContactWithdrawn"
    VERSION: ClassVar[int] = 1

    contact_id: UUID
    unit_id: UUID
    community_id: UUID
    reason: str
