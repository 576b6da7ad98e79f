"""Counts of people that others may read (G12): those below three are hidden, and so is what would give them away by subtraction.

Invariant: in a published table no hidden count can be computed from the others of its row or column and the margins. Nil points at nobody.
"""

from collections.abc import Collection, Hashable, Mapping
from typing import Final, TypeVar

R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)

SMALLEST_SHOWN: Final = 3


def told(count: int) -> int | None:
    """A single count as it may be told: nobody, or at least three."""
    return None if 0 < count < SMALLEST_SHOWN else count


def suppressed(cells: Mapping[tuple[R, C], int]) -> dict[tuple[R, C], int | None]:
    """Cells with None for what must not be shown. A lone hidden cell of a row or column takes the next smallest one with it.

    Sums that are published beside the cells belong in here too, by row under the column None and by column under the row None.
    """
    lines: dict[tuple[int, Hashable], list[tuple[R, C]]] = {}
    for cell in cells:
        lines.setdefault((0, cell[0]), []).append(cell)
        lines.setdefault((1, cell[1]), []).append(cell)
    return suppressed_along(cells, lines.values(), {})


def suppressed_margin(counts: Mapping[R, int]) -> dict[R, int | None]:
    """The same for a single row of counts with a published total."""
    return suppressed_along(counts, [counts], {})


def suppressed_along(counts: Mapping[R, int], lines: Collection[Collection[R]], already: Mapping[R, int | None]) -> dict[R, int | None]:
    """The same for counts that add up along any lines; a line names the parts of a sum and, where that is one of the counts, the sum.

    `already` is what the reader is told elsewhere, a number or None: it stays so, and what is known hides nothing beside it.
    """
    hidden = {name for name, count in counts.items() if already.get(name, told(count)) is None}
    is_safe = False
    while not is_safe:
        is_safe = True
        for line in lines:
            companion = _companion(counts, line, hidden, already)
            if companion is not None:
                hidden.add(companion)
                is_safe = False
    return {name: None if name in hidden else count for name, count in counts.items()}


def _companion(counts: Mapping[R, int], line: Collection[R], hidden: Collection[R], already: Collection[R]) -> R | None:
    """What is hidden with the only hidden count of a line; None when there is no such count, or nothing left to hide with it."""
    if sum(name in hidden for name in line) != 1:
        return None
    rest = [name for name in line if name not in hidden and name not in already and counts[name] > 0]
    return min(rest, key=lambda name: (counts[name], str(name)), default=None)
