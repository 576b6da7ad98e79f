"""The public notice (公示) of award rounds: read by anybody for its days, objected to, answered, and then the result.

Invariant: the notice shows masked names, asked from registration and kept for minutes. Objections come from people with an account;
others tell the community, which enters them: there is no channel for the nameless.
"""

import asyncio
from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from services.evaluation.access import DEFAULT_LIMIT, After, Body, Limit, ShortText, allow, position, today
from services.evaluation.award_notices import queries
from services.evaluation.award_notices.notice import (
    AWARD_NOTICE,
    AnswererNotIndependent,
    CommentOnObjection,
    DismissObjection,
    ObjectToAward,
    PublishResult,
    UpholdObjection,
)
from services.evaluation.award_notices.queries import AwardObjectionView, Publicised
from services.evaluation.awards.access import own_round, place, registered, require_organiser, round_of, subjects, viewer
from services.evaluation.membership.access import require_self
from shared.calendar.working_days import working_days_after
from shared.contracts.evaluation.codes import AwardLevel, AwardObjectionGround
from shared.http.endpoints import Call, CommandAnswer, allow_anonymous
from shared.http.paging import Page, page_of
from shared.identity import Role
from shared.privacy.names import Names, if_reachable

router = APIRouter(tags=["award rounds"])
COMMENT_DAYS: Final = 5  # working days for the nominee to comment on an objection
ANSWER_DAYS: Final = 15  # working days to answer it
MOST_NOTICES: Final = 20  # registration is asked for every name on the page
ROUND: Final = "/award-rounds/{round_id}"


class AwardNotice(BaseModel):
    """What is publicised. `masked_name` and `community` null: registration cannot be asked now, or knows no name any more."""

    round_id: UUID
    title: str
    level: AwardLevel
    community_id: UUID | None
    community: str | None
    masked_name: str | None
    status: Literal["CHOSEN", "GRANTED"]
    notice_until: date
    granted_on: date | None


class ObjectionBody(Body):
    """What is wrong."""

    ground: AwardObjectionGround
    reason: ShortText


class ObjectionCommentBody(Body):
    """The nominee's comment."""

    comment: ShortText


class ObjectionAnswerBody(Body):
    """Why it is answered so."""

    reason: ShortText


@router.get("/districts/{district}/award-notices")
async def award_notices(
    request: Request,
    call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))],
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=MOST_NOTICES)] = MOST_NOTICES,
) -> Page[AwardNotice]:
    """Without an account: who is on a public notice, and who has had an award in the last thirty days."""
    async with call.read() as tx:
        found = await queries.on_notice(tx, call.district, today(call), (place(after), limit))
    page = page_of(found, limit, lambda each: (each.round_id, each.member_id))
    names: Names = request.app.state.names
    communities = await names.of_communities(call.district, (each.community_id for each in page.items if each.community_id))
    return Page(items=await asyncio.gather(*(_notice(names, call.district, each, communities) for each in page.items)), next=page.next)


@router.post(ROUND + "/nominations/{member_id}/objections", status_code=201)
async def object_to_award(
    round_id: UUID, member_id: UUID, body: ObjectionBody, call: Annotated[Call, Depends(allow("object_to_award"))]
) -> CommandAnswer:
    """Say what is wrong with a choice; the nominee hears of it and may comment."""
    await round_of(call, round_id)
    objection_id = call.new_id("objection")
    command = ObjectToAward(
        objection_id=objection_id,
        member_id=member_id,
        raised_by=call.principal.subject,
        today=today(call),
        comment_until=working_days_after(today(call), COMMENT_DAYS),
        answer_by=working_days_after(today(call), ANSWER_DAYS),
        **dict(body),
    )
    answer = await call.handle(AWARD_NOTICE, round_id, command)
    return answer.with_result(objection_id=objection_id) if answer.event_ids else answer


@router.post(ROUND + "/nominations/{member_id}/objections/{objection_id}/comment")
async def comment_on_objection(
    round_id: UUID,
    member_id: UUID,
    objection_id: UUID,
    body: ObjectionCommentBody,
    call: Annotated[Call, Depends(allow("comment_on_award_objection"))],
) -> CommandAnswer:
    """The nominee comments."""
    await require_self(call, member_id)
    await round_of(call, round_id)
    command = CommentOnObjection(objection_id=objection_id, member_id=member_id, comment=body.comment)
    return await call.handle(AWARD_NOTICE, round_id, command)


@router.post(ROUND + "/objections/{objection_id}/uphold")
async def uphold_objection(
    round_id: UUID, objection_id: UUID, body: ObjectionAnswerBody, call: Annotated[Call, Depends(allow("answer_award_objection"))]
) -> CommandAnswer:
    """The nominee does not get the award; not before they could comment."""
    await _require_answerer(call, round_id)
    command = UpholdObjection(objection_id=objection_id, reason=body.reason, answered_by=call.principal.subject, today=today(call))
    return await call.handle(AWARD_NOTICE, round_id, command)


@router.post(ROUND + "/objections/{objection_id}/dismiss")
async def dismiss_objection(
    round_id: UUID, objection_id: UUID, body: ObjectionAnswerBody, call: Annotated[Call, Depends(allow("answer_award_objection"))]
) -> CommandAnswer:
    """The choice was right."""
    await _require_answerer(call, round_id)
    command = DismissObjection(objection_id=objection_id, reason=body.reason, answered_by=call.principal.subject)
    return await call.handle(AWARD_NOTICE, round_id, command)


@router.post(ROUND + "/result")
async def publish_result(round_id: UUID, call: Annotated[Call, Depends(allow("run_award_round"))]) -> CommandAnswer:
    """Grant the awards once the notice is over and every objection answered."""
    state = await own_round(call, round_id)
    command = PublishResult(registered=await registered(call, state.nominees), today=today(call))
    return await call.handle(AWARD_NOTICE, round_id, command)


@router.get("/award-objections")
async def list_objections(
    call: Annotated[Call, Depends(allow("see_award_objections"))],
    status: Literal["OPEN", "UPHELD", "DISMISSED", "LAPSED"] | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[AwardObjectionView]:
    """Objections to the caller's own award, in the caller's rounds, or for those who supervise all; with the day by which to answer."""
    wanted = await viewer(call, "see_award_objections")
    async with call.read() as tx:
        found = await queries.objections(tx, call.district, wanted, status, (position(after), limit))
    return page_of(found, limit, lambda each: (each.objection_id,))


async def _require_answerer(call: Call, round_id: UUID) -> None:
    """Whoever runs the round or supervises; the round itself refuses those who had a hand in it."""
    state = await round_of(call, round_id)
    if call.principal.subject in await subjects(call, state):
        raise AnswererNotIndependent
    if Role.APPEAL_REVIEWER not in call.principal.roles:
        require_organiser(call, state.opened.community_id)


async def _notice(names: Names, district: str, found: Publicised, communities: dict[UUID, str | None]) -> AwardNotice:
    masked_name = await if_reachable(names.on_notice(district, found.member_id, "award_notice"))
    community = communities.get(found.community_id) if found.community_id else None
    return AwardNotice(**found.model_dump(exclude={"member_id"}), masked_name=masked_name, community=community)
