"""Events of anonymous questionnaires (调查问卷): drafted, published, answered on one-time codes, closed, told in counts.

No field leads to a person. Of a code only a hash under the service's key is kept: whoever holds a slip does not find its sheet.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class QuestionKind(StrEnum):
    """How a question is answered; there is no kind with words of one's own."""

    ONE = "ONE"  # 单选
    SEVERAL = "SEVERAL"  # 多选
    SCALE = "SCALE"  # 1 to 5, without options of its own


class AnswerOption(Value):
    """One of the answers to choose from; without English the Chinese words stand in both."""

    text_zh: str
    text_en: str


class ClosedQuestion(Value):
    """A question with the answers to choose from, numbered from 1."""

    kind: QuestionKind
    text_zh: str
    text_en: str
    options: tuple[AnswerOption, ...]


class _Questionnaire(Value):
    """Who asks (a community, a street, or else the district), what, and until when."""

    questionnaire_id: UUID
    community_id: UUID | None = None
    street_id: UUID | None = None
    title_zh: str
    title_en: str
    questions: tuple[ClosedQuestion, ...]
    last_day: date


class QuestionnaireDrafted(_Questionnaire, Event):
    """The draft as it is now; an amended one is drafted anew."""

    TYPE: ClassVar[str] = "guangcai.activities.QuestionnaireDrafted"
    VERSION: ClassVar[int] = 1


class QuestionnairePublished(_Questionnaire, Event):
    """What is asked, from now on unchanged."""

    TYPE: ClassVar[str] = "guangcai.activities.QuestionnairePublished"
    VERSION: ClassVar[int] = 1

    published_on: date

    @property
    def is_to_the_district(self) -> bool:
        """Whether the district asks."""
        return self.community_id is None and self.street_id is None


class QuestionnaireCodesIssued(Event):
    """A batch of one-time codes to be handed out unsigned; the hashes are sorted, so that their order tells nothing of the slips'."""

    TYPE: ClassVar[str] = "guangcai.activities.QuestionnaireCodesIssued"
    VERSION: ClassVar[int] = 1

    questionnaire_id: UUID
    batch_id: UUID
    code_hashes: tuple[str, ...]


class QuestionnaireAnswered(Event):
    """A sheet, by whoever held the code: for every question in order the numbers of the chosen options, none where it was left blank.

    Its envelope names no person either, and its time is the day.
    """

    TYPE: ClassVar[str] = "guangcai.activities.QuestionnaireAnswered"
    VERSION: ClassVar[int] = 1

    questionnaire_id: UUID
    code_hash: str
    answers: tuple[tuple[int, ...], ...]


class QuestionnaireClosed(Event):
    """No more answers, before the last day was over."""

    TYPE: ClassVar[str] = "guangcai.activities.QuestionnaireClosed"
    VERSION: ClassVar[int] = 1

    questionnaire_id: UUID
    closed_on: date


class QuestionnaireResultsPublished(Event):
    """Members may read the counts now."""

    TYPE: ClassVar[str] = "guangcai.activities.QuestionnaireResultsPublished"
    VERSION: ClassVar[int] = 1

    questionnaire_id: UUID
    published_on: date
