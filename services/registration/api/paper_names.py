"""Names for papers of other services: the service record certificate, and its public check page and notices, which get a masked one.

Invariant: every answer is recorded as a reading of the member's name, and the member can see it.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from services.registration import queries
from services.registration.api.scope import opened
from services.registration.policy import allow
from shared.web import Call, NotFound

router = APIRouter(tags=["printing"])


class PaperName(BaseModel):
    """A name to print once and keep nowhere; `王**` when masked."""

    name: str


@router.get("/paper-names/{member_id}")
async def read_paper_name(
    request: Request,
    member_id: UUID,
    call: Annotated[Call, Depends(allow("read_paper_name"))],
    *,
    masked: bool = True,
    purpose: Literal["award_notice"] | None = None,
) -> PaperName:
    """The name of a member for a certificate or a public notice, for the service that prints, checks or shows it."""
    async with call.read() as tx:
        row = await queries.member(tx, call.district, member_id)
    if row is None or row["is_erased"]:
        raise NotFound
    ring = await opened(request, call, [member_id], purpose or ("certificate_check" if masked else "service_certificate"))
    name = ring.open(member_id, "name", row["name_sealed"])
    if not name:
        raise NotFound
    return PaperName(name=name[0] + "*" * (len(name) - 1) if masked else name)
