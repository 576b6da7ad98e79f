"""What a checklist of a programme asks for, besides the six ones.

Invariant: a checklist declared with N items is activated only when exactly N distinct items are stated, and does not change afterwards.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field, StringConstraints

from services.activities.refusals import AlreadyExists, WrongStep
from services.activities.wording import Line, Title
from shared.contracts.activities.checklists import (
    ChecklistActivated,
    ChecklistAudience,
    ChecklistDeclared,
    ChecklistEntry,
    ChecklistItemsStated,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

MOST_ITEMS: Final = 50
ItemCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,40}$")]


class ChecklistItemsUndefined(DomainError):
    """The checklist was announced with another number of items than are stated; it cannot be activated."""


class ChecklistItemsNotDistinct(DomainError):
    """Two items of the checklist have the same code."""


class ChecklistIsActive(DomainError):
    """The checklist is active; its items change no more."""


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
class NotDeclared:
    """There is no checklist yet."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Announced; the items may be stated, and stated anew."""

    declared: ChecklistDeclared
    items: tuple[ChecklistEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Active:
    """Ticked off from now on."""

    declared: ChecklistDeclared
    items: tuple[ChecklistEntry, ...]


Definition = NotDeclared | Declared | Active


def decide(command: DefinitionCommand, state: Definition) -> tuple[Event, ...]:
    """Decide one command about what a checklist asks for."""
    match command:
        case DeclareChecklist():
            return _declare(command, state)
        case StateItems():
            return _state_items(command, state)
        case ActivateChecklist():
            return _activate(state)
        case _:
            assert_never(command)


def _declare(command: DeclareChecklist, state: Definition) -> tuple[Event, ...]:
    if not isinstance(state, NotDeclared):
        raise AlreadyExists
    return (ChecklistDeclared.model_validate(command.model_dump()),)


def _state_items(command: StateItems, state: Definition) -> tuple[Event, ...]:
    match state:
        case NotDeclared():
            raise WrongStep
        case Active():
            raise ChecklistIsActive
        case Declared():
            if len({each.code for each in command.items}) < len(command.items):
                raise ChecklistItemsNotDistinct
            items = tuple(ChecklistEntry.model_validate(each.model_dump()) for each in command.items)
            return () if items == state.items else (ChecklistItemsStated(checklist_id=state.declared.checklist_id, items=items),)
        case _:
            assert_never(state)


def _activate(state: Definition) -> tuple[Event, ...]:
    match state:
        case NotDeclared():
            raise WrongStep
        case Active():
            return ()
        case Declared(declared=declared, items=items):
            if len(items) != declared.declared_items:
                raise ChecklistItemsUndefined(declared=declared.declared_items, stated=len(items))
            return (ChecklistActivated(checklist_id=declared.checklist_id),)
        case _:
            assert_never(state)


def evolve(state: Definition, event: Event) -> Definition:
    """Fold one event. Never raises."""
    match state, event:
        case NotDeclared(), ChecklistDeclared():
            return Declared(event)
        case Declared(), ChecklistItemsStated():
            return replace(state, items=event.items)
        case Declared(), ChecklistActivated():
            return Active(state.declared, state.items)
        case _:
            return state


DEFINITION: Final = Decider(category="programme-checklist", initial=NotDeclared(), decide=decide, evolve=evolve)
