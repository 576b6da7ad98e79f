"""SELECTs and response models. Lists are ordered by id, name or time, never by what a person scored (G9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.evaluation.scoring.facts import Period
from shared.contracts.evaluation import ReferenceGrade
from shared.small_cells import suppressed_margin, told

# Whose entry was given up counts once, by the one that remains.
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
PERIODS: Final = """
SELECT period_id, title, starts_on, ends_on, programme_deadline, occasions, is_closed FROM periods
WHERE district = $1 AND ($2::uuid IS NULL OR period_id = $2) AND ($3::uuid IS NULL OR period_id > $3) ORDER BY period_id LIMIT $4
"""
RULE_SETS: Final = """
SELECT rule_set_id, programme, version, title, legal_basis, status, effective_from, effective_to, notice_days, definition FROM rule_sets
WHERE district = $1 AND ($2::uuid IS NULL OR rule_set_id = $2) AND ($3::uuid IS NULL OR rule_set_id > $3) ORDER BY rule_set_id LIMIT $4
"""
APPEALS: Final = """
SELECT appeal_id, member_id, period_id, statement_version, line_ids, grounds, status, is_escalated, reasons, lodged_on, decide_by
FROM appeals WHERE district = $1 AND ($2::uuid IS NULL OR (period_id = $2 AND member_id = ANY($3))) AND ($4::text IS NULL OR status = $4)
  AND ($5::uuid IS NULL OR appeal_id > $5) ORDER BY appeal_id LIMIT $6
"""
DEDUCTIONS: Final = """
SELECT deduction_id, kind, status, reason, answer, answer_until FROM deductions
WHERE district = $1 AND period_id = $2 AND member_id = ANY($3) ORDER BY deduction_id
"""
REPORTS: Final = """
SELECT report_id, member_id, community_id, unit_id, year, quarter, activities, minutes, remark, comment, comment_until, status
FROM feedback_reports WHERE district = $1 AND ($2::uuid IS NULL OR report_id = $2) AND ($3::uuid[] IS NULL OR member_id = ANY($3))
  AND ($4::uuid IS NULL OR (unit_id = $4 AND status IN ('SENT', 'ACKNOWLEDGED'))) AND ($5::uuid IS NULL OR community_id = $5)
  AND ($6::uuid IS NULL OR report_id > $6) ORDER BY report_id LIMIT $7
"""
SERVED: Final = """
SELECT * FROM (
    SELECT DISTINCT ON (subject) occurred, voided, data FROM facts WHERE district = $1 AND member_id = ANY($2) AND kind = 'SERVICE'
    ORDER BY subject, revision DESC
) last WHERE NOT voided AND ($3::text IS NULL OR data ->> 'activity_id' = $3) AND occurred BETWEEN $4 AND $5 ORDER BY occurred
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


class CaseView(BaseModel):
    """Where a case stands, without any figure. `is_proposal_refused`: people decide alone and write down why."""

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


class PeriodView(BaseModel):
    """A period."""

    period_id: UUID
    title: str
    starts_on: date
    ends_on: date
    programme_deadline: date
    occasions: list[str]
    is_closed: bool


class RuleSetHead(BaseModel):
    """A rule set without its definition."""

    rule_set_id: UUID
    programme: str
    version: int
    title: str
    legal_basis: str
    status: str
    effective_from: date | None
    effective_to: date | None
    notice_days: int | None


class RuleSetView(RuleSetHead):
    """A rule set: the public page on which everybody can read how points come about (G20)."""

    definition: dict[str, Any]


class AppealView(BaseModel):
    """An appeal."""

    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_version: int
    line_ids: list[UUID]
    grounds: str
    status: str
    is_escalated: bool
    reasons: str | None
    lodged_on: date
    decide_by: date


class DeductionView(BaseModel):
    """A deduction and its hearing."""

    deduction_id: UUID
    kind: str
    status: str
    reason: str
    answer: str | None
    answer_until: date


class ReportView(BaseModel):
    """A quarterly report."""

    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    year: int
    quarter: int
    activities: int
    minutes: int
    remark: str
    comment: str | None
    comment_until: date
    status: str


Case = tuple[UUID, Sequence[UUID]]  # period, and the member's entries


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


async def cases(tx: asyncpg.Connection, district: str, period: Period, query: CaseQuery) -> list[CaseView]:
    """Cases of a unit, a community or the district, by member id."""
    filters = (query.unit_id, query.community_id, query.after, query.missing, query.limit + 1)
    rows = await tx.fetch(CASES, district, period.period_id, period.starts_on, period.ends_on, *filters)
    return [CaseView(**row) for row in rows]


async def periods(tx: asyncpg.Connection, district: str, period_id: UUID | None, after: UUID | None, limit: int) -> list[PeriodView]:
    """Periods, or the one asked for."""
    return [PeriodView(**row) for row in await tx.fetch(PERIODS, district, period_id, after, limit + 1)]


async def rule_sets(tx: asyncpg.Connection, district: str, rule_set_id: UUID | None, after: UUID | None, limit: int) -> list[RuleSetView]:
    """Rule sets, or the one asked for."""
    return [RuleSetView(**row) for row in await tx.fetch(RULE_SETS, district, rule_set_id, after, limit + 1)]


async def appeals(
    tx: asyncpg.Connection, district: str, case: Case | None, status: str | None, page: tuple[UUID | None, int]
) -> list[AppealView]:
    """Appeals of a case, or of the district. `page`: (after, limit)."""
    rows = await tx.fetch(APPEALS, district, *(case or (None, None)), status, page[0], page[1] + 1)
    return [AppealView(**row) for row in rows]


async def has_open_appeal(tx: asyncpg.Connection, district: str, case: Case) -> bool:
    """Whether an appeal of the case waits for its decision."""
    return bool(await tx.fetch(APPEALS, district, *case, "OPEN", None, 1))


async def deductions(tx: asyncpg.Connection, district: str, case: Case) -> list[DeductionView]:
    """Deductions of a case with their hearings."""
    return [DeductionView(**row) for row in await tx.fetch(DEDUCTIONS, district, *case)]


async def reports(
    tx: asyncpg.Connection,
    district: str,
    report_id: UUID | None,
    of: tuple[Sequence[UUID] | None, UUID | None, UUID | None],
    page: tuple[UUID | None, int],
) -> list[ReportView]:
    """Reports on a member (all ids), to a unit (only what was sent) and by a community, as far as given in `of`. `page`: (after, limit)."""
    return [ReportView(**row) for row in await tx.fetch(REPORTS, district, report_id, *of, page[0], page[1] + 1)]


async def served(
    tx: asyncpg.Connection, district: str, entries: Sequence[UUID], activity_id: UUID | None, days: tuple[date, date]
) -> list[tuple[date, int]]:
    """Days and minutes of confirmed records of a member, of one activity or of all."""
    rows = await tx.fetch(SERVED, district, entries, str(activity_id) if activity_id else None, *days)
    return [(row["occurred"], int(row["data"]["minutes"])) for row in rows]
