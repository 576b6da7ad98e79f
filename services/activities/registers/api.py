"""HTTP of contribution campaigns, registers (venues, partnerships) and open affairs; affairs and sums are read by anybody."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activities.access import DEFAULT_LIMIT, After, Limit, after_id, allow, member_id, require_registered_in
from services.activities.campaigns.campaign import (
    CAMPAIGN,
    CampaignDraft,
    CancelContribution,
    CloseCampaign,
    ContributionDraft,
    OpenCampaign,
    ReceiveContribution,
    UseContributions,
    UseDraft,
)
from services.activities.registers import queries
from services.activities.registers.queries import AffairView, CampaignView, EntryView, MyContribution
from services.activities.registers.register import (
    AFFAIR,
    ENTRY,
    AgreePartnership,
    AnnounceAffair,
    CloseEntry,
    ContinueAffair,
    OpenVenue,
    PartnershipDraft,
    StageDraft,
    VenueDraft,
)
from services.activities.wording import Reason, Title
from shared.contracts.activities import AffairStage, ContributionCampaignOpened
from shared.decider import Command
from shared.identity import Role
from shared.local_time import local_day
from shared.web import Call, CommandAnswer, NotFound, Page, allow_anonymous, page_of

router = APIRouter()
EntryKind = Literal["VENUE", "PARTNERSHIP"]


class ReasonBody(Command):
    """Why."""

    reason: Reason


class AffairBody(StageDraft):
    """An affair before it is begun."""

    community_id: UUID
    subject: Title


class StageBody(StageDraft):
    """The next stage of an affair."""

    stage: AffairStage


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
    entry = state.received.get(command.contribution_id)
    return answer.with_result(contribution_id=command.contribution_id, receipt_no=entry.receipt_no if entry else None)


@router.post("/campaigns/{campaign_id}/contributions/{contribution_id}/cancel")
async def cancel_contribution(
    campaign_id: UUID, contribution_id: UUID, body: ReasonBody, call: Annotated[Call, Depends(allow("open_campaign"))]
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
    opened = (await call.state(CAMPAIGN, campaign_id)).opened
    if opened is None:
        raise NotFound
    call.principal.require_organisation(opened.community_id)
    return opened


@router.get("/me/contributions")
async def my_contributions(call: Annotated[Call, Depends(allow("see_own"))]) -> list[MyContribution]:
    """What the caller gave in their own name."""
    async with call.read() as tx:
        return await queries.my_contributions(tx, member_id(call.principal))


@router.get("/districts/{district}/campaigns")
async def campaign_list(
    call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))],
    community_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[CampaignView]:
    """Campaigns with what came in and what it was used for, for anybody; no givers."""
    async with call.read() as tx:
        return page_of(await queries.campaigns(tx, community_id, after_id(after), limit), limit, lambda each: (each.campaign_id,))


@router.get("/register")
async def entry_list(
    call: Annotated[Call, Depends(allow("see_register"))],
    community_id: UUID | None = None,
    kind: EntryKind | None = None,
    with_closed: bool = False,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[EntryView]:
    """Venues and partnerships of the district or of one community."""
    async with call.read() as tx:
        found = await queries.entries(tx, community_id, kind, with_closed=with_closed, after=after_id(after), limit=limit)
    return page_of(found, limit, lambda each: (each.entry_id,))


@router.post("/venues", status_code=201)
async def open_venue(body: VenueDraft, call: Annotated[Call, Depends(allow("keep_register"))]) -> CommandAnswer:
    """Enter a venue of the community, or one that a unit shares."""
    call.principal.require_organisation(body.community_id)
    return await _enter(call, OpenVenue(entry_id=call.new_id("entry"), **dict(body)))


@router.post("/partnerships", status_code=201)
async def agree_partnership(body: PartnershipDraft, call: Annotated[Call, Depends(allow("keep_register"))]) -> CommandAnswer:
    """Enter a partnership in one or more of the four forms."""
    call.principal.require_organisation(body.community_id)
    return await _enter(call, AgreePartnership(entry_id=call.new_id("entry"), **dict(body)))


async def _enter(call: Call, command: OpenVenue | AgreePartnership) -> CommandAnswer:
    return (await call.handle(ENTRY, command.entry_id, command)).with_result(entry_id=command.entry_id)


@router.post("/register/{entry_id}/close")
async def close_entry(entry_id: UUID, body: ReasonBody, call: Annotated[Call, Depends(allow("keep_register"))]) -> CommandAnswer:
    """Let an entry hold no longer."""
    entered = (await call.state(ENTRY, entry_id)).entered
    if entered is None:
        raise NotFound
    call.principal.require_organisation(entered.community_id)
    return await call.handle(ENTRY, entry_id, CloseEntry(reason=body.reason, closed_on=local_day(call.now)))


@router.post("/open-affairs", status_code=201)
async def announce_affair(body: AffairBody, call: Annotated[Call, Depends(allow("publish_affair"))]) -> CommandAnswer:
    """事前公开: show an affair before it is begun, with a last day to speak up."""
    call.principal.require_organisation(body.community_id)
    affair_id = call.new_id("affair")
    answer = await call.handle(AFFAIR, affair_id, AnnounceAffair(affair_id=affair_id, today=local_day(call.now), **dict(body)))
    return answer.with_result(affair_id=affair_id)


@router.post("/open-affairs/{affair_id}/stages", status_code=201)
async def continue_affair(affair_id: UUID, body: StageBody, call: Annotated[Call, Depends(allow("publish_affair"))]) -> CommandAnswer:
    """事中公开 and 事后公开."""
    shown = (await call.state(AFFAIR, affair_id)).shown
    if shown is None:
        raise NotFound
    call.principal.require_organisation(shown.community_id)
    return await call.handle(AFFAIR, affair_id, ContinueAffair(today=local_day(call.now), **dict(body)))


@router.get("/districts/{district}/open-affairs")
async def affair_list(
    call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))],
    community_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[AffairView]:
    """Open affairs with everything that was shown of them, for anybody."""
    async with call.read() as tx:
        return page_of(await queries.affairs(tx, community_id, after_id(after), limit), limit, lambda each: (each.affair_id,))
