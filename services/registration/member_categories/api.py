"""六类党员: how many members of each category a community has, and what that comes to in streets and the district.

Invariant: counts only, never names; in-service members are counted from their registrations, so nobody enters them twice.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from services.registration.access import require_community
from services.registration.exports import exported
from services.registration.inputs import Body
from services.registration.member_categories import queries
from services.registration.organisations.declarations import DeclareMemberCategories
from services.registration.organisations.organisation import ORGANISATION
from services.registration.policy import ADMINISTRATION, COMMUNITY, allow
from services.registration.programmes.api import Term
from shared.calendar.local_time import local_day
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(tags=["member categories"])


class DeclarationBody(Body):
    """A number for every category, of members whose organisation relation (组织关系) is with the community; as of today unless stated."""

    as_of: date | None = None
    counts: Annotated[dict[Term, Annotated[int, Field(ge=0, le=100_000, strict=True)]], Field(max_length=30)]


@exported(router, "/member-categories", "member_categories")
async def categories(call: Annotated[Call, Depends(allow("list_member_categories"))]) -> list[queries.MemberCategory]:
    """The categories in the programme's words: those that communities declare, and in-service members."""
    async with call.read() as tx:
        return await queries.categories(tx, call.district, local_day(call.now))


@router.post("/communities/{community_id}/member-categories")
async def declare(
    community_id: UUID, body: DeclarationBody, call: Annotated[Call, Depends(allow("declare_member_categories"))]
) -> CommandAnswer:
    """Declare the community's members by category; replaces what was declared before."""
    require_community(call, community_id)
    async with call.read() as tx:
        known = await queries.words(tx, call.district, local_day(call.now))
    command = DeclareMemberCategories(
        as_of=body.as_of or local_day(call.now), counts=body.counts, categories=tuple(known), declared_on=local_day(call.now)
    )
    return await call.handle(ORGANISATION, community_id, command)


@exported(router, "/reports/member-categories", "member_category_report", without=["category"])
async def report(call: Annotated[Call, Depends(allow("report_member_categories"))]) -> queries.MemberCategoryReport:
    """Members by category of every community, street and the district; small counts are hidden from all but who manages them."""
    managed = None
    if not call.principal.has_any(ADMINISTRATION):
        managed = call.principal.organisations if call.principal.has_any(COMMUNITY) else frozenset[UUID]()
    async with call.read() as tx:
        return await queries.report(tx, call.district, local_day(call.now), managed)
