"""What goes into people's calendars, and the links that lead there."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from services.activities.calendar.files import CalendarEntry
from services.activities.plans import queries as plans
from services.activities.plans.planned_days import Plans

# A calendar shows the last three months and what comes.
LOOKING_BACK: Final = timedelta(days=92)
OF_MEMBER: Final = """
SELECT a.activity_id, a.title, a.place, a.starts_at, a.ends_at, a.status, a.revision
FROM participants p JOIN activities a USING (district, activity_id)
WHERE p.district = $1 AND p.member_id = $2 AND p.is_signed_up AND p.leave IS DISTINCT FROM 'APPROVED' AND a.ends_at >= $3
ORDER BY a.starts_at, a.activity_id LIMIT $4
"""
OF_COMMUNITY: Final = """
SELECT activity_id, title, place, starts_at, ends_at, status, revision FROM activities
WHERE district = $1 AND community_id = $2 AND status IN ('PUBLISHED', 'CANCELLED') AND ends_at >= $3
ORDER BY starts_at, activity_id LIMIT $4
"""
MOST_ENTRIES: Final = 1000
OPEN_LINKS: Final = "SELECT link_id FROM calendar_links WHERE district = $1 AND member_id = $2 AND is_open ORDER BY link_id"
OF_LINK: Final = "SELECT member_id FROM calendar_links WHERE district = $1 AND link_id = $2 AND is_open"


async def member_calendar(tx: asyncpg.Connection, district: str, member_id: UUID, now: datetime) -> list[CalendarEntry]:
    """What a member signed up for."""
    rows = await tx.fetch(OF_MEMBER, district, member_id, now - LOOKING_BACK, MOST_ENTRIES)
    planned = await plans.plans_to_come(tx, district, member_id, now)
    found = (CalendarEntry.model_validate(dict(row)) for row in rows)
    return [each.model_copy(update=_pointed_out(planned, each, now)) for each in found]


def _pointed_out(planned: Plans, entry: CalendarEntry, now: datetime) -> dict[str, bool]:
    id_, span = entry.activity_id, (entry.starts_at, entry.ends_at)
    return {"is_on_long_day": any(planned.long_days_of(id_, span, now)), "is_overlapping": any(planned.overlaps_of(id_, span, now))}


async def community_calendar(tx: asyncpg.Connection, district: str, community_id: UUID, now: datetime) -> list[CalendarEntry]:
    """What a community published."""
    rows = await tx.fetch(OF_COMMUNITY, district, community_id, now - LOOKING_BACK, MOST_ENTRIES)
    return [CalendarEntry.model_validate(dict(row)) for row in rows]


async def open_links(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[UUID]:
    """A member's open calendar links."""
    return [row["link_id"] for row in await tx.fetch(OPEN_LINKS, district, member_id)]


async def member_of_link(tx: asyncpg.Connection, district: str, link_id: UUID) -> UUID | None:
    """Whose calendar an open link shows."""
    return await tx.fetchval(OF_LINK, district, link_id)
