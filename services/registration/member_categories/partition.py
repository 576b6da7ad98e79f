"""六类党员: members by category of every community, street and the district.

Invariant: the parts of every partition add up to its total, communities to their street, streets to the district. What a community has not
declared is unknown: it is left out and never counted as zero.
"""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from services.registration.programmes.programme import TOTAL

Cell = tuple[UUID | None, str]  # an organisation, None for the district; a category or TOTAL


def partitions(streets: Mapping[UUID, UUID], counts: Mapping[UUID, Mapping[str, int]]) -> dict[Cell, int]:
    """Every figure there is. `streets`: community → its street; `counts`: community → category → how many."""
    cells: dict[Cell, int] = defaultdict(int)
    for community, street in streets.items():
        for category, count in counts.get(community, {}).items():
            for organisation in (community, street, None):
                cells[organisation, category] += count
                cells[organisation, TOTAL] += count
    return dict(cells)


def sums(streets: Mapping[UUID, UUID], cells: Mapping[Cell, int]) -> list[list[Cell]]:
    """Which figures add up: parts of a partition to its total; of one category, communities to their street and streets to the district."""
    below: dict[UUID | None, list[UUID]] = {None: list(dict.fromkeys(streets.values()))}
    for community, street in streets.items():
        below.setdefault(street, []).append(community)
    categories = dict.fromkeys(category for _, category in cells)  # in order: every process must hide the same figures
    rows = [[(organisation, category) for category in categories] for organisation in (*streets, *below)]
    columns = [[(each, category) for each in (*parts, whole)] for whole, parts in below.items() for category in categories]
    return [[cell for cell in line if cell in cells] for line in (*rows, *columns)]
