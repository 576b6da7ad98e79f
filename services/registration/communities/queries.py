"""What a community says about itself, titles of organisations, and partner units."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration.organisations import HonourLevel

HONOURS: Final = """
SELECT honour_id, level, title, year FROM organisation_honours WHERE district = $1 AND organisation_id = $2
ORDER BY year DESC, title, honour_id
"""
PARTNERS: Final = """
SELECT p.partner_id, o.name, p.joined_on FROM partner_units p
JOIN organisations o ON o.district = p.district AND o.organisation_id = p.partner_id
WHERE p.district = $1 AND p.community_id = $2 AND o.dissolved_on IS NULL ORDER BY o.name, p.partner_id
"""
INTRODUCTION: Final = """
SELECT overview, network, difficulties, ongoing_work, told_at FROM community_introductions WHERE district = $1 AND community_id = $2
"""


class Honour(BaseModel):
    """A title an organisation received."""

    honour_id: UUID
    level: HonourLevel
    title: str
    year: int


class Partner(BaseModel):
    """A unit that builds together with a community."""

    partner_id: UUID
    name: str
    joined_on: date


async def honours(tx: asyncpg.Connection, district: str, organisation_id: UUID) -> list[Honour]:
    """Titles of an organisation, newest first."""
    return [Honour(**row) for row in await tx.fetch(HONOURS, district, organisation_id)]


async def partners(tx: asyncpg.Connection, district: str, community_id: UUID) -> list[Partner]:
    """Partner units of a community, by name."""
    return [Partner(**row) for row in await tx.fetch(PARTNERS, district, community_id)]


async def introduction(tx: asyncpg.Connection, district: str, community_id: UUID) -> asyncpg.Record | None:
    """The community's introduction, as it reads now."""
    return await tx.fetchrow(INTRODUCTION, district, community_id)
