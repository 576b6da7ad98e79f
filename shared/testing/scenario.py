"""Given/when/then for a decider: starting states come from events, outcomes are events or a broken rule. A failure says what differs."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Generic, Self, TypeVar, cast

from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

C = TypeVar("C", bound=Command)
S = TypeVar("S")

ABSENT = "(absent)"


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
        decided = self._decided([type(event).__name__ for event in expected])
        if decided != expected:
            raise AssertionError("\n".join(["other events than expected:", *differences(expected, decided)]))
        return self._folded(decided)

    def then_events(self, *types: type[Event]) -> tuple[Event, ...]:
        """Expect events of these types, whatever their data; returns them."""
        names = [each.__name__ for each in types]
        decided = self._decided(names)
        if tuple(type(event) for event in decided) != types:
            raise AssertionError("\n".join([f"expected {names}, got:", *_listed(decided)]))
        return self._folded(decided)

    def then_nothing(self) -> None:
        """Expect no events: the command changes nothing."""
        self.then()

    def then_rejected(self, error: type[DomainError], **facts: Any) -> None:
        """Expect the rule `error` to be broken, with at least these facts."""
        broken = self._outcome
        if not isinstance(broken, DomainError):
            raise AssertionError("\n".join([f"expected {error.__name__}, got events:", *_listed(broken or ())]))
        if not isinstance(broken, error):
            message = f"expected {error.__name__}, got {type(broken).__name__} with {broken.facts}"
            raise AssertionError(message) from broken
        named = {name: broken.facts.get(name, ABSENT) for name in facts}
        wrong = [f"  {name}: expected {value!r}, got {named[name]!r}" for name, value in facts.items() if named[name] != value]
        if wrong:
            raise AssertionError("\n".join([f"{error.__name__} with other facts:", *wrong])) from broken

    def _decided(self, expected: Sequence[str]) -> tuple[Event, ...]:
        if isinstance(self._outcome, DomainError):
            message = f"expected {list(expected)}, but the rule {self._outcome.code()} was broken, with {self._outcome.facts}"
            raise AssertionError(message) from self._outcome
        assert self._outcome is not None, "when() comes before then"
        return self._outcome

    def _folded(self, decided: tuple[Event, ...]) -> tuple[Event, ...]:
        self.given(*decided)
        return decided


def _listed(events: Sequence[Event]) -> list[str]:
    return [f"  {event!r}" for event in events] or ["  none"]


def differences(expected: Sequence[Event], actual: Sequence[Event]) -> Iterator[str]:
    """Lines that say how two sequences of events differ: an event too few or too many, another one, or the fields of one."""
    for place, (wanted, got) in enumerate(zip_longest(expected, actual), 1):
        if wanted is None:
            yield f"{place}. not expected: {got!r}"
        elif got is None:
            yield f"{place}. missing: {wanted!r}"
        elif type(wanted) is not type(got):
            yield f"{place}. expected {wanted!r}"
            yield f"   but got {got!r}"
        elif wanted != got:
            yield f"{place}. {type(wanted).__name__}:"
            for path, one, other in _fields("", wanted.model_dump(), got.model_dump()):
                yield f"   {path}: expected {one!r}, got {other!r}"


def _fields(path: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(one, dict) and isinstance(other, dict):
        left, right = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
        for name in dict.fromkeys([*left, *right]):
            yield from _fields(f"{path}.{name}" if path else str(name), left.get(name, ABSENT), right.get(name, ABSENT))
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        pairs = zip_longest(cast("Sequence[Any]", one), cast("Sequence[Any]", other), fillvalue=ABSENT)
        for place, (left_item, right_item) in enumerate(pairs):
            yield from _fields(f"{path}[{place}]", left_item, right_item)
    elif one != other:
        yield path, one, other
