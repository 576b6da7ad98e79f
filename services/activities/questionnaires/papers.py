"""Questionnaires on paper: slips with the codes of a batch, and the questions with boxes to tick."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.activities.access import allow
from services.activities.questionnaires.api import QUESTIONNAIRE_PATH, own_questionnaire, word
from services.activities.questionnaires.codes import kept_of_code, slip_code
from services.activities.questionnaires.pages import kind_key
from services.activities.questionnaires.questionnaire import CodesOfAnotherKey
from services.activities.questionnaires.questions import choices
from services.activities.questionnaires.state import Draft
from shared.contracts.activities.questionnaires import ClosedQuestion, QuestionnaireDrafted
from shared.http.answers import NotFound
from shared.http.endpoints import Call, lasting_key
from shared.papers.printing import PRINTED, printed_answer, qr_code

router = APIRouter()
ANSWER_SHEET: Final = Path(__file__).with_name("answer_sheet.typ")
SLIPS: Final = Path(__file__).with_name("slips.typ")


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """What is printed on a questionnaire on paper; `code` labels the place for the code, `questions` have their options."""

    title: str
    last_day: str
    note: str
    code: str
    questions: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Slips:
    """What is printed on the slips of a batch: on each the same text, a code, and a picture that leads to the questions."""

    title: str
    last_day: str
    note: str
    slips: Sequence[tuple[str, str]]


@router.get(f"{QUESTIONNAIRE_PATH}/batches/{{batch_id}}/slips.pdf", response_class=Response, responses=PRINTED)
async def print_slips(
    request: Request, questionnaire_id: UUID, batch_id: UUID, call: Annotated[Call, Depends(allow("issue_codes"))]
) -> Response:
    """The batch as slips to cut apart, eight on a page, each with its code and a QR that leads to the questions with the code filled in."""
    state = await own_questionnaire(call, questionnaire_id)
    if isinstance(state, Draft) or batch_id not in state.batches:
        raise NotFound
    public = str(request.url_for("public_questionnaire", district=call.district, questionnaire_id=questionnaire_id))
    key = lasting_key(request)
    codes = [slip_code(key, call.district, batch_id, number) for number in range(state.batches[batch_id])]
    if not state.issued.issuperset(kept_of_code(key, questionnaire_id, code) for code in codes):
        raise CodesOfAnotherKey
    slips = await asyncio.to_thread(_slips, state.drafted, codes, public)
    return await printed_answer("slips", SLIPS, asdict(slips))


def _slips(drafted: QuestionnaireDrafted, codes: list[str], public: str) -> Slips:
    """Behind the # a browser keeps the code to itself: no address in any log holds it."""
    return Slips(
        title=drafted.title_zh,
        last_day=_last_day(drafted),
        note=word("slip_note"),
        slips=[(code, qr_code(f"{public}#{code}")) for code in codes],
    )


@router.get(f"{QUESTIONNAIRE_PATH}/sheet.pdf", response_class=Response, responses=PRINTED)
async def print_sheet(questionnaire_id: UUID, call: Annotated[Call, Depends(allow("issue_codes"))]) -> Response:
    """The questions on paper: boxes to tick and a place for the code, none for a name."""
    drafted = (await own_questionnaire(call, questionnaire_id)).drafted
    sheet = AnswerSheet(
        title=drafted.title_zh,
        last_day=_last_day(drafted),
        note=word("note"),
        code=word("code"),
        questions=[(f"{number}. {each.text_zh}({word(kind_key(each))})", _boxes(each)) for number, each in enumerate(drafted.questions, 1)],
    )
    return await printed_answer("questionnaire", ANSWER_SHEET, asdict(sheet))


def _boxes(question: ClosedQuestion) -> list[str]:
    """Each with the number that the desk enters."""
    if not question.options:
        return [str(number) for number in choices(question)]
    return [f"{number}. {each.text_zh}" for number, each in enumerate(question.options, 1)]


def _last_day(drafted: QuestionnaireDrafted) -> str:
    return f"{word('last_day')}:{drafted.last_day}"
