"""A module to plant defects in."""

from collections.abc import Iterable
from typing import NamedTuple

SEATS = 8


class Table(NamedTuple):
    """Guests and dishes."""

    guests: int
    is_laid: bool = False

    @property
    def is_full(self) -> bool:
        """Nobody else finds a seat."""
        return self.guests >= SEATS


def seated(table: Table, coming: Iterable[int]) -> int:
    """How many find a seat."""
    wanted = sum(each for each in coming if each > 0)
    return min(wanted, SEATS - table.guests)


def made(limit: int):
    """A function inside a function, as deciders that follow merges have."""

    def inner(number: int) -> bool:
        return number <= limit and number != 0

    return inner


IS_SMALL = made(3)
