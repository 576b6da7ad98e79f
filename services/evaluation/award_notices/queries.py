"""The public notice, and objections to it. Lists go by id."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.evaluation.awards.queries import Place, Viewer
from shared.contracts.evaluation.codes import AwardLevel, AwardObjectionGround

SHOWN_FOR: Final = timedelta(days=30)  # how long anybody can read who has an award (our default)

# An objection needs no answer any more once its nominee is not on the notice.
OBJECTIONS: Final = """
WITH seen AS (
    SELECT o.objection_id, o.round_id, r.title, o.member_id, o.ground, o.reason, o.raised_on, o.comment, o.comment_until, o.answer_by,
           o.answer,
           CASE WHEN o.status = 'OPEN' AND n.status <> 'CHOSEN' THEN 'LAPSED' ELSE o.status END AS status
    FROM award_objections o JOIN award_rounds r USING (district, round_id) JOIN award_nominees n USING (district, round_id, member_id)
    WHERE o.district = $1 AND (o.member_id = ANY($2) OR r.community_id = ANY($3) OR (r.community_id IS NULL AND $4) OR $5)
)
SELECT * FROM seen
WHERE ($6::text IS NULL OR status = $6) AND ($7::uuid IS NULL OR objection_id > $7) ORDER BY objection_id LIMIT $8
"""
ON_NOTICE: Final = """
SELECT n.round_id, r.title, r.level, r.community_id, n.member_id, n.status, r.notice_until, r.closed_on AS granted_on
FROM award_nominees n JOIN award_rounds r USING (district, round_id)
WHERE n.district = $1 AND ((n.status = 'CHOSEN' AND r.notice_until >= $2) OR (n.status = 'GRANTED' AND r.closed_on >= $3))
  AND EXISTS (SELECT FROM registrations p WHERE p.district = $1 AND p.confirmed_by IS NOT NULL AND p.closed_on IS NULL
              AND p.member_id IN (n.member_id, (SELECT into_member_id FROM merged g WHERE g.district = $1 AND g.member_id = n.member_id)))
  AND ($4::uuid IS NULL OR (n.round_id, n.member_id) > ($4, $5::uuid))
ORDER BY n.round_id, n.member_id LIMIT $6
"""


class AwardObjectionView(BaseModel):
    """An objection as those who answer it and the nominee see it; who raised it is not shown."""

    objection_id: UUID
    round_id: UUID
    title: str
    member_id: UUID
    ground: AwardObjectionGround
    reason: str
    raised_on: date
    comment: str | None
    comment_until: date
    answer_by: date
    status: str
    answer: str | None


class Publicised(BaseModel):
    """Somebody on a public notice. `member_id` only serves to ask for the masked name."""

    round_id: UUID
    title: str
    level: AwardLevel
    community_id: UUID | None
    member_id: UUID
    status: str
    notice_until: date
    granted_on: date | None


async def objections(
    tx: asyncpg.Connection, district: str, viewer: Viewer, status: str | None, page: tuple[UUID | None, int]
) -> list[AwardObjectionView]:
    """Objections that the viewer may see. `page`: (after, limit)."""
    seen_by = (list(viewer.entries), list(viewer.communities), viewer.is_district, viewer.is_reviewer)
    return [AwardObjectionView(**row) for row in await tx.fetch(OBJECTIONS, district, *seen_by, status, page[0], page[1] + 1)]


async def on_notice(tx: asyncpg.Connection, district: str, today: date, page: tuple[Place | None, int]) -> list[Publicised]:
    """Who is on a public notice today, or has had an award for a short while. `page`: (after, limit)."""
    rows = await tx.fetch(ON_NOTICE, district, today, today - SHOWN_FOR, *(page[0] or (None, None)), page[1] + 1)
    return [Publicised(**row) for row in rows]
