"""The six ones of a member and in counts; and every stream that names a member."""

from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.codes import SixOnesItem

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
# Streams in which the member has a part.
NAMED_IN: Final = """
SELECT 'post' AS category, post_id AS id FROM post_claims WHERE district = $1 AND member_id = $2
UNION SELECT 'activity', activity_id FROM participants WHERE district = $1 AND member_id = $2
UNION SELECT 'activity', activity_id FROM records WHERE district = $1 AND member_id = $2
UNION SELECT 'team', team_id FROM team_members WHERE district = $1 AND member_id = $2
UNION SELECT 'pairing', pairing_id FROM pairing_helpers WHERE district = $1 AND member_id = $2
UNION SELECT 'household-group', group_id FROM household_groups WHERE district = $1 AND leader_id = $2
UNION SELECT 'suggestion', suggestion_id FROM suggestions WHERE district = $1 AND member_id = $2
UNION SELECT 'matter', matter_id FROM matters WHERE district = $1 AND member_id = $2
UNION SELECT 'need', need_id FROM needs WHERE district = $1 AND member_id = $2
UNION SELECT 'complaint', complaint_id FROM complaints WHERE district = $1 AND member_id = $2
UNION SELECT 'bulletin', bulletin_id FROM bulletin_questions WHERE district = $1 AND member_id = $2
UNION SELECT 'calendar-link', link_id FROM calendar_links WHERE district = $1 AND member_id = $2
UNION SELECT 'certificate', certificate_id FROM certificates WHERE district = $1 AND member_id = $2
UNION SELECT 'time-ledger', community_id FROM time_entries WHERE district = $1 AND (from_member_id = $2 OR to_member_id = $2)
ORDER BY category, id
"""
YEARS: Final = "SELECT DISTINCT year FROM checklist_items WHERE district = $1 AND member_id = $2 ORDER BY year"


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


async def streams_naming(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[tuple[str, UUID]]:
    """Category and id of every stream in which the member has a part."""
    return [(row["category"], row["id"]) for row in await tx.fetch(NAMED_IN, district, member_id)]


async def checklist_years(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[int]:
    """Years in which the member completed something of the six ones."""
    return [row["year"] for row in await tx.fetch(YEARS, district, member_id)]
