"""Certificates in publicity, and what is said against them."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.suggestions.queries import Filter
from shared.contracts.activities import ObjectionGround

IN_PUBLICITY: Final = """
SELECT certificate_id, certificate_no, member_id, community_id, total_minutes, issued_on, publicised_until FROM certificates
WHERE publicised_until >= $1 AND status = 'ISSUED' AND ($2::uuid IS NULL OR certificate_id > $2) ORDER BY certificate_id LIMIT $3
"""
# Communities see theirs, members what is said about their own. An objection is upheld when the certificate holds no more.
OBJECTIONS: Final = """
WITH seen AS (
    SELECT o.objection_id, o.certificate_id, c.certificate_no, c.member_id, c.community_id, o.ground, o.reason, o.raised_at, o.dismissal,
           CASE WHEN o.dismissal IS NOT NULL THEN 'DISMISSED' WHEN c.status = 'ISSUED' THEN 'OPEN' ELSE 'UPHELD' END AS status
    FROM certificate_objections o JOIN certificates c USING (district, certificate_id)
    WHERE (c.community_id = ANY($1) OR c.member_id = $2) AND ($3::uuid IS NULL OR c.community_id = $3)
)
SELECT * FROM seen
WHERE ($4::text IS NULL OR status = $4) AND ($5::uuid IS NULL OR objection_id > $5) ORDER BY objection_id LIMIT $6
"""


class Publicised(BaseModel):
    """A certificate that everybody may object to. `member_id` only serves to ask for the masked name."""

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    community_id: UUID
    total_minutes: int
    issued_on: date
    publicised_until: date


class ObjectionView(BaseModel):
    """An objection as the community and the certified member see it; who raised it is not shown."""

    objection_id: UUID
    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    community_id: UUID
    ground: ObjectionGround
    reason: str
    raised_at: datetime
    status: str
    dismissal: str | None


async def in_publicity(tx: asyncpg.Connection, today: date, after: UUID | None, limit: int) -> list[Publicised]:
    """Certificates in publicity in order of their ids, one more than `limit` when there are more."""
    return [Publicised.model_validate(dict(row)) for row in await tx.fetch(IN_PUBLICITY, today, after, limit + 1)]


async def objections(tx: asyncpg.Connection, wanted: Filter) -> list[ObjectionView]:
    """Objections the caller may see, in order of their ids."""
    communities, *others = wanted.arguments
    return [ObjectionView.model_validate(dict(row)) for row in await tx.fetch(OBJECTIONS, communities or [], *others)]
