"""What a member has planned: activities they signed up for, and the duty times of the posts they hold."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from services.activities.plans.planned_days import PlannedPost, Plans, Span, days_of, days_of_duty, warning
from shared.calendar.local_time import local_day

# A member on the waiting list has nothing planned yet.
ACTIVITIES: Final = """
SELECT a.activity_id, a.starts_at, a.ends_at FROM participants p JOIN activities a USING (district, activity_id)
WHERE p.district = $1 AND p.member_id = $2 AND p.is_signed_up AND p.leave IS DISTINCT FROM 'APPROVED' AND a.status = 'PUBLISHED'
  AND a.ends_at > $3 AND ($4::timestamptz IS NULL OR a.starts_at < $4) ORDER BY a.starts_at LIMIT $5
"""
POSTS: Final = """
SELECT p.post_id, p.term_start, p.term_end, p.slots FROM post_claims c JOIN posts p USING (district, post_id)
WHERE c.district = $1 AND c.member_id = $2 AND c.status IN ('CLAIMED', 'TAKEN_UP') ORDER BY c.arrived
"""
MOST_ACTIVITIES: Final = 1000
DAY: Final = timedelta(days=1)


async def plans(tx: asyncpg.Connection, district: str, member_id: UUID, since: datetime, *, until: datetime | None = None) -> Plans:
    """What reaches into the time from `since` to `until`."""
    rows = await tx.fetch(ACTIVITIES, district, member_id, since, until, MOST_ACTIVITIES)
    posts = tuple(PlannedPost.model_validate(dict(row)) for row in await tx.fetch(POSTS, district, member_id))
    return Plans({row["activity_id"]: (row["starts_at"], row["ends_at"]) for row in rows}, posts)


async def plans_to_come(tx: asyncpg.Connection, district: str, member_id: UUID, now: datetime) -> Plans:
    """What is planned from a day ago on, so that nothing that is still going on is missing."""
    return await plans(tx, district, member_id, now - DAY)


async def warning_with_activity(tx: asyncpg.Connection, district: str, member_id: UUID, activity_id: UUID, span: Span) -> dict[str, Any]:
    """The warning about an activity if the member came to it."""
    starts, ends = span
    planned = (await plans(tx, district, member_id, starts - DAY, until=ends + DAY)).with_activity(activity_id, span)
    return warning(planned.long_days(days_of(span)), planned.overlaps(activity_id, span))


async def warning_with_post(tx: asyncpg.Connection, district: str, member_id: UUID, post: PlannedPost, now: datetime) -> dict[str, Any]:
    """The warning about a post's duty if the member took it."""
    planned = (await plans(tx, district, member_id, now)).with_post(post)
    days = days_of_duty(post, planned, local_day(now))
    return warning(planned.long_days(days), planned.overlaps_of_post(post, days))
