"""Series, which of their activities are planned, and whose turn it was."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.codes import ActivityType, HolidayRule, TimeBand

SERIES: Final = """
SELECT * FROM activity_series WHERE district = $1 AND ($2::uuid IS NULL OR community_id = $2) AND ($3::uuid IS NULL OR series_id > $3)
ORDER BY series_id LIMIT $4
"""
PLANNED: Final = "SELECT activity_id, status FROM activities WHERE district = $1 AND activity_id = ANY($2)"
TURNS: Final = """
SELECT a.activity_id, a.starts_at, a.capacity,
       ARRAY(SELECT p.member_id FROM participants p WHERE p.district = a.district AND p.activity_id = a.activity_id AND p.is_signed_up
             AND p.leave IS DISTINCT FROM 'APPROVED' ORDER BY p.member_id) AS taken
FROM activities a WHERE a.district = $1 AND a.series_id = $2 AND a.status = 'PUBLISHED' AND a.starts_at >= $3
ORDER BY a.starts_at, a.activity_id LIMIT $4
"""
TEAM_TURNS: Final = """
SELECT m.member_id, (SELECT count(*) FROM participants p JOIN activities a USING (district, activity_id)
                     WHERE p.district = m.district AND p.member_id = m.member_id AND p.is_signed_up
                       AND a.series_id = $2 AND a.starts_at < $4 AND a.status = 'PUBLISHED') AS turns
FROM team_members m JOIN registrants r USING (district, member_id) WHERE m.district = $1 AND m.team_id = $3 AND r.status = 'ACTIVE'
"""
MOST_TURNS: Final = 100


class SeriesView(BaseModel):
    """A series as it is now."""

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


async def series_list(tx: asyncpg.Connection, district: str, community_id: UUID | None, after: UUID | None, limit: int) -> list[SeriesView]:
    """Series of the district or of one community, one more than `limit` when there are more."""
    return [SeriesView.model_validate(dict(row)) for row in await tx.fetch(SERIES, district, community_id, after, limit + 1)]


async def planned(tx: asyncpg.Connection, district: str, activity_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Status of those of `activity_ids` that exist."""
    return {row["activity_id"]: row["status"] for row in await tx.fetch(PLANNED, district, list(activity_ids))}


async def turns(tx: asyncpg.Connection, district: str, series_id: UUID, now: datetime) -> list[TurnRow]:
    """Coming published days of a series."""
    return [TurnRow.model_validate(dict(row)) for row in await tx.fetch(TURNS, district, series_id, now, MOST_TURNS)]


async def team_turns(tx: asyncpg.Connection, district: str, series_id: UUID, team_id: UUID | None, now: datetime) -> dict[UUID, int]:
    """Active members of a team with the turns of the series they have had."""
    return {row["member_id"]: row["turns"] for row in await tx.fetch(TEAM_TURNS, district, series_id, team_id, now)}
