"""Suggestions and practical matters, each with its last answer."""

from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.listing import Listing

# Members see their own, communities theirs, oversight all: $2 communities (null: all), $3 member.
SUGGESTIONS: Final = """
SELECT * FROM suggestions WHERE district = $1 AND ($2::uuid[] IS NULL OR community_id = ANY($2) OR member_id = $3)
  AND ($4::uuid IS NULL OR community_id = $4) AND ($5::text IS NULL OR status = $5) AND ($6::uuid IS NULL OR suggestion_id > $6)
ORDER BY suggestion_id LIMIT $7
"""
MATTERS: Final = """
SELECT * FROM matters WHERE district = $1 AND ($2::uuid[] IS NULL OR community_id = ANY($2) OR member_id = $3)
  AND ($4::uuid IS NULL OR community_id = $4) AND ($5::text IS NULL OR status = $5) AND ($6::uuid IS NULL OR matter_id > $6)
ORDER BY matter_id LIMIT $7
"""


class SuggestionView(BaseModel):
    """A suggestion and its answer."""

    suggestion_id: UUID
    member_id: UUID
    community_id: UUID
    title: str
    content: str
    status: str
    answer: str | None


class MatterView(BaseModel):
    """A practical matter and what became of it."""

    matter_id: UUID
    member_id: UUID
    community_id: UUID
    title: str
    content: str
    status: str
    answer: str | None


async def suggestions(tx: asyncpg.Connection, district: str, wanted: Listing) -> list[SuggestionView]:
    """Suggestions in order of their ids."""
    return [SuggestionView.model_validate(dict(row)) for row in await tx.fetch(SUGGESTIONS, district, *wanted.arguments)]


async def matters(tx: asyncpg.Connection, district: str, wanted: Listing) -> list[MatterView]:
    """Practical matters in order of their ids."""
    return [MatterView.model_validate(dict(row)) for row in await tx.fetch(MATTERS, district, *wanted.arguments)]
