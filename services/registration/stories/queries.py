"""Stories: published ones for everybody, an organisation's and a member's own in every state.

Invariant: sealed here, opened in the api; newest first and nothing else to sort by.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

PUBLISHED: Final = """
SELECT story_id, member_id, unit_id, community_id, title_sealed, text_sealed, published_at FROM stories
WHERE district = $1 AND published_at IS NOT NULL AND ($2::timestamptz IS NULL OR (published_at, story_id) < ($2, $3::uuid))
ORDER BY published_at DESC, story_id DESC LIMIT $4
"""
STORIES: Final = """
SELECT story_id, member_id, unit_id, community_id, text_version, title_sealed, text_sealed, status, drafted_at, published_at FROM stories
WHERE district = $1 AND ($2::uuid IS NULL OR $2 IN (unit_id, community_id)) AND ($3::uuid IS NULL OR member_id = $3)
    AND ($4::timestamptz IS NULL OR (drafted_at, story_id) < ($4, $5::uuid))
ORDER BY drafted_at DESC, story_id DESC LIMIT $6
"""
MOST_OF_MEMBER: Final = 500


class StoryStatus(StrEnum):
    """The state of a story."""

    DRAFTED = "DRAFTED"
    AGREED = "AGREED"
    REFUSED = "REFUSED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"
    GIVEN_UP = "GIVEN_UP"


class PublishedStory(BaseModel):
    """A story as everybody in the district reads it. It says what the text says; no id leads to the member."""

    story_id: UUID
    unit_id: UUID | None
    community_id: UUID | None
    title: str
    text: str
    published_at: datetime


class StoryView(BaseModel):
    """A story as the member and the side that drafted it see it. Given up, it has no text any more."""

    story_id: UUID
    member_id: UUID
    unit_id: UUID | None
    community_id: UUID | None
    text_version: int
    title: str | None
    text: str | None
    status: StoryStatus
    drafted_at: datetime
    published_at: datetime | None


async def published(tx: asyncpg.Connection, district: str, since: tuple[Any, Any], limit: int) -> list[asyncpg.Record]:
    """Published stories, sealed; `since` is the moment and the id of the last one of the page before."""
    return await tx.fetch(PUBLISHED, district, *since, limit)


async def of_organisation(
    tx: asyncpg.Connection, district: str, organisation_id: UUID, since: tuple[Any, Any], limit: int
) -> list[asyncpg.Record]:
    """Stories that a unit or community drafted, sealed; `since` as above."""
    return await tx.fetch(STORIES, district, organisation_id, None, *since, limit)


async def of_member(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[asyncpg.Record]:
    """Stories about a member, sealed."""
    return await tx.fetch(STORIES, district, None, member_id, None, None, MOST_OF_MEMBER)
