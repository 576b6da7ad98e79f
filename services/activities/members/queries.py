"""Who is registered where, and the six ones."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities import SixOnesItem
from shared.contracts.registration import OccupationGroup

REGISTRANTS: Final = """
SELECT member_id, community_id, unit_id, occupation_group, status = 'ACTIVE' AS is_active, skills
FROM registrants WHERE member_id = ANY($1) AND community_id IS NOT NULL
"""
ITEMS: Final = "SELECT item, source_event_id, source_id FROM checklist_items WHERE member_id = $1 AND year = $2 ORDER BY item"
# Members count for the community they are registered in now.
MEMBERS: Final = "SELECT count(*) FROM registrants WHERE status IN ('ACTIVE', 'SUSPENDED') AND ($1::uuid IS NULL OR community_id = $1)"
ITEM_COUNTS: Final = """
SELECT i.item, count(*) AS completed
FROM checklist_items i JOIN registrants r USING (district, member_id)
WHERE i.year = $2 AND ($1::uuid IS NULL OR r.community_id = $1) AND r.status IN ('ACTIVE', 'SUSPENDED') GROUP BY i.item
"""
COMPLETE_COUNT: Final = """
SELECT count(*) FROM (
    SELECT i.member_id FROM checklist_items i JOIN registrants r USING (district, member_id)
    WHERE i.year = $2 AND ($1::uuid IS NULL OR r.community_id = $1) AND r.status IN ('ACTIVE', 'SUSPENDED')
    GROUP BY i.member_id HAVING count(*) = 6
) AS complete
"""


class Registrant(BaseModel):
    """A member who has reported to a community."""

    member_id: UUID
    community_id: UUID
    unit_id: UUID
    occupation_group: OccupationGroup
    is_active: bool
    skills: tuple[str, ...]


class DoneItem(BaseModel):
    """One of the six that is done, with the event that proves it."""

    item: SixOnesItem
    source_event_id: UUID
    source_id: UUID


class SixOnesView(BaseModel):
    """A member's six ones of one year."""

    member_id: UUID
    year: int
    done: list[DoneItem]
    missing: list[SixOnesItem]


class ItemCount(BaseModel):
    """How many members have done an item."""

    item: SixOnesItem
    completed: int


class SixOnesReport(BaseModel):
    """Six-ones completion of a community or the district; counts only."""

    year: int
    members: int
    complete: int
    items: list[ItemCount]


async def registrants(tx: asyncpg.Connection, member_ids: Sequence[UUID]) -> dict[UUID, Registrant]:
    """Those of `member_ids` that are known."""
    rows = await tx.fetch(REGISTRANTS, list(member_ids))
    return {row["member_id"]: Registrant.model_validate(dict(row)) for row in rows}


async def registrant(tx: asyncpg.Connection, member_id: UUID) -> Registrant | None:
    """Find one member."""
    return (await registrants(tx, [member_id])).get(member_id)


async def six_ones(tx: asyncpg.Connection, member_id: UUID, year: int) -> SixOnesView:
    """What a member has done of the six, and what is missing."""
    done = [DoneItem.model_validate(dict(row)) for row in await tx.fetch(ITEMS, member_id, year)]
    missing = [item for item in SixOnesItem if item not in {each.item for each in done}]
    return SixOnesView(member_id=member_id, year=year, done=done, missing=missing)


async def six_ones_report(tx: asyncpg.Connection, community_id: UUID | None, year: int) -> SixOnesReport:
    """Count completion by item."""
    counts = {row["item"]: row["completed"] for row in await tx.fetch(ITEM_COUNTS, community_id, year)}
    return SixOnesReport(
        year=year,
        members=await tx.fetchval(MEMBERS, community_id),
        complete=await tx.fetchval(COMPLETE_COUNT, community_id, year),
        items=[ItemCount(item=item, completed=counts.get(item, 0)) for item in SixOnesItem],
    )
