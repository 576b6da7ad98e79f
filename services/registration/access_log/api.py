"""Who looked at a member's personal data, for the member."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.registration.access import require_self
from services.registration.exports import exported
from services.registration.inputs import Cursor, Limit
from services.registration.members import queries as members
from services.registration.policy import allow
from shared.http.endpoints import Call
from shared.http.paging import Page, decode_cursor, page_of

router = APIRouter(tags=["members"])
ACCESSES = """
SELECT at, actor, purpose FROM personal_data_access WHERE district = $1 AND member_id = ANY($2)
    AND ($3::timestamptz IS NULL OR (at, actor, purpose) < ($3, $4, $5))
ORDER BY at DESC, actor DESC, purpose DESC LIMIT $6
"""


class Access(BaseModel):
    """Somebody looked at personal data of the member."""

    at: datetime
    actor: str
    purpose: str


@exported(router, "/members/{member_id}/accesses", "accesses")
async def accesses(
    member_id: UUID, call: Annotated[Call, Depends(allow("read_own_page"))], after: Cursor = None, limit: Limit = 100
) -> Page[Access]:
    """Who looked at the member's personal data in the last three years, newest first (R13)."""
    require_self(call, member_id)
    async with call.read() as tx:
        entries = [member_id, *await members.merged_into(tx, call.district, member_id)]
        looked = await accesses_of(tx, call.district, entries, decode_cursor(after, (datetime, str, str)), limit + 1)
    return page_of(looked, limit, lambda item: (item.at.isoformat(), item.actor, item.purpose))


async def accesses_of(
    tx: asyncpg.Connection, district: str, entries: Sequence[UUID], since: tuple[datetime, str, str] | None, limit: int
) -> list[Access]:
    """Who looked at any of these entries, newest first, from `since` on."""
    return [Access(**row) for row in await tx.fetch(ACCESSES, district, entries, *(since or (None, None, None)), limit)]
