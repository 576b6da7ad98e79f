"""Given/when/then for a decider: starting states come from events, outcomes are events or a broken rule."""

from typing import Any, Generic, Self, TypeVar

from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

C = TypeVar("C", bound=Command)
S = TypeVar("S")


class Scenario(Generic[C, S]):
    """One example of a rule: `Scenario(POST).given(established).when(claim).then(claimed)`."""

    def __init__(self, decider: Decider[C, S]) -> None:
        """Start from the decider's initial state."""
        self._decider = decider
        self._state = decider.initial
        self._outcome: tuple[Event, ...] | DomainError | None = None

    def given(self, *events: Event) -> Self:
        """Fold past events; each goes through JSON first, as it does in the log."""
        for event in events:
            self._state = self._decider.evolve(self._state, type(event).model_validate_json(event.model_dump_json()))
        return self

    def when(self, command: C) -> Self:
        """Decide the command. Only a DomainError is caught."""
        try:
            self._outcome = self._decider.decide(command, self._state)
        except DomainError as broken:
            self._outcome = broken
        return self

    def then(self, *expected: Event) -> tuple[Event, ...]:
        """Expect exactly these events, and that the decider can fold them; returns them for further checks."""
        if isinstance(self._outcome, DomainError):
            message = f"expected {[type(event).__name__ for event in expected]}, but {self._outcome.code()} was broken"
            raise AssertionError(message) from self._outcome
        assert self._outcome == expected
        return self._folded()

    def then_events(self, *types: type[Event]) -> tuple[Event, ...]:
        """Expect events of these types, whatever their data; returns them."""
        if isinstance(self._outcome, DomainError):
            message = f"expected {[each.__name__ for each in types]}, but {self._outcome.code()} was broken"
            raise AssertionError(message) from self._outcome
        assert self._outcome is not None, "when() comes before then"
        assert tuple(type(event) for event in self._outcome) == types
        return self._folded()

    def then_nothing(self) -> None:
        """Expect no events: the command changes nothing."""
        self.then()

    def then_rejected(self, error: type[DomainError], **facts: Any) -> None:
        """Expect the rule `error` to be broken, with at least these facts."""
        assert isinstance(self._outcome, error), f"expected {error.__name__}, got {self._outcome!r}"
        assert facts.items() <= self._outcome.facts.items()

    def _folded(self) -> tuple[Event, ...]:
        assert isinstance(self._outcome, tuple)
        self.given(*self._outcome)
        return self._outcome
