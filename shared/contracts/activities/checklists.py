"""Events of checklists besides the six ones (七个一, 五个一): declared with a number of items, active once all are stated, ticked off."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class ChecklistAudience(StrEnum):
    """Who has a checklist to work through."""

    MEMBER = "MEMBER"
    UNIT = "UNIT"
    COMMUNITY = "COMMUNITY"


class ChecklistEntry(Value):
    """An item: a short code and what it says."""

    code: str
    title: str


class ChecklistDeclared(Event):
    """A checklist of so many items is announced; `community_id` is None for the whole district."""

    TYPE: ClassVar[str] = "guangcai.activities.ChecklistDeclared"
    VERSION: ClassVar[int] = 1

    checklist_id: UUID
    community_id: UUID | None
    name: str
    declared_items: int
    audience: ChecklistAudience


class ChecklistItemsStated(Event):
    """These are its items; a later statement replaces an earlier one."""

    TYPE: ClassVar[str] = "guangcai.activities.ChecklistItemsStated"
    VERSION: ClassVar[int] = 1

    checklist_id: UUID
    items: tuple[ChecklistEntry, ...]


class ChecklistActivated(Event):
    """As many items are stated as were declared: from now on they may be ticked off, and change no more."""

    TYPE: ClassVar[str] = "guangcai.activities.ChecklistActivated"
    VERSION: ClassVar[int] = 1

    checklist_id: UUID


class _Progress(Value):
    checklist_id: UUID
    subject_id: UUID
    community_id: UUID
    year: int
    code: str


class ChecklistItemTicked(_Progress, Event):
    """The community confirmed that a member, unit or community (`subject_id`) did this item in this calendar year."""

    TYPE: ClassVar[str] = "guangcai.activities.ChecklistItemTicked"
    VERSION: ClassVar[int] = 1

    evidence: str
    ticked_by: str


class ChecklistItemUnticked(_Progress, Event):
    """The tick was wrong."""

    TYPE: ClassVar[str] = "guangcai.activities.ChecklistItemUnticked"
    VERSION: ClassVar[int] = 1

    reason: str
    unticked_by: str
