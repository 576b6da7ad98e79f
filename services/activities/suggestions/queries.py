"""Teams and to whom they are suggested, suggestions and practical matters."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.teams.team import SUGGESTED_TO
from shared.contracts.activities import TeamKind
from shared.contracts.registration import OccupationGroup

TEAMS: Final = """
SELECT t.*, (SELECT count(*) FROM team_members m WHERE m.district = t.district AND m.team_id = t.team_id) AS members
FROM teams t WHERE ($1::uuid IS NULL OR t.community_id = $1) AND ($2::uuid IS NULL OR t.team_id > $2) ORDER BY t.team_id LIMIT $3
"""
SUGGESTED: Final = """
SELECT count(*) AS suggested, count(*) FILTER (WHERE EXISTS (
    SELECT FROM team_members m JOIN teams t USING (district, team_id)
    WHERE m.district = r.district AND m.member_id = r.member_id AND t.kind = $3)) AS joined
FROM registrants r WHERE r.status = 'ACTIVE' AND r.occupation_group = ANY($2) AND ($1::uuid IS NULL OR r.community_id = $1)
"""
MY_TEAMS: Final = """
SELECT t.team_id, t.community_id, t.kind, t.name,
       EXISTS (SELECT FROM team_members m
               WHERE m.district = t.district AND m.team_id = t.team_id AND m.member_id = r.member_id) AS is_joined
FROM registrants r JOIN teams t USING (district, community_id)
WHERE r.occupation_group = ANY(t.occupation_groups) AND r.member_id = $1 AND r.status = 'ACTIVE' ORDER BY t.team_id
"""
# Members see their own, communities theirs, oversight all: $1 communities (null: all), $2 member.
SUGGESTIONS: Final = """
SELECT * FROM suggestions WHERE ($1::uuid[] IS NULL OR community_id = ANY($1) OR member_id = $2)
  AND ($3::uuid IS NULL OR community_id = $3) AND ($4::text IS NULL OR status = $4) AND ($5::uuid IS NULL OR suggestion_id > $5)
ORDER BY suggestion_id LIMIT $6
"""
MATTERS: Final = """
SELECT * FROM matters WHERE ($1::uuid[] IS NULL OR community_id = ANY($1) OR member_id = $2)
  AND ($3::uuid IS NULL OR community_id = $3) AND ($4::text IS NULL OR status = $4) AND ($5::uuid IS NULL OR matter_id > $5)
ORDER BY matter_id LIMIT $6
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


class SuggestionView(BaseModel):
    """A suggestion and its answer."""

    suggestion_id: UUID
    member_id: UUID
    community_id: UUID
    title: str
    content: str
    status: str
    answer: str | None


class MatterView(BaseModel):
    """A practical matter and what became of it."""

    matter_id: UUID
    member_id: UUID
    community_id: UUID
    title: str
    content: str
    status: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What the caller may see (`communities` None: all, else those and `member_id`'s own), then what was asked for."""

    communities: tuple[UUID, ...] | None
    member_id: UUID | None
    community_id: UUID | None
    status: str | None
    after: UUID | None
    limit: int

    @property
    def arguments(self) -> tuple[object, ...]:
        """In the order of the statements; one row more than `limit` shows that there is a next page."""
        communities = None if self.communities is None else list(self.communities)
        return (communities, self.member_id, self.community_id, self.status, self.after, self.limit + 1)


async def teams(tx: asyncpg.Connection, community_id: UUID | None, after: UUID | None, limit: int) -> list[TeamView]:
    """Teams in order of their ids."""
    return [TeamView.model_validate(dict(row)) for row in await tx.fetch(TEAMS, community_id, after, limit + 1)]


async def team_suggestions(tx: asyncpg.Connection, community_id: UUID | None) -> list[TeamSuggestionCount]:
    """Count suggestions by kind of team: a partition of the active registrants by occupation."""
    counts: list[TeamSuggestionCount] = []
    for kind, groups in SUGGESTED_TO.items():
        row = await tx.fetchrow(SUGGESTED, community_id, list(groups), kind)
        numbers = {"suggested": 0, "joined": 0} if row is None else dict(row)
        counts.append(TeamSuggestionCount(kind=kind, occupation_groups=groups, **numbers))
    return counts


async def my_team_suggestions(tx: asyncpg.Connection, member_id: UUID) -> list[MyTeamSuggestion]:
    """Teams of the member's community that their occupation suggests."""
    return [MyTeamSuggestion.model_validate(dict(row)) for row in await tx.fetch(MY_TEAMS, member_id)]


async def suggestions(tx: asyncpg.Connection, wanted: Filter) -> list[SuggestionView]:
    """Suggestions in order of their ids."""
    return [SuggestionView.model_validate(dict(row)) for row in await tx.fetch(SUGGESTIONS, *wanted.arguments)]


async def matters(tx: asyncpg.Connection, wanted: Filter) -> list[MatterView]:
    """Practical matters in order of their ids."""
    return [MatterView.model_validate(dict(row)) for row in await tx.fetch(MATTERS, *wanted.arguments)]
