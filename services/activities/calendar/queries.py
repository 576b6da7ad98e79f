"""Activity series, their planned activities, and what goes into people's calendars."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities import ActivityType, HolidayRule, TimeBand

SERIES: Final = """
SELECT * FROM activity_series WHERE ($1::uuid IS NULL OR community_id = $1) AND ($2::uuid IS NULL OR series_id > $2)
ORDER BY series_id LIMIT $3
"""
PLANNED: Final = "SELECT activity_id, status FROM activities WHERE activity_id = ANY($1)"
# A calendar shows the last three months and what comes: $2 is the first moment.
OF_MEMBER: Final = """
SELECT a.activity_id, a.title, a.place, a.starts_at, a.ends_at, a.status
FROM participants p JOIN activities a USING (district, activity_id)
WHERE p.member_id = $1 AND p.is_signed_up AND p.leave IS DISTINCT FROM 'APPROVED' AND a.ends_at >= $2
ORDER BY a.starts_at, a.activity_id LIMIT $3
"""
OF_COMMUNITY: Final = """
SELECT activity_id, title, place, starts_at, ends_at, status FROM activities
WHERE community_id = $1 AND status IN ('PUBLISHED', 'CANCELLED') AND ends_at >= $2 ORDER BY starts_at, activity_id LIMIT $3
"""
MOST_ENTRIES: Final = 1000
OPEN_LINKS: Final = "SELECT link_id FROM calendar_links WHERE member_id = $1 AND is_open ORDER BY link_id"
OF_LINK: Final = "SELECT member_id FROM calendar_links WHERE link_id = $1 AND is_open"
TURNS: Final = """
SELECT a.activity_id, a.starts_at, a.capacity,
       ARRAY(SELECT p.member_id FROM participants p WHERE p.district = a.district AND p.activity_id = a.activity_id AND p.is_signed_up
             AND p.leave IS DISTINCT FROM 'APPROVED' ORDER BY p.member_id) AS taken
FROM activities a WHERE a.series_id = $1 AND a.status = 'PUBLISHED' AND a.starts_at >= $2 ORDER BY a.starts_at, a.activity_id LIMIT $3
"""
TEAM_TURNS: Final = """
SELECT m.member_id, (SELECT count(*) FROM participants p JOIN activities a USING (district, activity_id)
                     WHERE p.district = m.district AND p.member_id = m.member_id AND p.is_signed_up
                       AND a.series_id = $1 AND a.starts_at < $3 AND a.status = 'PUBLISHED') AS turns
FROM team_members m JOIN registrants r USING (district, member_id) WHERE m.team_id = $2 AND r.status = 'ACTIVE'
"""
MOST_TURNS: Final = 100


class SeriesView(BaseModel):
    """A series as it stands."""

    series_id: UUID
    community_id: UUID
    title: str
    activity_type: ActivityType
    rule: str
    holiday_rule: HolidayRule
    first_day: date
    last_day: date | None
    starts: time
    ends: time
    place: str
    capacity: int | None
    template: str | None
    time_band: TimeBand | None
    unit_consent: str | None


class TurnRow(BaseModel):
    """A coming day of a series and who signed up for it."""

    activity_id: UUID
    starts_at: datetime
    capacity: int | None
    taken: frozenset[UUID]


class CalendarEntry(BaseModel):
    """An activity as a calendar shows it."""

    activity_id: UUID
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    status: str
    note: str | None = None


async def series_list(tx: asyncpg.Connection, community_id: UUID | None, after: UUID | None, limit: int) -> list[SeriesView]:
    """Series of the district or of one community, one more than `limit` when there are more."""
    return [SeriesView.model_validate(dict(row)) for row in await tx.fetch(SERIES, community_id, after, limit + 1)]


async def planned(tx: asyncpg.Connection, activity_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Status of those of `activity_ids` that exist."""
    return {row["activity_id"]: row["status"] for row in await tx.fetch(PLANNED, list(activity_ids))}


async def member_calendar(tx: asyncpg.Connection, member_id: UUID, since: datetime) -> list[CalendarEntry]:
    """What a member signed up for."""
    return [CalendarEntry.model_validate(dict(row)) for row in await tx.fetch(OF_MEMBER, member_id, since, MOST_ENTRIES)]


async def community_calendar(tx: asyncpg.Connection, community_id: UUID, since: datetime) -> list[CalendarEntry]:
    """What a community published."""
    return [CalendarEntry.model_validate(dict(row)) for row in await tx.fetch(OF_COMMUNITY, community_id, since, MOST_ENTRIES)]


async def turns(tx: asyncpg.Connection, series_id: UUID, now: datetime) -> list[TurnRow]:
    """Coming published days of a series."""
    return [TurnRow.model_validate(dict(row)) for row in await tx.fetch(TURNS, series_id, now, MOST_TURNS)]


async def team_turns(tx: asyncpg.Connection, series_id: UUID, team_id: UUID | None, now: datetime) -> dict[UUID, int]:
    """Active members of a team with the turns of the series they have had."""
    return {row["member_id"]: row["turns"] for row in await tx.fetch(TEAM_TURNS, series_id, team_id, now)}


async def open_links(tx: asyncpg.Connection, member_id: UUID) -> list[UUID]:
    """A member's open calendar links."""
    return [row["link_id"] for row in await tx.fetch(OPEN_LINKS, member_id)]


async def member_of_link(tx: asyncpg.Connection, link_id: UUID) -> UUID | None:
    """Whose calendar an open link shows."""
    return await tx.fetchval(OF_LINK, link_id)
