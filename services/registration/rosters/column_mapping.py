"""What labels of columns mean that the system does not know by itself: said once by a unit or the district, and remembered.

Invariant: a label means one field for its owner, the one that was said last; a unit's labels hold for that unit only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, assert_never
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.rosters import RosterColumnsMapped, RosterField
from shared.decider import Command, Decider, DomainError

MOST_LABELS: Final = 500


class MapColumns(Command):
    """Say what labels mean. `columns`: label in normal form → field."""

    owner_id: UUID
    columns: dict[str, RosterField]


class TooManyColumnLabels(DomainError):
    """At most 500 labels of columns are remembered for one office."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What labels mean by now."""

    fields: Mapping[str, RosterField] = field(default_factory=dict[str, RosterField])


def decide(command: MapColumns, state: Labels) -> tuple[Event, ...]:
    """Only what is new or changed is said again."""
    match command:
        case MapColumns():
            news = {label: field for label, field in command.columns.items() if state.fields.get(label) is not field}
            if len(state.fields.keys() | news) > MOST_LABELS:
                raise TooManyColumnLabels
            return (RosterColumnsMapped(owner_id=command.owner_id, columns=news),) if news else ()
        case _:
            assert_never(command)


def evolve(state: Labels, event: Event) -> Labels:
    """State after one more event."""
    match event:
        case RosterColumnsMapped():
            return Labels({**state.fields, **event.columns})
        case _:
            return state


ROSTER_COLUMNS: Final[Decider[MapColumns, Labels]] = Decider(category="roster-columns", initial=Labels(), decide=decide, evolve=evolve)
