"""Deductions with their hearings."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.evaluation.cases.queries import PersonsCase

DEDUCTIONS: Final = """
SELECT deduction_id, kind, status, reason, answer, answer_until FROM deductions
WHERE district = $1 AND period_id = $2 AND member_id = ANY($3) ORDER BY deduction_id
"""
OPENED_UNDER: Final = "SELECT member_id FROM deductions WHERE district = $1 AND deduction_id = $2 AND member_id = ANY($3)"

PROPOSED_IN: Final = "SELECT community_id FROM deductions WHERE district = $1 AND deduction_id = $2"


class DeductionView(BaseModel):
    """A deduction and its hearing."""

    deduction_id: UUID
    kind: str
    status: str
    reason: str
    answer: str | None
    answer_until: date


async def deductions(tx: asyncpg.Connection, district: str, case: PersonsCase) -> list[DeductionView]:
    """Deductions of a case with their hearings."""
    return [DeductionView(**row) for row in await tx.fetch(DEDUCTIONS, district, *case)]


async def opened_under(tx: asyncpg.Connection, district: str, deduction_id: UUID, entries: Sequence[UUID]) -> UUID:
    """The entry in whose case the deduction was proposed: it is decided there. Not known (yet): the entry that remains."""
    return await tx.fetchval(OPENED_UNDER, district, deduction_id, entries) or entries[0]


async def proposed_in(tx: asyncpg.Connection, district: str, deduction_id: UUID) -> UUID | None:
    """The community whose deduction it is; none when it is not known (yet)."""
    return await tx.fetchval(PROPOSED_IN, district, deduction_id)
