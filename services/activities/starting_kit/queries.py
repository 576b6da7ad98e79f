"""How far a community has come with its beginnings."""

from typing import Final
from uuid import UUID

import asyncpg

STEPS: Final = """
SELECT EXISTS (SELECT FROM posts WHERE district = $1 AND community_id = $2) AS posts_proposed,
       EXISTS (SELECT FROM posts WHERE district = $1 AND community_id = $2 AND status <> 'PROPOSED') AS posts_opened,
       EXISTS (SELECT FROM activity_series WHERE district = $1 AND community_id = $2) AS series_defined,
       EXISTS (SELECT FROM activities WHERE district = $1 AND community_id = $2 AND status = 'PUBLISHED') AS activity_published,
       EXISTS (SELECT FROM teams WHERE district = $1 AND community_id = $2) AS team_formed,
       EXISTS (SELECT FROM records WHERE district = $1 AND community_id = $2 AND status = 'CONFIRMED') AS service_confirmed
"""


async def steps(tx: asyncpg.Connection, district: str, community_id: UUID) -> dict[str, bool]:
    """First steps in their order, and whether each has been taken."""
    (row,) = await tx.fetch(STEPS, district, community_id)
    return dict(row)
