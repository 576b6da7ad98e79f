"""Programmes of the district, and the one that runs on a day."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

PROGRAMMES: Final = """
SELECT programme_id, name, legal_basis, starts_on, ends_on, vocabulary, forms, member_categories FROM programmes
WHERE district = $1 ORDER BY starts_on DESC, name
"""


class Programme(BaseModel):
    """What the district runs."""

    programme_id: UUID
    name: str
    legal_basis: str
    starts_on: date
    ends_on: date | None
    vocabulary: dict[str, str]
    forms: dict[str, list[str]]
    member_categories: dict[str, str]


async def programmes(tx: asyncpg.Connection, district: str) -> list[Programme]:
    """Programmes of the district, newest first."""
    return [Programme(**row) for row in await tx.fetch(PROGRAMMES, district)]


async def programme_on(tx: asyncpg.Connection, district: str, day: date) -> Programme | None:
    """The programme that runs on this day; of several the one that began last."""
    running = [each for each in await programmes(tx, district) if each.starts_on <= day and (each.ends_on is None or day <= each.ends_on)]
    return running[0] if running else None
