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
AWAY_OF_UNIT: Final = f"select {COLUMNS} from away_registrations where district = $1 and unit_id = $2 order by issued_at, crossing_id"  # noqa: S608 - a constant
AWAY_OF: Final = f"select {COLUMNS} from away_registrations where district = $1 and member_id = $2 order by issued_at, crossing_id"  # noqa: S608 - a constant
BY_NUMBER: Final = "select crossing_id from away_registrations where district = $1 and certificate_no = $2"
LIVE: Final = "select crossing_id from away_registrations where district = $1 and member_id = $2 and ended_on is null"
SEALED_NAME: Final = "select name_sealed from member_directory where district = $1 and member_id = $2"
GUEST: Final = "select crossing_id from guests where district = $1 and member_id = $2"
GUESTS: Final = """
select g.crossing_id, g.member_id, m.member_no, g.home_district, r.unit_id, r.registration_id, r.status, r.reported_on
from guests g
join registrations r on r.district = g.district and r.member_id = g.member_id
join member_directory m on m.district = g.district and m.member_id = g.member_id
where g.district = $1 and r.community_id = $2 order by m.member_no, r.registration_id
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
    return await tx.fetchval(GUEST, district, member_id)


async def guests_of(tx: asyncpg.Connection, district: str, community_id: UUID) -> list[Guest]:
    """Registrants of a community from other districts, by number."""
    return [Guest(**row) for row in await tx.fetch(GUESTS, district, community_id)]
