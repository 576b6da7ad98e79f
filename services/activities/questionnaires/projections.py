"""Questionnaires and the counts of their answers as rows; a sheet leaves no row of its own."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.activities.questionnaires.questions import BLANK, choices, counted
from shared.contracts.activities.questionnaires import (
    QuestionnaireAnswered,
    QuestionnaireClosed,
    QuestionnaireCodesIssued,
    QuestionnaireDrafted,
    QuestionnairePublished,
    QuestionnaireResultsPublished,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import add, change, fields, save

TABLE, COUNTS = "questionnaires", "questionnaire_counts"


def drafted(_event: Recorded, data: QuestionnaireDrafted) -> Iterator[Write]:
    """A draft, also when it is written anew."""
    yield _contents(data, published_on=None)


def published(_event: Recorded, data: QuestionnairePublished) -> Iterator[Write]:
    """Every count begins at 0."""
    yield _contents(data, published_on=data.published_on)
    for number, question in enumerate(data.questions, 1):
        for choice in (BLANK, *choices(question)):
            yield save(COUNTS, {**fields(data, "questionnaire_id"), "question": number, "choice": choice}, {"sheets": 0})


def codes_issued(_event: Recorded, data: QuestionnaireCodesIssued) -> Iterator[Write]:
    """So many codes more."""
    yield add(TABLE, fields(data, "questionnaire_id"), {"codes": len(data.code_hashes)})


def answered(_event: Recorded, data: QuestionnaireAnswered) -> Iterator[Write]:
    """One sheet more, and one more for every option chosen on it."""
    keys = fields(data, "questionnaire_id")
    yield add(TABLE, keys, {"sheets": 1})
    for question, choice in counted(data.answers):
        yield add(COUNTS, {**keys, "question": question, "choice": choice}, {"sheets": 1})


def closed(_event: Recorded, data: QuestionnaireClosed) -> Iterator[Write]:
    """No more answers, before the last day is over."""
    yield change(TABLE, fields(data, "questionnaire_id"), fields(data, "closed_on"))


def results_published(_event: Recorded, data: QuestionnaireResultsPublished) -> Iterator[Write]:
    """Members may read the counts."""
    yield change(TABLE, fields(data, "questionnaire_id"), {"results_published_on": data.published_on})


def _contents(data: QuestionnaireDrafted | QuestionnairePublished, published_on: date | None) -> Write:
    facts = fields(data, "community_id", "street_id", "title_zh", "title_en", "last_day")
    facts |= {"questions": data.model_dump(mode="json")["questions"], "published_on": published_on}
    return save(TABLE, fields(data, "questionnaire_id"), facts)


PROJECTIONS: Final[Projections] = {
    QuestionnaireDrafted: drafted,
    QuestionnairePublished: published,
    QuestionnaireCodesIssued: codes_issued,
    QuestionnaireAnswered: answered,
    QuestionnaireClosed: closed,
    QuestionnaireResultsPublished: results_published,
}
