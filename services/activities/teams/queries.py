"""Teams, and to whom they are suggested."""

from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.teams.team import SUGGESTED_TO
from shared.contracts.activities.codes import TeamKind
from shared.contracts.registration.codes import OccupationGroup

TEAMS: Final = """
SELECT t.*, (SELECT count(*) FROM team_members m WHERE m.district = t.district AND m.team_id = t.team_id) AS members
FROM teams t
WHERE t.district = $1 AND ($2::uuid IS NULL OR t.community_id = $2) AND ($3::uuid IS NULL OR t.team_id > $3)
ORDER BY t.team_id LIMIT $4
"""
SUGGESTED: Final = """
SELECT count(*) AS suggested, count(*) FILTER (WHERE EXISTS (
    SELECT FROM team_members m JOIN teams t USING (district, team_id)
    WHERE m.district = r.district AND m.member_id = r.member_id AND t.kind = $4)) AS joined
FROM registrants r
WHERE r.district = $1 AND r.status = 'ACTIVE' AND r.occupation_group = ANY($3) AND ($2::uuid IS NULL OR r.community_id = $2)
"""
MINE: Final = """
SELECT t.team_id, t.community_id, t.kind, t.name,
       EXISTS (SELECT FROM team_members m
               WHERE m.district = t.district AND m.team_id = t.team_id AND m.member_id = r.member_id) AS is_joined
FROM registrants r JOIN teams t USING (district, community_id)
WHERE r.district = $1 AND r.occupation_group = ANY(t.occupation_groups) AND r.member_id = $2 AND r.status = 'ACTIVE' ORDER BY t.team_id
"""


class TeamView(BaseModel):
    """A team and how many belong to it."""

    team_id: UUID
    community_id: UUID
    kind: TeamKind
    name: str
    aliases: tuple[str, ...]
    occupation_groups: tuple[OccupationGroup, ...]
    members: int


class TeamSuggestionCount(BaseModel):
    """To how many active registrants a kind of team is suggested, and how many of them joined one."""

    kind: TeamKind
    occupation_groups: tuple[OccupationGroup, ...]
    suggested: int
    joined: int


class MyTeamSuggestion(BaseModel):
    """A team of the member's community that is suggested to them. Joining is their choice."""

    team_id: UUID
    community_id: UUID
    kind: TeamKind
    name: str
    is_joined: bool


async def teams(tx: asyncpg.Connection, district: str, community_id: UUID | None, after: UUID | None, limit: int) -> list[TeamView]:
    """Teams in order of their ids, one more than `limit` when there are more."""
    return [TeamView.model_validate(dict(row)) for row in await tx.fetch(TEAMS, district, community_id, after, limit + 1)]


async def team_suggestions(tx: asyncpg.Connection, district: str, community_id: UUID | None) -> list[TeamSuggestionCount]:
    """Count suggestions by kind of team: a partition of the active registrants by occupation."""
    counts: list[TeamSuggestionCount] = []
    for kind, groups in SUGGESTED_TO.items():
        row = await tx.fetchrow(SUGGESTED, district, community_id, list(groups), kind)
        numbers = {"suggested": 0, "joined": 0} if row is None else dict(row)
        counts.append(TeamSuggestionCount(kind=kind, occupation_groups=groups, **numbers))
    return counts


async def my_team_suggestions(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[MyTeamSuggestion]:
    """Teams of the member's community that their occupation suggests."""
    return [MyTeamSuggestion.model_validate(dict(row)) for row in await tx.fetch(MINE, district, member_id)]
