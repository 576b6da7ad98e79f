"""The shape of an aggregate: commands, a pure decision, a pure fold, and what must stay unique across streams.

Nothing here does I/O; time and ids arrive in commands.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ConfigDict

from shared.contracts.event import Event
from shared.contracts.values import Kept
from shared.docstrings import docstring

C = TypeVar("C", bound="Command")
S = TypeVar("S")


class Command(Kept):
    """An intention, imperative. Unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DomainError(Exception):
    """A business rule was broken; the class docstring is the English message, `code` finds the Chinese one in shared/texts.

    Raised by `decide` only. Answered as 409 problem+json with `code`.
    """

    def __init__(self, **facts: object) -> None:
        """`facts` are shown to the caller beside the message; never put personal data in them."""
        super().__init__(docstring(type(self)))
        self.facts = facts

    @classmethod
    def code(cls) -> str:
        """Stable snake_case name of the rule, e.g. "post_is_closed"."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True, slots=True)
class Reserve:
    """Take one of `limit` places under (kind, key) in the same transaction as the event; `violated` is raised when none is left.

    Each `holder` (default: the stream) occupies at most one place; reserving again for the same holder changes nothing.
    """

    kind: str
    key: str
    violated: type[DomainError]
    limit: int = 1
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """Give back the place that `holder` (default: the stream) holds under (kind, key); nothing happens when it holds none."""

    kind: str
    key: str
    holder: str = ""


Reservation = Reserve | Release


def no_reservations(_event: Event) -> tuple[Reservation, ...]:
    """For aggregates without uniqueness across streams."""
    return ()


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S]):
    """One aggregate: `decide(command, state)` gives the events (an empty tuple means "already so"), `evolve` folds them.

    `category` is the first part of the stream name, `{category}/{uuid}`. `reservations(event)` says what an event takes or frees
    across streams.
    """

    category: str
    initial: S
    decide: Callable[[C, S], tuple[Event, ...]]
    evolve: Callable[[S, Event], S]
    reservations: Callable[[Event], tuple[Reservation, ...]] = no_reservations
