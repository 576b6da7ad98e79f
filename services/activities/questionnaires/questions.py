"""What a questionnaire may ask and how a sheet answers it: closed questions only, nothing in words of one's own."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.activities.wording import LIST_LIMIT, Line, Reason, Title
from shared.contracts.activities.questionnaires import ClosedQuestion, QuestionKind
from shared.decider import Command, DomainError

MOST_OPTIONS: Final = 10
LEAST_OPTIONS: Final = 2
SCALE: Final = 5
BLANK: Final = 0  # counted in the place of an option

Chosen = Annotated[int, Field(strict=True, ge=1, le=MOST_OPTIONS)]
Answers = Annotated[
    tuple[Annotated[tuple[Chosen, ...], Field(max_length=MOST_OPTIONS)], ...],
    Field(max_length=LIST_LIMIT, description="for every question in order the numbers of the chosen options; none: left blank"),
]


class AnswersDoNotFit(DomainError):
    """These answers do not fit the questions."""


class SheetIsEmpty(DomainError):
    """A sheet without any answer is not counted; the code stays good."""


class OptionDraft(Command):
    """An answer to choose."""

    text_zh: Line
    text_en: Line | None = None


class QuestionDraft(Command):
    """A question: one choice or several among options, or a scale from 1 to 5 without options."""

    kind: QuestionKind
    text_zh: Reason
    text_en: Reason | None = None
    options: Annotated[tuple[OptionDraft, ...], Field(max_length=MOST_OPTIONS)] = ()

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if self.kind is QuestionKind.SCALE:
            if self.options:
                message = "a scale has no options, it is 1 to 5"
                raise ValueError(message)
        elif len({each.text_zh for each in self.options}) < max(LEAST_OPTIONS, len(self.options)):
            message = "two to ten different options"
            raise ValueError(message)
        return self


class QuestionnaireContents(Command):
    """What is asked, in Chinese and if wanted in English, and until when."""

    title_zh: Title
    title_en: Title | None = None
    questions: Annotated[tuple[QuestionDraft, ...], Field(min_length=1, max_length=LIST_LIMIT)]
    last_day: date

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of it."""
        parts = [part for question in self.questions for part in (question, *question.options)]
        said = (self.title_zh, self.title_en, *(words for part in parts for words in (part.text_zh, part.text_en)))
        return tuple(words for words in said if words is not None)

    def said(self) -> dict[str, Any]:
        """As the event says it: where there is no English, the Chinese."""
        questions = [
            {"kind": each.kind, **_in_both(each), "options": [_in_both(option) for option in each.options]} for each in self.questions
        ]
        return {
            "title_zh": self.title_zh,
            "title_en": self.title_en or self.title_zh,
            "questions": questions,
            "last_day": self.last_day,
        }


class QuestionnaireDraft(QuestionnaireContents):
    """Who asks: a community, a street, or without either the district."""

    community_id: UUID | None = None
    street_id: UUID | None = None

    @model_validator(mode="after")
    def _has_one_asker(self) -> Self:
        if self.community_id is not None and self.street_id is not None:
            message = "a community or a street, not both"
            raise ValueError(message)
        return self


def _in_both(draft: QuestionDraft | OptionDraft) -> dict[str, str]:
    return {"text_zh": draft.text_zh, "text_en": draft.text_en or draft.text_zh}


def choices(question: ClosedQuestion) -> range:
    """Numbers of the options."""
    return range(1, (SCALE if question.kind is QuestionKind.SCALE else len(question.options)) + 1)


def require_fitting(questions: Sequence[ClosedQuestion], answers: Answers) -> None:
    """Raise AnswersDoNotFit, with the numbers of the questions, or SheetIsEmpty."""
    if len(answers) != len(questions):
        raise AnswersDoNotFit(questions=len(questions))
    pairs = enumerate(zip(questions, answers, strict=True), 1)
    if wrong := [number for number, (question, chosen) in pairs if not _fits(question, chosen)]:
        raise AnswersDoNotFit(wrong=wrong)
    if not any(answers):
        raise SheetIsEmpty


def _fits(question: ClosedQuestion, chosen: tuple[int, ...]) -> bool:
    most = len(choices(question)) if question.kind is QuestionKind.SEVERAL else 1
    return len(chosen) <= most and len(set(chosen)) == len(chosen) and set(chosen) <= set(choices(question))


def counted(answers: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Where a sheet adds one: question and option, both from 1, or BLANK."""
    for question, chosen in enumerate(answers, 1):
        yield from ((question, option) for option in chosen or (BLANK,))
