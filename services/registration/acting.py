"""For whom somebody may act on a day: the delegations in force, which policy.py asks for with every request on behalf of somebody."""

from datetime import date
from typing import Final

import asyncpg

ACTING: Final = """
SELECT organisation_id, roles FROM delegations
WHERE district = $1 AND delegator = $2 AND delegate = $3 AND starts_on <= $4 AND ends_on >= $4 AND ended_on IS NULL
"""


async def acting(tx: asyncpg.Connection, district: str, delegator: str, delegate: str, day: date) -> list[asyncpg.Record]:
    """What `delegate` may do for `delegator` on this day: organisations and roles."""
    return await tx.fetch(ACTING, district, delegator, delegate, day)
