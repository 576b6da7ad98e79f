"""Events of how a community divides its ground: responsibility areas of four sizes (四包) and household groups (联户组).

Homes are counted, never named.
"""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class AreaSize(StrEnum):
    """包区、包片、包楼、包院."""

    ZONE = "ZONE"  # 区
    TRACT = "TRACT"  # 片
    BUILDING = "BUILDING"  # 楼
    COURTYARD = "COURTYARD"  # 院


class _AreaFacts(Value):
    area_id: UUID
    community_id: UUID
    size: AreaSize
    name: str
    parent_id: UUID | None = None
    homes: int | None = None


class ResponsibilityAreaDrawn(_AreaFacts, Event):
    """A part of the community for which members can take responsibility, through posts that name it. `homes` None: not counted."""

    TYPE: ClassVar[str] = "guangcai.activities.ResponsibilityAreaDrawn"
    VERSION: ClassVar[int] = 1


class ResponsibilityAreaRedrawn(_AreaFacts, Event):
    """The area now is as stated here."""

    TYPE: ClassVar[str] = "guangcai.activities.ResponsibilityAreaRedrawn"
    VERSION: ClassVar[int] = 1


class ResponsibilityAreaClosed(Event):
    """The area is no longer in use."""

    TYPE: ClassVar[str] = "guangcai.activities.ResponsibilityAreaClosed"
    VERSION: ClassVar[int] = 1

    area_id: UUID
    community_id: UUID
    reason: str


class _Group(Value):
    group_id: UUID
    community_id: UUID


class HouseholdGroupFormed(_Group, Event):
    """So many homes look after each other, so that word reaches all of them in an emergency."""

    TYPE: ClassVar[str] = "guangcai.activities.HouseholdGroupFormed"
    VERSION: ClassVar[int] = 1

    name: str
    homes: int
    area_id: UUID | None = None


class HouseholdGroupCounted(_Group, Event):
    """How many homes belong to it now."""

    TYPE: ClassVar[str] = "guangcai.activities.HouseholdGroupCounted"
    VERSION: ClassVar[int] = 1

    homes: int


class HouseholdGroupLed(_Group, Event):
    """Who leads it from now on: a member, by their own act or word, or (None) a resident, who stays unnamed."""

    TYPE: ClassVar[str] = "guangcai.activities.HouseholdGroupLed"
    VERSION: ClassVar[int] = 1

    member_id: UUID | None
    assisted_consent: str | None = None


class HouseholdGroupDissolved(_Group, Event):
    """The group is no more."""

    TYPE: ClassVar[str] = "guangcai.activities.HouseholdGroupDissolved"
    VERSION: ClassVar[int] = 1

    reason: str
