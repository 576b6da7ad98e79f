"""What suggestions are made of: open posts with how many hold and wait, active registrants with what they declared. Skills posts lack."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.matching.matching import Candidate, Offer
from services.activities.posts.queries import CLAIM_COUNTS, held_posts
from shared.contracts.activities.posts import PostEstablished
from shared.contracts.service_preference import PostCategory, ServicePreference
from shared.privacy.small_cells import SMALLEST_SHOWN, told

# A member goes into another community for a skill or a field of service only (matching.FAR_AWAY), so other posts need not be looked at.
OFFERS: Final = f"""
SELECT p.*, c.claimed + c.taken_up AS holders, c.waiting FROM posts p CROSS JOIN LATERAL ({CLAIM_COUNTS}) AS c
WHERE p.district = $1 AND p.status = 'OPEN' AND p.term_end >= $2
  AND (p.community_id = $3 OR p.category = ANY($4) OR p.skills && $5 OR p.qualification = ANY($5))
"""  # noqa: S608 - made of the constants above
OFFER: Final = f"""
SELECT p.*, c.claimed + c.taken_up AS holders, c.waiting FROM posts p CROSS JOIN LATERAL ({CLAIM_COUNTS}) AS c
WHERE p.district = $1 AND p.status = 'OPEN' AND p.term_end >= $2 AND p.post_id = $3
"""  # noqa: S608 - made of the constants above
CANDIDATES: Final = """
SELECT member_id, coalesce(member_no, member_id::text) AS member_no, community_id, skills, interests, willingness
FROM registrants WHERE district = $1 AND status = 'ACTIVE' AND (community_id = $2 OR member_id = $3)
"""
# Listed below SMALLEST_SHOWN even where there are places enough: otherwise being listed would tell a hidden count.
LACKING: Final = """
WITH declared AS (
    SELECT community_id, skill, count(DISTINCT member_id) AS members FROM registrants CROSS JOIN LATERAL unnest(skills) AS skill
    WHERE district = $1 AND status = 'ACTIVE' AND ($2::uuid IS NULL OR community_id = $2) GROUP BY community_id, skill
)
SELECT p.post_id, p.community_id, p.title, p.category, w.skill, w.skill IS NOT DISTINCT FROM p.qualification AS is_qualification,
       p.capacity AS places, coalesce(d.members, 0) AS declared
FROM posts p
CROSS JOIN LATERAL (SELECT DISTINCT skill FROM unnest(array_append(p.skills, p.qualification)) AS skill WHERE skill IS NOT NULL) AS w
LEFT JOIN declared d ON d.community_id = p.community_id AND d.skill = w.skill
WHERE p.district = $1 AND p.status = 'OPEN' AND p.term_end >= $3 AND ($2::uuid IS NULL OR p.community_id = $2)
  AND coalesce(d.members, 0) < greatest(p.capacity, $4) AND ($5::uuid IS NULL OR (p.post_id, w.skill) > ($5, $6))
ORDER BY p.post_id, w.skill LIMIT $7
"""


class LackingSkill(BaseModel):
    """A skill that an open post asks for and fewer active registrants declare than it has places, or fewer than may be published.

    `declared` None: one or two, too few to be published; 0: nobody.
    """

    post_id: UUID
    community_id: UUID
    title: str
    category: PostCategory
    skill: str
    is_qualification: bool
    places: int
    declared: int | None


async def offers(tx: asyncpg.Connection, district: str, candidate: Candidate, today: date) -> list[Offer]:
    """Open posts that may be suggested to this member."""
    kinds, skills = list(candidate.willingness.kinds), list(candidate.skills)
    return [_offer(row) for row in await tx.fetch(OFFERS, district, today, candidate.community_id, kinds, skills)]


async def offer(tx: asyncpg.Connection, district: str, post_id: UUID, today: date) -> Offer | None:
    """The post if it is open."""
    row = await tx.fetchrow(OFFER, district, today, post_id)
    return None if row is None else _offer(row)


def _offer(row: asyncpg.Record) -> Offer:
    return Offer(PostEstablished.model_validate(dict(row)), row["holders"], row["waiting"])


async def candidate(tx: asyncpg.Connection, district: str, member_id: UUID) -> Candidate | None:
    """The member if they are an active registrant."""
    found = await _candidates(tx, district, await tx.fetch(CANDIDATES, district, None, member_id))
    return found[0] if found else None


async def candidates(tx: asyncpg.Connection, district: str, community_id: UUID) -> list[Candidate]:
    """Active registrants of a community."""
    return await _candidates(tx, district, await tx.fetch(CANDIDATES, district, community_id, None))


async def _candidates(tx: asyncpg.Connection, district: str, rows: Iterable[asyncpg.Record]) -> list[Candidate]:
    held = await held_posts(tx, district, [row["member_id"] for row in rows])
    return [
        Candidate(
            member_id=row["member_id"],
            member_no=row["member_no"],
            community_id=row["community_id"],
            skills=tuple(row["skills"]),
            interests=tuple(row["interests"]),
            willingness=ServicePreference.model_validate(row["willingness"]),
            held=held[row["member_id"]],
        )
        for row in rows
    ]


async def lacking_skills(
    tx: asyncpg.Connection, district: str, community_id: UUID | None, today: date, after: tuple[UUID, str] | None, limit: int
) -> list[LackingSkill]:
    """By post and skill, one more than `limit` when there are more."""
    since = after or (None, None)
    rows = await tx.fetch(LACKING, district, community_id, today, SMALLEST_SHOWN, *since, limit + 1)
    return [LackingSkill.model_validate({**row, "declared": told(row["declared"])}) for row in rows]
