"""The old end of the record of who looked at whose personal data: counted, then deleted some at a time."""

from datetime import datetime
from typing import Final

import asyncpg

COUNT: Final = "select count(*)::int from personal_data_access where district = $1 and at < $2 and ($3::timestamptz is null or at >= $3)"
DELETE: Final = """
with old as (select ctid from personal_data_access where district = $1 and at < $2 limit $3),
    gone as (delete from personal_data_access where ctid = any(array(select ctid from old)) returning 1)
select count(*)::int from gone
"""
AT_ONCE: Final = 5_000  # rows per transaction: whoever looks meanwhile does not wait


async def count(tx: asyncpg.Connection, district: str, until: datetime, since: datetime | None) -> int:
    """How many entries there are before `until`, of those from `since` on."""
    return await tx.fetchval(COUNT, district, until, since)


async def delete_before(tx: asyncpg.Connection, district: str, moment: datetime) -> bool:
    """Delete some of the older entries; whether there may be more."""
    return await tx.fetchval(DELETE, district, moment, AT_ONCE) == AT_ONCE
