"""The log of contacts between units and communities, and who was not visited; both without any order of merit."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration_liaison import LiaisonKind, LiaisonSide, LiaisonSubject
from shared.web import Malformed, Page, decode_cursor, page_of

CONTACTS: Final = """
select contact_id, unit_id, community_id, kind, subject, held_on, matter, recorded_by, recorded_at, acknowledged_at, withdrawn_at, reason
from liaison_contacts
where district = $1 and ($2::uuid is null or unit_id = $2) and ($3::uuid is null or community_id = $3)
    and ($4::date is null or (held_on, contact_id) < ($4, $5::uuid))
order by held_on desc, contact_id desc limit $6
"""
# Registered there on the last day, by the receipt; the visit may have been recorded by either side.
UNVISITED: Final = """
select distinct r.unit_id, u.name as unit_name, r.community_id, c.name as community_name
from registrations r
join organisations u on u.district = r.district and u.organisation_id = r.unit_id and u.dissolved_on is null
join organisations c on c.district = r.district and c.organisation_id = r.community_id and c.dissolved_on is null
where r.district = $1 and r.receipt_no is not null and r.reported_on <= $3 and (r.closed_on is null or r.closed_on > $3)
    and ($4::uuid is null or c.parent_id = $4)
    and not exists (select from liaison_contacts v where v.district = r.district and v.unit_id = r.unit_id
        and v.community_id = r.community_id and v.kind = 'VISIT' and v.withdrawn_at is null and v.held_on between $2 and $3)
    and ($5::text is null or (u.name, c.name) > ($5, $6))
order by unit_name, community_name limit $7
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
    rows = await tx.fetch(CONTACTS, district, *sides, *_day_and_id(after), limit + 1)
    return page_of([LiaisonContact(**row) for row in rows], limit, lambda item: (item.held_on, item.contact_id))


async def unvisited(
    tx: asyncpg.Connection, district: str, days: tuple[date, date], street_id: UUID | None, page: tuple[str | None, int]
) -> Page[Unvisited]:
    """Units without a visit to or from one of their communities from the first to the last of `days`, by name."""
    after, limit = page
    rows = await tx.fetch(UNVISITED, district, *days, street_id, *(decode_cursor(after, 2) or (None, None)), limit + 1)
    return page_of([Unvisited(**row) for row in rows], limit, lambda item: (item.unit_name, item.community_name))


def _day_and_id(after: str | None) -> tuple[date | None, UUID | None]:
    cursor = decode_cursor(after, 2)
    try:
        return (None, None) if cursor is None else (date.fromisoformat(cursor[0]), UUID(cursor[1]))
    except ValueError:
        raise Malformed(after="a cursor from `next` of the page before") from None
