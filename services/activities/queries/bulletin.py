"""What a month of activities comes to, in counts alone: activities, people and hours by type. Nobody is named and no title is shown.

Invariant (G12): a count of one or two people is hidden, and so are their hours and whatever would give either away by subtraction.
"""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities import ActivityType
from shared.small_cells import suppressed_margin, told

MONTH: Final = """
SELECT activity_type, count(DISTINCT activity_id) AS activities, count(DISTINCT member_id) AS members, coalesce(sum(minutes), 0) AS minutes
FROM records WHERE status = 'CONFIRMED' AND ($1::uuid IS NULL OR community_id = $1) AND served_on BETWEEN $2 AND $3
GROUP BY GROUPING SETS ((activity_type), ()) ORDER BY activity_type
"""
TOGETHER: Final = """
SELECT count(DISTINCT member_id) FROM records
WHERE status = 'CONFIRMED' AND ($1::uuid IS NULL OR community_id = $1) AND served_on BETWEEN $2 AND $3 AND activity_type = ANY($4)
"""


class Figures(BaseModel):
    """Confirmed service of a month. `members` and `minutes` null: too few people to be told."""

    activities: int
    members: int | None
    minutes: int | None


class TypeFigures(Figures):
    """The same of one type of activity; who took part in two is counted in both."""

    activity_type: ActivityType


async def month(tx: asyncpg.Connection, community_id: UUID | None, days: tuple[date, date]) -> tuple[Figures, list[TypeFigures]]:
    """The month as a whole and by type, of one community or of all."""
    rows = [dict(row) for row in await tx.fetch(MONTH, community_id, *days)]
    shown = suppressed_margin({row["activity_type"]: row["members"] for row in rows if row["activity_type"] is not None})
    await _hide_more(tx, (community_id, *days), shown)
    (whole,) = (row for row in rows if row["activity_type"] is None)
    types = [TypeFigures.model_validate(row | _told(row, shown[row["activity_type"]])) for row in rows if row is not whole]
    return Figures.model_validate(whole | _told(whole, told(whole["members"]))), types


async def _hide_more(tx: asyncpg.Connection, which: tuple[UUID | None, date, date], shown: dict[str, int | None]) -> None:
    """The same person may stand behind several hidden counts: their hours are what the whole leaves, so three must share them."""
    while hidden := [name for name, count in shown.items() if count is None]:
        people = await tx.fetchval(TOGETHER, *which, hidden)
        rest = {name: count for name, count in shown.items() if count}
        if told(people) is not None or not rest:
            return
        shown[min(rest, key=lambda name: (rest[name], name))] = None


def _told(row: dict[str, int], members: int | None) -> dict[str, int | None]:
    return {"members": members, "minutes": None if members is None else row["minutes"]}
