"""How far a publication is, and how many statements suggest which grade: counts only (G9), the published ones without small cells (G12)."""

from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.evaluation.codes import ReferenceGrade
from shared.privacy.small_cells import suppressed_margin, told

# An entry that was merged into another counts once, under the one that remains.
GRADES: Final = """
WITH unrated AS MATERIALIZED (
    SELECT coalesce(m.into_member_id, e.member_id) AS person
    FROM (SELECT district, member_id FROM appeals WHERE district = $1 AND period_id = $2 AND status = 'OPEN'
          UNION ALL SELECT district, member_id FROM cases WHERE district = $1 AND period_id = $2 AND is_proposal_refused) e
    LEFT JOIN merged m USING (district, member_id)
)
SELECT CASE WHEN s.member_id IN (SELECT person FROM unrated) THEN 'NOT_RATED' ELSE s.grade END AS grade,
       count(*) AS members, count(*) FILTER (WHERE s.version > 1) AS restated
FROM statements s WHERE s.district = $1 AND s.period_id = $2 AND s.is_latest
  AND NOT EXISTS (SELECT FROM merged m WHERE m.district = s.district AND m.member_id = s.member_id)
  AND ($3::uuid IS NULL OR s.unit_id = $3) AND ($4::uuid IS NULL OR s.community_id = $4) GROUP BY 1
"""
PROGRESS: Final = """
SELECT (SELECT orders FROM periods WHERE district = $1 AND period_id = $2) AS orders,
       count(*) FILTER (WHERE version = 1) AS published, count(*) FILTER (WHERE version > 1) AS restated
FROM statements s WHERE district = $1 AND period_id = $2
  AND NOT EXISTS (SELECT FROM merged m WHERE m.district = s.district AND m.member_id = s.member_id)
"""
OPEN_INTENTS: Final = """
SELECT count(*) FROM intents WHERE district = $1 AND kind = 'publish' AND state = 'open' AND payload ->> 'period_id' = $2
"""

# By both sides, under any entry of the person.
ASSESSED: Final = """
SELECT coalesce(m.into_member_id, c.member_id) AS member_id FROM cases c LEFT JOIN merged m USING (district, member_id)
WHERE c.district = $1 AND c.period_id = $2 GROUP BY 1 HAVING bool_or(is_unit_assessed) AND count(community_opinion) > 0
"""


class GradeCounts(BaseModel):
    """How many statements suggest which grade; null where a published count would point at persons."""

    period_id: UUID
    published: int | None
    restated: int | None
    by_grade: dict[ReferenceGrade, int | None]


class ProgressView(BaseModel):
    """How far a publication is."""

    period_id: UUID
    members: int
    published: int
    restated: int
    done: bool


async def grades(
    tx: asyncpg.Connection, district: str, period_id: UUID, of: tuple[UUID | None, UUID | None], *, is_public: bool
) -> GradeCounts:
    """Counts by grade, `of` a unit or a community: no names, no order. For publication, small cells are suppressed."""
    rows = await tx.fetch(GRADES, district, period_id, *of)
    by_grade: dict[ReferenceGrade, int] = dict.fromkeys(ReferenceGrade, 0) | {ReferenceGrade(row["grade"]): row["members"] for row in rows}
    published, restated = sum(by_grade.values()), sum(row["restated"] for row in rows)
    if not is_public:
        return GradeCounts(period_id=period_id, published=published, restated=restated, by_grade={**by_grade})
    return GradeCounts(period_id=period_id, published=told(published), restated=told(restated), by_grade=suppressed_margin(by_grade))


async def progress(tx: asyncpg.Connection, district: str, period_id: UUID, members: int) -> ProgressView | None:
    """How many statements are out; done when an order was given and nothing of it is left to do."""
    row = await tx.fetchrow(PROGRESS, district, period_id)
    if row is None or row["orders"] is None:
        return None
    open_intents = await tx.fetchval(OPEN_INTENTS, district, str(period_id))
    return ProgressView(
        period_id=period_id,
        members=members,
        published=row["published"],
        restated=row["restated"],
        done=row["orders"] > 0 and open_intents == 0,
    )


async def assessed_by_both(tx: asyncpg.Connection, district: str, period_id: UUID) -> frozenset[UUID]:
    """Members whom unit and community have assessed."""
    return frozenset([row["member_id"] for row in await tx.fetch(ASSESSED, district, period_id)])
