"""Questionnaires and the counts of their answers; a sheet leaves no row of its own."""

from services.activities.questionnaires.questions import BLANK, choices, counted
from services.activities.writes import Write, Writes, add, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

TABLE, COUNTS = "questionnaires", "questionnaire_counts"


def questionnaire(event: Recorded) -> Writes:
    """From the draft to its results."""
    match data := event.data:
        case own.QuestionnaireDrafted():
            return (_contents(event, data),)
        case own.QuestionnairePublished():
            return (_contents(event, data), *_zeros(event, data))
        case own.QuestionnaireCodesIssued():
            return (add(event, TABLE, fields(data, "questionnaire_id"), {"codes": len(data.code_hashes)}),)
        case own.QuestionnaireAnswered():
            keys = fields(data, "questionnaire_id")
            sums = (
                add(event, COUNTS, {**keys, "question": question, "choice": choice}, {"sheets": 1})
                for question, choice in counted(data.answers)
            )
            return (add(event, TABLE, keys, {"sheets": 1}), *sums)
        case own.QuestionnaireClosed():
            return (change(event, TABLE, fields(data, "questionnaire_id"), fields(data, "closed_on")),)
        case own.QuestionnaireResultsPublished():
            return (change(event, TABLE, fields(data, "questionnaire_id"), {"results_published_on": data.published_on}),)
        case _:
            return ()


def _contents(event: Recorded, data: own.QuestionnaireDrafted | own.QuestionnairePublished) -> Write:
    facts = fields(data, "community_id", "street_id", "title_zh", "title_en", "last_day")
    published_on = data.published_on if isinstance(data, own.QuestionnairePublished) else None
    facts |= {"questions": data.model_dump(mode="json")["questions"], "published_on": published_on}
    return save(event, TABLE, fields(data, "questionnaire_id"), facts)


def _zeros(event: Recorded, data: own.QuestionnairePublished) -> list[Write]:
    return [
        save(event, COUNTS, {**fields(data, "questionnaire_id"), "question": number, "choice": choice}, {"sheets": 0})
        for number, question in enumerate(data.questions, 1)
        for choice in (BLANK, *choices(question))
    ]
