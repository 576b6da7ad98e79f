"""Modules of the district, help pairings, responsibility areas, household groups, and how far a community is covered."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.suggestions.queries import Filter
from shared.contracts.activities import AreaSize, DistrictModule, ModuleRule, PairingProgress, RecipientType

MODULES: Final = "SELECT * FROM modules ORDER BY module"
# $1 communities that see everything of theirs (null: none is asked for), $2 a member, who sees their own and what their community offers.
PAIRINGS: Final = """
SELECT p.*, ARRAY(SELECT h.member_id FROM pairing_helpers h
                  WHERE h.district = p.district AND h.pairing_id = p.pairing_id ORDER BY h.member_id) AS helpers
FROM pairings p
WHERE (p.community_id = ANY($1)
       OR EXISTS (SELECT FROM pairing_helpers h WHERE h.district = p.district AND h.pairing_id = p.pairing_id AND h.member_id = $2)
       OR p.status = 'OFFERED' AND EXISTS (SELECT FROM registrants r WHERE r.district = p.district AND r.member_id = $2
                                           AND r.community_id = p.community_id AND r.status = 'ACTIVE'))
  AND ($3::uuid IS NULL OR p.community_id = $3) AND ($4::text IS NULL OR p.status = $4) AND ($5::uuid IS NULL OR p.pairing_id > $5)
  AND ($6::date IS NULL OR p.status IN ('RUNNING', 'PAUSED') AND p.review_by <= $6)
ORDER BY p.pairing_id LIMIT $7
"""
PAIRINGS_OF: Final = "SELECT pairing_id FROM pairing_helpers WHERE member_id = $1 ORDER BY pairing_id"
HELD: Final = """
    SELECT count(*) AS holders FROM post_claims c JOIN posts p ON p.district = c.district AND p.post_id = c.post_id
    WHERE p.district = a.district AND p.area_id = a.area_id AND c.status = 'TAKEN_UP'
"""
AREAS: Final = f"""
SELECT a.area_id, a.community_id, a.size, a.name, a.parent_id, a.homes, h.holders
FROM areas a CROSS JOIN LATERAL ({HELD}) AS h
WHERE NOT a.is_closed AND ($1::uuid IS NULL OR a.community_id = $1) AND ($2::uuid IS NULL OR a.area_id > $2) ORDER BY a.area_id LIMIT $3
"""  # noqa: S608 - made of the constants above
GROUPS: Final = """
SELECT group_id, community_id, name, homes, area_id, leader_id, is_led FROM household_groups
WHERE NOT is_dissolved AND community_id = $1 AND ($2::uuid IS NULL OR group_id > $2) ORDER BY group_id LIMIT $3
"""
AREA_COUNTS: Final = f"""
SELECT a.size, count(*) AS areas, count(*) FILTER (WHERE h.holders > 0) AS taken_on, sum(h.holders) AS holders
FROM areas a CROSS JOIN LATERAL ({HELD}) AS h
WHERE NOT a.is_closed AND ($1::uuid IS NULL OR a.community_id = $1) GROUP BY a.size
"""  # noqa: S608 - made of the constants above
# The largest areas make up the community; one of them uncounted, and the whole is unknown.
ALL_HOMES: Final = """
SELECT CASE WHEN count(*) > 0 AND count(*) = count(homes) THEN sum(homes) END FROM areas
WHERE NOT is_closed AND parent_id IS NULL AND ($1::uuid IS NULL OR community_id = $1)
"""
GROUP_COUNTS: Final = """
SELECT count(*) AS groups, coalesce(sum(homes), 0) AS homes, count(*) FILTER (WHERE is_led) AS led, count(leader_id) AS led_by_members
FROM household_groups WHERE NOT is_dissolved AND ($1::uuid IS NULL OR community_id = $1)
"""


class ModuleView(BaseModel):
    """A module and the rules it was switched on with."""

    module: DistrictModule
    is_on: bool
    rules: list[ModuleRule]
    minutes_expire_after_months: int | None = None


class PairingView(BaseModel):
    """A pairing as its helpers and its community see it."""

    pairing_id: UUID
    community_id: UUID
    recipient_type: RecipientType
    goal: str
    file_no: str | None
    need_id: UUID | None
    helpers_wanted: int
    helpers: list[UUID]
    is_with_minors: bool
    has_consent: bool
    term_start: date
    term_end: date
    review_by: date
    progress: PairingProgress | None
    visits: int
    last_visit_on: date | None
    status: str
    reason: str | None


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
    """How far word would reach: areas by size, groups and their homes. `all_homes` and `covered` null: not all areas are counted."""

    areas: list[AreaCount]
    groups: int
    homes: int
    led: int
    led_by_members: int
    led_by_members_percent: int | None
    all_homes: int | None
    covered_percent: int | None


async def modules(tx: asyncpg.Connection) -> list[ModuleView]:
    """All modules, also those that were never switched on."""
    known = {row["module"]: ModuleView.model_validate(dict(row)) for row in await tx.fetch(MODULES)}
    return [known.get(each, ModuleView(module=each, is_on=False, rules=[])) for each in DistrictModule]


async def pairings(tx: asyncpg.Connection, wanted: Filter, due: date | None) -> list[PairingView]:
    """Pairings the caller may see, `due`: those to be reviewed by then."""
    communities, member, community, status, after, limit = wanted.arguments
    rows: list[Any] = await tx.fetch(PAIRINGS, communities or [], member, community, status, after, due, limit)
    return [PairingView.model_validate(dict(row)) for row in rows]


async def pairings_of(tx: asyncpg.Connection, member_id: UUID) -> list[UUID]:
    """Pairings in which a member takes part."""
    return [row["pairing_id"] for row in await tx.fetch(PAIRINGS_OF, member_id)]


async def areas(tx: asyncpg.Connection, community_id: UUID | None, after: UUID | None, limit: int) -> list[AreaView]:
    """Areas in use, one more than `limit` when there are more."""
    return [AreaView.model_validate(dict(row)) for row in await tx.fetch(AREAS, community_id, after, limit + 1)]


async def groups(tx: asyncpg.Connection, community_id: UUID, after: UUID | None, limit: int) -> list[GroupView]:
    """Household groups of a community, one more than `limit` when there are more."""
    return [GroupView.model_validate(dict(row)) for row in await tx.fetch(GROUPS, community_id, after, limit + 1)]


async def coverage(tx: asyncpg.Connection, community_id: UUID | None) -> Coverage:
    """Count areas, groups and homes."""
    counts = {row["size"]: AreaCount.model_validate(dict(row)) for row in await tx.fetch(AREA_COUNTS, community_id)}
    group = dict(await tx.fetchrow(GROUP_COUNTS, community_id) or {})
    homes: int | None = await tx.fetchval(ALL_HOMES, community_id)
    return Coverage(
        areas=[counts.get(size, AreaCount(size=size, areas=0, taken_on=0, holders=0)) for size in AreaSize],
        **group,
        led_by_members_percent=_percent(group["led_by_members"], group["groups"]),
        all_homes=homes,
        covered_percent=_percent(group["homes"], homes),
    )


def _percent(part: int, whole: int | None) -> int | None:
    return round(100 * part / whole) if whole else None
