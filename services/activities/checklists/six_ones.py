"""六个一: the checklist of one member and calendar year.

Invariant: an item is done exactly while at least one valid proof supports it, whatever the order in which proofs arrive and are withdrawn.
Proofs carry the revision of their source, so that a late message about an earlier revision changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never
from uuid import UUID

from shared.contracts.activities.codes import SixOnesItem
from shared.contracts.activities.community import (
    SixOnesCompleted,
    SixOnesEvidenceAdded,
    SixOnesEvidenceWithdrawn,
    SixOnesItemCompleted,
    SixOnesItemReopened,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider
from shared.identifiers import named_id

Proving = SixOnesItemCompleted | SixOnesEvidenceAdded
EvidenceEvent = SixOnesItemCompleted | SixOnesItemReopened | SixOnesEvidenceAdded | SixOnesEvidenceWithdrawn


class _Evidence(Command):
    member_id: UUID
    community_id: UUID | None = None
    year: int
    item: SixOnesItem
    source_event_id: UUID
    source_id: UUID
    source_revision: int = 1


class CompleteChecklistItem(_Evidence):
    """A source (record, suggestion, matter) proves the item."""


class WithdrawEvidence(_Evidence):
    """A source no longer proves the item."""


ChecklistCommand = CompleteChecklistItem | WithdrawEvidence
Source = tuple[UUID, SixOnesItem]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Fold of a checklist: what each item counts by, valid proofs in order of arrival, and the latest known revision of each."""

    completed: Mapping[SixOnesItem, SixOnesItemCompleted] = field(default_factory=dict[SixOnesItem, SixOnesItemCompleted])
    proofs: Mapping[Source, Proving] = field(default_factory=dict[Source, Proving])
    revisions: Mapping[Source, int] = field(default_factory=dict[Source, int])
    is_complete: bool = False


def checklist_id(member_id: UUID, year: int) -> UUID:
    """Stream id, derived so that everybody finds the same checklist."""
    return named_id(b"checklist", member_id.bytes, year.to_bytes(4, "big", signed=True))


def decide(command: ChecklistCommand, state: Checklist) -> tuple[Event, ...]:
    """Decide one command about a checklist; messages about an older revision than the known one change nothing."""
    source = (command.source_id, command.item)
    if state.revisions.get(source, 0) >= command.source_revision:
        return ()
    match command:
        case CompleteChecklistItem():
            return _complete(command, state)
        case WithdrawEvidence():
            return _withdraw(command, state, source)
        case _:
            assert_never(command)


def _complete(command: CompleteChecklistItem, state: Checklist) -> tuple[Event, ...]:
    values = command.model_dump()
    if command.item in state.completed:
        return (SixOnesEvidenceAdded(**values),)
    completed = SixOnesItemCompleted(**values)
    if len({*state.completed, command.item}) == len(SixOnesItem) and not state.is_complete:
        return (completed, SixOnesCompleted(member_id=command.member_id, year=command.year))
    return (completed,)


def _withdraw(command: WithdrawEvidence, state: Checklist, source: Source) -> tuple[Event, ...]:
    completed = state.completed.get(command.item)
    if completed is None or completed.source_id != command.source_id:
        return (SixOnesEvidenceWithdrawn(**command.model_dump()),)
    # The reopening names the event that had completed the item, so that consumers reverse exactly that.
    reopened = SixOnesItemReopened.model_validate({**command.model_dump(), "source_event_id": completed.source_event_id})
    rest = [proof for key, proof in state.proofs.items() if key != source and proof.item is command.item]
    if not rest:
        return (reopened,)
    return (reopened, SixOnesItemCompleted.model_validate(rest[0].model_dump()))


def evolve(state: Checklist, event: Event) -> Checklist:
    """Fold one event. Never raises."""
    match event:
        case SixOnesItemCompleted():
            return replace(_proven(state, event), completed={**state.completed, event.item: event})
        case SixOnesEvidenceAdded():
            return _proven(state, event)
        case SixOnesItemReopened():
            completed = {item: each for item, each in state.completed.items() if item is not event.item}
            return replace(_withdrawn(state, event), completed=completed, is_complete=False)
        case SixOnesEvidenceWithdrawn():
            return _withdrawn(state, event)
        case SixOnesCompleted():
            return replace(state, is_complete=True)
        case _:
            return state


def _proven(state: Checklist, event: Proving) -> Checklist:
    return replace(_with_revision(state, event), proofs={**state.proofs, (event.source_id, event.item): event})


def _withdrawn(state: Checklist, event: SixOnesItemReopened | SixOnesEvidenceWithdrawn) -> Checklist:
    proofs = {key: proof for key, proof in state.proofs.items() if key != (event.source_id, event.item)}
    return replace(_with_revision(state, event), proofs=proofs)


def _with_revision(state: Checklist, event: EvidenceEvent) -> Checklist:
    source = (event.source_id, event.item)
    revision = max(event.source_revision, state.revisions.get(source, 0))
    return replace(state, revisions={**state.revisions, source: revision})


CHECKLIST: Final = Decider(category="checklist", initial=Checklist(), decide=decide, evolve=evolve)
