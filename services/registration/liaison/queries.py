"""The log of contacts between units and communities, and who was not visited; both without any order of merit."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration.liaison import LiaisonKind, LiaisonSide, LiaisonSubject
from shared.http.paging import Page, decode_cursor, page_of

CONTACTS: Final = """
SELECT contact_id, unit_id, community_id, kind, subject, held_on, matter, recorded_by, recorded_at, acknowledged_at, withdrawn_at, reason
FROM liaison_contacts
WHERE district = $1 AND ($2::uuid IS NULL OR unit_id = $2) AND ($3::uuid IS NULL OR community_id = $3)
    AND ($4::date IS NULL OR (held_on, contact_id) < ($4, $5::uuid))
ORDER BY held_on DESC, contact_id DESC LIMIT $6
"""
# Registered there on the last day, by the receipt; the visit may have been recorded by either side.
UNVISITED: Final = """
SELECT DISTINCT r.unit_id, u.name AS unit_name, r.community_id, c.name AS community_name
FROM registrations r
JOIN organisations u ON u.district = r.district AND u.organisation_id = r.unit_id AND u.dissolved_on IS NULL
JOIN organisations c ON c.district = r.district AND c.organisation_id = r.community_id AND c.dissolved_on IS NULL
WHERE r.district = $1 AND r.receipt_no IS NOT NULL AND r.reported_on <= $3 AND (r.closed_on IS NULL OR r.closed_on > $3)
    AND ($4::uuid IS NULL OR c.parent_id = $4)
    AND NOT EXISTS (SELECT FROM liaison_contacts v WHERE v.district = r.district AND v.unit_id = r.unit_id
        AND v.community_id = r.community_id AND v.kind = 'VISIT' AND v.withdrawn_at IS NULL AND v.held_on BETWEEN $2 AND $3)
    AND ($5::text IS NULL OR (u.name, c.name) > ($5, $6))
ORDER BY unit_name, community_name LIMIT $7
"""


class LiaisonContact(BaseModel):
    """One contact, as both sides see it; `reason`: why it was withdrawn."""

    contact_id: UUID
    unit_id: UUID
    community_id: UUID
    kind: LiaisonKind
    subject: LiaisonSubject
    held_on: date
    matter: str
    recorded_by: LiaisonSide
    recorded_at: datetime
    acknowledged_at: datetime | None
    withdrawn_at: datetime | None
    reason: str | None


class Unvisited(BaseModel):
    """A unit whose members are registered in a community, and no visit between the two in the quarter."""

    unit_id: UUID
    unit_name: str
    community_id: UUID
    community_name: str


async def contacts(
    tx: asyncpg.Connection, district: str, sides: tuple[UUID | None, UUID | None], page: tuple[str | None, int]
) -> Page[LiaisonContact]:
    """Contacts of a unit and a community (either may be open), newest first; `page` is (cursor, limit)."""
    after, limit = page
    rows = await tx.fetch(CONTACTS, district, *sides, *(decode_cursor(after, (date, UUID)) or (None, None)), limit + 1)
    return page_of([LiaisonContact(**row) for row in rows], limit, lambda item: (item.held_on, item.contact_id))


async def unvisited(
    tx: asyncpg.Connection, district: str, days: tuple[date, date], street_id: UUID | None, page: tuple[str | None, int]
) -> Page[Unvisited]:
    """Units without a visit to or from one of their communities from the first to the last of `days`, by name."""
    after, limit = page
    rows = await tx.fetch(UNVISITED, district, *days, street_id, *(decode_cursor(after, (str, str)) or (None, None)), limit + 1)
    return page_of([Unvisited(**row) for row in rows], limit, lambda item: (item.unit_name, item.community_name))
