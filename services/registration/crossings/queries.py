"""Members of units here in other districts, and guests from there: each district reads its own side only."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

COLUMNS: Final = (
    "crossing_id, member_id, certificate_no, host_district, host_community, status, receipt_no, confirmed_on, receipt_acknowledged, "
    "ended_on, reason, issued_at"
)
AWAY_OF_UNIT: Final = f"SELECT {COLUMNS} FROM away_registrations WHERE district = $1 AND unit_id = $2 ORDER BY issued_at, crossing_id"  # noqa: S608 - a constant
AWAY_OF: Final = f"SELECT {COLUMNS} FROM away_registrations WHERE district = $1 AND member_id = $2 ORDER BY issued_at, crossing_id"  # noqa: S608 - a constant
BY_NUMBER: Final = "SELECT crossing_id FROM away_registrations WHERE district = $1 AND certificate_no = $2"
LIVE: Final = "SELECT crossing_id FROM away_registrations WHERE district = $1 AND member_id = $2 AND ended_on IS NULL"
SEALED_NAME: Final = "SELECT name_sealed FROM member_directory WHERE district = $1 AND member_id = $2"
CROSSING_OF_GUEST: Final = "SELECT crossing_id FROM guests WHERE district = $1 AND member_id = $2"
GUESTS: Final = """
SELECT g.crossing_id, g.member_id, m.member_no, g.home_district, r.unit_id, r.registration_id, r.status, r.reported_on
FROM guests g
JOIN registrations r ON r.district = g.district AND r.member_id = g.member_id
JOIN member_directory m ON m.district = g.district AND m.member_id = g.member_id
WHERE g.district = $1 AND r.community_id = $2 ORDER BY m.member_no, r.registration_id
"""


class AwayRegistration(BaseModel):
    """Home: a member in another district; `status` ISSUED, CONFIRMED or ENDED."""

    crossing_id: UUID
    member_id: UUID
    certificate_no: str
    host_district: str
    host_community: str
    status: str
    receipt_no: str | None
    confirmed_on: date | None
    receipt_acknowledged: bool
    ended_on: date | None
    reason: str | None
    issued_at: datetime


class Guest(BaseModel):
    """Host: a registrant from another district."""

    crossing_id: UUID
    member_id: UUID
    member_no: str
    home_district: str
    unit_id: UUID
    registration_id: UUID
    status: str
    reported_on: date


async def away_of_unit(tx: asyncpg.Connection, district: str, unit_id: UUID) -> list[AwayRegistration]:
    """Members of a unit in other districts, oldest first."""
    return [AwayRegistration(**row) for row in await tx.fetch(AWAY_OF_UNIT, district, unit_id)]


async def away_of(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[AwayRegistration]:
    """A member's edges to other districts, oldest first."""
    return [AwayRegistration(**row) for row in await tx.fetch(AWAY_OF, district, member_id)]


async def by_number(tx: asyncpg.Connection, district: str, number: str) -> UUID | None:
    """The edge whose certificate has this number."""
    return await tx.fetchval(BY_NUMBER, district, number)


async def live_of(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[UUID]:
    """A member's edges that have not ended; by the invariant at most one."""
    return [row[0] for row in await tx.fetch(LIVE, district, member_id)]


async def sealed_name(tx: asyncpg.Connection, district: str, member_id: UUID) -> str | None:
    """A member's name, sealed."""
    return await tx.fetchval(SEALED_NAME, district, member_id)


async def crossing_of_guest(tx: asyncpg.Connection, district: str, member_id: UUID) -> UUID | None:
    """The edge a guest came by."""
    return await tx.fetchval(CROSSING_OF_GUEST, district, member_id)


async def guests_of(tx: asyncpg.Connection, district: str, community_id: UUID) -> list[Guest]:
    """Registrants of a community from other districts, by number."""
    return [Guest(**row) for row in await tx.fetch(GUESTS, district, community_id)]
