"""Checklists besides the six ones: what they ask for, and who has done what."""

from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.checklists import ChecklistAudience, ChecklistEntry

CHECKLISTS: Final = """
SELECT * FROM programme_checklists
WHERE district = $1 AND ($2::uuid IS NULL OR community_id IS NULL OR community_id = $2) AND ($3::uuid IS NULL OR checklist_id > $3)
ORDER BY checklist_id LIMIT $4
"""
DONE: Final = """
SELECT code, evidence FROM checklist_progress
WHERE district = $1 AND checklist_id = $2 AND subject_id = $3 AND year = $4 ORDER BY code
"""

SIX_ONES_YEARS: Final = "SELECT DISTINCT year FROM checklist_items WHERE district = $1 AND member_id = $2 ORDER BY year"
TICKED_YEARS: Final = """
SELECT DISTINCT checklist_id, year FROM checklist_progress WHERE district = $1 AND subject_id = $2 ORDER BY checklist_id, year
"""


class ChecklistView(BaseModel):
    """A checklist: `declared_items` were announced; active once that many are stated."""

    checklist_id: UUID | None
    community_id: UUID | None
    name: str
    declared_items: int
    audience: ChecklistAudience
    items: list[ChecklistEntry]
    is_active: bool


class DoneEntry(BaseModel):
    """An item that is done, with what shows it."""

    code: str
    evidence: str


class ProgressView(BaseModel):
    """What a member, unit or community has done of a checklist in a year."""

    checklist_id: UUID
    subject_id: UUID
    year: int
    done: list[DoneEntry]
    missing: list[str]


async def checklists(
    tx: asyncpg.Connection, district: str, community_id: UUID | None, after: UUID | None, limit: int
) -> list[ChecklistView]:
    """Checklists of the district and of one community (None: of all), one more than `limit` when there are more."""
    return [ChecklistView.model_validate(dict(row)) for row in await tx.fetch(CHECKLISTS, district, community_id, after, limit + 1)]


async def done(tx: asyncpg.Connection, district: str, checklist_id: UUID, subject_id: UUID, year: int) -> list[DoneEntry]:
    """Items ticked off."""
    return [DoneEntry.model_validate(dict(row)) for row in await tx.fetch(DONE, district, checklist_id, subject_id, year)]


async def six_ones_years(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[int]:
    """Years in which the member completed something of the six ones."""
    return [row["year"] for row in await tx.fetch(SIX_ONES_YEARS, district, member_id)]


async def ticked_years(tx: asyncpg.Connection, district: str, subject_id: UUID) -> list[tuple[UUID, int]]:
    """Checklists and years in which something is ticked off for this subject."""
    return [(row["checklist_id"], row["year"]) for row in await tx.fetch(TICKED_YEARS, district, subject_id)]
