"""The old end of the record of who looked at whose personal data: counted, then deleted some at a time."""

from datetime import datetime
from typing import Final

import asyncpg

COUNT: Final = "SELECT count(*)::int FROM personal_data_access WHERE district = $1 AND at < $2 AND ($3::timestamptz IS NULL OR at >= $3)"
DELETE: Final = """
WITH old AS (SELECT ctid FROM personal_data_access WHERE district = $1 AND at < $2 LIMIT $3),
    gone AS (DELETE FROM personal_data_access WHERE ctid = ANY(ARRAY(SELECT ctid FROM old)) RETURNING 1)
SELECT count(*)::int FROM gone
"""
AT_ONCE: Final = 5_000  # rows per transaction: whoever looks meanwhile does not wait


async def count(tx: asyncpg.Connection, district: str, until: datetime, since: datetime | None) -> int:
    """How many entries there are before `until`, of those from `since` on."""
    return await tx.fetchval(COUNT, district, until, since)


async def delete_before(tx: asyncpg.Connection, district: str, moment: datetime) -> bool:
    """Delete some of the older entries; whether there may be more."""
    return await tx.fetchval(DELETE, district, moment, AT_ONCE) == AT_ONCE
