"""Corrections of a name (PIPL article 46): the member asks, the work unit compares with its papers and agrees or says why not.

Invariant: both names stay sealed; the old one stays in the log as it was.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import AfterValidator, BaseModel, Field

from services.registration import queries
from services.registration.api.exports import exported
from services.registration.api.scope import MOST_AT_ONCE, Body, Reason, enrolled, opened, require_self, require_unit, vault_of
from services.registration.domain.member import MEMBER
from services.registration.domain.member_terms import CorrectName, DeclineNameCorrection, RequestNameCorrection
from services.registration.policy import allow
from services.registration.roster import plain
from shared.web import Call, CommandAnswer

router = APIRouter(tags=["corrections"])


class NameBody(Body):
    """The name as it should be."""

    name: Annotated[str, Field(min_length=1, max_length=50), AfterValidator(plain)]


class DeclineBody(Body):
    """Why not; the member can read it."""

    reason: Reason


class NameCorrection(BaseModel):
    """A name somebody says is wrong."""

    member_id: UUID
    member_no: str
    name: str | None
    wanted_name: str | None


@router.post("/members/{member_id}/name-correction")
async def request_correction(
    request: Request, member_id: UUID, body: NameBody, call: Annotated[Call, Depends(allow("request_name_correction"))]
) -> CommandAnswer:
    """Say that the roster has the name wrong."""
    require_self(call, member_id)
    await enrolled(call, member_id)
    ring = await vault_of(request).key_ring(call.district, [member_id])
    return await call.handle(MEMBER, member_id, RequestNameCorrection(name_sealed=ring.seal(member_id, "name", body.name)))


@router.post("/members/{member_id}/name-correction/agreement")
async def correct_name(member_id: UUID, call: Annotated[Call, Depends(allow("answer_name_correction"))]) -> CommandAnswer:
    """The unit agrees: the name is corrected."""
    require_unit(call, (await enrolled(call, member_id)).unit_id)
    return await call.handle(MEMBER, member_id, CorrectName())


@router.post("/members/{member_id}/name-correction/refusal")
async def decline_correction(
    member_id: UUID, body: DeclineBody, call: Annotated[Call, Depends(allow("answer_name_correction"))]
) -> CommandAnswer:
    """The unit keeps the name as it is."""
    require_unit(call, (await enrolled(call, member_id)).unit_id)
    return await call.handle(MEMBER, member_id, DeclineNameCorrection(reason=body.reason))


@exported(router, "/units/{unit_id}/name-corrections", "name_corrections")
async def name_corrections(
    request: Request, unit_id: UUID, call: Annotated[Call, Depends(allow("answer_name_correction"))]
) -> list[NameCorrection]:
    """Corrections that wait for the unit."""
    require_unit(call, unit_id)
    async with call.read() as tx:
        rows = await queries.name_corrections(tx, call.district, unit_id, MOST_AT_ONCE)
    ring = await opened(request, call, [row["member_id"] for row in rows], "name_corrections")
    return [
        NameCorrection(
            **row,
            name=ring.open(row["member_id"], "name", row["name_sealed"]),
            wanted_name=ring.open(row["member_id"], "name", row["wanted_name_sealed"]),
        )
        for row in rows
    ]
