"""Certificates and what may be certified; those in publicity, and objections to them."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.listing import Listing
from shared.contracts.activities.certificates import CertifiedService, ObjectionGround

CERTIFIABLE: Final = """
SELECT record_id, record_no, activity_name, content, served_on, minutes FROM records
WHERE district = $1 AND member_id = $2 AND community_id = $3 AND served_on BETWEEN $4 AND $5 AND status = 'CONFIRMED'
ORDER BY served_on, record_id
"""
CERTIFICATES: Final = """
SELECT c.*, r.member_no FROM certificates c LEFT JOIN registrants r USING (district, member_id)
WHERE c.district = $1 AND ($2::uuid IS NULL OR c.certificate_id = $2) AND ($3::uuid IS NULL OR c.member_id = $3)
  AND ($4::text IS NULL OR (c.certificate_no = $4 AND c.verification_code = $5)) ORDER BY c.certificate_id LIMIT 200
"""
# A certificate is out of date when one of its records was corrected or voided since.
STILL_TRUE: Final = """
SELECT NOT EXISTS (
    SELECT FROM certificates c CROSS JOIN jsonb_to_recordset(c.services) AS s(record_id uuid, minutes integer)
    LEFT JOIN records r ON r.district = c.district AND r.record_id = s.record_id
    WHERE c.district = $1 AND c.certificate_id = $2 AND (r.status IS DISTINCT FROM 'CONFIRMED' OR r.minutes <> s.minutes))
"""
CERTIFYING: Final = """
SELECT certificate_id FROM certificates
WHERE district = $1 AND member_id = $2 AND status = 'ISSUED' AND services @> jsonb_build_array(jsonb_build_object('record_id', $3::text))
ORDER BY certificate_id
"""
IN_PUBLICITY: Final = """
SELECT certificate_id, certificate_no, member_id, community_id, total_minutes, issued_on, publicised_until FROM certificates
WHERE district = $1 AND publicised_until >= $2 AND status = 'ISSUED' AND ($3::uuid IS NULL OR certificate_id > $3)
ORDER BY certificate_id LIMIT $4
"""
# Communities see theirs, members objections to their own. An objection is upheld when the certificate does not hold any more.
OBJECTIONS: Final = """
WITH seen AS (
    SELECT o.objection_id, o.certificate_id, c.certificate_no, c.member_id, c.community_id, o.ground, o.reason, o.raised_at, o.dismissal,
           CASE WHEN o.dismissal IS NOT NULL THEN 'DISMISSED' WHEN c.status = 'ISSUED' THEN 'OPEN' ELSE 'UPHELD' END AS status
    FROM certificate_objections o JOIN certificates c USING (district, certificate_id)
    WHERE o.district = $1 AND (c.community_id = ANY($2) OR c.member_id = $3) AND ($4::uuid IS NULL OR c.community_id = $4)
)
SELECT * FROM seen
WHERE ($5::text IS NULL OR status = $5) AND ($6::uuid IS NULL OR objection_id > $6) ORDER BY objection_id LIMIT $7
"""


class CertificateView(BaseModel):
    """A certificate as its member and its community see it; it can be printed from this at any time."""

    certificate_id: UUID
    certificate_no: str
    verification_code: str
    member_id: UUID
    member_no: str | None
    community_id: UUID
    period_start: date
    period_end: date
    total_minutes: int
    services: list[CertifiedService]
    issued_on: date
    issued_by: str
    person_in_charge: str | None
    office: str | None
    publicised_until: date | None
    status: str
    reason: str | None


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


async def certifiable(
    tx: asyncpg.Connection, district: str, member_id: UUID, community_id: UUID, days: tuple[date, date]
) -> tuple[CertifiedService, ...]:
    """Confirmed records of the member that this community recorded."""
    rows = await tx.fetch(CERTIFIABLE, district, member_id, community_id, *days)
    return tuple(CertifiedService.model_validate(dict(row)) for row in rows)


async def certificate(tx: asyncpg.Connection, district: str, certificate_id: UUID) -> CertificateView | None:
    """Find one by its id."""
    found = await _certificates(tx, district, certificate_id, None, None, None)
    return found[0] if found else None


async def checked(tx: asyncpg.Connection, district: str, number: str, code: str) -> CertificateView | None:
    """Find one by number and code together; neither alone finds anything."""
    found = await _certificates(tx, district, None, None, number, code)
    return found[0] if found else None


async def certificates_of(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[CertificateView]:
    """Certificates of a member."""
    return await _certificates(tx, district, None, member_id, None, None)


async def _certificates(tx: asyncpg.Connection, *wanted: object) -> list[CertificateView]:
    return [CertificateView.model_validate(dict(row)) for row in await tx.fetch(CERTIFICATES, *wanted)]


async def is_still_true(tx: asyncpg.Connection, district: str, certificate_id: UUID) -> bool:
    """Whether every record on it still says what it said."""
    return bool(await tx.fetchval(STILL_TRUE, district, certificate_id))


async def certifying(tx: asyncpg.Connection, district: str, member_id: UUID, record_id: UUID) -> list[UUID]:
    """Certificates in force that list this record."""
    return [row["certificate_id"] for row in await tx.fetch(CERTIFYING, district, member_id, str(record_id))]


async def in_publicity(tx: asyncpg.Connection, district: str, today: date, after: UUID | None, limit: int) -> list[Publicised]:
    """Certificates in publicity in order of their ids, one more than `limit` when there are more."""
    return [Publicised.model_validate(dict(row)) for row in await tx.fetch(IN_PUBLICITY, district, today, after, limit + 1)]


async def objections(tx: asyncpg.Connection, district: str, wanted: Listing) -> list[ObjectionView]:
    """Objections the caller may see, in order of their ids."""
    communities, *others = wanted.arguments
    return [ObjectionView.model_validate(dict(row)) for row in await tx.fetch(OBJECTIONS, district, communities or [], *others)]
