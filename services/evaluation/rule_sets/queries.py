"""Rule sets as everybody can read them (G20)."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

RULE_SETS: Final = """
SELECT rule_set_id, programme, version, title, legal_basis, status, effective_from, effective_to, notice_days, definition FROM rule_sets
WHERE district = $1 AND ($2::uuid IS NULL OR rule_set_id = $2) AND ($3::uuid IS NULL OR rule_set_id > $3) ORDER BY rule_set_id LIMIT $4
"""


class RuleSetHead(BaseModel):
    """A rule set without its definition."""

    rule_set_id: UUID
    programme: str
    version: int
    title: str
    legal_basis: str
    status: str
    effective_from: date | None
    effective_to: date | None
    notice_days: int | None


class RuleSetView(RuleSetHead):
    """A rule set: the public page on which everybody can read how points come about (G20)."""

    definition: dict[str, Any]


async def rule_sets(tx: asyncpg.Connection, district: str, rule_set_id: UUID | None, after: UUID | None, limit: int) -> list[RuleSetView]:
    """Rule sets, or the one asked for."""
    return [RuleSetView(**row) for row in await tx.fetch(RULE_SETS, district, rule_set_id, after, limit + 1)]
