"""HTTP of registers (venues, partnerships) and open affairs; affairs are read by anybody."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activities.access import DEFAULT_LIMIT, After, Limit, after_id, allow
from services.activities.registers import queries
from services.activities.registers.affair import AFFAIR, AnnounceAffair, ContinueAffair, NotAnnounced, StageDraft
from services.activities.registers.entry import (
    ENTRY,
    AgreePartnership,
    CloseEntry,
    NotEntered,
    OpenVenue,
    PartnershipDraft,
    VenueDraft,
)
from services.activities.registers.queries import AffairView, EntryListing, EntryView
from services.activities.wording import Reason, Title
from shared.calendar.local_time import local_day
from shared.contracts.activities.registers import AffairStage
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer, allow_anonymous
from shared.http.paging import Page, page_of
from shared.identity import Role

router = APIRouter()
EntryKind = Literal["VENUE", "PARTNERSHIP"]


class CloseEntryBody(Command):
    """Why the entry is closed."""

    reason: Reason


class AffairBody(StageDraft):
    """An affair before it is begun."""

    community_id: UUID
    subject: Title


class StageBody(StageDraft):
    """The next stage of an affair."""

    stage: AffairStage


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
    wanted = EntryListing(community_id=community_id, kind=kind, with_closed=with_closed, after=after_id(after), limit=limit)
    async with call.read() as tx:
        found = await queries.entries(tx, call.district, wanted)
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
async def close_entry(entry_id: UUID, body: CloseEntryBody, call: Annotated[Call, Depends(allow("keep_register"))]) -> CommandAnswer:
    """Let an entry hold no longer."""
    entry = await call.state(ENTRY, entry_id)
    if isinstance(entry, NotEntered):
        raise NotFound
    call.principal.require_organisation(entry.entered.community_id)
    return await call.handle(ENTRY, entry_id, CloseEntry(reason=body.reason, closed_on=local_day(call.now)))


@router.post("/open-affairs", status_code=201)
async def announce_affair(body: AffairBody, call: Annotated[Call, Depends(allow("publish_affair"))]) -> CommandAnswer:
    """事前公开: show an affair before it is begun, with a last day for comments."""
    call.principal.require_organisation(body.community_id)
    affair_id = call.new_id("affair")
    answer = await call.handle(AFFAIR, affair_id, AnnounceAffair(affair_id=affair_id, today=local_day(call.now), **dict(body)))
    return answer.with_result(affair_id=affair_id)


@router.post("/open-affairs/{affair_id}/stages", status_code=201)
async def continue_affair(affair_id: UUID, body: StageBody, call: Annotated[Call, Depends(allow("publish_affair"))]) -> CommandAnswer:
    """事中公开 and 事后公开."""
    affair = await call.state(AFFAIR, affair_id)
    if isinstance(affair, NotAnnounced):
        raise NotFound
    call.principal.require_organisation(affair.shown.community_id)
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
        found = await queries.affairs(tx, call.district, community_id, after_id(after), limit)
    return page_of(found, limit, lambda each: (each.affair_id,))
