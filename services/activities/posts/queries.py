"""The post board: supply, demand and fulfilment; who holds and who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.posts.applications import HeldPost
from shared.contracts.activities.codes import DutySlot
from shared.contracts.service_preference import PostCategory

# One definition per figure: these two parts serve every list and report of posts.
CLAIM_COUNTS: Final = """
    SELECT count(*) FILTER (WHERE status = 'CLAIMED') AS claimed, count(*) FILTER (WHERE status = 'TAKEN_UP') AS taken_up,
           count(*) FILTER (WHERE status = 'WAITING') AS waiting, count(*) FILTER (WHERE status = 'REJECTED') AS rejected,
           count(*) FILTER (WHERE status = 'RELEASED') AS released, count(*) FILTER (WHERE status = 'FULFILLED') AS fulfilled,
           count(*) AS claims,
           coalesce(sum(agreed_units) FILTER (WHERE status IN ('TAKEN_UP', 'RELEASED', 'FULFILLED')), 0) AS agreed
    FROM post_claims WHERE district = p.district AND post_id = p.post_id
"""
DONE: Final = """
    SELECT coalesce(sum(duty_units), 0) AS done FROM records WHERE district = p.district AND post_id = p.post_id AND status = 'CONFIRMED'
"""
POSTS: Final = f"""
SELECT p.*, c.*, greatest(p.capacity - c.claimed - c.taken_up, 0) AS free, d.done AS done_units
FROM posts p CROSS JOIN LATERAL ({CLAIM_COUNTS}) AS c CROSS JOIN LATERAL ({DONE}) AS d
WHERE p.district = $1 AND ($2::uuid IS NULL OR p.community_id = $2) AND ($3::text IS NULL OR p.category = $3)
  AND ($4::text IS NULL OR p.status = $4) AND ($5::uuid IS NULL OR p.post_id = $5) AND ($6::uuid IS NULL OR p.post_id > $6)
  AND ($7::boolean IS NULL OR p.is_vanguard = $7)
ORDER BY p.post_id LIMIT $8
"""  # noqa: S608 - made of the constants above
REPORT: Final = f"""
SELECT p.category, count(*) AS posts, sum(p.capacity) AS places, sum(c.claims) AS claims, sum(c.waiting) AS waitlisted,
       sum(c.rejected) AS refused, sum(c.claimed + c.taken_up) AS held, sum(c.taken_up) AS taken_up, sum(c.released) AS released,
       sum(c.fulfilled) AS fulfilled, sum(c.agreed) AS agreed_units, sum(d.done) AS done_units,
       count(p.need_id) AS from_needs
FROM posts p CROSS JOIN LATERAL ({CLAIM_COUNTS}) AS c CROSS JOIN LATERAL ({DONE}) AS d
WHERE p.district = $1 AND p.status <> 'PROPOSED' AND ($2::uuid IS NULL OR p.community_id = $2)
GROUP BY p.category ORDER BY p.category
"""  # noqa: S608 - made of the constants above
NEED_COUNTS: Final = """
SELECT category, count(*) AS needs FROM needs
WHERE district = $1 AND status <> 'RETURNED' AND ($2::uuid IS NULL OR community_id = $2) GROUP BY category
"""
CLAIMS: Final = """
SELECT c.*, CASE WHEN c.status = 'WAITING' THEN row_number() OVER (PARTITION BY c.status ORDER BY c.arrived) END AS position,
       (SELECT coalesce(sum(duty_units), 0) FROM records r
        WHERE r.district = c.district AND r.post_id = c.post_id AND r.member_id = c.member_id AND r.status = 'CONFIRMED') AS done_units
FROM post_claims c WHERE c.district = $1 AND c.post_id = $2 ORDER BY c.arrived
"""
MINE: Final = """
SELECT c.claim_id, c.post_id, c.community_id, p.title, p.category, p.status AS post_status, c.status, c.agreed_units,
       c.taken_up_on, c.ended_on, c.reason, c.arrived, p.term_start, p.term_end,
       (SELECT coalesce(sum(duty_units), 0) FROM records r
        WHERE r.district = c.district AND r.post_id = c.post_id AND r.member_id = c.member_id AND r.status = 'CONFIRMED') AS done_units
FROM post_claims c JOIN posts p USING (district, post_id)
WHERE c.district = $1 AND c.member_id = $2 AND ($3::bigint IS NULL OR c.arrived > $3) ORDER BY c.arrived LIMIT $4
"""
HELD: Final = """
SELECT c.member_id, p.post_id, p.term_start, p.term_end, p.slots FROM post_claims c JOIN posts p USING (district, post_id)
WHERE c.district = $1 AND c.member_id = ANY($2) AND c.status IN ('WAITING', 'CLAIMED', 'TAKEN_UP') ORDER BY c.arrived
"""
LIVING: Final = """
SELECT claim_id, post_id FROM post_claims
WHERE district = $1 AND member_id = $2 AND status IN ('WAITING', 'CLAIMED', 'TAKEN_UP') ORDER BY arrived
"""
DONE_UNITS: Final = """
SELECT member_id, sum(duty_units) AS done FROM records WHERE district = $1 AND post_id = $2 AND status = 'CONFIRMED' GROUP BY member_id
"""


class PostSummary(BaseModel):
    """A post with its supply (capacity), demand (claims) and fulfilment (units done)."""

    post_id: UUID
    community_id: UUID
    title: str
    category: PostCategory
    duties: str
    place: str
    status: str
    capacity: int
    waiting_list_limit: int
    claimed: int
    taken_up: int
    waiting: int
    rejected: int
    free: int
    agreed_units: int
    done_units: int
    term_start: date
    term_end: date
    slots: tuple[DutySlot, ...]
    skills: tuple[str, ...]
    hazards: tuple[str, ...]
    qualification: str | None
    insurance: str | None
    need_id: UUID | None
    area_id: UUID | None
    is_with_minors: bool
    safeguarding: str | None
    is_time_banked: bool
    is_vanguard: bool


class ClaimView(BaseModel):
    """A claim on a post; `position` on the waiting list counts from 1."""

    claim_id: UUID
    member_id: UUID
    status: str
    position: int | None
    agreed_units: int
    done_units: int
    taken_up_on: date | None
    ended_on: date | None
    reason: str | None


class PostDetail(PostSummary):
    """A post with those claims that the caller may see."""

    claims: list[ClaimView]


class MyPost(BaseModel):
    """A member's claim with its post."""

    claim_id: UUID
    post_id: UUID
    community_id: UUID
    title: str
    category: PostCategory
    post_status: str
    status: str
    agreed_units: int
    done_units: int
    taken_up_on: date | None
    ended_on: date | None
    reason: str | None
    term_start: date
    term_end: date
    arrived: int


class PostReportLine(BaseModel):
    """Supply, demand and fulfilment of one category."""

    category: PostCategory
    posts: int
    places: int
    claims: int
    held: int
    waitlisted: int
    refused: int
    taken_up: int
    released: int
    fulfilled: int
    agreed_units: int
    done_units: int
    needs: int
    from_needs: int


class LivingClaim(BaseModel):
    """A claim that holds or waits for a place."""

    claim_id: UUID
    post_id: UUID


@dataclass(frozen=True, slots=True)
class PostFilter:
    """What a list of posts is narrowed to."""

    community_id: UUID | None = None
    category: str | None = None
    status: str | None = None
    post_id: UUID | None = None
    after: UUID | None = None
    is_vanguard: bool | None = None
    limit: int = 1


async def post_list(tx: asyncpg.Connection, district: str, wanted: PostFilter) -> list[PostSummary]:
    """Posts in order of their ids, one more than `limit` when there are more."""
    filters = (wanted.community_id, wanted.category, wanted.status, wanted.post_id, wanted.after, wanted.is_vanguard)
    return [PostSummary.model_validate(dict(row)) for row in await tx.fetch(POSTS, district, *filters, wanted.limit + 1)]


async def post_summary(tx: asyncpg.Connection, district: str, post_id: UUID) -> PostSummary | None:
    """Find one post."""
    found = await post_list(tx, district, PostFilter(post_id=post_id))
    return found[0] if found else None


async def post_claims(tx: asyncpg.Connection, district: str, post_id: UUID) -> list[ClaimView]:
    """All claims on a post in order of arrival."""
    return [ClaimView.model_validate(dict(row)) for row in await tx.fetch(CLAIMS, district, post_id)]


async def member_posts(tx: asyncpg.Connection, district: str, member_id: UUID, after: int | None, limit: int) -> list[MyPost]:
    """A member's claims in order of arrival."""
    return [MyPost.model_validate(dict(row)) for row in await tx.fetch(MINE, district, member_id, after, limit + 1)]


async def held_posts(tx: asyncpg.Connection, district: str, member_ids: Sequence[UUID]) -> dict[UUID, tuple[HeldPost, ...]]:
    """Posts that these members hold or wait for."""
    held: dict[UUID, list[HeldPost]] = {each: [] for each in member_ids}
    for row in await tx.fetch(HELD, district, member_ids):
        held[row["member_id"]].append(HeldPost(**{name: value for name, value in row.items() if name != "member_id"}))
    return {member_id: tuple(posts) for member_id, posts in held.items()}


async def living_claims(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[LivingClaim]:
    """Claims of a member that hold or wait for a place."""
    return [LivingClaim.model_validate(dict(row)) for row in await tx.fetch(LIVING, district, member_id)]


async def done_units(tx: asyncpg.Connection, district: str, post_id: UUID) -> dict[UUID, int]:
    """Confirmed duty units on a post by member."""
    return {row["member_id"]: row["done"] for row in await tx.fetch(DONE_UNITS, district, post_id)}


async def post_report(tx: asyncpg.Connection, district: str, community_id: UUID | None) -> list[PostReportLine]:
    """Return supply, demand and fulfilment by category, in order of the category's code."""
    needs = {row["category"]: row["needs"] for row in await tx.fetch(NEED_COUNTS, district, community_id)}
    rows = {row["category"]: dict(row) for row in await tx.fetch(REPORT, district, community_id)}
    numbers = [name for name in PostReportLine.model_fields if name != "category"]
    return [
        PostReportLine.model_validate(
            {**dict.fromkeys(numbers, 0), **rows.get(category, {}), "category": category, "needs": needs.get(category, 0)}
        )
        for category in sorted({*rows, *needs})
    ]
