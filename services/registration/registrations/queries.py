"""Registrations of a unit, community or member, pseudonymous, and their receipts."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.registration.access import Scope
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.http.paging import Page, decode_cursor, page_of

REGISTRATIONS: Final = """
SELECT * FROM registrations
WHERE district = $1 AND ($2::uuid IS NULL OR community_id = $2) AND ($3::uuid IS NULL OR unit_id = $3)
    AND ($4::uuid IS NULL OR member_id = $4) AND ($5::text IS NULL OR status = $5) AND ($6::uuid IS NULL OR registration_id > $6)
ORDER BY registration_id LIMIT $7
"""
BY_ID: Final = "SELECT * FROM registrations WHERE district = $1 AND registration_id = $2"
OUTSTANDING: Final = """
SELECT registration_id, member_id, unit_id, community_id, receipt_no, receipt_issued_at AS issued_at FROM registrations
WHERE district = $1 AND receipt_no IS NOT NULL AND NOT receipt_acknowledged AND status IN ('CONFIRMED', 'SUSPENDED')
    AND ($2::uuid IS NULL OR unit_id = $2) AND receipt_issued_at <= $3
    AND ($4::timestamptz IS NULL OR (receipt_issued_at, registration_id) > ($4, $5))
ORDER BY receipt_issued_at, registration_id LIMIT $6
"""
PENDING_IDS: Final = (
    "SELECT registration_id FROM registrations WHERE district = $1 AND community_id = $2 AND status = 'PENDING' ORDER BY 1 LIMIT $3"
)
ACTIVE_OF_MEMBER: Final = """
SELECT registration_id FROM registrations WHERE district = $1 AND member_id = $2 AND status IN ('PENDING', 'CONFIRMED', 'SUSPENDED')
"""
TRANSFERS_TO: Final = """
SELECT * FROM registrations
WHERE district = $1 AND transfer_to = $2 AND status = 'CONFIRMED' AND ($3::uuid IS NULL OR registration_id > $3)
ORDER BY registration_id LIMIT $4
"""


class Registration(BaseModel):
    """One registration, pseudonymous; `status` PENDING, CONFIRMED, SUSPENDED, RETURNED or CLOSED."""

    registration_id: UUID
    member_id: UUID
    certificate_id: UUID
    certificate_no: str
    unit_id: UUID
    community_id: UUID
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    status: str
    reported_on: date
    receipt_no: str | None
    receipt_acknowledged: bool
    renewed_on: date | None
    closed_on: date | None
    reason: str | None
    transfer_to: UUID | None
    transferred_to: UUID | None


class OutstandingReceipt(BaseModel):
    """A receipt the work unit has not acknowledged yet."""

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    receipt_no: str
    issued_at: datetime


async def registrations(
    tx: asyncpg.Connection, district: str, scope: Scope, status: str | None, page: tuple[str | None, int]
) -> Page[Registration]:
    """Registrations of a unit, community or member; `page` is (cursor, limit)."""
    after, limit = page
    cursor = decode_cursor(after, (UUID,)) or (None,)
    rows = await tx.fetch(REGISTRATIONS, district, scope.community_id, scope.unit_id, scope.member_id, status, *cursor, limit + 1)
    return page_of([Registration(**row) for row in rows], limit, lambda item: (item.registration_id,))


async def registration(tx: asyncpg.Connection, district: str, registration_id: UUID) -> Registration | None:
    """One registration."""
    row = await tx.fetchrow(BY_ID, district, registration_id)
    return None if row is None else Registration(**row)


async def active_registrations(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[UUID]:
    """Registrations of a member that are not over; by the invariant at most one."""
    return [row[0] for row in await tx.fetch(ACTIVE_OF_MEMBER, district, member_id)]


async def transfers_to(tx: asyncpg.Connection, district: str, community_id: UUID, after: str | None, limit: int) -> Page[Registration]:
    """Registrations that are to move to this community."""
    cursor = decode_cursor(after, (UUID,)) or (None,)
    rows = await tx.fetch(TRANSFERS_TO, district, community_id, *cursor, limit + 1)
    return page_of([Registration(**row) for row in rows], limit, lambda item: (item.registration_id,))


async def pending_ids(tx: asyncpg.Connection, district: str, community_id: UUID, limit: int) -> list[UUID]:
    """Registrations a community has not answered."""
    return [row[0] for row in await tx.fetch(PENDING_IDS, district, community_id, limit)]


async def outstanding_receipts(
    tx: asyncpg.Connection, district: str, unit_id: UUID | None, issued_until: datetime, page: tuple[str | None, int]
) -> Page[OutstandingReceipt]:
    """Receipts not acknowledged, oldest first; `page` is (cursor, limit)."""
    after, limit = page
    since = decode_cursor(after, (datetime, UUID)) or (None, None)
    rows = await tx.fetch(OUTSTANDING, district, unit_id, issued_until, *since, limit + 1)
    return page_of([OutstandingReceipt(**row) for row in rows], limit, lambda item: (item.issued_at.isoformat(), item.registration_id))
