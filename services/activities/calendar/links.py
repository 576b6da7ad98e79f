"""HTTP of secret calendar links: a member opens one for a calendar program that cannot log in, and revokes it.

Invariant: a wrong, a revoked and an invented token are answered alike.
"""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from services.activities.access import allow, member_id
from services.activities.calendar import queries
from services.activities.calendar.api import calendar_answer
from services.activities.calendar.link import LINK, OpenLink, RevokeLink, Unopened
from services.activities.calendar.secret_codes import link_of, link_token
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer, allow_anonymous
from shared.identity import Role

router = APIRouter()
LINK_PATH: Final = "/districts/{district}/calendars/{token}.ics"


class CalendarLink(BaseModel):
    """An own link that is open."""

    link_id: UUID
    path: str


@router.get("/me/calendar-links")
async def my_links(request: Request, call: Annotated[Call, Depends(allow("see_own_calendar"))]) -> list[CalendarLink]:
    """The caller's open links."""
    async with call.read() as tx:
        found = await queries.open_links(tx, call.district, member_id(call.principal))
    return [CalendarLink(link_id=each, path=_path(request, call, each)) for each in found]


@router.post("/me/calendar-links", status_code=201)
async def open_link(request: Request, call: Annotated[Call, Depends(allow("open_calendar_link"))]) -> CommandAnswer:
    """Make a secret link to one's sign-ups for a calendar program that cannot log in."""
    link_id = call.new_id("calendar link")
    answer = await call.handle(LINK, link_id, OpenLink(link_id=link_id, member_id=member_id(call.principal)))
    return answer.with_result(link_id=link_id, path=_path(request, call, link_id))


@router.post("/me/calendar-links/{link_id}/revoke")
async def revoke_link(link_id: UUID, call: Annotated[Call, Depends(allow("open_calendar_link"))]) -> CommandAnswer:
    """Take a link back; it leads nowhere from now on."""
    state = await call.state(LINK, link_id)
    own = member_id(call.principal)
    if isinstance(state, Unopened) or state.opened.member_id != own:
        raise NotFound
    return await call.handle(LINK, link_id, RevokeLink(member_id=own))


@router.head(LINK_PATH, include_in_schema=False)
@router.get(LINK_PATH, response_class=Response)
async def linked_calendar(request: Request, token: str, call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))]) -> Response:
    """What the member of this link signed up for. A wrong, a revoked and an invented token are answered alike."""
    link_id = link_of(request.app.state.link_key, call.district, token)
    if link_id is None:
        raise NotFound
    async with call.read() as tx:
        own = await queries.member_of_link(tx, call.district, link_id)
        if own is None:
            raise NotFound
        found = await queries.member_calendar(tx, call.district, own, call.now)
    return calendar_answer("calendar_of_member", found, call)


def _path(request: Request, call: Call, link_id: UUID) -> str:
    return LINK_PATH.format(district=call.district, token=link_token(request.app.state.link_key, call.district, link_id))
