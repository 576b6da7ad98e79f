"""Certificates, what may be certified, outcomes and the export of records."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities import ActivityOutcome, CertifiedService

CERTIFIABLE: Final = """
SELECT record_id, record_no, activity_name, content, served_on, minutes FROM records
WHERE member_id = $1 AND community_id = $2 AND served_on BETWEEN $3 AND $4 AND status = 'CONFIRMED' ORDER BY served_on, record_id
"""
CERTIFICATES: Final = """
SELECT c.*, r.member_no FROM certificates c LEFT JOIN registrants r USING (district, member_id)
WHERE ($1::uuid IS NULL OR c.certificate_id = $1) AND ($2::uuid IS NULL OR c.member_id = $2)
  AND ($3::text IS NULL OR (c.certificate_no = $3 AND c.verification_code = $4)) ORDER BY c.certificate_id LIMIT 200
"""
# A certificate is out of date when one of its records was corrected or voided since.
STILL_TRUE: Final = """
SELECT NOT EXISTS (
    SELECT FROM certificates c, jsonb_to_recordset(c.services) AS s(record_id uuid, minutes integer)
    LEFT JOIN records r ON r.record_id = s.record_id
    WHERE c.certificate_id = $1 AND (r.status IS DISTINCT FROM 'CONFIRMED' OR r.minutes <> s.minutes))
"""
CERTIFYING: Final = """
SELECT certificate_id FROM certificates
WHERE member_id = $1 AND status = 'ISSUED' AND services @> jsonb_build_array(jsonb_build_object('record_id', $2::text))
ORDER BY certificate_id
"""
# A roster logged at once states its outcomes on every record: they belong to the activity and count once.
OUTCOMES: Final = """
SELECT DISTINCT r.activity_id, o.value AS outcome FROM records r, jsonb_array_elements(r.outcomes) AS o(value)
WHERE r.status = 'CONFIRMED' AND ($1::uuid IS NULL OR r.community_id = $1) AND r.served_on BETWEEN $2 AND $3
"""
EXPORT: Final = """
SELECT r.*, m.member_no FROM records r LEFT JOIN registrants m USING (district, member_id)
WHERE r.status = 'CONFIRMED' AND ($1::uuid IS NULL OR r.community_id = $1) AND r.served_on BETWEEN $2 AND $3
ORDER BY r.served_on, r.record_id LIMIT $4
"""
MOST_ROWS: Final = 20_000


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


class ExportRow(BaseModel):
    """A confirmed record as other systems take it over."""

    member_id: UUID
    member_no: str | None
    record_no: str
    activity_name: str
    post_id: UUID | None
    recipient_type: str
    content: str
    place: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    evidence_level: str
    person_in_charge: str
    recorder: str
    decided_by: str | None


async def certifiable(tx: asyncpg.Connection, member_id: UUID, community_id: UUID, days: tuple[date, date]) -> tuple[CertifiedService, ...]:
    """Confirmed records of the member that this community recorded."""
    rows = await tx.fetch(CERTIFIABLE, member_id, community_id, *days)
    return tuple(CertifiedService.model_validate(dict(row)) for row in rows)


async def certificate(tx: asyncpg.Connection, certificate_id: UUID) -> CertificateView | None:
    """Find one by its id."""
    found = await _certificates(tx, certificate_id, None, None, None)
    return found[0] if found else None


async def checked(tx: asyncpg.Connection, number: str, code: str) -> CertificateView | None:
    """Find one by number and code together; neither alone tells anything."""
    found = await _certificates(tx, None, None, number, code)
    return found[0] if found else None


async def certificates_of(tx: asyncpg.Connection, member_id: UUID) -> list[CertificateView]:
    """Certificates of a member."""
    return await _certificates(tx, None, member_id, None, None)


async def _certificates(tx: asyncpg.Connection, *wanted: object) -> list[CertificateView]:
    return [CertificateView.model_validate(dict(row)) for row in await tx.fetch(CERTIFICATES, *wanted)]


async def is_still_true(tx: asyncpg.Connection, certificate_id: UUID) -> bool:
    """Whether every record on it still says what it said."""
    return bool(await tx.fetchval(STILL_TRUE, certificate_id))


async def outcomes(tx: asyncpg.Connection, community_id: UUID | None, days: tuple[date, date]) -> list[ActivityOutcome]:
    """Outcomes of confirmed service, once per activity."""
    return [ActivityOutcome.model_validate(row["outcome"]) for row in await tx.fetch(OUTCOMES, community_id, *days)]


async def export_rows(tx: asyncpg.Connection, community_id: UUID | None, days: tuple[date, date]) -> list[ExportRow]:
    """Confirmed records by day, MOST_ROWS at most."""
    rows: list[Any] = await tx.fetch(EXPORT, community_id, *days, MOST_ROWS)
    return [ExportRow.model_validate(dict(row)) for row in rows]


async def certifying(tx: asyncpg.Connection, member_id: UUID, record_id: UUID) -> list[UUID]:
    """Certificates in force that list this record."""
    return [row["certificate_id"] for row in await tx.fetch(CERTIFYING, member_id, str(record_id))]
