"""The six ones of a member and in counts; and every stream that names a member."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.codes import SixOnesItem
from shared.member_rows import MemberRows, streams_naming

ITEMS: Final = """
SELECT item, source_event_id, source_id FROM checklist_items WHERE district = $1 AND member_id = $2 AND year = $3 ORDER BY item
"""
# Members count for the community they are registered in now.
MEMBERS: Final = """
SELECT count(*) FROM registrants WHERE district = $1 AND status IN ('ACTIVE', 'SUSPENDED') AND ($2::uuid IS NULL OR community_id = $2)
"""
ITEM_COUNTS: Final = """
SELECT i.item, count(*) AS completed
FROM checklist_items i JOIN registrants r USING (district, member_id)
WHERE i.district = $1 AND i.year = $3 AND ($2::uuid IS NULL OR r.community_id = $2) AND r.status IN ('ACTIVE', 'SUSPENDED')
GROUP BY i.item
"""
COMPLETE_COUNT: Final = """
SELECT count(*) FROM (
    SELECT i.member_id FROM checklist_items i JOIN registrants r USING (district, member_id)
    WHERE i.district = $1 AND i.year = $3 AND ($2::uuid IS NULL OR r.community_id = $2) AND r.status IN ('ACTIVE', 'SUSPENDED')
    GROUP BY i.member_id HAVING count(*) = 6
) AS complete
"""


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


async def six_ones(tx: asyncpg.Connection, district: str, member_id: UUID, year: int) -> SixOnesView:
    """What a member has done of the six, and what is missing."""
    done = [DoneItem.model_validate(dict(row)) for row in await tx.fetch(ITEMS, district, member_id, year)]
    missing = [item for item in SixOnesItem if item not in {each.item for each in done}]
    return SixOnesView(member_id=member_id, year=year, done=done, missing=missing)


async def six_ones_report(tx: asyncpg.Connection, district: str, community_id: UUID | None, year: int) -> SixOnesReport:
    """Count completion by item."""
    counts = {row["item"]: row["completed"] for row in await tx.fetch(ITEM_COUNTS, district, community_id, year)}
    return SixOnesReport(
        year=year,
        members=await tx.fetchval(MEMBERS, district, community_id),
        complete=await tx.fetchval(COMPLETE_COUNT, district, community_id, year),
        items=[ItemCount(item=item, completed=counts.get(item, 0)) for item in SixOnesItem],
    )


async def following_streams(
    tx: asyncpg.Connection, district: str, member_id: UUID, declared: Sequence[MemberRows]
) -> list[tuple[str, UUID]]:
    """Category and id of every stream that names the member and follows a merge."""
    return [(row["category"], row["id"]) for row in await tx.fetch(streams_naming(declared), district, member_id)]
