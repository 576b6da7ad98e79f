"""Offices of an organisation; names of the holders come out sealed."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration.organisations import OfficeRole

OFFICES: Final = """
SELECT office_id, organisation_id, role, holder, name_sealed, starts_on, ends_on, ended_on, is_part_time FROM offices
WHERE district = $1 AND organisation_id = $2 AND ($3 OR coalesce(ended_on, ends_on, 'infinity'::date) >= $4)
ORDER BY role, starts_on DESC, office_id
"""


class Office(BaseModel):
    """Who is what, from when to when; `name` is null when none was given or it was destroyed."""

    office_id: UUID
    organisation_id: UUID
    role: OfficeRole
    holder: str
    name: str | None
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    is_part_time: bool


async def offices(tx: asyncpg.Connection, district: str, organisation_id: UUID, day: date, *, past: bool) -> list[asyncpg.Record]:
    """Offices of an organisation on `day` or later, or all there ever were; names sealed."""
    return await tx.fetch(OFFICES, district, organisation_id, past, day)
