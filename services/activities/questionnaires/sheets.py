"""HTTP of the sheets: codes in batches; the public page; answers by those who hold a code, or entered from paper.

Invariant: a sheet never carries who gave it, nor who entered it. Its event has nobody as actor, no trace, no key of the client, and the
day as its time; codes that never existed, were used, or belong elsewhere are refused in the same words.
"""

import hmac
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from services.activities.access import allow
from services.activities.labels import Words
from services.activities.questionnaires import queries
from services.activities.questionnaires.api import QUESTIONNAIRE_PATH, own_questionnaire
from services.activities.questionnaires.codes import kept_of_code, sheet_id, slip_code
from services.activities.questionnaires.pages import page
from services.activities.questionnaires.queries import QuestionnaireView
from services.activities.questionnaires.questionnaire import QUESTIONNAIRE, CodeRefused, HandInSheet, IssueCodes
from services.activities.questionnaires.questions import Answers, AnswersDoNotFit, SheetIsEmpty
from services.activities.questionnaires.state import Draft, NotDrafted, QuestionnaireIsClosed
from shared.calendar.local_time import day_begins, local_day
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer, allow_anonymous, lasting_key
from shared.http.fingerprint import canonical
from shared.http.pages import policy_with_script
from shared.identity import Principal, Role
from shared.texts import text

router = APIRouter()
PUBLIC: Final = "/districts/{district}/questionnaires/{questionnaire_id}"
NOBODY: Final = "respondent"  # the actor of every sheet, on paper or not
MOST_SLIPS: Final = 200  # 25 pages
MOST_SHEETS: Final = 50


class IssueCodesBody(Command):
    """How many codes."""

    count: Annotated[int, Field(ge=1, le=MOST_SLIPS)]


class Batch(BaseModel):
    """A batch of codes that was issued."""

    batch_id: UUID
    count: int


class SheetBody(Command):
    """The code as printed on the slip (case, spaces and hyphens do not matter), and the answers."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9 -]{1,40}$")]
    answers: Answers


class PaperSheets(Command):
    """Whole answer sheets that were filled in on paper, each against a code that was not used."""

    sheets: Annotated[tuple[SheetBody, ...], Field(min_length=1, max_length=MOST_SHEETS)]


class PaperSheet(BaseModel):
    """What became of a sheet: `refused` null, or the code of the rule that it broke; `number` counts from 1 in the order sent."""

    number: int
    refused: str | None = None


@router.post(f"{QUESTIONNAIRE_PATH}/batches", status_code=201)
async def issue_codes(
    request: Request, questionnaire_id: UUID, body: IssueCodesBody, call: Annotated[Call, Depends(allow("issue_codes"))]
) -> CommandAnswer:
    """Make a batch of one-time codes, to be printed as slips, mixed and handed out unsigned: to residents, and to members who draw one."""
    await own_questionnaire(call, questionnaire_id)
    key = lasting_key(request)
    batch_id = call.new_id("batch")
    codes = (slip_code(key, call.district, batch_id, number) for number in range(body.count))
    hashes = frozenset(kept_of_code(key, questionnaire_id, code) for code in codes)
    command = IssueCodes(batch_id=batch_id, code_hashes=hashes, today=local_day(call.now))
    return (await call.handle(QUESTIONNAIRE, questionnaire_id, command)).with_result(batch_id=batch_id, count=body.count)


@router.get(f"{QUESTIONNAIRE_PATH}/batches")
async def batch_list(questionnaire_id: UUID, call: Annotated[Call, Depends(allow("issue_codes"))]) -> list[Batch]:
    """The batches issued so far; which codes were used is shown nowhere."""
    state = await own_questionnaire(call, questionnaire_id)
    if isinstance(state, Draft):
        return []
    return [Batch(batch_id=batch_id, count=count) for batch_id, count in state.batches.items()]


@router.post(f"{QUESTIONNAIRE_PATH}/sheets")
async def enter_sheets(
    request: Request, questionnaire_id: UUID, body: PaperSheets, call: Annotated[Call, Depends(allow("enter_sheets"))]
) -> list[PaperSheet]:
    """Enter sheets that were filled in on paper. What is kept of one is the same as of an answer by telephone: not who entered it."""
    await own_questionnaire(call, questionnaire_id)
    return [
        PaperSheet(number=number, refused=await _entered(request, questionnaire_id, sheet, call.step(f"sheet/{number}")))
        for number, sheet in enumerate(body.sheets, 1)
    ]


async def _entered(request: Request, questionnaire_id: UUID, sheet: SheetBody, call: Call) -> str | None:
    try:
        await _hand_in(request, questionnaire_id, sheet, call)
    except (CodeRefused, AnswersDoNotFit, SheetIsEmpty, QuestionnaireIsClosed) as refused:
        return refused.code()
    return None


@router.get(PUBLIC, responses={200: {"content": {"text/html": {}}}}, response_model=QuestionnaireView)
async def public_questionnaire(
    request: Request, questionnaire_id: UUID, call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))]
) -> QuestionnaireView | HTMLResponse:
    """The questions, without an account: a page to answer on for browsers, JSON otherwise."""
    async with call.read() as tx:
        found = await queries.questionnaire(tx, call.district, questionnaire_id, local_day(call.now))
    if found is None or found.status == "DRAFT":
        raise NotFound
    shown = QuestionnaireView(**found.model_dump(exclude={"codes", "sheets"}))
    html = page(shown)
    return HTMLResponse(html, headers=policy_with_script(html)) if "text/html" in request.headers.get("accept", "") else shown


@router.post(f"{PUBLIC}/sheets", status_code=201)
async def answer_questionnaire(
    request: Request, questionnaire_id: UUID, body: SheetBody, call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))]
) -> Words:
    """Answer with a code from a slip, without an account; every code once. Nobody learns who answered, or what."""
    if isinstance(await call.state(QUESTIONNAIRE, questionnaire_id), NotDrafted | Draft):
        raise NotFound
    await _hand_in(request, questionnaire_id, body, call)
    thanks = text("activities", "labels", "questionnaire_thanks")
    return Words(zh=thanks.zh, en=thanks.en)


def print_of_sheet(key: bytes, sheet: SheetBody) -> bytes:
    """Of the answers alone: not of who entered them, and not of other sheets in the same request."""
    return hmac.digest(key, b"answers" + canonical(sheet.model_dump_json(include={"answers"}).encode()), "sha256")


async def _hand_in(request: Request, questionnaire_id: UUID, sheet: SheetBody, call: Call) -> None:
    """A call of its own, so that nothing of the one that came in is left in the event."""
    key = lasting_key(request)
    today = local_day(call.now)
    command = HandInSheet(code_hash=kept_of_code(key, questionnaire_id, sheet.code), answers=sheet.answers, today=today)
    nobodys = Call(
        runtime=call.runtime,
        principal=Principal(NOBODY, call.district, frozenset()),
        district=call.district,
        now=day_begins(today),
        key=sheet_id(key, call.command_id, sheet.code),
        fingerprint=print_of_sheet(key, sheet),
        is_traced=False,
    )
    await nobodys.handle(QUESTIONNAIRE, questionnaire_id, command)
