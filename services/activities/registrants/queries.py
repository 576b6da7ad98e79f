"""Who is registered where."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration.codes import OccupationGroup

REGISTRANTS: Final = """
SELECT member_id, community_id, unit_id, occupation_group, status = 'ACTIVE' AS is_active, skills
FROM registrants WHERE district = $1 AND member_id = ANY($2) AND community_id IS NOT NULL
"""


class Registrant(BaseModel):
    """A member who has reported to a community."""

    member_id: UUID
    community_id: UUID
    unit_id: UUID
    occupation_group: OccupationGroup
    is_active: bool
    skills: tuple[str, ...]


async def registrants(tx: asyncpg.Connection, district: str, member_ids: Sequence[UUID]) -> dict[UUID, Registrant]:
    """Those of `member_ids` that are known."""
    rows = await tx.fetch(REGISTRANTS, district, list(member_ids))
    return {row["member_id"]: Registrant.model_validate(dict(row)) for row in rows}


async def registrant(tx: asyncpg.Connection, district: str, member_id: UUID) -> Registrant | None:
    """Find one member."""
    return (await registrants(tx, district, [member_id])).get(member_id)
