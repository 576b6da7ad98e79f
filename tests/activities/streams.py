"""A stream that any sequence of commands may meet; hypothesis looks for one that breaks an invariant."""

from collections.abc import Sequence
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, initialize

from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class Stream(RuleBasedStateMachine):
    """One stream and what is done to it, in any order; what is refused changes nothing."""

    decider: Decider[Any, Any]
    begins: tuple[Event, ...]
    then: tuple[Command, ...] = ()

    @initialize()
    def begin(self) -> None:
        self.state, self.history = self.decider.initial, list[Event]()
        self._append(self.begins)
        for command in self.then:
            self.handle(command)

    def handle(self, command: Command, decider: Decider[Any, Any] | None = None) -> None:
        """Decide by `decider`, which may be another one of the same stream."""
        try:
            self._append((decider or self.decider).decide(command, self.state))
        except DomainError:
            return

    def _append(self, events: Sequence[Event]) -> None:
        for event in events:
            self.state = self.decider.evolve(self.state, event)
        self.history += events
