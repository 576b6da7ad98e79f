"""Who looked at a member's personal data, for the member."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.registration.access import require_self
from services.registration.exports import exported
from services.registration.inputs import Cursor, Limit
from services.registration.policy import allow
from shared.http.endpoints import Call
from shared.http.paging import Page, decode_cursor, page_of

router = APIRouter(tags=["members"])
ACCESSES = """
SELECT at, actor, purpose FROM personal_data_access WHERE district = $1 AND member_id = $2
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
    since = decode_cursor(after, (datetime, str, str)) or (None, None, None)
    async with call.read() as tx:
        rows = await tx.fetch(ACCESSES, call.district, member_id, *since, limit + 1)
    return page_of([Access(**row) for row in rows], limit, lambda item: (item.at.isoformat(), item.actor, item.purpose))
