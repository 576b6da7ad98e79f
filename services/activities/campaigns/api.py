"""HTTP of contribution campaigns; the sums are read by anybody, the givers by nobody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activities.access import DEFAULT_LIMIT, After, Limit, after_id, allow, member_id, require_registered_in
from services.activities.campaigns import queries
from services.activities.campaigns.campaign import (
    CAMPAIGN,
    CampaignDraft,
    CancelContribution,
    CloseCampaign,
    ContributionDraft,
    NotOpened,
    OpenCampaign,
    ReceiveContribution,
    UseContributions,
    UseDraft,
)
from services.activities.campaigns.queries import CampaignView, MyContribution
from services.activities.wording import Reason
from shared.calendar.local_time import local_day
from shared.contracts.activities.campaigns import ContributionCampaignOpened
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer, allow_anonymous
from shared.http.paging import Page, page_of
from shared.identity import Role

router = APIRouter()


class CancelContributionBody(Command):
    """Why the entry is cancelled."""

    reason: Reason


@router.post("/campaigns", status_code=201)
async def open_campaign(body: CampaignDraft, call: Annotated[Call, Depends(allow("open_campaign"))]) -> CommandAnswer:
    """Ask for contributions: money, goods, suggestions. None of them ever scores."""
    call.principal.require_organisation(body.community_id)
    campaign_id = call.new_id("campaign")
    answer = await call.handle(CAMPAIGN, campaign_id, OpenCampaign(campaign_id=campaign_id, **dict(body)))
    return answer.with_result(campaign_id=campaign_id)


@router.post("/campaigns/{campaign_id}/contributions", status_code=201)
async def receive_contribution(
    campaign_id: UUID, body: ContributionDraft, call: Annotated[Call, Depends(allow("open_campaign"))]
) -> CommandAnswer:
    """Record what came in; the giver is named only as a member who wants it so."""
    opened = await _own_campaign(call, campaign_id)
    if body.member_id is not None:
        await require_registered_in(call, body.member_id, opened.community_id)
    command = ReceiveContribution(
        **dict(body), contribution_id=call.new_id("contribution"), received_on=local_day(call.now), recorded_by=call.principal.subject
    )
    answer, state = await call.decided(CAMPAIGN, campaign_id, command)
    received = None if isinstance(state, NotOpened) else state.received.get(command.contribution_id)
    return answer.with_result(contribution_id=command.contribution_id, receipt_no=received.receipt_no if received else None)


@router.post("/campaigns/{campaign_id}/contributions/{contribution_id}/cancel")
async def cancel_contribution(
    campaign_id: UUID, contribution_id: UUID, body: CancelContributionBody, call: Annotated[Call, Depends(allow("open_campaign"))]
) -> CommandAnswer:
    """Take an entry back: wrong, or returned to the giver."""
    await _own_campaign(call, campaign_id)
    command = CancelContribution(contribution_id=contribution_id, reason=body.reason, cancelled_by=call.principal.subject)
    return await call.handle(CAMPAIGN, campaign_id, command)


@router.post("/campaigns/{campaign_id}/uses", status_code=201)
async def use_contributions(campaign_id: UUID, body: UseDraft, call: Annotated[Call, Depends(allow("open_campaign"))]) -> CommandAnswer:
    """State what was used for what, for everybody to read."""
    await _own_campaign(call, campaign_id)
    command = UseContributions(**dict(body), use_id=call.new_id("use"), used_on=local_day(call.now))
    return await call.handle(CAMPAIGN, campaign_id, command)


@router.post("/campaigns/{campaign_id}/close")
async def close_campaign(campaign_id: UUID, body: CloseCampaign, call: Annotated[Call, Depends(allow("open_campaign"))]) -> CommandAnswer:
    """Take nothing more."""
    await _own_campaign(call, campaign_id)
    return await call.handle(CAMPAIGN, campaign_id, body)


async def _own_campaign(call: Call, campaign_id: UUID) -> ContributionCampaignOpened:
    campaign = await call.state(CAMPAIGN, campaign_id)
    if isinstance(campaign, NotOpened):
        raise NotFound
    call.principal.require_organisation(campaign.opened.community_id)
    return campaign.opened


@router.get("/me/contributions")
async def my_contributions(call: Annotated[Call, Depends(allow("see_own"))]) -> list[MyContribution]:
    """What the caller gave in their own name."""
    async with call.read() as tx:
        return await queries.my_contributions(tx, call.district, member_id(call.principal))


@router.get("/districts/{district}/campaigns")
async def campaign_list(
    call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))],
    community_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[CampaignView]:
    """Campaigns with what came in and what it was used for, for anybody; no givers."""
    async with call.read() as tx:
        found = await queries.campaigns(tx, call.district, community_id, after_id(after), limit)
    return page_of(found, limit, lambda each: (each.campaign_id,))
