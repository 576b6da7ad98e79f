"""Activities with how many come, for everybody, and a member's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.plans import queries as plans
from services.activities.plans.planned_days import LongDay, Overlap, Plans
from shared.contracts.activities.codes import ActivityType, Attendance, SixOnesItem, TimeBand

ACTIVITIES: Final = """
SELECT a.*, s.signed_up, s.waiting, r.open_records, r.confirmed_records, r.minutes
FROM activities a
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE is_signed_up) AS signed_up,
                           count(*) FILTER (WHERE waiting_since IS NOT NULL) AS waiting FROM participants
                    WHERE district = a.district AND activity_id = a.activity_id) AS s
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE status = 'LOGGED') AS open_records,
                           count(*) FILTER (WHERE status = 'CONFIRMED') AS confirmed_records,
                           coalesce(sum(minutes) FILTER (WHERE status = 'CONFIRMED'), 0) AS minutes
                    FROM records WHERE district = a.district AND activity_id = a.activity_id) AS r
WHERE a.district = $1 AND ($2::uuid IS NULL OR a.community_id = $2) AND ($3::text IS NULL OR a.status = $3)
  AND ($4::timestamptz IS NULL OR a.starts_at >= $4) AND ($5::timestamptz IS NULL OR a.starts_at < $5)
  AND ($6::uuid IS NULL OR a.activity_id = $6)
  AND ($7::timestamptz IS NULL OR (a.starts_at, a.activity_id) > ($7, $8::uuid))
  AND (a.status <> 'PLANNED' OR a.community_id = ANY($9))
ORDER BY a.starts_at, a.activity_id LIMIT $10
"""
ACTIVITIES_OF_MEMBER: Final = """
SELECT a.activity_id, a.community_id, a.title, a.activity_type, a.time_band, a.starts_at, a.ends_at, a.place, a.status,
       p.is_signed_up, p.leave, p.attendance, p.attendance_recorder,
       CASE WHEN p.waiting_since IS NOT NULL THEN (SELECT count(*) FROM participants q WHERE q.district = p.district
            AND q.activity_id = p.activity_id AND q.waiting_since <= p.waiting_since) END AS waiting_position
FROM participants p JOIN activities a USING (district, activity_id)
WHERE p.district = $1 AND p.member_id = $2 AND ($3::timestamptz IS NULL OR (a.starts_at, a.activity_id) > ($3, $4::uuid))
ORDER BY a.starts_at, a.activity_id LIMIT $5
"""


class ActivitySummary(BaseModel):
    """An activity with how many come and what was recorded."""

    activity_id: UUID
    community_id: UUID
    title: str
    activity_type: ActivityType
    time_band: TimeBand
    starts_at: datetime
    ends_at: datetime
    place: str
    capacity: int | None
    description: str
    status: str
    six_ones_item: SixOnesItem | None
    post_id: UUID | None
    team_id: UUID | None
    series_id: UUID | None
    unit_consent: str | None
    time_band_reason: str | None
    is_with_minors: bool
    waiting_list_limit: int
    signed_up: int
    waiting: int
    open_records: int
    confirmed_records: int
    minutes: int


class MyActivity(BaseModel):
    """An activity from one member's side; `long_days`: of its days to come, those with more than eight planned hours.

    `overlaps`: what else the member has planned for the same time.
    """

    activity_id: UUID
    community_id: UUID
    title: str
    activity_type: ActivityType
    time_band: TimeBand
    starts_at: datetime
    ends_at: datetime
    place: str
    status: str
    is_signed_up: bool
    waiting_position: int | None
    leave: str | None
    attendance: Attendance | None
    attendance_recorder: str | None
    long_days: tuple[LongDay, ...] = ()
    overlaps: tuple[Overlap, ...] = ()


Moment = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What a list of activities is narrowed to; plans not yet published are shown to their own communities (`acting_for`) only."""

    acting_for: tuple[UUID, ...] = ()
    community_id: UUID | None = None
    status: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    activity_id: UUID | None = None
    after: Moment | None = None
    limit: int = 1


async def activity_list(tx: asyncpg.Connection, district: str, wanted: ActivityFilter) -> list[ActivitySummary]:
    """Activities in order of their start, one more than `limit` when there are more."""
    filters = (wanted.community_id, wanted.status, wanted.starts_from, wanted.starts_before, wanted.activity_id)
    rows = await tx.fetch(ACTIVITIES, district, *filters, *(wanted.after or (None, None)), list(wanted.acting_for), wanted.limit + 1)
    return [ActivitySummary.model_validate(dict(row)) for row in rows]


async def activity(tx: asyncpg.Connection, district: str, activity_id: UUID, acting_for: tuple[UUID, ...]) -> ActivitySummary | None:
    """Find one activity."""
    found = await activity_list(tx, district, ActivityFilter(activity_id=activity_id, acting_for=acting_for))
    return found[0] if found else None


async def member_activities(
    tx: asyncpg.Connection, district: str, member_id: UUID, now: datetime, after: Moment | None, limit: int
) -> list[MyActivity]:
    """Activities a member signed up for or was noted at, by start; those to come name their long days and what they overlap with."""
    rows = await tx.fetch(ACTIVITIES_OF_MEMBER, district, member_id, *(after or (None, None)), limit + 1)
    planned = await plans.plans_to_come(tx, district, member_id, now)
    found = (MyActivity.model_validate(dict(row)) for row in rows)
    return [each.model_copy(update=_pointed_out(planned, each, now)) for each in found]


def _pointed_out(planned: Plans, activity: MyActivity, now: datetime) -> dict[str, Any]:
    id_, span = activity.activity_id, (activity.starts_at, activity.ends_at)
    return {"long_days": planned.long_days_of(id_, span, now), "overlaps": planned.overlaps_of(id_, span, now)}
