"""Certificates of a unit, community or member, and the one with a printed number."""

from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.registration.access import Scope
from shared.http.paging import Page, decode_cursor, page_of

CERTIFICATES: Final = """
SELECT certificate_id, certificate_no, member_id, unit_id, community_id, status FROM certificates
WHERE district = $1 AND ($2::uuid IS NULL OR unit_id = $2) AND ($3::uuid IS NULL OR community_id = $3)
    AND ($4::uuid IS NULL OR member_id = $4) AND ($5::text IS NULL OR certificate_no > $5)
ORDER BY certificate_no LIMIT $6
"""
CERTIFICATE_BY_NUMBER: Final = """
SELECT c.certificate_id, c.certificate_no, c.status, u.name AS unit_name, o.name AS community_name
FROM certificates c
LEFT JOIN organisations u ON u.district = c.district AND u.organisation_id = c.unit_id
LEFT JOIN organisations o ON o.district = c.district AND o.organisation_id = c.community_id
WHERE c.district = $1 AND c.certificate_no = $2
"""


class Certificate(BaseModel):
    """One liaison certificate; `status` ISSUED, USED or REVOKED."""

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    status: str


class CertificateCheck(BaseModel):
    """What anybody who holds the paper may learn: is it good, from whom, for where. Nothing about the member."""

    certificate_no: str
    is_valid: bool
    unit_name: str | None
    community_name: str | None


class CertificateVerification(BaseModel):
    """What the public check of a printed certificate says: `status` VALID, USED or REVOKED. Nothing about the member."""

    certificate_no: str
    status: str
    unit_name: str | None
    community_name: str | None


async def certificates(tx: asyncpg.Connection, district: str, scope: "Scope", after: str | None, limit: int) -> Page[Certificate]:
    """Certificates of a unit, community or member, by number."""
    cursor = decode_cursor(after, (str,)) or (None,)
    rows = await tx.fetch(CERTIFICATES, district, scope.unit_id, scope.community_id, scope.member_id, *cursor, limit + 1)
    return page_of([Certificate(**row) for row in rows], limit, lambda item: (item.certificate_no,))


async def certificate_by_number(tx: asyncpg.Connection, district: str, number: str) -> asyncpg.Record | None:
    """The certificate with this printed number, with the names of unit and community."""
    return await tx.fetchrow(CERTIFICATE_BY_NUMBER, district, number)
