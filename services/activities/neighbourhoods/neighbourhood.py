"""How a community divides its ground: responsibility areas of four sizes (四包) and household groups (联户组).

Invariants: an area lies in a larger one of the same community; homes are counted, never named, and an uncounted area stays uncounted;
only a member's own act or word makes them lead a group.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from services.activities import errors
from services.activities.following import following
from services.activities.wording import Reason, Title
from shared.contracts.activities import (
    AreaSize,
    HouseholdGroupCounted,
    HouseholdGroupDissolved,
    HouseholdGroupFormed,
    HouseholdGroupLed,
    ResponsibilityAreaClosed,
    ResponsibilityAreaDrawn,
    ResponsibilityAreaRedrawn,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

Homes = Annotated[int, Field(ge=0, le=100_000)]
# A building may stand in a courtyard, a courtyard in a tract, a tract in a zone.
EXTENT: Final[Mapping[AreaSize, int]] = {AreaSize.BUILDING: 0, AreaSize.COURTYARD: 1, AreaSize.TRACT: 2, AreaSize.ZONE: 3}


class AreaLiesInALargerOne(DomainError):
    """An area lies in a larger one, never in one of its own size or smaller."""


class AreaDraft(Command):
    """What a community states about an area."""

    community_id: UUID
    size: AreaSize
    name: Title
    parent_id: UUID | None = None
    homes: Homes | None = None


class DrawArea(AreaDraft):
    """Draw a new area, or draw one anew. `parent_size`: the size of the area it lies in."""

    area_id: UUID
    parent_size: AreaSize | None = None


class CloseArea(Command):
    """Use it no longer."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Area:
    """Fold of an area's stream."""

    drawn: ResponsibilityAreaDrawn | ResponsibilityAreaRedrawn | None = None
    is_closed: bool = False


def decide_area(command: DrawArea | CloseArea, state: Area) -> tuple[Event, ...]:
    """Decide one command about an area."""
    if state.is_closed:
        if isinstance(command, CloseArea):
            return ()
        raise errors.WrongStep
    match command:
        case DrawArea():
            return _draw(command, state)
        case CloseArea():
            if state.drawn is None:
                raise errors.WrongStep
            ids = {"area_id": state.drawn.area_id, "community_id": state.drawn.community_id}
            return (ResponsibilityAreaClosed(**ids, reason=command.reason),)


def _draw(command: DrawArea, state: Area) -> tuple[Event, ...]:
    if command.parent_size is not None and EXTENT[command.parent_size] <= EXTENT[command.size]:
        raise AreaLiesInALargerOne(size=command.size, parent_size=command.parent_size)
    values: dict[str, Any] = command.model_dump(exclude={"parent_size"})
    if state.drawn is None:
        return (ResponsibilityAreaDrawn.model_validate(values),)
    redrawn = ResponsibilityAreaRedrawn.model_validate(values)
    return () if redrawn.model_dump() == state.drawn.model_dump() else (redrawn,)


def evolve_area(state: Area, event: Event) -> Area:
    """Fold one event. Never raises."""
    match event:
        case ResponsibilityAreaDrawn() | ResponsibilityAreaRedrawn():
            return replace(state, drawn=event)
        case ResponsibilityAreaClosed():
            return replace(state, is_closed=True)
        case _:
            return state


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
class Group:
    """Fold of a group's stream."""

    formed: HouseholdGroupFormed | None = None
    homes: int = 0
    leader_id: UUID | None = None
    has_leader: bool = False
    is_dissolved: bool = False


def decide_group(command: GroupCommand, state: Group) -> tuple[Event, ...]:
    """Decide one command about a household group."""
    if isinstance(command, FormGroup):
        if state.formed is not None:
            raise errors.AlreadyExists
        return (HouseholdGroupFormed.model_validate(command.model_dump()),)
    if state.formed is None:
        raise errors.WrongStep
    if state.is_dissolved:
        if isinstance(command, DissolveGroup):
            return ()
        raise errors.WrongStep
    ids = {"group_id": state.formed.group_id, "community_id": state.formed.community_id}
    match command:
        case CountGroup():
            return () if command.homes == state.homes else (HouseholdGroupCounted(**ids, homes=command.homes),)
        case NameLeader():
            if state.has_leader and command.member_id == state.leader_id:
                return ()
            return (HouseholdGroupLed(**ids, member_id=command.member_id, assisted_consent=command.assisted_consent),)
        case DissolveGroup():
            return (HouseholdGroupDissolved(**ids, reason=command.reason),)


def evolve_group(state: Group, event: Event) -> Group:
    """Fold one event. Never raises."""
    match event:
        case HouseholdGroupFormed():
            return Group(event, event.homes)
        case HouseholdGroupCounted():
            return replace(state, homes=event.homes)
        case HouseholdGroupLed():
            return replace(state, leader_id=event.member_id, has_leader=True)
        case HouseholdGroupDissolved():
            return replace(state, is_dissolved=True)
        case _:
            return state


AREA: Final = Decider(category="area", initial=Area(), decide=decide_area, evolve=evolve_area)
GROUP: Final = following(Decider(category="household-group", initial=Group(), decide=decide_group, evolve=evolve_group))
