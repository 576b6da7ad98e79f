"""Household groups (联户组): neighbouring homes of a community, led by a member or by a resident.

Invariants: homes are counted, never named; only a member's own act, or their consent to assisted entry, makes them lead a group.
"""

from dataclasses import dataclass, replace
from typing import Final, assert_never
from uuid import UUID

from services.activities.following import following
from services.activities.neighbourhoods.area import Homes
from services.activities.refusals import AlreadyExists, WrongStep
from services.activities.wording import Reason, Title
from shared.contracts.activities.neighbourhoods import (
    HouseholdGroupCounted,
    HouseholdGroupDissolved,
    HouseholdGroupFormed,
    HouseholdGroupLed,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider


class GroupDraft(Command):
    """What a community states about a new group."""

    community_id: UUID
    name: Title
    homes: Homes
    area_id: UUID | None = None


class FormGroup(GroupDraft):
    """Form a group."""

    group_id: UUID


class CountGroup(Command):
    """State how many homes belong to it now."""

    homes: Homes


class NameLeader(Command):
    """A member leads from now on; None: a resident does."""

    member_id: UUID | None
    assisted_consent: Reason | None = None


class DissolveGroup(Command):
    """End the group."""

    reason: Reason


GroupCommand = FormGroup | CountGroup | NameLeader | DissolveGroup


@dataclass(frozen=True, slots=True)
class Leader:
    """A member, or a resident, who stays unnamed."""

    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class NotFormed:
    """There is no group yet."""


@dataclass(frozen=True, slots=True)
class Formed:
    """A group with its homes; nobody leads it at first."""

    group_id: UUID
    community_id: UUID
    homes: int
    leader: Leader | None = None


@dataclass(frozen=True, slots=True)
class Dissolved:
    """The group has ended."""


Group = NotFormed | Formed | Dissolved


def decide(command: GroupCommand, state: Group) -> tuple[Event, ...]:
    """Decide one command about a household group."""
    match command:
        case FormGroup():
            return _form(command, state)
        case CountGroup():
            return _count(command, _living(state))
        case NameLeader():
            return _name_leader(command, _living(state))
        case DissolveGroup():
            return _dissolve(command, state)
        case _:
            assert_never(command)


def _form(command: FormGroup, state: Group) -> tuple[Event, ...]:
    if not isinstance(state, NotFormed):
        raise AlreadyExists
    return (HouseholdGroupFormed.model_validate(command.model_dump()),)


def _living(state: Group) -> Formed:
    if not isinstance(state, Formed):
        raise WrongStep
    return state


def _count(command: CountGroup, state: Formed) -> tuple[Event, ...]:
    if command.homes == state.homes:
        return ()
    return (HouseholdGroupCounted(group_id=state.group_id, community_id=state.community_id, homes=command.homes),)


def _name_leader(command: NameLeader, state: Formed) -> tuple[Event, ...]:
    if state.leader == Leader(command.member_id):
        return ()
    named = command.model_dump()
    return (HouseholdGroupLed(group_id=state.group_id, community_id=state.community_id, **named),)


def _dissolve(command: DissolveGroup, state: Group) -> tuple[Event, ...]:
    match state:
        case NotFormed():
            raise WrongStep
        case Formed(group_id=group_id, community_id=community_id):
            return (HouseholdGroupDissolved(group_id=group_id, community_id=community_id, reason=command.reason),)
        case Dissolved():
            return ()
        case _:
            assert_never(state)


def evolve(state: Group, event: Event) -> Group:
    """Fold one event. Never raises."""
    match state, event:
        case NotFormed(), HouseholdGroupFormed():
            return Formed(event.group_id, event.community_id, event.homes)
        case Formed(), HouseholdGroupCounted():
            return replace(state, homes=event.homes)
        case Formed(), HouseholdGroupLed():
            return replace(state, leader=Leader(event.member_id))
        case Formed(), HouseholdGroupDissolved():
            return Dissolved()
        case _:
            return state


GROUP: Final = following(Decider(category="household-group", initial=NotFormed(), decide=decide, evolve=evolve))
