"""Small-cell suppression in published counts of people (G12): counts of 1 and 2 are hidden, and further ones against subtraction.

Invariant: no hidden count can be computed from the other counts of its row or column and the totals. Zero identifies nobody and is shown.
"""

from collections.abc import Collection, Hashable, Mapping
from typing import Final, TypeVar

R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)

SMALLEST_SHOWN: Final = 3


def told(count: int) -> int | None:
    """A single count as it may be published: zero or at least three, otherwise None."""
    return None if 0 < count < SMALLEST_SHOWN else count


def suppressed(cells: Mapping[tuple[R, C], int]) -> dict[tuple[R, C], int | None]:
    """Cells with None for suppressed ones. If a row or column has a single hidden cell, its next smallest one is hidden, too.

    Include the totals that are published beside the cells: those of rows under the column None, those of columns under the row None.
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
    """The same for counts that add up along any lines. A line names the parts of a sum and, if it is one of the counts, the sum itself.

    `already` holds counts that are published elsewhere, each as a number or None: they stay as they are and cannot serve as companions.
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
    """The count to hide beside the only hidden count of a line; None when the line does not have exactly one, or no count is left."""
    if sum(name in hidden for name in line) != 1:
        return None
    rest = [name for name in line if name not in hidden and name not in already and counts[name] > 0]
    return min(rest, key=lambda name: (counts[name], str(name)), default=None)
