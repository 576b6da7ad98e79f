"""The log as the deciders of registration see it, for tests that span streams."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError, Release, Reserve


class Model:
    """One state per stream, places taken across streams. What is refused changes nothing."""

    def __init__(self) -> None:
        self.states: dict[tuple[str, UUID], object] = {}
        self.places: dict[tuple[str, str], set[str]] = {}

    def handle(self, decider: Decider[Any, Any], stream_id: UUID, command: Command) -> tuple[Event, ...]:
        """Decide and append; a broken rule leaves everything as it was. What was appended."""
        stream = (decider.category, stream_id)
        before, places = self.states.get(stream, decider.initial), {key: set(holders) for key, holders in self.places.items()}
        try:
            events = decider.decide(command, before)
            for event in events:
                self._take(decider.reservations(event), default=f"{decider.category}/{stream_id}")
                self.states[stream] = decider.evolve(self.states.get(stream, decider.initial), event)
        except DomainError:
            self.states[stream], self.places = before, places
            return ()
        return events

    def _take(self, reservations: Iterable[Reserve | Release], default: str) -> None:
        for each in reservations:
            holders = self.places.setdefault((each.kind, each.key), set())
            match each:
                case Reserve():
                    if (each.holder or default) not in holders and len(holders) >= each.limit:
                        raise each.violated
                    holders.add(each.holder or default)
                case Release():
                    holders.discard(each.holder or default)
