"""Rows of a community's register and of a unit's list, sealed."""

from typing import Final
from uuid import UUID

import asyncpg

REGISTER: Final = """
SELECT r.registration_id, r.member_id, r.status, r.reported_on, m.member_no, m.name_sealed, m.skills, m.preferences, m.willingness,
    r.occupation_group, r.political_status, r.certificate_no, u.name AS unit_name
FROM registrations r
JOIN member_directory m ON m.district = r.district AND m.member_id = r.member_id
LEFT JOIN organisations u ON u.district = r.district AND u.organisation_id = r.unit_id
WHERE r.district = $1 AND r.community_id = $2 AND r.status IN ('PENDING', 'CONFIRMED', 'SUSPENDED')
    AND ($3::text IS NULL OR (m.member_no, r.registration_id) > ($3, $4::uuid))
ORDER BY m.member_no, r.registration_id LIMIT $5
"""
UNIT_LIST: Final = """
SELECT m.member_id, m.member_no, m.name_sealed, m.occupation_group, m.political_status, m.residence_community_id, m.is_erased,
    c.certificate_no, r.registration_id, r.status AS registration_status, r.community_id
FROM member_directory m
LEFT JOIN LATERAL (SELECT certificate_no FROM certificates WHERE district = m.district AND member_id = m.member_id AND status <> 'REVOKED'
    ORDER BY issued_at DESC, certificate_id DESC LIMIT 1) c ON TRUE
LEFT JOIN LATERAL (SELECT registration_id, status, community_id FROM registrations WHERE district = m.district AND member_id = m.member_id
    ORDER BY (status = 'CLOSED'), reported_on DESC, registration_id DESC LIMIT 1) r ON TRUE
WHERE m.district = $1 AND m.unit_id = $2 AND m.merged_into IS NULL AND ($3::text IS NULL OR m.member_no > $3)
ORDER BY m.member_no LIMIT $4
"""


async def register_rows(
    tx: asyncpg.Connection, district: str, community_id: UUID, cursor: tuple[str, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """Rows of a community's register, sealed."""
    return await tx.fetch(REGISTER, district, community_id, *(cursor or (None, None)), limit)


async def unit_rows(tx: asyncpg.Connection, district: str, unit_id: UUID, cursor: tuple[str] | None, limit: int) -> list[asyncpg.Record]:
    """Rows of a unit's list, sealed."""
    return await tx.fetch(UNIT_LIST, district, unit_id, *(cursor or (None,)), limit)
