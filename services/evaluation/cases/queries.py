"""How far cases are, by member id and never by what somebody scored (G9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.evaluation.scoring.facts import Period

# After a merge both entries count as one person, under the one that remains.
CASES: Final = """
SELECT r.person AS member_id, r.unit_id, r.community_id, coalesce(c.is_unit_assessed, false) AS is_unit_assessed, c.community_opinion,
       c.confirmed_grade, coalesce(c.is_proposal_refused, false) AS is_proposal_refused, s.version IS NOT NULL AS is_published,
       EXISTS (SELECT FROM appeals a LEFT JOIN merged m USING (district, member_id)
               WHERE a.district = r.district AND a.period_id = $2 AND coalesce(m.into_member_id, a.member_id) = r.person
               AND a.status = 'OPEN') AS is_under_review
FROM (SELECT DISTINCT ON (person) coalesce(m.into_member_id, r.member_id) AS person, r.*
      FROM registrations r LEFT JOIN merged m USING (district, member_id)
      WHERE r.district = $1 AND confirmed_by IS NOT NULL AND reported_on <= $4 AND coalesce(closed_on, $3) >= $3
      ORDER BY person, coalesce(closed_on, 'infinity') DESC, reported_on DESC, registration_id DESC) r
LEFT JOIN (SELECT coalesce(m.into_member_id, c.member_id) AS person, bool_or(is_unit_assessed) AS is_unit_assessed,
                  bool_or(is_proposal_refused) AS is_proposal_refused,
                  (array_agg(community_opinion ORDER BY m.given_up_in DESC NULLS FIRST)
                   FILTER (WHERE community_opinion IS NOT NULL))[1] AS community_opinion,
                  (array_agg(confirmed_grade ORDER BY m.given_up_in DESC NULLS FIRST)
                   FILTER (WHERE confirmed_grade IS NOT NULL))[1] AS confirmed_grade
           FROM cases c LEFT JOIN merged m USING (district, member_id) WHERE c.district = $1 AND c.period_id = $2 GROUP BY 1) c
       USING (person)
LEFT JOIN statements s ON (s.district, s.period_id, s.member_id) = (r.district, $2, r.person) AND s.is_latest
WHERE ($5::uuid IS NULL OR r.unit_id = $5) AND ($6::uuid IS NULL OR r.community_id = $6) AND ($7::uuid IS NULL OR r.person > $7)
  AND ($8::text IS NULL OR ($8 = 'unit' AND c.is_unit_assessed IS NOT TRUE) OR ($8 = 'community' AND c.community_opinion IS NULL))
ORDER BY r.person LIMIT $9
"""
OPEN_APPEAL: Final = """
SELECT EXISTS (SELECT FROM appeals WHERE district = $1 AND period_id = $2 AND member_id = ANY($3) AND status = 'OPEN')
"""

PersonsCase = tuple[UUID, Sequence[UUID]]  # the period, and all entries of the member


class CaseView(BaseModel):
    """How far a case is, without any figure. `is_proposal_refused`: people decide alone and write down why."""

    member_id: UUID
    unit_id: UUID
    community_id: UUID
    is_unit_assessed: bool
    community_opinion: str | None
    is_published: bool
    is_under_review: bool
    is_proposal_refused: bool
    confirmed_grade: str | None


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases: of a unit, of a community, with an assessment missing."""

    unit_id: UUID | None
    community_id: UUID | None
    missing: str | None
    after: UUID | None
    limit: int


async def cases(tx: asyncpg.Connection, district: str, period: Period, query: CaseQuery) -> list[CaseView]:
    """Cases of a unit, a community or the district, by member id."""
    filters = (query.unit_id, query.community_id, query.after, query.missing, query.limit + 1)
    rows = await tx.fetch(CASES, district, period.period_id, period.starts_on, period.ends_on, *filters)
    return [CaseView(**row) for row in rows]


async def has_open_appeal(tx: asyncpg.Connection, district: str, case: PersonsCase) -> bool:
    """Whether an appeal of the case waits for its decision: nobody acts on the statement then."""
    return await tx.fetchval(OPEN_APPEAL, district, *case)
