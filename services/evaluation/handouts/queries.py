"""Statements that were handed on, as the member and the unit see them."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.evaluation import EvaluationOccasion

# $2, $3: of one case; $4: of these units (null: any).
HANDOUTS: Final = """
SELECT export_id, member_id, period_id, statement_version, occasion, recipient, expires_on, destroyed_on,
       destroyed_on IS NULL AND expires_on < $5 AS is_overdue
FROM exports WHERE district = $1 AND ($2::uuid IS NULL OR (period_id = $2 AND member_id = ANY($3)))
  AND ($4::uuid[] IS NULL OR unit_id = ANY($4)) AND (NOT $6 OR (destroyed_on IS NULL AND expires_on < $5))
  AND ($7::uuid IS NULL OR export_id > $7) ORDER BY export_id LIMIT $8
"""


class HandoutView(BaseModel):
    """To whom a statement went, for what, until when, and when it was confirmed to be destroyed. `is_overdue`: that is missing."""

    export_id: UUID
    member_id: UUID
    period_id: UUID
    statement_version: int
    occasion: EvaluationOccasion
    recipient: str
    expires_on: date
    destroyed_on: date | None
    is_overdue: bool


Wanted = tuple[UUID | None, Sequence[UUID] | None, Sequence[UUID] | None, date, bool, UUID | None, int]


async def handouts(tx: asyncpg.Connection, district: str, wanted: Wanted) -> list[HandoutView]:
    """Period and entries of a member, units, today, only overdue, after, limit; by id, one more than `limit` when there are more."""
    *filters, limit = wanted
    return [HandoutView(**row) for row in await tx.fetch(HANDOUTS, district, *filters, limit + 1)]
