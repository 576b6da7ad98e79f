"""A rota (轮值) as a suggestion: whose turn it would be, so that everybody of a team serves equally often. Nobody is put on it: taking a
turn is signing up for that day.

Invariants: nobody twice on one day; turns suggested to any two people who could come every time differ by at most one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

PAIR: Final = 2  # a patrol goes in twos where no number of places is stated


@dataclass(frozen=True, slots=True)
class Turn:
    """A day of the series: its places, and who signed up already."""

    activity_id: UUID
    capacity: int | None
    taken: frozenset[UUID]

    @property
    def open_places(self) -> int:
        """Places nobody took yet."""
        return max(0, (self.capacity or PAIR) - len(self.taken))


def suggested(turns: Iterable[Turn], people: Mapping[UUID, int]) -> dict[UUID, tuple[UUID, ...]]:
    """Whom each turn is suggested to, in order of the days; `people` maps each to the turns they have had."""
    counts = dict(people)
    found: dict[UUID, tuple[UUID, ...]] = {}
    for turn in turns:
        free = sorted((each for each in counts if each not in turn.taken), key=lambda each: (counts[each], each))
        chosen = tuple(free[: turn.open_places])
        for each in (*chosen, *turn.taken):
            if each in counts:
                counts[each] += 1
        found[turn.activity_id] = chosen
    return found
