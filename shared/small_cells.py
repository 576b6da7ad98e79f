"""Counts of people that others may read (G12): those below three are hidden, and so is what would give them away by subtraction.

Invariant: in a published table no hidden count can be computed from the others of its row or column and the margins. Nil points at nobody.
"""

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)

SMALLEST_SHOWN: Final = 3


def told(count: int) -> int | None:
    """A single count as it may be told: nobody, or at least three."""
    return None if 0 < count < SMALLEST_SHOWN else count


def suppressed(cells: Mapping[tuple[R, C], int]) -> dict[tuple[R, C], int | None]:
    """Cells with None for what must not be shown. A lone hidden cell of a row or column takes the next smallest one with it."""
    hidden = {cell for cell, count in cells.items() if told(count) is None}
    while companions := _companions(cells, hidden):
        hidden |= companions
    return {cell: None if cell in hidden else count for cell, count in cells.items()}


def suppressed_margin(counts: Mapping[R, int]) -> dict[R, int | None]:
    """The same for a single row of counts with a published total."""
    shown = suppressed({(name, 0): count for name, count in counts.items()})
    return {name: shown[name, 0] for name in counts}


def _companions(cells: Mapping[tuple[R, C], int], hidden: set[tuple[R, C]]) -> set[tuple[R, C]]:
    lines: dict[tuple[int, Hashable], list[tuple[R, C]]] = {}
    for cell in cells:
        lines.setdefault((0, cell[0]), []).append(cell)
        lines.setdefault((1, cell[1]), []).append(cell)
    for line in lines.values():
        if sum(cell in hidden for cell in line) == 1:
            rest = [cell for cell in line if cell not in hidden and cells[cell] > 0]
            if rest:
                return {min(rest, key=lambda cell: (cells[cell], str(cell)))}
    return set()
