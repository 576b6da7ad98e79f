"""HTTP of the optional sign-in code (the organiser shows it, members who want type it) and of secret calendar links.

Invariant: nobody has to check in, an attendance list does as well; a code says when, never where.
"""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, StringConstraints

from services.activities import errors
from services.activities.access import allow, known_activity, member_id, own_activity, require_registered
from services.activities.calendar import queries
from services.activities.calendar.api import calendar_answer
from services.activities.calendar.link import LINK, OpenLink, RevokeLink
from services.activities.calendar.secret_codes import holds_until, is_sign_in_code, link_of, link_token, sign_in_code
from services.activities.gatherings.activity import ACTIVITY
from services.activities.gatherings.participation import CheckIn
from services.activities.plans.warnings import own_calendar
from shared.decider import Command
from shared.identity import Role
from shared.web import Call, CommandAnswer, NotFound, allow_anonymous

router = APIRouter()
LINK_PATH: Final = "/districts/{district}/calendars/{token}.ics"


class SignInCode(BaseModel):
    """What the organiser shows: six digits until the next minute."""

    code: str
    holds_until: datetime


class CheckInBody(Command):
    """The code that is shown at the activity."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class CalendarLink(BaseModel):
    """An own link that is open."""

    link_id: UUID
    path: str


@router.get("/activities/{activity_id}/sign-in-code")
async def show_code(request: Request, activity_id: UUID, call: Annotated[Call, Depends(allow("record_attendance"))]) -> SignInCode:
    """The code of this minute, to be shown where the activity takes place. Optional: a list does as well."""
    await own_activity(call, activity_id)
    return SignInCode(code=sign_in_code(request.app.state.link_key, activity_id, call.now), holds_until=holds_until(call.now))


@router.post("/activities/{activity_id}/check-in", status_code=201)
async def check_in(
    request: Request, activity_id: UUID, body: CheckInBody, call: Annotated[Call, Depends(allow("check_in"))]
) -> CommandAnswer:
    """Note one's own attendance by the code that is shown."""
    await known_activity(call, activity_id)
    own = member_id(call.principal)
    await require_registered(call, [own])
    if not is_sign_in_code(request.app.state.link_key, activity_id, call.now, body.code):
        raise errors.SignInCodeWrong
    return await call.handle(ACTIVITY, activity_id, CheckIn(member_id=own, now=call.now))


@router.get("/me/calendar-links")
async def my_links(request: Request, call: Annotated[Call, Depends(allow("see_own_calendar"))]) -> list[CalendarLink]:
    """The caller's open links."""
    async with call.read() as tx:
        found = await queries.open_links(tx, member_id(call.principal))
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
    opened = (await call.state(LINK, link_id)).opened
    if opened is None or opened.member_id != member_id(call.principal):
        raise NotFound
    return await call.handle(LINK, link_id, RevokeLink(member_id=opened.member_id))


@router.get(LINK_PATH, response_class=Response)
async def linked_calendar(request: Request, token: str, call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))]) -> Response:
    """What the member of this link signed up for. A wrong, a revoked and an invented token are answered alike."""
    link_id = link_of(request.app.state.link_key, call.district, token)
    if link_id is None:
        raise NotFound
    async with call.read() as tx:
        own = await queries.member_of_link(tx, link_id)
    if own is None:
        raise NotFound
    return calendar_answer("calendar_of_member", await own_calendar(call, own), call)


def _path(request: Request, call: Call, link_id: UUID) -> str:
    return LINK_PATH.format(district=call.district, token=link_token(request.app.state.link_key, call.district, link_id))
