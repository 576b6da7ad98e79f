"""Members of the district with their consents.

Invariant: personal fields come out sealed; vault.opening hands out keys after recording who looks.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration.codes import ConsentPurpose

UNIT_MEMBER_IDS: Final = (
    "SELECT member_id FROM member_directory WHERE district = $1 AND unit_id = $2 AND NOT is_erased AND merged_into IS NULL "
    "ORDER BY member_no LIMIT $3"
)
MEMBER: Final = """
SELECT m.member_id, m.member_no, m.unit_id, u.name AS unit_name, m.occupation_group, m.political_status, m.residence_community_id,
    m.name_sealed, m.citizen_number_sealed, m.phone_sealed, m.email_sealed, m.skills, m.preferences, m.willingness, m.is_erased, m.lost_on,
    m.merged_into
FROM member_directory m LEFT JOIN organisations u ON u.district = m.district AND u.organisation_id = m.unit_id
WHERE m.district = $1 AND m.member_id = $2
"""
CONSENTS: Final = "SELECT purpose, text_version, given_at FROM consents WHERE district = $1 AND member_id = $2 ORDER BY purpose"
NAMED_IN_PUBLIC: Final = """
SELECT m.member_id, m.name_sealed FROM member_directory m JOIN consents c USING (district, member_id)
WHERE m.district = $1 AND m.member_id = ANY($2) AND c.purpose = 'PUBLIC_NAMING' AND m.merged_into IS NULL
"""
MERGED_INTO: Final = "SELECT member_id FROM member_directory WHERE district = $1 AND merged_into = $2 AND NOT is_erased ORDER BY member_id"


class Consent(BaseModel):
    """One purpose the member agreed to."""

    purpose: ConsentPurpose
    text_version: str
    given_at: datetime


async def unit_member_ids(tx: asyncpg.Connection, district: str, unit_id: UUID, limit: int) -> list[UUID]:
    """Members on a unit's roster."""
    return [row[0] for row in await tx.fetch(UNIT_MEMBER_IDS, district, unit_id, limit)]


async def member(tx: asyncpg.Connection, district: str, member_id: UUID) -> asyncpg.Record | None:
    """One member, sealed."""
    return await tx.fetchrow(MEMBER, district, member_id)


async def consents(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[Consent]:
    """What the member agreed to."""
    return [Consent(**row) for row in await tx.fetch(CONSENTS, district, member_id)]


async def named_in_public(tx: asyncpg.Connection, district: str, member_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """Sealed names of those who agree to be named in public."""
    return await tx.fetch(NAMED_IN_PUBLIC, district, member_ids)


async def merged_into(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[UUID]:
    """Entries that were merged into this member, with data that can still be read."""
    return [row[0] for row in await tx.fetch(MERGED_INTO, district, member_id)]
