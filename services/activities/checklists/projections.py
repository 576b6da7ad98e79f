"""The six ones, and the checklists of programmes with their progress, as rows."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.checklists import (
    ChecklistActivated,
    ChecklistDeclared,
    ChecklistItemsStated,
    ChecklistItemTicked,
    ChecklistItemUnticked,
)
from shared.contracts.activities.community import SixOnesItemCompleted, SixOnesItemReopened
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, delete, fields, save

SIX_ONES_KEYS: Final = ("member_id", "year", "item")
PROGRESS_KEYS: Final = ("checklist_id", "subject_id", "year", "code")


def six_ones_item_completed(_event: Recorded, data: SixOnesItemCompleted) -> Iterator[Write]:
    """An item with the event that proves it."""
    yield save("checklist_items", fields(data, *SIX_ONES_KEYS), fields(data, "source_event_id", "source_id"))


def six_ones_item_reopened(_event: Recorded, data: SixOnesItemReopened) -> Iterator[Write]:
    """The item is not done any more."""
    yield delete("checklist_items", fields(data, *SIX_ONES_KEYS))


def declared(_event: Recorded, data: ChecklistDeclared) -> Iterator[Write]:
    """A checklist without items."""
    facts = fields(data, "community_id", "name", "declared_items", "audience")
    yield save("programme_checklists", fields(data, "checklist_id"), {**facts, "items": [], "is_active": False})


def items_stated(_event: Recorded, data: ChecklistItemsStated) -> Iterator[Write]:
    """All items, as stated last."""
    items = [each.model_dump(mode="json") for each in data.items]
    yield change("programme_checklists", fields(data, "checklist_id"), {"items": items})


def activated(_event: Recorded, data: ChecklistActivated) -> Iterator[Write]:
    """Ticked off from now on."""
    yield change("programme_checklists", fields(data, "checklist_id"), {"is_active": True})


def ticked(_event: Recorded, data: ChecklistItemTicked) -> Iterator[Write]:
    """Done, and what shows it."""
    yield save("checklist_progress", fields(data, *PROGRESS_KEYS), fields(data, "evidence"))


def unticked(_event: Recorded, data: ChecklistItemUnticked) -> Iterator[Write]:
    """The tick was wrong."""
    yield delete("checklist_progress", fields(data, *PROGRESS_KEYS))


PROJECTIONS: Final[Projections] = {
    SixOnesItemCompleted: six_ones_item_completed,
    SixOnesItemReopened: six_ones_item_reopened,
    ChecklistDeclared: declared,
    ChecklistItemsStated: items_stated,
    ChecklistActivated: activated,
    ChecklistItemTicked: ticked,
    ChecklistItemUnticked: unticked,
}
