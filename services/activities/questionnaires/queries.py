"""Questionnaires as everybody reads them, and the counts of their answers as they may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.questionnaires.questions import BLANK
from shared.contracts.activities.questionnaires import ClosedQuestion, QuestionKind
from shared.privacy.small_cells import suppressed_margin

STATUS: Final = "CASE WHEN published_on IS NULL THEN 'DRAFT' WHEN closed_on IS NOT NULL OR last_day < {today} THEN 'CLOSED' ELSE 'OPEN' END"
# Drafts are read by those who ask: $2 communities and streets of the caller, $3 whether the caller acts for the district.
QUESTIONNAIRES: Final = f"""
SELECT * FROM (
    SELECT *, {STATUS.format(today="$4")} AS status FROM questionnaires
    WHERE district = $1 AND (published_on IS NOT NULL OR coalesce(community_id, street_id) = ANY($2)
                             OR ($3 AND coalesce(community_id, street_id) IS NULL))
) AS shown
WHERE ($5::uuid IS NULL OR community_id = $5) AND ($6::text IS NULL OR status = $6) AND ($7::uuid IS NULL OR questionnaire_id > $7)
ORDER BY questionnaire_id LIMIT $8
"""  # noqa: S608 - of constants only
ONE: Final = f"SELECT *, {STATUS.format(today='$3')} AS status FROM questionnaires WHERE district = $1 AND questionnaire_id = $2"  # noqa: S608 - as above
COUNTS: Final = """
SELECT question, choice, sheets FROM questionnaire_counts WHERE district = $1 AND questionnaire_id = $2 ORDER BY question, choice
"""

Status = Literal["DRAFT", "OPEN", "CLOSED"]


class QuestionnaireLine(BaseModel):
    """A questionnaire in a list; of neither a community nor a street: the district's."""

    questionnaire_id: UUID
    community_id: UUID | None
    street_id: UUID | None
    title_zh: str
    title_en: str
    last_day: date
    status: Status
    published_on: date | None
    closed_on: date | None
    results_published_on: date | None


class QuestionnaireView(QuestionnaireLine):
    """A questionnaire with its questions."""

    questions: tuple[ClosedQuestion, ...]


class QuestionnaireRow(QuestionnaireView):
    """With what only its asker is shown."""

    codes: int
    sheets: int


class QuestionCounts(BaseModel):
    """On how many sheets each option was chosen, in order; null: too few to be shown. `blank` null too where several may be chosen."""

    kind: QuestionKind
    text_zh: str
    text_en: str
    options: list[tuple[str, str]]
    counts: list[int | None]
    blank: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questionnaires, for whom, on which day."""

    organisations: Sequence[UUID]
    is_district: bool
    today: date
    community_id: UUID | None
    status: Status | None
    after: UUID | None
    limit: int


async def questionnaires(tx: asyncpg.Connection, district: str, wanted: Wanted) -> list[QuestionnaireLine]:
    """In order of their ids, one more than `limit` when there are more."""
    whose = (list(wanted.organisations), wanted.is_district, wanted.today)
    rows = await tx.fetch(QUESTIONNAIRES, district, *whose, wanted.community_id, wanted.status, wanted.after, wanted.limit + 1)
    return [QuestionnaireLine.model_validate(dict(row)) for row in rows]


async def questionnaire(tx: asyncpg.Connection, district: str, questionnaire_id: UUID, today: date) -> QuestionnaireRow | None:
    """One of them, also a draft."""
    row = await tx.fetchrow(ONE, district, questionnaire_id, today)
    return None if row is None else QuestionnaireRow.model_validate(dict(row))


async def counts(tx: asyncpg.Connection, district: str, asked: QuestionnaireRow) -> list[QuestionCounts]:
    """What was chosen, question by question, small counts hidden."""
    sums: dict[int, dict[int, int]] = {}
    for row in await tx.fetch(COUNTS, district, asked.questionnaire_id):
        sums.setdefault(row["question"], {})[row["choice"]] = row["sheets"]
    return [_counts(question, sums[number], asked.sheets) for number, question in enumerate(asked.questions, 1)]


def _counts(question: ClosedQuestion, sums: dict[int, int], sheets: int) -> QuestionCounts:
    if question.kind is QuestionKind.SEVERAL:
        # Every option is a count of its own, and who did not choose it is one too.
        shown = {choice: suppressed_margin({"chosen": count, "not": sheets - count})["chosen"] for choice, count in sums.items()}
        shown[BLANK] = None
    else:
        shown = suppressed_margin(sums)
    words = [(each.text_zh, each.text_en) for each in question.options] or [(str(each), str(each)) for each in sums if each != BLANK]
    return QuestionCounts(
        **question.model_dump(include={"kind", "text_zh", "text_en"}),
        options=words,
        counts=[shown[choice] for choice in sums if choice != BLANK],
        blank=shown[BLANK],
    )
