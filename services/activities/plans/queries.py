"""What a member has planned: activities they signed up for, and the duty times of posts in their hands."""

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from services.activities.plans.planned_days import Plans
from services.activities.posts.claims import HeldPost

# Who waits for a place has nothing planned yet.
ACTIVITIES: Final = """
SELECT a.activity_id, a.starts_at, a.ends_at FROM participants p JOIN activities a USING (district, activity_id)
WHERE p.member_id = $1 AND p.is_signed_up AND p.leave IS DISTINCT FROM 'APPROVED' AND a.status = 'PUBLISHED'
  AND a.ends_at > $2 AND ($3::timestamptz IS NULL OR a.starts_at < $3) ORDER BY a.starts_at LIMIT $4
"""
POSTS: Final = """
SELECT p.post_id, p.term_start, p.term_end, p.slots FROM post_claims c JOIN posts p USING (district, post_id)
WHERE c.member_id = $1 AND c.status IN ('CLAIMED', 'TAKEN_UP') ORDER BY c.arrived
"""
MOST_ACTIVITIES: Final = 1000


async def plans(tx: asyncpg.Connection, member_id: UUID, since: datetime, until: datetime | None = None) -> Plans:
    """What reaches into the time from `since` to `until`."""
    rows = await tx.fetch(ACTIVITIES, member_id, since, until, MOST_ACTIVITIES)
    posts = tuple(HeldPost.model_validate(dict(row)) for row in await tx.fetch(POSTS, member_id))
    return Plans({row["activity_id"]: (row["starts_at"], row["ends_at"]) for row in rows}, posts)
