"""HTTP of residents' needs: write one down, look at it before members read it, pass it on, answer it, all by a day that the lists show."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activities.access import DEFAULT_LIMIT, After, Limit, acting_for, after_id, allow, member_id, require_registered_in
from services.activities.listing import Listing
from services.activities.needs import queries
from services.activities.needs.need import (
    ANSWER_WITHIN,
    LOOK_WITHIN,
    NEED,
    AnswerNeed,
    ForwardNeed,
    NeedDraft,
    NeedWording,
    PublishNeed,
    RecordNeed,
    ReturnDraft,
    ReturnNeed,
)
from services.activities.needs.queries import NeedView
from services.activities.needs.state import NotRecorded
from services.activities.policy import ORGANISERS
from shared.calendar.local_time import local_day
from shared.calendar.working_days import working_days_after
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Role

router = APIRouter()
NeedStatus = Literal["RECORDED", "PUBLISHED", "IN_HAND", "FORWARDED", "ANSWERED", "RETURNED"]
Overdue = Annotated[bool, Query(description="only those whose day has passed: nobody looked, or answered")]


@router.get("/needs")
async def need_list(
    call: Annotated[Call, Depends(allow("see_needs"))],
    overdue: Overdue = False,
    community_id: UUID | None = None,
    status: NeedStatus | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[NeedView]:
    """Residents' needs with what came of them. Before somebody looked, only the community and the member who heard it see a need."""
    own = member_id(call.principal) if Role.MEMBER in call.principal.roles else None
    wanted = Listing(
        communities=acting_for(call.principal),
        member_id=own,
        community_id=community_id,
        status=status,
        after=after_id(after),
        limit=limit,
    )
    async with call.read() as tx:
        found = await queries.needs(tx, call.district, wanted, local_day(call.now), only_overdue=overdue)
    return page_of(found, limit, lambda each: (each.need_id,))


@router.post("/needs", status_code=201)
async def record_need(body: NeedDraft, call: Annotated[Call, Depends(allow("record_need"))]) -> CommandAnswer:
    """Write a need down, as an organiser of the community or as a member who heard it."""
    heard_by = None
    if not (call.principal.has_any(ORGANISERS) and body.community_id in call.principal.organisations):
        heard_by = member_id(call.principal)
        await require_registered_in(call, heard_by, body.community_id)
    command = RecordNeed(
        **dict(body),
        need_id=call.new_id("need"),
        member_id=heard_by,
        recorder=call.principal.subject,
        look_by=working_days_after(local_day(call.now), LOOK_WITHIN),
    )
    return (await call.handle(NEED, command.need_id, command)).with_result(need_id=command.need_id, look_by=command.look_by)


@router.post("/needs/{need_id}/publish")
async def publish_need(need_id: UUID, body: NeedWording, call: Annotated[Call, Depends(allow("moderate_need"))]) -> CommandAnswer:
    """Let members read it, in other words where the recorded ones show whose need it is. Not by who recorded it."""
    await _own_need(call, need_id)
    answer_by = working_days_after(local_day(call.now), ANSWER_WITHIN)
    command = PublishNeed(**dict(body), published_by=call.principal.subject, answer_by=answer_by)
    return (await call.handle(NEED, need_id, command)).with_result(answer_by=answer_by)


@router.post("/needs/{need_id}/return")
async def return_need(need_id: UUID, body: ReturnDraft, call: Annotated[Call, Depends(allow("moderate_need"))]) -> CommandAnswer:
    """Do not publish it, or no longer; its words are shown to nobody any more, whoever recorded it reads why."""
    await _own_need(call, need_id)
    return await call.handle(NEED, need_id, ReturnNeed(**dict(body), returned_by=call.principal.subject))


@router.post("/needs/{need_id}/forward")
async def forward_need(need_id: UUID, body: ForwardNeed, call: Annotated[Call, Depends(allow("decide_need"))]) -> CommandAnswer:
    """Pass it on."""
    await _own_need(call, need_id)
    return await call.handle(NEED, need_id, body)


@router.post("/needs/{need_id}/answer")
async def answer_need(need_id: UUID, body: AnswerNeed, call: Annotated[Call, Depends(allow("decide_need"))]) -> CommandAnswer:
    """Answer it; that closes it, also after a post or a pairing grew out of it."""
    await _own_need(call, need_id)
    return await call.handle(NEED, need_id, body)


async def _own_need(call: Call, need_id: UUID) -> None:
    state = await call.state(NEED, need_id)
    if isinstance(state, NotRecorded):
        raise NotFound
    call.principal.require_organisation(state.recorded.community_id)
