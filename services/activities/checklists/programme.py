"""Checklists of a programme besides the six ones: what they ask for, and what a member, unit or community has done of one in a year.

Invariants: a checklist declared with N items is activated only when exactly N distinct items are stated, and changes no more then; only
items of an active checklist are ticked off; nobody ticks off their own.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from services.activities import errors
from services.activities.wording import Line, Reason, Title
from shared.contracts.activities import (
    ChecklistActivated,
    ChecklistAudience,
    ChecklistDeclared,
    ChecklistEntry,
    ChecklistItemsStated,
    ChecklistItemTicked,
    ChecklistItemUnticked,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider
from shared.identifiers import named_id

MOST_ITEMS: Final = 50
ItemCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,40}$")]


class ItemDraft(Command):
    """An item as stated."""

    code: ItemCode
    title: Line


class ChecklistDraft(Command):
    """What is announced; the items may follow later."""

    community_id: UUID | None = None
    name: Title
    declared_items: Annotated[int, Field(ge=1, le=MOST_ITEMS)]
    audience: ChecklistAudience = ChecklistAudience.MEMBER


class DeclareChecklist(ChecklistDraft):
    """Announce a checklist."""

    checklist_id: UUID


class StateItems(Command):
    """State the items, all of them."""

    items: Annotated[tuple[ItemDraft, ...], Field(min_length=1, max_length=MOST_ITEMS)]


class ActivateChecklist(Command):
    """Let it be ticked off."""


DefinitionCommand = DeclareChecklist | StateItems | ActivateChecklist


@dataclass(frozen=True, slots=True)
class Definition:
    """Fold of a checklist's definition."""

    declared: ChecklistDeclared | None = None
    items: tuple[ChecklistEntry, ...] = ()
    is_active: bool = False


def decide_definition(command: DefinitionCommand, state: Definition) -> tuple[Event, ...]:
    """Decide one command about what a checklist asks for."""
    if isinstance(command, DeclareChecklist):
        if state.declared is not None:
            raise errors.AlreadyExists
        return (ChecklistDeclared.model_validate(command.model_dump()),)
    if state.declared is None:
        raise errors.WrongStep
    match command:
        case StateItems():
            return _state_items(command, state, state.declared)
        case ActivateChecklist():
            return _activate(state, state.declared)


def _state_items(command: StateItems, state: Definition, declared: ChecklistDeclared) -> tuple[Event, ...]:
    if state.is_active:
        raise errors.ChecklistIsActive
    if len({each.code for each in command.items}) < len(command.items):
        raise errors.ChecklistItemsNotDistinct
    items = tuple(ChecklistEntry.model_validate(each.model_dump()) for each in command.items)
    return () if items == state.items else (ChecklistItemsStated(checklist_id=declared.checklist_id, items=items),)


def _activate(state: Definition, declared: ChecklistDeclared) -> tuple[Event, ...]:
    if state.is_active:
        return ()
    if len(state.items) != declared.declared_items:
        raise errors.ChecklistItemsUndefined(declared=declared.declared_items, stated=len(state.items))
    return (ChecklistActivated(checklist_id=declared.checklist_id),)


def evolve_definition(state: Definition, event: Event) -> Definition:
    """Fold one event. Never raises."""
    match event:
        case ChecklistDeclared():
            return replace(state, declared=event)
        case ChecklistItemsStated():
            return replace(state, items=event.items)
        case ChecklistActivated():
            return replace(state, is_active=True)
        case _:
            return state


class ProgressKey(Command):
    """Whose item of which year; `community_id` confirms it."""

    checklist_id: UUID
    subject_id: UUID
    community_id: UUID
    year: Annotated[int, Field(ge=2000, le=2100)]
    code: ItemCode


class TickItem(ProgressKey):
    """Confirm an item. `definition` is the checklist as the caller found it."""

    evidence: Line
    ticked_by: str
    is_active: bool
    known_codes: frozenset[str]


class UntickItem(ProgressKey):
    """Take a wrong tick back."""

    reason: Reason
    unticked_by: str


ProgressCommand = TickItem | UntickItem


@dataclass(frozen=True, slots=True)
class Progress:
    """Fold of one subject's year: items done."""

    done: frozenset[str] = frozenset()


def progress_id(checklist_id: UUID, subject_id: UUID, year: int) -> UUID:
    """Stream id of a subject's year."""
    return named_id(b"progress", checklist_id.bytes, subject_id.bytes, year.to_bytes(4, "big"))


def decide_progress(command: ProgressCommand, state: Progress) -> tuple[Event, ...]:
    """Decide one command about what is done."""
    actor = command.ticked_by if isinstance(command, TickItem) else command.unticked_by
    if actor == str(command.subject_id):
        raise errors.NobodyConfirmsTheirOwn
    key = {name: getattr(command, name) for name in ProgressKey.model_fields}
    match command:
        case TickItem():
            if not command.is_active:
                raise errors.ChecklistNotActive
            if command.code not in command.known_codes:
                raise errors.ChecklistItemUnknown(code=command.code)
            if command.code in state.done:
                return ()
            return (ChecklistItemTicked(**key, evidence=command.evidence, ticked_by=command.ticked_by),)
        case UntickItem():
            if command.code not in state.done:
                return ()
            return (ChecklistItemUnticked(**key, reason=command.reason, unticked_by=command.unticked_by),)


def evolve_progress(state: Progress, event: Event) -> Progress:
    """Fold one event. Never raises."""
    match event:
        case ChecklistItemTicked():
            return Progress(state.done | {event.code})
        case ChecklistItemUnticked():
            return Progress(state.done - {event.code})
        case _:
            return state


DEFINITION: Final = Decider(category="programme-checklist", initial=Definition(), decide=decide_definition, evolve=evolve_definition)
PROGRESS: Final = Decider(category="checklist-progress", initial=Progress(), decide=decide_progress, evolve=evolve_progress)
