"""Published statements and live ones, as their readers see them.

No grade is shown while an appeal is open, nor where the member refuses a proposed one.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel, computed_field

from services.evaluation.cases.queries import PersonsCase
from services.evaluation.scoring.engine import Statement
from shared.contracts.evaluation.codes import MeetingKind, NotRatedReason, ReferenceGrade, RestatementCause, Unknown
from shared.contracts.evaluation.statements import CategoryTotal, LineChange, RuleSetReference, ScoreLine
from shared.texts import text

STATEMENT: Final = """
SELECT s.body, s.published_at, decided.confirmed_grade, decided.confirmed_reasons,
       EXISTS (SELECT FROM appeals a WHERE a.district = $1 AND a.period_id = $2 AND a.member_id = ANY($3::uuid[])
               AND a.status = 'OPEN') AS is_under_review,
       EXISTS (SELECT FROM cases c WHERE c.district = $1 AND c.period_id = $2 AND c.member_id = ANY($3::uuid[])
               AND c.is_proposal_refused) AS refuses_proposal
FROM statements s
LEFT JOIN LATERAL (SELECT confirmed_grade, confirmed_reasons FROM cases
                   WHERE district = $1 AND period_id = $2 AND member_id = ANY($3::uuid[]) AND confirmed_grade IS NOT NULL
                   ORDER BY array_position($3::uuid[], member_id) LIMIT 1) decided ON true
WHERE s.district = $1 AND s.period_id = $2 AND s.member_id = ($3::uuid[])[1] AND (s.version = $4 OR ($4::integer IS NULL AND s.is_latest))
"""
OWN_STATEMENTS: Final = """
SELECT s.period_id, p.title, s.version, s.published_at, s.body ->> 'score' AS score,
       CASE WHEN EXISTS (SELECT FROM appeals a WHERE a.district = $1 AND a.period_id = s.period_id AND a.member_id = ANY($2::uuid[])
                         AND a.status = 'OPEN')
              OR EXISTS (SELECT FROM cases c WHERE c.district = $1 AND c.period_id = s.period_id AND c.member_id = ANY($2::uuid[])
                         AND c.is_proposal_refused)
            THEN 'NOT_RATED' ELSE s.grade END AS grade
FROM statements s JOIN periods p USING (district, period_id)
WHERE s.district = $1 AND s.member_id = ($2::uuid[])[1] AND s.is_latest AND ($3::uuid IS NULL OR s.period_id > $3)
ORDER BY s.period_id LIMIT $4
"""


class MeetingView(BaseModel):
    """How often the member took part in meetings of one kind."""

    kind: MeetingKind
    zh: str
    en: str
    required: int
    attended: int
    excused: int


class UnknownView(BaseModel):
    """Something that the statement does not know, in words."""

    part: Unknown
    zh: str
    en: str


class StatementView(BaseModel):
    """A statement as its readers see it, every line explained. `statement_id` and `published_at` are null for one that is not published.

    `is_proposal_refused`: the member refuses a proposed grade, people decide alone. `unknown`: what the statement does not know; the scores
    that rest on it are null.
    """

    statement_id: UUID | None = None
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    community_id: UUID
    version: int = 0
    unit_score: Decimal | None
    community_score: Decimal | None
    score: Decimal | None
    grade: ReferenceGrade
    not_rated_reason: NotRatedReason | None
    level: str | None
    is_under_review: bool = False
    is_proposal_refused: bool = False
    unknown: tuple[Unknown, ...] = ()
    confirmed_grade: str | None = None
    confirmed_reasons: str | None = None
    eligible_days: int
    period_days: int
    appeal_until: date | None = None
    published_at: datetime | None = None
    rule_sets: tuple[RuleSetReference, ...]
    categories: tuple[CategoryTotal, ...]
    lines: tuple[ScoreLine, ...]
    cause: RestatementCause | None = None
    diff: tuple[LineChange, ...] = ()

    @computed_field
    @property
    def not_known(self) -> list[UnknownView]:
        """`unknown` in words."""
        words = {each: text("evaluation", "labels", f"unknown_{each}") for each in self.unknown}
        return [UnknownView(part=each, zh=words[each].zh, en=words[each].en) for each in self.unknown]

    @computed_field
    @property
    def meetings(self) -> list[MeetingView]:
        """What the line on attendance is made of, where the unit counted by kind of meeting."""
        found = {kind: line.inputs for line in self.lines for kind in MeetingKind if f"asked.{kind}" in line.inputs}
        return [_meetings(kind, inputs) for kind, inputs in found.items()]


def _meetings(kind: MeetingKind, inputs: Mapping[str, str]) -> MeetingView:
    """What was asked is what was required without what was excused."""
    attended, asked, excused = (int(inputs[f"{name}.{kind}"]) for name in ("done", "asked", "excused"))
    words = text("evaluation", "labels", kind.value)
    return MeetingView(kind=kind, zh=words.zh, en=words.en, required=asked + excused, attended=attended, excused=excused)


class StatementHead(BaseModel):
    """One of a member's own statements."""

    period_id: UUID
    title: str
    version: int
    published_at: datetime
    score: Decimal | None
    grade: ReferenceGrade


async def statement(tx: asyncpg.Connection, district: str, case: PersonsCase, version: int | None) -> StatementView | None:
    """A published statement of a case, without its grade where that is withheld."""
    row = await tx.fetchrow(STATEMENT, district, *case, version)
    if row is None:
        return None
    published: dict[str, Any] = {name: value for name, value in row.items() if name not in {"body", "refuses_proposal"}}
    view = StatementView.model_validate({**row["body"], **published})
    view = under_review(view) if view.is_under_review else view
    return _without_proposal(view) if row["refuses_proposal"] else view


def under_review(view: StatementView) -> StatementView:
    """The statement with its grade withheld."""
    withheld = {"is_under_review": True, "grade": ReferenceGrade.NOT_RATED, "not_rated_reason": NotRatedReason.UNDER_REVIEW}
    return view.model_copy(update=withheld)


def _without_proposal(view: StatementView) -> StatementView:
    """The statement, also one published before, without what the engine proposed."""
    return view.model_copy(update={"is_proposal_refused": True, "grade": ReferenceGrade.NOT_RATED, "level": None})


def live(computed: Statement) -> StatementView:
    """A statement as of now."""
    is_under_review = computed.not_rated_reason is NotRatedReason.UNDER_REVIEW
    return StatementView(**computed.figures(), is_under_review=is_under_review)


async def own_statements(
    tx: asyncpg.Connection, district: str, entries: Sequence[UUID], after: UUID | None, limit: int
) -> list[StatementHead]:
    """A member's statements, one per period."""
    rows = await tx.fetch(OWN_STATEMENTS, district, entries, after, limit + 1)
    return [StatementHead(**row) for row in rows]
