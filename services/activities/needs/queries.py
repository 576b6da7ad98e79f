"""Residents' needs: who may read which, what came of them, and what is awaited by when."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.listing import Listing
from shared.contracts.activities.needs import NeedReturn
from shared.contracts.service_preference import PostCategory

# A need is in hand while a post or a pairing that grew out of it lives; an answer is awaited all the same.
# $2 communities that see theirs before anybody looked, $3 a member, who sees what they recorded themselves.
NEEDS: Final = """
WITH seen AS (
    SELECT n.need_id, n.community_id, n.category, n.content, n.place, n.forwarded_to, n.answer, n.reason_code, n.reason,
           p.post_id, h.pairing_id, n.due_on, coalesce(n.due_on < $7, false) AS is_overdue,
           CASE WHEN n.status IN ('PUBLISHED', 'FORWARDED') AND (p.lives OR h.lives) THEN 'IN_HAND' ELSE n.status END AS status
    FROM needs n
    LEFT JOIN LATERAL (SELECT post_id, status <> 'CLOSED' AS lives FROM posts p
                       WHERE p.district = n.district AND p.need_id = n.need_id ORDER BY lives DESC, post_id LIMIT 1) AS p ON true
    LEFT JOIN LATERAL (SELECT pairing_id, status <> 'ENDED' AS lives FROM pairings h
                       WHERE h.district = n.district AND h.need_id = n.need_id ORDER BY lives DESC, pairing_id LIMIT 1) AS h ON true
    WHERE n.district = $1
      AND (n.status NOT IN ('RECORDED', 'RETURNED') OR n.community_id = ANY($2) OR n.member_id = $3)
      AND ($4::uuid IS NULL OR n.community_id = $4) AND ($6::uuid IS NULL OR n.need_id > $6) AND (NOT $8 OR n.due_on < $7)
)
SELECT * FROM seen WHERE ($5::text IS NULL OR status = $5) ORDER BY need_id LIMIT $9
"""


class NeedView(BaseModel):
    """A need in the words that are published, and what came of it: an answer, a post, a pairing. `due_on`: the last day for what is
    awaited now, the first look or the answer. A returned need has no words any more, only the reason.
    """

    need_id: UUID
    community_id: UUID
    category: PostCategory
    content: str | None
    place: str | None
    status: str
    due_on: date | None
    is_overdue: bool
    forwarded_to: str | None
    answer: str | None
    reason_code: NeedReturn | None
    reason: str | None
    post_id: UUID | None
    pairing_id: UUID | None


async def needs(tx: asyncpg.Connection, district: str, wanted: Listing, today: date, *, only_overdue: bool) -> list[NeedView]:
    """Needs the caller may read, in order of their ids."""
    communities, member, community, status, after, limit = wanted.arguments
    rows = await tx.fetch(NEEDS, district, communities or [], member, community, status, after, today, only_overdue, limit)
    return [NeedView.model_validate(dict(row)) for row in rows]
