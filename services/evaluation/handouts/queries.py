"""Statements that were handed on, as the member and the unit see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.evaluation.cases.queries import PersonsCase
from shared.contracts.evaluation.codes import EvaluationOccasion

# $2, $3: of one case; $4: of these units (null: any).
HANDOUTS: Final = """
SELECT export_id, member_id, period_id, statement_version, occasion, recipient, expires_on, destroyed_on,
       destroyed_on IS NULL AND expires_on < $5 AS is_overdue
FROM exports WHERE district = $1 AND ($2::uuid IS NULL OR (period_id = $2 AND member_id = ANY($3)))
  AND ($4::uuid[] IS NULL OR unit_id = ANY($4)) AND (NOT $6 OR (destroyed_on IS NULL AND expires_on < $5))
  AND ($7::uuid IS NULL OR export_id > $7) ORDER BY export_id LIMIT $8
"""
OPENED_UNDER: Final = "SELECT member_id FROM exports WHERE district = $1 AND export_id = $2 AND member_id = ANY($3)"


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


@dataclass(frozen=True, slots=True)
class HandoutQuery:
    """Which handouts: of a case, of units (None: any), only those that should have been destroyed by `today`."""

    case: PersonsCase | None
    units: Sequence[UUID] | None
    today: date
    only_overdue: bool
    after: UUID | None
    limit: int


async def handouts(tx: asyncpg.Connection, district: str, query: HandoutQuery) -> list[HandoutView]:
    """By id, one more than `limit` when there are more."""
    period_id, entries = query.case or (None, None)
    filters = (period_id, entries, query.units, query.today, query.only_overdue, query.after, query.limit + 1)
    return [HandoutView(**row) for row in await tx.fetch(HANDOUTS, district, *filters)]


async def opened_under(tx: asyncpg.Connection, district: str, export_id: UUID, entries: Sequence[UUID]) -> UUID:
    """The entry in whose case it was handed on: it is confirmed there. Not known (yet): the entry that remains."""
    return await tx.fetchval(OPENED_UNDER, district, export_id, entries) or entries[0]
