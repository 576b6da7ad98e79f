"""HTTP of the optional sign-in code: the organiser shows it, members who want to type it.

Invariant: nobody has to check in, an attendance list does as well; a code says when, never where.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, StringConstraints

from services.activities.access import allow, member_id, require_registered
from services.activities.calendar.secret_codes import holds_until, is_sign_in_code, sign_in_code
from services.activities.gatherings.access import known_activity, own_activity
from services.activities.gatherings.activity import ACTIVITY
from services.activities.gatherings.attendance import CheckIn
from shared.decider import Command, DomainError
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter()


class SignInCode(BaseModel):
    """What the organiser shows: six digits until the next minute."""

    code: str
    holds_until: datetime


class SignInCodeWrong(DomainError):
    """That is not the code shown now; codes change every minute."""


class CheckInBody(Command):
    """The code that is shown at the activity."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


@router.get("/activities/{activity_id}/sign-in-code")
async def show_code(request: Request, activity_id: UUID, call: Annotated[Call, Depends(allow("record_attendance"))]) -> SignInCode:
    """The code of this minute, to be shown where the activity takes place. Optional: a list does as well."""
    await own_activity(call, activity_id)
    return SignInCode(
        code=sign_in_code(request.app.state.link_key, call.district, activity_id, call.now), holds_until=holds_until(call.now)
    )


@router.post("/activities/{activity_id}/check-in", status_code=201)
async def check_in(
    request: Request, activity_id: UUID, body: CheckInBody, call: Annotated[Call, Depends(allow("check_in"))]
) -> CommandAnswer:
    """Note one's own attendance by the code that is shown."""
    await known_activity(call, activity_id)
    own = member_id(call.principal)
    await require_registered(call, [own])
    if not is_sign_in_code(request.app.state.link_key, call.district, activity_id, call.now, body.code):
        raise SignInCodeWrong
    return await call.handle(ACTIVITY, activity_id, CheckIn(member_id=own, now=call.now))
