"""Teams and who belongs to them as rows."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.community import ServiceTeamFormed, TeamJoined, TeamLeft
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import delete, fields, save, save_new


def formed(_event: Recorded, data: ServiceTeamFormed) -> Iterator[Write]:
    """A new team."""
    lists = {"aliases": list(data.aliases), "occupation_groups": list(data.occupation_groups)}
    yield save("teams", fields(data, "team_id"), {**fields(data, "community_id", "kind", "name"), **lists})


def joined(_event: Recorded, data: TeamJoined) -> Iterator[Write]:
    """One member more."""
    yield save_new("team_members", fields(data, "team_id", "member_id"), {})


def left(_event: Recorded, data: TeamLeft) -> Iterator[Write]:
    """One member less."""
    yield delete("team_members", fields(data, "team_id", "member_id"))


PROJECTIONS: Final[Projections] = {ServiceTeamFormed: formed, TeamJoined: joined, TeamLeft: left}
