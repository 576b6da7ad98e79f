"""Names in a bulletin: the community asks those who served in the month, each says yes or no for themself, and a yes can be taken back.

Invariant: nobody sees who said no, did not answer, or took a yes back; no names here, they are asked for when a bulletin is printed.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activities.access import allow, member_id
from services.activities.bulletins import queries
from services.activities.bulletins.api import Month, days_of
from services.activities.bulletins.bulletin import BULLETIN, AnswerNaming, Asked, AskToBeNamed, bulletin_id
from services.activities.bulletins.queries import NamingQuestion
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter()


class NamingBody(Command):
    """Whose bulletin, of which month."""

    community_id: UUID
    month: Month


class NamingAnswerBody(Command):
    """The member's answer for this bulletin."""

    may_be_named: bool


@router.post("/bulletin-names", status_code=201)
async def ask_to_be_named(body: NamingBody, call: Annotated[Call, Depends(allow("ask_to_be_named"))]) -> CommandAnswer:
    """Ask everybody with confirmed service in the month; asking again asks those who were not asked yet."""
    call.principal.require_organisation(body.community_id)
    async with call.read() as tx:
        served = tuple(await queries.served(tx, call.district, body.community_id, days_of(body.month)))
    own_id = bulletin_id(body.community_id, body.month)
    command = AskToBeNamed(**dict(body), bulletin_id=own_id, served=served, asked_by=call.principal.subject)
    answer = await call.handle(BULLETIN, own_id, command)
    return answer.with_result(bulletin_id=own_id, asked=len(answer.event_ids))


@router.get("/me/bulletin-names")
async def my_bulletin_names(call: Annotated[Call, Depends(allow("see_own"))]) -> list[NamingQuestion]:
    """Bulletins the caller was asked to be named in, newest month first."""
    async with call.read() as tx:
        return await queries.questions(tx, call.district, member_id(call.principal))


@router.post("/bulletin-names/{bulletin_id}/answer")
async def answer_naming(bulletin_id: UUID, body: NamingAnswerBody, call: Annotated[Call, Depends(allow("answer_naming"))]) -> CommandAnswer:
    """Yes or no, without any effect but the name on paper; a yes taken back is not printed any more. A no leaves nothing behind."""
    own = member_id(call.principal)
    state = await call.state(BULLETIN, bulletin_id)
    if not isinstance(state, Asked) or own not in state.asked:
        raise NotFound
    return await call.handle(BULLETIN, bulletin_id, AnswerNaming(member_id=own, may_be_named=body.may_be_named))
