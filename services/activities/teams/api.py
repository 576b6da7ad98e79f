"""HTTP of teams: forming, joining, and to whom they are suggested."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.activities.access import DEFAULT_LIMIT, After, Limit, after_id, allow, member_id, report_scope, require_registered
from services.activities.teams import queries
from services.activities.teams.queries import TeamSuggestionCount, TeamView
from services.activities.teams.team import TEAM, CreateTeam, JoinTeam, LeaveTeam, NotFormed, TeamDraft
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of

router = APIRouter()


class TeamSuggestions(BaseModel):
    """Suggestions by kind of team."""

    items: list[TeamSuggestionCount]


@router.get("/teams")
async def team_list(
    call: Annotated[Call, Depends(allow("see_teams"))], community_id: UUID | None = None, after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[TeamView]:
    """Teams of the district or of one community."""
    async with call.read() as tx:
        found = await queries.teams(tx, call.district, community_id, after_id(after), limit)
    return page_of(found, limit, lambda team: (team.team_id,))


@router.get("/reports/team-suggestions")
async def team_suggestions(call: Annotated[Call, Depends(allow("see_reports"))], community_id: UUID | None = None) -> TeamSuggestions:
    """How many active registrants each kind of team is suggested to, and how many joined."""
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        return TeamSuggestions(items=await queries.team_suggestions(tx, call.district, community_id))


@router.post("/teams", status_code=201)
async def form_team(body: TeamDraft, call: Annotated[Call, Depends(allow("form_team"))]) -> CommandAnswer:
    """Form a team."""
    call.principal.require_organisation(body.community_id)
    team_id = call.new_id("team")
    answer = await call.handle(TEAM, team_id, CreateTeam(team_id=team_id, **dict(body)))
    return answer.with_result(team_id=team_id)


@router.post("/teams/{team_id}/join")
async def join_team(team_id: UUID, call: Annotated[Call, Depends(allow("join_team"))]) -> CommandAnswer:
    """Join by one's own act, suggested or not."""
    who = member_id(call.principal)
    await _known(call, team_id)
    await require_registered(call, [who])
    return await call.handle(TEAM, team_id, JoinTeam(member_id=who))


@router.post("/teams/{team_id}/leave")
async def leave_team(team_id: UUID, call: Annotated[Call, Depends(allow("join_team"))]) -> CommandAnswer:
    """Leave; no reason asked."""
    await _known(call, team_id)
    return await call.handle(TEAM, team_id, LeaveTeam(member_id=member_id(call.principal)))


async def _known(call: Call, team_id: UUID) -> None:
    if isinstance(await call.state(TEAM, team_id), NotFormed):
        raise NotFound
