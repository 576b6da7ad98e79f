"""Help pairings as their helpers and their community see them."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.listing import Listing
from shared.contracts.activities.codes import RecipientType
from shared.contracts.activities.pairings import PairingProgress

# $2 communities that see everything of theirs (null: none is asked for), $3 a member, who sees their own and what their community offers.
PAIRINGS: Final = """
SELECT p.*, ARRAY(SELECT h.member_id FROM pairing_helpers h
                  WHERE h.district = p.district AND h.pairing_id = p.pairing_id ORDER BY h.member_id) AS helpers
FROM pairings p
WHERE p.district = $1
  AND (p.community_id = ANY($2)
       OR EXISTS (SELECT FROM pairing_helpers h WHERE h.district = p.district AND h.pairing_id = p.pairing_id AND h.member_id = $3)
       OR p.status = 'OFFERED' AND EXISTS (SELECT FROM registrants r WHERE r.district = p.district AND r.member_id = $3
                                           AND r.community_id = p.community_id AND r.status = 'ACTIVE'))
  AND ($4::uuid IS NULL OR p.community_id = $4) AND ($5::text IS NULL OR p.status = $5) AND ($6::uuid IS NULL OR p.pairing_id > $6)
  AND ($7::date IS NULL OR p.status IN ('RUNNING', 'PAUSED') AND p.review_by <= $7)
ORDER BY p.pairing_id LIMIT $8
"""
PAIRINGS_OF: Final = "SELECT pairing_id FROM pairing_helpers WHERE district = $1 AND member_id = $2 ORDER BY pairing_id"


class PairingView(BaseModel):
    """A pairing as its helpers and its community see it."""

    pairing_id: UUID
    community_id: UUID
    recipient_type: RecipientType
    goal: str
    file_no: str | None
    need_id: UUID | None
    helpers_wanted: int
    helpers: list[UUID]
    is_with_minors: bool
    has_consent: bool
    term_start: date
    term_end: date
    review_by: date
    progress: PairingProgress | None
    visits: int
    last_visit_on: date | None
    status: str
    reason: str | None


async def pairings(tx: asyncpg.Connection, district: str, wanted: Listing, due: date | None) -> list[PairingView]:
    """Pairings the caller may see, `due`: those to be reviewed by then."""
    communities, member, community, status, after, limit = wanted.arguments
    rows: list[Any] = await tx.fetch(PAIRINGS, district, communities or [], member, community, status, after, due, limit)
    return [PairingView.model_validate(dict(row)) for row in rows]


async def pairings_of(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[UUID]:
    """Pairings in which a member takes part."""
    return [row["pairing_id"] for row in await tx.fetch(PAIRINGS_OF, district, member_id)]
