"""Streams that name a member: where a merge of two entries has to be followed."""

from typing import Final
from uuid import UUID

import asyncpg

NAMED_IN: Final = """
SELECT 'post' AS category, post_id AS id FROM post_claims WHERE member_id = $1
UNION SELECT 'activity', activity_id FROM participants WHERE member_id = $1
UNION SELECT 'activity', activity_id FROM records WHERE member_id = $1
UNION SELECT 'team', team_id FROM team_members WHERE member_id = $1
UNION SELECT 'pairing', pairing_id FROM pairing_helpers WHERE member_id = $1
UNION SELECT 'household-group', group_id FROM household_groups WHERE leader_id = $1
UNION SELECT 'suggestion', suggestion_id FROM suggestions WHERE member_id = $1
UNION SELECT 'matter', matter_id FROM matters WHERE member_id = $1
UNION SELECT 'need', need_id FROM needs WHERE member_id = $1
UNION SELECT 'complaint', complaint_id FROM complaints WHERE member_id = $1
UNION SELECT 'bulletin', bulletin_id FROM bulletin_questions WHERE member_id = $1
UNION SELECT 'calendar-link', link_id FROM calendar_links WHERE member_id = $1
UNION SELECT 'certificate', certificate_id FROM certificates WHERE member_id = $1
UNION SELECT 'time-ledger', community_id FROM time_entries WHERE from_member_id = $1 OR to_member_id = $1
ORDER BY category, id
"""
ITEMS: Final = "SELECT DISTINCT year FROM checklist_items WHERE member_id = $1 ORDER BY year"


async def streams_naming(tx: asyncpg.Connection, member_id: UUID) -> list[tuple[str, UUID]]:
    """Category and id of every stream in which the member has a part."""
    return [(row["category"], row["id"]) for row in await tx.fetch(NAMED_IN, member_id)]


async def checklist_years(tx: asyncpg.Connection, member_id: UUID) -> list[int]:
    """Years in which the member completed something of the six ones."""
    return [row["year"] for row in await tx.fetch(ITEMS, member_id)]
