"""HTTP of what a member sees of themself, and of the six ones."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activities.access import (
    DEFAULT_LIMIT,
    After,
    Limit,
    after_day,
    after_moment,
    after_number,
    allow,
    member_id,
    report_scope,
    require_view_of_member,
)
from services.activities.gatherings import queries as gatherings
from services.activities.gatherings.queries import MyActivity
from services.activities.members import queries
from services.activities.members.queries import SixOnesReport, SixOnesView
from services.activities.posts import queries as posts
from services.activities.posts.queries import MyPost
from services.activities.records import queries as records
from services.activities.records.queries import RecordView
from services.activities.teams import queries as teams
from services.activities.teams.queries import MyTeamSuggestion
from shared.calendar.local_time import local_day
from shared.http.endpoints import Call
from shared.http.paging import Page, page_of

router = APIRouter()
Year = Annotated[int | None, Query(ge=2000, le=2100, description="calendar year; default: this year")]


@router.get("/me/posts")
async def my_posts(call: Annotated[Call, Depends(allow("see_own"))], after: After = None, limit: Limit = DEFAULT_LIMIT) -> Page[MyPost]:
    """Return the caller's claims with their posts."""
    async with call.read() as tx:
        found = await posts.member_posts(tx, call.district, member_id(call.principal), after_number(after), limit)
    return page_of(found, limit, lambda each: (each.arrived,))


@router.get("/me/activities")
async def my_activities(
    call: Annotated[Call, Depends(allow("see_own"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[MyActivity]:
    """Activities the caller signed up for or was noted at; those to come name days with more than eight hours, and overlaps."""
    own = member_id(call.principal)
    async with call.read() as tx:
        found = await gatherings.member_activities(tx, call.district, own, call.now, after_moment(after), limit)
    return page_of(found, limit, lambda each: (each.starts_at.isoformat(), each.activity_id))


@router.get("/me/records")
async def my_records(
    call: Annotated[Call, Depends(allow("see_own"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[RecordView]:
    """Return the caller's records."""
    return await _records(call, member_id(call.principal), after, limit)


@router.get("/me/six-ones")
async def my_six_ones(call: Annotated[Call, Depends(allow("see_own"))], year: Year = None) -> SixOnesView:
    """Return the caller's six ones."""
    async with call.read() as tx:
        return await queries.six_ones(tx, call.district, member_id(call.principal), year or local_day(call.now).year)


@router.get("/me/team-suggestions")
async def my_team_suggestions(call: Annotated[Call, Depends(allow("see_own"))]) -> list[MyTeamSuggestion]:
    """Teams of the caller's community that their occupation suggests; joining is their choice."""
    async with call.read() as tx:
        return await teams.my_team_suggestions(tx, call.district, member_id(call.principal))


@router.get("/members/{who}/records")
async def member_records(
    who: UUID, call: Annotated[Call, Depends(allow("see_member"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[RecordView]:
    """Records of a member, for the member, their community and their unit."""
    await require_view_of_member(call, who)
    return await _records(call, who, after, limit)


@router.get("/members/{who}/six-ones")
async def member_six_ones(who: UUID, call: Annotated[Call, Depends(allow("see_member"))], year: Year = None) -> SixOnesView:
    """Six ones of a member, for the member, their community and their unit."""
    await require_view_of_member(call, who)
    async with call.read() as tx:
        return await queries.six_ones(tx, call.district, who, year or local_day(call.now).year)


@router.get("/reports/six-ones")
async def six_ones_report(
    call: Annotated[Call, Depends(allow("see_reports"))], community_id: UUID | None = None, year: Year = None
) -> SixOnesReport:
    """Six-ones completion in counts."""
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        return await queries.six_ones_report(tx, call.district, community_id, year or local_day(call.now).year)


async def _records(call: Call, who: UUID, after: str | None, limit: int) -> Page[RecordView]:
    async with call.read() as tx:
        found = await records.member_records(tx, call.district, who, after_day(after), limit)
    return page_of(found, limit, lambda each: (each.served_on.isoformat(), each.record_id))
