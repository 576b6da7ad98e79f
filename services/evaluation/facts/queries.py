"""What the facts say about a member's service."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg

SERVED: Final = """
SELECT * FROM (
    SELECT DISTINCT ON (subject) occurred, voided, data FROM facts WHERE district = $1 AND member_id = ANY($2) AND kind = 'SERVICE'
    ORDER BY subject, revision DESC
) last WHERE NOT voided AND ($3::text IS NULL OR data ->> 'activity_id' = $3) AND occurred BETWEEN $4 AND $5 ORDER BY occurred
"""


async def served(
    tx: asyncpg.Connection, district: str, entries: Sequence[UUID], activity_id: UUID | None, days: tuple[date, date]
) -> list[tuple[date, int]]:
    """Days and minutes of confirmed records of a member, of one activity or of all."""
    rows = await tx.fetch(SERVED, district, entries, str(activity_id) if activity_id else None, *days)
    return [(row["occurred"], int(row["data"]["minutes"])) for row in rows]
