"""Responsibility areas, household groups, and how far a community is covered by them."""

from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.neighbourhoods import AreaSize

HELD: Final = """
    SELECT count(*) AS holders FROM post_claims c JOIN posts p ON p.district = c.district AND p.post_id = c.post_id
    WHERE p.district = a.district AND p.area_id = a.area_id AND c.status = 'TAKEN_UP'
"""
AREAS: Final = f"""
SELECT a.area_id, a.community_id, a.size, a.name, a.parent_id, a.homes, h.holders
FROM areas a CROSS JOIN LATERAL ({HELD}) AS h
WHERE a.district = $1 AND NOT a.is_closed AND ($2::uuid IS NULL OR a.community_id = $2) AND ($3::uuid IS NULL OR a.area_id > $3)
ORDER BY a.area_id LIMIT $4
"""  # noqa: S608 - made of the constants above
GROUPS: Final = """
SELECT group_id, community_id, name, homes, area_id, leader_id, is_led FROM household_groups
WHERE district = $1 AND NOT is_dissolved AND community_id = $2 AND ($3::uuid IS NULL OR group_id > $3) ORDER BY group_id LIMIT $4
"""
AREA_COUNTS: Final = f"""
SELECT a.size, count(*) AS areas, count(*) FILTER (WHERE h.holders > 0) AS taken_on, sum(h.holders) AS holders
FROM areas a CROSS JOIN LATERAL ({HELD}) AS h
WHERE a.district = $1 AND NOT a.is_closed AND ($2::uuid IS NULL OR a.community_id = $2) GROUP BY a.size
"""  # noqa: S608 - made of the constants above
# The largest areas make up the community; one of them uncounted, and the whole is unknown.
ALL_HOMES: Final = """
SELECT CASE WHEN count(*) > 0 AND count(*) = count(homes) THEN sum(homes) END FROM areas
WHERE district = $1 AND NOT is_closed AND parent_id IS NULL AND ($2::uuid IS NULL OR community_id = $2)
"""
GROUP_COUNTS: Final = """
SELECT count(*) AS groups, coalesce(sum(homes), 0) AS homes, count(*) FILTER (WHERE is_led) AS led, count(leader_id) AS led_by_members
FROM household_groups WHERE district = $1 AND NOT is_dissolved AND ($2::uuid IS NULL OR community_id = $2)
"""


class AreaView(BaseModel):
    """A responsibility area and how many hold a post for it; `homes` null: not counted."""

    area_id: UUID
    community_id: UUID
    size: AreaSize
    name: str
    parent_id: UUID | None
    homes: int | None
    holders: int


class GroupView(BaseModel):
    """A household group; led by a resident when `is_led` without `leader_id`."""

    group_id: UUID
    community_id: UUID
    name: str
    homes: int
    area_id: UUID | None
    leader_id: UUID | None
    is_led: bool


class AreaCount(BaseModel):
    """Areas of one size, and how many somebody took on."""

    size: AreaSize
    areas: int
    taken_on: int
    holders: int


class Coverage(BaseModel):
    """Areas by size, groups, and the homes that they reach. `all_homes` and `covered_percent` null: not all areas are counted."""

    areas: list[AreaCount]
    groups: int
    homes: int
    led: int
    led_by_members: int
    led_by_members_percent: int | None
    all_homes: int | None
    covered_percent: int | None


async def areas(tx: asyncpg.Connection, district: str, community_id: UUID | None, after: UUID | None, limit: int) -> list[AreaView]:
    """Areas in use, one more than `limit` when there are more."""
    return [AreaView.model_validate(dict(row)) for row in await tx.fetch(AREAS, district, community_id, after, limit + 1)]


async def groups(tx: asyncpg.Connection, district: str, community_id: UUID, after: UUID | None, limit: int) -> list[GroupView]:
    """Household groups of a community, one more than `limit` when there are more."""
    return [GroupView.model_validate(dict(row)) for row in await tx.fetch(GROUPS, district, community_id, after, limit + 1)]


async def coverage(tx: asyncpg.Connection, district: str, community_id: UUID | None) -> Coverage:
    """Count areas, groups and homes."""
    counts = {row["size"]: AreaCount.model_validate(dict(row)) for row in await tx.fetch(AREA_COUNTS, district, community_id)}
    group = dict(await tx.fetchrow(GROUP_COUNTS, district, community_id) or {})
    homes: int | None = await tx.fetchval(ALL_HOMES, district, community_id)
    return Coverage(
        areas=[counts.get(size, AreaCount(size=size, areas=0, taken_on=0, holders=0)) for size in AreaSize],
        **group,
        led_by_members_percent=_percent(group["led_by_members"], group["groups"]),
        all_homes=homes,
        covered_percent=_percent(group["homes"], homes),
    )


def _percent(part: int, whole: int | None) -> int | None:
    return round(100 * part / whole) if whole else None
