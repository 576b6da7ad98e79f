"""What a member, unit or community has done of a programme's checklist in a year.

Invariants: only items of an active checklist are ticked off; nobody ticks off their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.activities.checklists.definition import ItemCode
from services.activities.refusals import NobodyConfirmsTheirOwn
from services.activities.wording import Line, Reason
from shared.contracts.activities.checklists import ChecklistItemTicked, ChecklistItemUnticked
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.identifiers import named_id


class ChecklistNotActive(DomainError):
    """The checklist is not active yet."""


class ChecklistItemUnknown(DomainError):
    """The checklist has no such item."""


class ProgressKey(Command):
    """Whose item of which year; `community_id` confirms it."""

    checklist_id: UUID
    subject_id: UUID
    community_id: UUID
    year: Annotated[int, Field(ge=2000, le=2100)]
    code: ItemCode


class TickItem(ProgressKey):
    """Confirm an item. `is_active` and `known_codes` are the checklist as the caller found it."""

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
    """The items that one subject has done in a year, by code."""

    done: Mapping[str, ChecklistItemTicked] = field(default_factory=dict[str, ChecklistItemTicked])


def progress_id(checklist_id: UUID, subject_id: UUID, year: int) -> UUID:
    """Stream id of a subject's year."""
    return named_id(b"progress", checklist_id.bytes, subject_id.bytes, year.to_bytes(4, "big"))


def decide(command: ProgressCommand, state: Progress) -> tuple[Event, ...]:
    """Decide one command about what is done."""
    match command:
        case TickItem():
            return _tick(command, state)
        case UntickItem():
            return _untick(command, state)
        case _:
            assert_never(command)


def _tick(command: TickItem, state: Progress) -> tuple[Event, ...]:
    _require_somebody_else(command, command.ticked_by)
    if not command.is_active:
        raise ChecklistNotActive
    if command.code not in command.known_codes:
        raise ChecklistItemUnknown(code=command.code)
    if command.code in state.done:
        return ()
    return (ChecklistItemTicked.model_validate(command.model_dump(exclude={"is_active", "known_codes"})),)


def _untick(command: UntickItem, state: Progress) -> tuple[Event, ...]:
    _require_somebody_else(command, command.unticked_by)
    if command.code not in state.done:
        return ()
    return (ChecklistItemUnticked.model_validate(command.model_dump()),)


def _require_somebody_else(key: ProgressKey, actor: str) -> None:
    if actor == str(key.subject_id):
        raise NobodyConfirmsTheirOwn


def evolve(state: Progress, event: Event) -> Progress:
    """Fold one event. Never raises."""
    match event:
        case ChecklistItemTicked():
            return Progress({**state.done, event.code: event})
        case ChecklistItemUnticked():
            return Progress({code: each for code, each in state.done.items() if code != event.code})
        case _:
            return state


PROGRESS: Final = Decider(category="checklist-progress", initial=Progress(), decide=decide, evolve=evolve)
