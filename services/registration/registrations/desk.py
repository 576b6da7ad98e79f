"""The desk (登记站): a stack of certificates at once, taken down while the line was cut if need be, and sent as often as it takes.

Invariant: a certificate's number is what makes two entries the same; sending a list again registers nobody twice.
"""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.registration.access import require_community
from services.registration.bulk import MOST_AT_ONCE, Broken, each, last_position
from services.registration.inputs import Body
from services.registration.policy import allow
from services.registration.registrations.api import RegisterBody, report
from shared.calendar.local_time import local_day
from shared.http.answers import Malformed
from shared.http.endpoints import Call, CommandAnswer
from shared.http.limits import MIB

router = APIRouter(tags=["desk"])


class DeskEntry(RegisterBody):
    """One paper. `reported_on`: the day the member stood at the desk, when the list is sent later."""

    reported_on: date | None = None


class DeskBody(Body):
    """Papers in any order; a number that occurs twice is one entry."""

    entries: Annotated[list[DeskEntry], Field(min_length=1, max_length=MOST_AT_ONCE)]


class DeskLine(BaseModel):
    """What became of one paper; `code` says which rule was broken."""

    certificate_no: str
    outcome: Literal["REGISTERED", "ALREADY", "REFUSED"]
    registration_id: UUID | None = None
    member_id: UUID | None = None
    code: str | None = None


class DeskAnswer(BaseModel):
    """One line per number, in the order sent."""

    lines: list[DeskLine]
    position: dict[str, Any]


@router.post("/communities/{community_id}/desk-registrations", max_body_size=MIB)
async def register_at_desk(community_id: UUID, body: DeskBody, call: Annotated[Call, Depends(allow("register_at_desk"))]) -> DeskAnswer:
    """Register everybody whose paper the desk took; one refused paper stops no other. Safe to send again, under any key."""
    require_community(call, community_id)
    entries = list({entry.certificate_no: entry for entry in body.entries}.values())
    day = local_day(call.now)
    if any(entry.reported_on is not None and entry.reported_on > day for entry in entries):
        raise Malformed(reported_on="a day that is not in the future")

    async def take(entry: DeskEntry) -> CommandAnswer:
        paper = RegisterBody(certificate_no=entry.certificate_no, consent_text_version=entry.consent_text_version)
        return await report(call.step(f"desk/{entry.certificate_no}"), paper, entry.reported_on or day, community_id)

    results = await each(entries, take)
    return DeskAnswer(
        lines=[_line(entry, result) for entry, result in zip(entries, results, strict=True)],
        position=last_position("registration", [result for result in results if isinstance(result, CommandAnswer)]),
    )


def _line(entry: DeskEntry, result: CommandAnswer | Broken) -> DeskLine:
    if isinstance(result, Broken):
        return DeskLine(certificate_no=entry.certificate_no, outcome="REFUSED", code=result.code)
    outcome = "REGISTERED" if result.event_ids else "ALREADY"
    return DeskLine(certificate_no=entry.certificate_no, outcome=outcome, **result.result)
