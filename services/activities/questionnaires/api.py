"""HTTP of questionnaires for those who ask and those who read: draft, publish, issue codes, close, and the counts once it is over.

Invariant: counts are shown after the end, of five sheets or more, small ones hidden from everybody; no sheet is shown to anybody.
"""

from collections.abc import Set as AbstractSet
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from services.activities.access import DEFAULT_LIMIT, After, Limit, after_id, allow
from services.activities.policy import DESK, OVERSIGHT, SECRETARY
from services.activities.questionnaires import queries
from services.activities.questionnaires.queries import QuestionCounts, QuestionnaireLine, QuestionnaireView, Status, Wanted
from services.activities.questionnaires.questionnaire import (
    QUESTIONNAIRE,
    AmendQuestionnaire,
    CloseQuestionnaire,
    DraftQuestionnaire,
    PublishQuestionnaire,
    PublishResults,
)
from services.activities.questionnaires.questions import QuestionnaireDraft
from services.activities.questionnaires.state import Closed, Draft, NotDrafted, Open, require_results
from shared.calendar.local_time import local_day
from shared.http.answers import NotFound, ReadModelBehind
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Forbidden, Principal, Role
from shared.papers.workbooks import WORKBOOK, Sheet, workbook_answer
from shared.texts import text

router = APIRouter()
NOT_THEIRS: Final = "somebody else asks this"
QUESTIONNAIRE_PATH: Final = "/questionnaires/{questionnaire_id}"


class QuestionnaireProgress(QuestionnaireView):
    """With how many codes are out and how many sheets came in, for those who ask; null for everybody else."""

    codes: int | None = None
    sheets: int | None = None


class QuestionnaireResults(BaseModel):
    """What came out. No counts across questions: they are not kept."""

    questionnaire_id: UUID
    title_zh: str
    title_en: str
    sheets: int
    is_published: bool
    questions: list[QuestionCounts]


@router.post("/questionnaires", status_code=201)
async def draft_questionnaire(body: QuestionnaireDraft, call: Annotated[Call, Depends(allow("draft_questionnaire"))]) -> CommandAnswer:
    """Write a questionnaire for a community, a street or the district: 1 to 20 closed questions, nothing to answer in words.

    Whether a question is about a named person, petitions, religion or family no machine can tell: whoever publishes it reads it first.
    """
    _require_asker(call.principal, body.community_id, body.street_id)
    command = DraftQuestionnaire(questionnaire_id=call.new_id("questionnaire"), **dict(body))
    answer = await call.handle(QUESTIONNAIRE, command.questionnaire_id, command)
    return answer.with_result(questionnaire_id=command.questionnaire_id)


@router.post(f"{QUESTIONNAIRE_PATH}/amendment")
async def amend_questionnaire(
    questionnaire_id: UUID, body: AmendQuestionnaire, call: Annotated[Call, Depends(allow("draft_questionnaire"))]
) -> CommandAnswer:
    """Write the draft anew, until it is published."""
    await own_questionnaire(call, questionnaire_id)
    return await call.handle(QUESTIONNAIRE, questionnaire_id, body)


@router.post(f"{QUESTIONNAIRE_PATH}/publish")
async def publish_questionnaire(questionnaire_id: UUID, call: Annotated[Call, Depends(allow("publish_questionnaire"))]) -> CommandAnswer:
    """Ask it: from now on nothing of it changes, members of the community (or the district) hear of it once."""
    await own_questionnaire(call, questionnaire_id, SECRETARY)
    return await call.handle(QUESTIONNAIRE, questionnaire_id, PublishQuestionnaire(today=local_day(call.now)))


@router.post(f"{QUESTIONNAIRE_PATH}/close")
async def close_questionnaire(questionnaire_id: UUID, call: Annotated[Call, Depends(allow("publish_questionnaire"))]) -> CommandAnswer:
    """Take no more answers, before the last day is over."""
    await own_questionnaire(call, questionnaire_id, SECRETARY)
    return await call.handle(QUESTIONNAIRE, questionnaire_id, CloseQuestionnaire(today=local_day(call.now)))


@router.post(f"{QUESTIONNAIRE_PATH}/results/publish")
async def publish_results(questionnaire_id: UUID, call: Annotated[Call, Depends(allow("publish_questionnaire"))]) -> CommandAnswer:
    """Let members read the counts."""
    await own_questionnaire(call, questionnaire_id, SECRETARY)
    return await call.handle(QUESTIONNAIRE, questionnaire_id, PublishResults(today=local_day(call.now)))


@router.get("/questionnaires")
async def questionnaire_list(
    call: Annotated[Call, Depends(allow("see_questionnaires"))],
    community_id: UUID | None = None,
    status: Status | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[QuestionnaireLine]:
    """Questionnaires that were published, and the caller's own drafts."""
    principal = call.principal
    wanted = Wanted(
        organisations=sorted(principal.organisations) if principal.has_any(DESK | {Role.STREET_ADMIN}) else (),
        is_district=principal.has_any({Role.DISTRICT_ADMIN}),
        today=local_day(call.now),
        community_id=community_id,
        status=status,
        after=after_id(after),
        limit=limit,
    )
    async with call.read() as tx:
        return page_of(await queries.questionnaires(tx, call.district, wanted), limit, lambda each: (each.questionnaire_id,))


@router.get(QUESTIONNAIRE_PATH)
async def read_questionnaire(questionnaire_id: UUID, call: Annotated[Call, Depends(allow("see_questionnaires"))]) -> QuestionnaireProgress:
    """A questionnaire with its questions; for those who ask also how far it has come."""
    async with call.read() as tx:
        found = await queries.questionnaire(tx, call.district, questionnaire_id, local_day(call.now))
    if found is None:
        raise NotFound
    if _is_asker(call.principal, found.community_id, found.street_id):
        return QuestionnaireProgress(**dict(found))
    if found.status == "DRAFT":
        raise NotFound
    return QuestionnaireProgress(**found.model_dump(exclude={"codes", "sheets"}))


@router.get(f"{QUESTIONNAIRE_PATH}/results")
async def read_results(questionnaire_id: UUID, call: Annotated[Call, Depends(allow("see_questionnaires"))]) -> QuestionnaireResults:
    """The counts: for asker, street and district once it is over and five sheets came in; for everybody else once they are published."""
    state = await call.state(QUESTIONNAIRE, questionnaire_id)
    if isinstance(state, NotDrafted):
        raise NotFound
    is_published = isinstance(state, Open | Closed) and state.are_results_published
    is_asker = _is_asker(call.principal, state.drafted.community_id, state.drafted.street_id)
    if not (is_published or is_asker or call.principal.has_any(OVERSIGHT)):
        raise NotFound
    sheets = len(require_results(state, local_day(call.now)).used)
    async with call.read() as tx:
        found = await queries.questionnaire(tx, call.district, questionnaire_id, local_day(call.now))
        counts = [] if found is None else await queries.counts(tx, call.district, found)
    if found is None:
        raise NotFound
    if found.sheets != sheets:  # counts of fewer sheets than were handed in could give single ones away
        raise ReadModelBehind
    facts = found.model_dump(include={"questionnaire_id", "title_zh", "title_en", "sheets"})
    return QuestionnaireResults(**facts, is_published=is_published, questions=counts)


@router.get(f"{QUESTIONNAIRE_PATH}/results.xlsx", response_class=Response, responses=WORKBOOK)
async def results_workbook(questionnaire_id: UUID, call: Annotated[Call, Depends(allow("see_questionnaires"))]) -> Response:
    """The counts as a workbook of text cells, for the same readers."""
    found = await read_results(questionnaire_id, call)
    rows = list[list[str]]()
    for number, question in enumerate(found.questions, 1):
        asked = f"{number}. {question.text_zh}"
        rows += [[asked, zh, _shown(count)] for (zh, _), count in zip(question.options, question.counts, strict=True)]
        if question.blank is not None:
            rows.append([asked, word("blank"), _shown(question.blank)])
    columns = [word(f"column_{each}") for each in ("question", "option", "count")]
    return await workbook_answer("questionnaire", [Sheet(found.title_zh, columns, rows, f"{word('sheets')} {found.sheets}")])


def _shown(count: int | None) -> str:
    return word("few") if count is None else str(count)


def word(key: str) -> str:
    """A label of questionnaires, in Chinese."""
    return text("activities", "labels", f"questionnaire_{key}").zh


async def own_questionnaire(call: Call, questionnaire_id: UUID, desk: AbstractSet[Role] = DESK) -> Draft | Open | Closed:
    """A questionnaire that the caller asks; of a community in one of the roles `desk`. Raises NotFound, Forbidden."""
    state = await call.state(QUESTIONNAIRE, questionnaire_id)
    if isinstance(state, NotDrafted):
        raise NotFound
    _require_asker(call.principal, state.drafted.community_id, state.drafted.street_id, desk)
    return state


def _require_asker(principal: Principal, community_id: UUID | None, street_id: UUID | None, desk: AbstractSet[Role] = DESK) -> None:
    if not _is_asker(principal, community_id, street_id, desk):
        raise Forbidden(NOT_THEIRS)


def _is_asker(principal: Principal, community_id: UUID | None, street_id: UUID | None, desk: AbstractSet[Role] = DESK) -> bool:
    if community_id is not None:
        return principal.has_any(desk) and community_id in principal.organisations
    if street_id is not None:
        return Role.STREET_ADMIN in principal.roles and street_id in principal.organisations
    return Role.DISTRICT_ADMIN in principal.roles
