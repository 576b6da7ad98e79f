"""Appeals, for the member and the reviewers."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.evaluation.cases.queries import PersonsCase

APPEALS: Final = """
SELECT appeal_id, member_id, period_id, statement_version, line_ids, grounds, status, is_escalated, reasons, lodged_on, decide_by
FROM appeals WHERE district = $1 AND ($2::uuid IS NULL OR (period_id = $2 AND member_id = ANY($3))) AND ($4::text IS NULL OR status = $4)
  AND ($5::uuid IS NULL OR appeal_id > $5) ORDER BY appeal_id LIMIT $6
"""
OPENED_UNDER: Final = "SELECT member_id FROM appeals WHERE district = $1 AND appeal_id = $2 AND member_id = ANY($3)"


class AppealView(BaseModel):
    """An appeal."""

    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_version: int
    line_ids: list[UUID]
    grounds: str
    status: str
    is_escalated: bool
    reasons: str | None
    lodged_on: date
    decide_by: date


async def appeals(
    tx: asyncpg.Connection, district: str, case: PersonsCase | None, status: str | None, page: tuple[UUID | None, int]
) -> list[AppealView]:
    """Appeals of a case, or of the district. `page`: (after, limit)."""
    rows = await tx.fetch(APPEALS, district, *(case or (None, None)), status, page[0], page[1] + 1)
    return [AppealView(**row) for row in rows]


async def opened_under(tx: asyncpg.Connection, district: str, appeal_id: UUID, entries: Sequence[UUID]) -> UUID:
    """The entry in whose case the appeal was lodged: it is decided there. Not known (yet): the entry that remains."""
    return await tx.fetchval(OPENED_UNDER, district, appeal_id, entries) or entries[0]
