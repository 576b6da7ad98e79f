"""A service team (志愿服务队). It is suggested by occupation and joined by the member's own act, never assigned."""

from dataclasses import dataclass, replace
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.activities.following import following
from services.activities.refusals import AlreadyExists, WrongStep
from services.activities.wording import LIST_LIMIT, Title
from shared.contracts.activities.codes import TeamKind
from shared.contracts.activities.community import ServiceTeamFormed, TeamJoined, TeamLeft
from shared.contracts.event import Event
from shared.contracts.registration.codes import OccupationGroup
from shared.decider import Command, Decider, DomainError

# Which occupations a kind of team is suggested to. One occupation, one kind: the suggestions partition the registrants.
SUGGESTED_TO: Final[dict[TeamKind, tuple[OccupationGroup, ...]]] = {
    TeamKind.SUBSTITUTE_PARENTS: (OccupationGroup.TEACHER,),
    TeamKind.COMMUNITY_SECURITY: (OccupationGroup.POLICE,),
    TeamKind.POLICY_PROMOTION: (OccupationGroup.DISTRICT_ORGAN, OccupationGroup.STREET_OFFICE),
}


class NotInTheTeam(DomainError):
    """The member does not belong to this team."""


class TeamDraft(Command):
    """What a community states about a new team; the occupations follow from the kind unless stated."""

    community_id: UUID
    kind: TeamKind
    name: Title
    aliases: Annotated[tuple[Title, ...], Field(max_length=LIST_LIMIT)] = ()
    occupation_groups: Annotated[tuple[OccupationGroup, ...], Field(max_length=len(OccupationGroup))] | None = None


class CreateTeam(TeamDraft):
    """Form a team."""

    team_id: UUID


class JoinTeam(Command):
    """The member joins."""

    member_id: UUID


class LeaveTeam(Command):
    """The member leaves; no reason asked."""

    member_id: UUID


TeamCommand = CreateTeam | JoinTeam | LeaveTeam


@dataclass(frozen=True, slots=True)
class NotFormed:
    """There is no team yet."""


@dataclass(frozen=True, slots=True)
class Formed:
    """A team and who belongs to it."""

    team_id: UUID
    community_id: UUID
    members: frozenset[UUID] = frozenset()


Team = NotFormed | Formed


def suggested_kind(occupation: OccupationGroup) -> TeamKind:
    """Kind of team that is suggested to this occupation."""
    return next((kind for kind, occupations in SUGGESTED_TO.items() if occupation in occupations), TeamKind.OTHER)


def decide(command: TeamCommand, state: Team) -> tuple[Event, ...]:
    """Decide one command about a team."""
    match command:
        case CreateTeam():
            return _form(command, state)
        case JoinTeam():
            return _join(command, state)
        case LeaveTeam():
            return _leave(command, state)
        case _:
            assert_never(command)


def _form(command: CreateTeam, state: Team) -> tuple[Event, ...]:
    if isinstance(state, Formed):
        raise AlreadyExists
    groups = SUGGESTED_TO.get(command.kind, ()) if command.occupation_groups is None else command.occupation_groups
    return (ServiceTeamFormed.model_validate({**command.model_dump(), "occupation_groups": groups}),)


def _join(command: JoinTeam, state: Team) -> tuple[Event, ...]:
    if isinstance(state, NotFormed):
        raise WrongStep
    if command.member_id in state.members:
        return ()
    return (TeamJoined(team_id=state.team_id, community_id=state.community_id, member_id=command.member_id),)


def _leave(command: LeaveTeam, state: Team) -> tuple[Event, ...]:
    if isinstance(state, NotFormed) or command.member_id not in state.members:
        raise NotInTheTeam
    return (TeamLeft(team_id=state.team_id, community_id=state.community_id, member_id=command.member_id),)


def evolve(state: Team, event: Event) -> Team:
    """Fold one event. Never raises."""
    match state, event:
        case NotFormed(), ServiceTeamFormed():
            return Formed(event.team_id, event.community_id)
        case Formed(), TeamJoined():
            return replace(state, members=state.members | {event.member_id})
        case Formed(), TeamLeft():
            return replace(state, members=state.members - {event.member_id})
        case _:
            return state


TEAM: Final = following(Decider(category="team", initial=NotFormed(), decide=decide, evolve=evolve))
