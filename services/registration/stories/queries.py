"""Stories: published ones for everybody, an organisation's and a member's own in every state.

Invariant: sealed here, opened in the api; newest first and nothing else to sort by.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.registration.stories.story import StoryStatus

PUBLISHED: Final = """
select story_id, member_id, unit_id, community_id, title_sealed, text_sealed, published_at from stories
where district = $1 and published_at is not null and ($2::timestamptz is null or (published_at, story_id) < ($2, $3::uuid))
order by published_at desc, story_id desc limit $4
"""
STORIES: Final = """
select story_id, member_id, unit_id, community_id, text_version, title_sealed, text_sealed, status, drafted_at, published_at from stories
where district = $1 and ($2::uuid is null or $2 in (unit_id, community_id)) and ($3::uuid is null or member_id = $3)
    and ($4::timestamptz is null or (drafted_at, story_id) < ($4, $5::uuid))
order by drafted_at desc, story_id desc limit $6
"""
MOST_OF_MEMBER: Final = 500


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
