"""The six ones and the checklists announced besides."""

from typing import Final

from services.activities.writes import Writes, change, delete, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

PROGRESS_KEYS: Final = ("checklist_id", "subject_id", "year", "code")


def checklist(event: Recorded) -> Writes:
    """Items of the six ones."""
    match data := event.data:
        case own.SixOnesItemCompleted():
            keys = fields(data, "member_id", "year", "item")
            return (save(event, "checklist_items", keys, fields(data, "source_event_id", "source_id")),)
        case own.SixOnesItemReopened():
            return (delete(event, "checklist_items", fields(data, "member_id", "year", "item")),)
        case _:
            return ()


def programme_checklist(event: Recorded) -> Writes:
    """Definitions and progress of the other checklists."""
    match data := event.data:
        case own.ChecklistDeclared():
            facts = fields(data, "community_id", "name", "declared_items", "audience")
            return (save(event, "programme_checklists", fields(data, "checklist_id"), {**facts, "items": [], "is_active": False}),)
        case own.ChecklistItemsStated():
            items = [each.model_dump(mode="json") for each in data.items]
            return (change(event, "programme_checklists", fields(data, "checklist_id"), {"items": items}),)
        case own.ChecklistActivated():
            return (change(event, "programme_checklists", fields(data, "checklist_id"), {"is_active": True}),)
        case own.ChecklistItemTicked():
            return (save(event, "checklist_progress", fields(data, *PROGRESS_KEYS), fields(data, "evidence")),)
        case own.ChecklistItemUnticked():
            return (delete(event, "checklist_progress", fields(data, *PROGRESS_KEYS)),)
        case _:
            return ()
