"""Corrections that members asked for, sealed."""

from typing import Final
from uuid import UUID

import asyncpg

CORRECTIONS_OF_UNIT: Final = """
SELECT c.member_id, m.member_no, m.name_sealed, c.field, c.value_sealed, c.status, c.requested_at, c.reason
FROM corrections c JOIN member_directory m ON m.district = c.district AND m.member_id = c.member_id
WHERE c.district = $1 AND m.unit_id = $2 AND c.status = 'REQUESTED' ORDER BY c.requested_at, m.member_no, c.field LIMIT $3
"""
CORRECTIONS_OF: Final = """
SELECT member_id, field, value_sealed, status, requested_at, reason FROM corrections WHERE district = $1 AND member_id = $2
ORDER BY requested_at, field
"""


async def corrections_of_unit(tx: asyncpg.Connection, district: str, unit_id: UUID, limit: int) -> list[asyncpg.Record]:
    """Fields that members of a unit say are wrong, sealed, longest waiting first."""
    return await tx.fetch(CORRECTIONS_OF_UNIT, district, unit_id, limit)


async def corrections_of(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[asyncpg.Record]:
    """What a member said is wrong and what became of it, sealed."""
    return await tx.fetch(CORRECTIONS_OF, district, member_id)
