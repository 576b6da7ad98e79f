"""Requests to correct a record that nobody has answered yet."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

# $1 communities, null for all.
OPEN_REQUESTS: Final = """
SELECT record_id, record_no, activity_id, activity_name, community_id, member_id, served_on, minutes, status,
       correction_requested AS request, answer_correction_by AS answer_by, coalesce(answer_correction_by < $2, false) AS is_overdue
FROM records
WHERE correction_requested IS NOT NULL AND ($1::uuid[] IS NULL OR community_id = ANY($1)) AND (NOT $5 OR answer_correction_by < $2)
  AND ($3::uuid IS NULL OR record_id > $3) ORDER BY record_id LIMIT $4
"""


class OpenRequest(BaseModel):
    """What a member asks for, of which record, and until when it is answered; requests of the time before have no day."""

    record_id: UUID
    record_no: str
    activity_id: UUID
    activity_name: str
    community_id: UUID
    member_id: UUID
    served_on: date
    minutes: int
    status: str
    request: str
    answer_by: date | None
    is_overdue: bool


async def open_requests(
    tx: asyncpg.Connection, communities: tuple[UUID, ...] | None, today: date, after: UUID | None, limit: int, *, only_overdue: bool
) -> list[OpenRequest]:
    """Unanswered requests in order of their records."""
    rows = await tx.fetch(OPEN_REQUESTS, None if communities is None else list(communities), today, after, limit + 1, only_overdue)
    return [OpenRequest.model_validate(dict(row)) for row in rows]
