"""HTTP of responsibility areas (四包) and household groups (联户组), and how far a community is covered by them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activities.access import (
    DEFAULT_LIMIT,
    After,
    Limit,
    after_id,
    allow,
    report_scope,
    require_registered_in,
    whose,
)
from services.activities.neighbourhoods import queries
from services.activities.neighbourhoods.access import require_area_of_community
from services.activities.neighbourhoods.area import AREA, AreaDraft, CloseArea, DrawArea, NotDrawn
from services.activities.neighbourhoods.household_group import GROUP, CountGroup, DissolveGroup, Formed, FormGroup, GroupDraft, NameLeader
from services.activities.neighbourhoods.queries import AreaView, Coverage, GroupView
from services.activities.policy import DESK
from services.activities.wording import Reason
from shared.contracts.activities.neighbourhoods import AreaSize
from shared.decider import Command
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of

router = APIRouter()


class LeaderBody(Command):
    """Empty: the caller leads, as member. The community names a member who agreed, or says that a resident leads."""

    member_id: UUID | None = None
    consent: Reason | None = None
    is_resident: bool = False


@router.get("/areas")
async def area_list(
    call: Annotated[Call, Depends(allow("see_posts"))], community_id: UUID | None = None, after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[AreaView]:
    """Responsibility areas and how many members hold a post for each."""
    async with call.read() as tx:
        found = await queries.areas(tx, call.district, community_id, after_id(after), limit)
    return page_of(found, limit, lambda each: (each.area_id,))


@router.post("/areas", status_code=201)
async def draw_area(body: AreaDraft, call: Annotated[Call, Depends(allow("draw_area"))]) -> CommandAnswer:
    """Draw an area; members take it on through posts that name it."""
    area_id = call.new_id("area")
    answer = await call.handle(AREA, area_id, await _drawing(call, area_id, body))
    return answer.with_result(area_id=area_id)


@router.post("/areas/{area_id}/redraw")
async def redraw_area(area_id: UUID, body: AreaDraft, call: Annotated[Call, Depends(allow("draw_area"))]) -> CommandAnswer:
    """State the area anew, e.g. after counting its homes."""
    await _own_area(call, area_id)
    return await call.handle(AREA, area_id, await _drawing(call, area_id, body))


@router.post("/areas/{area_id}/close")
async def close_area(area_id: UUID, body: CloseArea, call: Annotated[Call, Depends(allow("draw_area"))]) -> CommandAnswer:
    """Use the area no longer."""
    await _own_area(call, area_id)
    return await call.handle(AREA, area_id, body)


@router.get("/communities/{community_id}/household-groups")
async def group_list(
    community_id: UUID, call: Annotated[Call, Depends(allow("see_reports"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[GroupView]:
    """Household groups of a community with their homes and leaders."""
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        found = await queries.groups(tx, call.district, community_id, after_id(after), limit)
    return page_of(found, limit, lambda each: (each.group_id,))


@router.post("/household-groups", status_code=201)
async def form_group(body: GroupDraft, call: Annotated[Call, Depends(allow("form_group"))]) -> CommandAnswer:
    """Form a household group; homes are a number."""
    call.principal.require_organisation(body.community_id)
    if body.area_id is not None:
        await require_area_of_community(call, body.area_id, body.community_id)
    group_id = call.new_id("household group")
    answer = await call.handle(GROUP, group_id, FormGroup(group_id=group_id, **dict(body)))
    return answer.with_result(group_id=group_id)


@router.post("/household-groups/{group_id}/count")
async def count_group(group_id: UUID, body: CountGroup, call: Annotated[Call, Depends(allow("form_group"))]) -> CommandAnswer:
    """State how many homes belong to it now."""
    await _own_group(call, group_id)
    return await call.handle(GROUP, group_id, body)


@router.post("/household-groups/{group_id}/leader")
async def name_leader(group_id: UUID, body: LeaderBody, call: Annotated[Call, Depends(allow("lead_group"))]) -> CommandAnswer:
    """Lead the group, by one's own act or by assisted entry; a resident who leads stays unnamed."""
    if body.is_resident:
        if not call.principal.has_any(DESK):
            raise NotFound
        await _own_group(call, group_id)
        return await call.handle(GROUP, group_id, NameLeader(member_id=None))
    who, acting = whose(call, body.member_id, body.consent)
    community_id = await (_own_group(call, group_id) if acting.is_assisted else _known_group(call, group_id))
    await require_registered_in(call, who, community_id)
    consent = body.consent if acting.is_assisted else None
    return await acting.handle(GROUP, group_id, NameLeader(member_id=who, assisted_consent=consent))


@router.post("/household-groups/{group_id}/dissolve")
async def dissolve_group(group_id: UUID, body: DissolveGroup, call: Annotated[Call, Depends(allow("form_group"))]) -> CommandAnswer:
    """End the group."""
    await _own_group(call, group_id)
    return await call.handle(GROUP, group_id, body)


@router.get("/reports/coverage")
async def coverage_report(call: Annotated[Call, Depends(allow("see_reports"))], community_id: UUID | None = None) -> Coverage:
    """Areas taken on by size, groups, homes covered and the share of groups that members lead; unknown stays unknown."""
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        return await queries.coverage(tx, call.district, community_id)


async def _drawing(call: Call, area_id: UUID, body: AreaDraft) -> DrawArea:
    call.principal.require_organisation(body.community_id)
    parent_size: AreaSize | None = None
    if body.parent_id is not None:
        parent = await call.state(AREA, body.parent_id)
        if isinstance(parent, NotDrawn) or parent.drawn.community_id != body.community_id:
            raise Malformed(parent_id="an area of this community")
        parent_size = parent.drawn.size
    return DrawArea(area_id=area_id, parent_size=parent_size, **dict(body))


async def _own_area(call: Call, area_id: UUID) -> None:
    area = await call.state(AREA, area_id)
    if isinstance(area, NotDrawn):
        raise NotFound
    call.principal.require_organisation(area.drawn.community_id)


async def _known_group(call: Call, group_id: UUID) -> UUID:
    """The community of a group. Raises NotFound."""
    group = await call.state(GROUP, group_id)
    if not isinstance(group, Formed):
        raise NotFound
    return group.community_id


async def _own_group(call: Call, group_id: UUID) -> UUID:
    """The community of a group that the caller acts for."""
    community_id = await _known_group(call, group_id)
    call.principal.require_organisation(community_id)
    return community_id
