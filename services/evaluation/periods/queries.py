"""Periods as everybody may read them."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.evaluation.codes import EvaluationOccasion

PERIODS: Final = """
SELECT period_id, title, starts_on, ends_on, programme_deadline, occasions, is_closed FROM periods
WHERE district = $1 AND ($2::uuid IS NULL OR period_id = $2) AND ($3::uuid IS NULL OR period_id > $3) ORDER BY period_id LIMIT $4
"""
OCCASIONS: Final = "SELECT occasions FROM periods WHERE district = $1 AND period_id = $2"


class PeriodView(BaseModel):
    """A period."""

    period_id: UUID
    title: str
    starts_on: date
    ends_on: date
    programme_deadline: date
    occasions: list[str]
    is_closed: bool


async def periods(tx: asyncpg.Connection, district: str, period_id: UUID | None, after: UUID | None, limit: int) -> list[PeriodView]:
    """Periods, or the one asked for."""
    return [PeriodView(**row) for row in await tx.fetch(PERIODS, district, period_id, after, limit + 1)]


async def enabled_occasions(tx: asyncpg.Connection, district: str, period_id: UUID) -> frozenset[EvaluationOccasion]:
    """For what the statements of a period may be used; nothing, where there is no such period."""
    return frozenset(EvaluationOccasion(each) for each in await tx.fetchval(OCCASIONS, district, period_id) or ())
