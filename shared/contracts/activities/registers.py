"""Events of what a community keeps in its registers: open affairs in three stages, venues, partnerships. Organisations only."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class AffairStage(StrEnum):
    """事前公开、事中公开、事后公开."""

    BEFORE = "BEFORE"
    DURING = "DURING"
    AFTER = "AFTER"


class OpenAffairPublished(Event):
    """An affair of the community at one of its stages, for everybody to read; people may speak up until `comments_until`."""

    TYPE: ClassVar[str] = "guangcai.activities.OpenAffairPublished"
    VERSION: ClassVar[int] = 1

    affair_id: UUID
    community_id: UUID
    stage: AffairStage
    subject: str
    text: str
    responsible: str
    published_on: date
    comments_until: date | None = None


class PartnershipKind(StrEnum):
    """The four forms of building together."""

    PAIRED_BUILDING = "PAIRED_BUILDING"  # 结对共建
    JOINT_BUILDING = "JOINT_BUILDING"  # 共驻共建
    SHARED_RESOURCES = "SHARED_RESOURCES"  # 资源共享
    JOINT_COUNCIL = "JOINT_COUNCIL"  # 联席共议


class _Entry(Value):
    entry_id: UUID
    community_id: UUID


class VenueOpened(_Entry, Event):
    """A room or ground that people of the community can use; `owner_id` is the unit that shares it."""

    TYPE: ClassVar[str] = "guangcai.activities.VenueOpened"
    VERSION: ClassVar[int] = 1

    name: str
    used_for: str
    square_metres: int | None = None
    seats: int | None = None
    owner_id: UUID | None = None
    opening_hours: str | None = None


class PartnershipAgreed(_Entry, Event):
    """The community and a unit build together, in one or more of the four forms."""

    TYPE: ClassVar[str] = "guangcai.activities.PartnershipAgreed"
    VERSION: ClassVar[int] = 1

    partner_id: UUID
    kinds: tuple[PartnershipKind, ...]
    purpose: str
    agreed_on: date
    ends_on: date | None = None


class RegisterEntryClosed(_Entry, Event):
    """The entry no longer holds: a venue closed, a partnership ended."""

    TYPE: ClassVar[str] = "guangcai.activities.RegisterEntryClosed"
    VERSION: ClassVar[int] = 1

    reason: str
    closed_on: date
