"""Names for papers of other services: the service record certificate, and its public check page and notices, which get a masked one;
the bulletin, which gets names of those who agreed to be named in public.

Invariant: every answer is recorded as a reading of the member's name, and the member can see it.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.registration.bulk import MOST_AT_ONCE
from services.registration.inputs import Body
from services.registration.members import queries as members
from services.registration.members.names import by_pinyin
from services.registration.policy import allow
from services.registration.vault.access import opened
from shared.http.answers import NotFound
from shared.http.endpoints import Call

router = APIRouter(tags=["printing"])


class BulletinBody(Body):
    """Who agreed to be named in one bulletin."""

    member_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]


class BulletinNames(BaseModel):
    """Names to print once and keep nowhere, by pinyin; nothing says whose is whose."""

    names: list[str]


class PaperName(BaseModel):
    """A name to print once and keep nowhere; `王**` when masked."""

    name: str


@router.get("/paper-names/{member_id}")
async def read_paper_name(
    member_id: UUID,
    call: Annotated[Call, Depends(allow("read_paper_name"))],
    *,
    masked: bool = True,
    purpose: Literal["award_notice"] | None = None,
) -> PaperName:
    """The name of a member for a certificate or a public notice, for the service that prints, checks or shows it."""
    async with call.read() as tx:
        row = await members.member(tx, call.district, member_id)
    if row is None or row["is_erased"]:
        raise NotFound
    ring = await opened(call, [member_id], purpose or ("certificate_check" if masked else "service_certificate"))
    name = ring.open(member_id, "name", row["name_sealed"])
    if not name:
        raise NotFound
    return PaperName(name=name[0] + "*" * (len(name) - 1) if masked else name)


@router.post("/bulletin-names")
async def read_bulletin_names(body: BulletinBody, call: Annotated[Call, Depends(allow("read_paper_name"))]) -> BulletinNames:
    """The names of those among them who agree to be named in public, for the service that prints a bulletin. Changes nothing."""
    async with call.read() as tx:
        rows = await members.named_in_public(tx, call.district, body.member_ids)
    ring = await opened(call, [row["member_id"] for row in rows], "bulletin")
    names = [ring.open(row["member_id"], "name", row["name_sealed"]) for row in rows]
    return BulletinNames(names=sorted((each for each in names if each), key=by_pinyin))
