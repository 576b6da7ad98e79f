"""A month of activities in counts: activities, people and hours by type. No title is shown and nobody is named; members who agreed to be
named in this bulletin are ids here.

Invariant (G12): a count of one or two people is hidden, and so are their hours and whatever would give either away by subtraction.
"""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.codes import ActivityType
from shared.privacy.small_cells import suppressed_margin, told

MONTH: Final = """
SELECT activity_type, count(DISTINCT activity_id) AS activities, count(DISTINCT member_id) AS members, coalesce(sum(minutes), 0) AS minutes
FROM records
WHERE district = $1 AND status = 'CONFIRMED' AND ($2::uuid IS NULL OR community_id = $2) AND served_on BETWEEN $3 AND $4
GROUP BY GROUPING SETS ((activity_type), ()) ORDER BY activity_type
"""
TOGETHER: Final = """
SELECT count(DISTINCT member_id) FROM records
WHERE district = $1 AND status = 'CONFIRMED' AND ($2::uuid IS NULL OR community_id = $2) AND served_on BETWEEN $3 AND $4
  AND activity_type = ANY($5)
"""

SERVED: Final = """
SELECT DISTINCT member_id FROM records
WHERE district = $1 AND status = 'CONFIRMED' AND community_id = $2 AND served_on BETWEEN $3 AND $4 ORDER BY member_id
"""
AGREED: Final = "SELECT member_id FROM bulletin_agreements WHERE district = $1 AND bulletin_id = $2 AND member_id = ANY($3)"
ASKED: Final = """
SELECT q.bulletin_id, q.community_id, q.month, a.member_id IS NOT NULL AS is_agreed
FROM bulletin_questions q LEFT JOIN bulletin_agreements a USING (district, bulletin_id, member_id)
WHERE q.district = $1 AND q.member_id = $2 ORDER BY q.month DESC, q.bulletin_id
"""


class Figures(BaseModel):
    """Confirmed service of a month. `members` and `minutes` null: too few people, so the figure is hidden."""

    activities: int
    members: int | None
    minutes: int | None


class TypeFigures(Figures):
    """The same of one type of activity; who took part in two is counted in both."""

    activity_type: ActivityType


class NamingQuestion(BaseModel):
    """A bulletin the member was asked to be named in. Not agreed: not answered, a no, or taken back; nothing tells these apart."""

    bulletin_id: UUID
    community_id: UUID
    month: str
    is_agreed: bool


async def month(
    tx: asyncpg.Connection, district: str, community_id: UUID | None, days: tuple[date, date]
) -> tuple[Figures, list[TypeFigures]]:
    """The month as a whole and by type, of one community or of all."""
    rows = [dict(row) for row in await tx.fetch(MONTH, district, community_id, *days)]
    shown = suppressed_margin({row["activity_type"]: row["members"] for row in rows if row["activity_type"] is not None})
    await _hide_more(tx, (district, community_id, *days), shown)
    (whole,) = (row for row in rows if row["activity_type"] is None)
    types = [TypeFigures.model_validate(row | _shown(row, shown[row["activity_type"]])) for row in rows if row is not whole]
    return Figures.model_validate(whole | _shown(whole, told(whole["members"]))), types


async def _hide_more(tx: asyncpg.Connection, which: tuple[str, UUID | None, date, date], shown: dict[str, int | None]) -> None:
    """One person may be behind several hidden counts; their hours are the rest of the whole, so at least three people must share it."""
    while hidden := [name for name, count in shown.items() if count is None]:
        people = await tx.fetchval(TOGETHER, *which, hidden)
        rest = {name: count for name, count in shown.items() if count}
        if told(people) is not None or not rest:
            return
        shown[min(rest, key=lambda name: (rest[name], name))] = None


def _shown(row: dict[str, int], members: int | None) -> dict[str, int | None]:
    return {"members": members, "minutes": None if members is None else row["minutes"]}


async def served(tx: asyncpg.Connection, district: str, community_id: UUID, days: tuple[date, date]) -> list[UUID]:
    """Members with confirmed service in a community between two days."""
    return [row["member_id"] for row in await tx.fetch(SERVED, district, community_id, *days)]


async def may_be_named(tx: asyncpg.Connection, district: str, bulletin_id: UUID, who: list[UUID]) -> list[UUID]:
    """Those of them who agree to be named in this bulletin."""
    return [row["member_id"] for row in await tx.fetch(AGREED, district, bulletin_id, who)]


async def questions(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[NamingQuestion]:
    """Bulletins the member was asked to be named in, newest month first."""
    return [NamingQuestion.model_validate(dict(row)) for row in await tx.fetch(ASKED, district, member_id)]
