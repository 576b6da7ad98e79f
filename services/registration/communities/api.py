"""What belongs to an organisation, and how a community introduces itself to its members.

Invariant: a community speaks for itself; honours and partners are facts about organisations, never about persons.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.registration.access import is_community_of, is_unit_of, require_community
from services.registration.communities import queries
from services.registration.exports import exported
from services.registration.inputs import Body, Reason
from services.registration.organisations import queries as organisations
from services.registration.organisations.access import established
from services.registration.organisations.community import IntroduceCommunity, JoinAsPartner, LeaveAsPartner
from services.registration.organisations.honours import AwardHonour, RevokeHonour
from services.registration.organisations.organisation import ORGANISATION
from services.registration.organisations.state import Established
from services.registration.policy import DISTRICT, allow
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import OrganisationKind
from shared.contracts.registration.organisations import HonourLevel
from shared.contracts.values import HAS_LINES
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.identity import Forbidden

router = APIRouter(tags=["communities"])

MOST_PARTS = 500
Paragraph = Annotated[str, HAS_LINES, Field(max_length=2000)]


class HonourBody(Body):
    """A title and the year in which it was awarded."""

    level: HonourLevel
    title: Annotated[str, Field(min_length=2, max_length=80)]
    year: Annotated[int, Field(ge=1949, le=2100)]


class RevocationBody(Body):
    """Why."""

    reason: Reason


class PartnerBody(Body):
    """A work unit or partner unit of the district; since when, today unless stated."""

    partner_id: UUID
    joined_on: date | None = None


class IntroductionBody(Body):
    """基本情况, 组织网络, 存在问题, 正在开展的工作. Replaces the introduction before; residents are not named."""

    overview: Paragraph
    network: Paragraph
    difficulties: Paragraph
    ongoing_work: Paragraph


class Introduction(BaseModel):
    """The introduction, and when it was given."""

    overview: str
    network: str
    difficulties: str
    ongoing_work: str
    told_at: datetime


class CommunityProfile(BaseModel):
    """A community as every member may know it: introduction, honours, partner units, and the organisations that belong to it."""

    community_id: UUID
    name: str
    community_type: str | None
    introduction: Introduction | None
    honours: list[queries.Honour]
    partners: list[queries.Partner]
    organisations: list[organisations.Organisation]


@router.get("/communities/{community_id}/profile")
async def community_profile(community_id: UUID, call: Annotated[Call, Depends(allow("read_community_profile"))]) -> CommunityProfile:
    """Get to know the community."""
    async with call.read() as tx:
        row = await organisations.organisation(tx, call.district, community_id)
        if row is None or row["kind"] != OrganisationKind.COMMUNITY:
            raise NotFound
        introduction = await queries.introduction(tx, call.district, community_id)
        parts = await organisations.organisations(tx, call.district, organisations.Wanted(parent_id=community_id), (None, MOST_PARTS))
        return CommunityProfile(
            community_id=community_id,
            name=row["name"],
            community_type=row["community_type"],
            introduction=None if introduction is None else Introduction(**introduction),
            honours=await queries.honours(tx, call.district, community_id),
            partners=await queries.partners(tx, call.district, community_id),
            organisations=parts.items,
        )


@router.post("/communities/{community_id}/profile")
async def introduce_community(
    community_id: UUID, body: IntroductionBody, call: Annotated[Call, Depends(allow("introduce_community"))]
) -> CommandAnswer:
    """Introduce the community to members."""
    require_community(call, community_id)
    return await call.handle(ORGANISATION, community_id, IntroduceCommunity(**body.model_dump()))


@exported(router, "/organisations/{organisation_id}/honours", "honours")
async def honours(organisation_id: UUID, call: Annotated[Call, Depends(allow("list_organisations"))]) -> list[queries.Honour]:
    """Titles of an organisation, newest first."""
    async with call.read() as tx:
        return await queries.honours(tx, call.district, organisation_id)


@router.post("/organisations/{organisation_id}/honours", status_code=201)
async def award_honour(organisation_id: UUID, body: HonourBody, call: Annotated[Call, Depends(allow("enter_honour"))]) -> CommandAnswer:
    """Enter a title: the district for all, others for their own organisation."""
    await _require_own(call, organisation_id)
    honour_id = call.new_id("honour")
    answer = await call.handle(ORGANISATION, organisation_id, AwardHonour(honour_id=honour_id, **body.model_dump()))
    return answer.with_result(honour_id=honour_id)


@router.post("/organisations/{organisation_id}/honours/{honour_id}/revocation")
async def revoke_honour(
    organisation_id: UUID, honour_id: UUID, body: RevocationBody, call: Annotated[Call, Depends(allow("enter_honour"))]
) -> CommandAnswer:
    """Take a title out again, with a reason."""
    await _require_own(call, organisation_id)
    return await call.handle(ORGANISATION, organisation_id, RevokeHonour(honour_id=honour_id, reason=body.reason))


@exported(router, "/communities/{community_id}/partners", "partners")
async def partners(community_id: UUID, call: Annotated[Call, Depends(allow("list_organisations"))]) -> list[queries.Partner]:
    """Partner units (共建单位) of a community, by name; the list is never closed."""
    async with call.read() as tx:
        return await queries.partners(tx, call.district, community_id)


@router.post("/communities/{community_id}/partners", status_code=201)
async def join_as_partner(community_id: UUID, body: PartnerBody, call: Annotated[Call, Depends(allow("change_partners"))]) -> CommandAnswer:
    """Make a unit a partner of the community."""
    await _require_own(call, community_id)
    partner = await call.state(ORGANISATION, body.partner_id)
    command = JoinAsPartner(
        partner_id=body.partner_id,
        partner_kind=partner.kind if isinstance(partner, Established) else None,
        joined_on=body.joined_on or local_day(call.now),
    )
    return await call.handle(ORGANISATION, community_id, command)


@router.post("/communities/{community_id}/partners/{partner_id}/departure")
async def leave_as_partner(community_id: UUID, partner_id: UUID, call: Annotated[Call, Depends(allow("change_partners"))]) -> CommandAnswer:
    """End the partnership of a unit with the community."""
    await _require_own(call, community_id)
    return await call.handle(ORGANISATION, community_id, LeaveAsPartner(partner_id=partner_id, left_on=local_day(call.now)))


async def _require_own(call: Call, organisation_id: UUID) -> None:
    """Raise NotFound when there is no such organisation, Forbidden unless it is the caller's or the caller is the district."""
    await established(call, organisation_id)
    is_own = is_unit_of(call, organisation_id) or is_community_of(call, organisation_id)
    if not (call.principal.has_any(DISTRICT) or is_own):
        message = "acts for none of the organisations concerned"
        raise Forbidden(message)
