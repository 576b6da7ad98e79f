"""Responsibility areas of four sizes (四包): how a community divides its ground.

Invariants: an area lies in a larger one of the same community; homes are counted, never named, and an uncounted area stays uncounted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.activities.refusals import WrongStep
from services.activities.wording import Reason, Title
from shared.contracts.activities.neighbourhoods import (
    AreaSize,
    ResponsibilityAreaClosed,
    ResponsibilityAreaDrawn,
    ResponsibilityAreaRedrawn,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

Homes = Annotated[int, Field(ge=0, le=100_000)]
# A building may be part of a courtyard, a courtyard of a tract, a tract of a zone.
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


AreaCommand = DrawArea | CloseArea


@dataclass(frozen=True, slots=True)
class NotDrawn:
    """There is no area yet."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """In use, as drawn last."""

    drawn: ResponsibilityAreaDrawn | ResponsibilityAreaRedrawn


@dataclass(frozen=True, slots=True)
class Closed:
    """Used no longer."""

    drawn: ResponsibilityAreaDrawn | ResponsibilityAreaRedrawn


Area = NotDrawn | Drawn | Closed


def decide(command: AreaCommand, state: Area) -> tuple[Event, ...]:
    """Decide one command about an area."""
    match command:
        case DrawArea():
            return _draw(command, state)
        case CloseArea():
            return _close(command, state)
        case _:
            assert_never(command)


def _draw(command: DrawArea, state: Area) -> tuple[Event, ...]:
    if isinstance(state, Closed):
        raise WrongStep
    if command.parent_size is not None and EXTENT[command.parent_size] <= EXTENT[command.size]:
        raise AreaLiesInALargerOne(size=command.size, parent_size=command.parent_size)
    values: dict[str, Any] = command.model_dump(exclude={"parent_size"})
    if isinstance(state, NotDrawn):
        return (ResponsibilityAreaDrawn.model_validate(values),)
    redrawn = ResponsibilityAreaRedrawn.model_validate(values)
    return () if redrawn.model_dump() == state.drawn.model_dump() else (redrawn,)


def _close(command: CloseArea, state: Area) -> tuple[Event, ...]:
    match state:
        case NotDrawn():
            raise WrongStep
        case Drawn(drawn=drawn):
            return (ResponsibilityAreaClosed(area_id=drawn.area_id, community_id=drawn.community_id, reason=command.reason),)
        case Closed():
            return ()
        case _:
            assert_never(state)


def evolve(state: Area, event: Event) -> Area:
    """Fold one event. Never raises."""
    match state, event:
        case ((NotDrawn() | Drawn()), (ResponsibilityAreaDrawn() | ResponsibilityAreaRedrawn())):
            return Drawn(event)
        case Drawn(), ResponsibilityAreaClosed():
            return Closed(state.drawn)
        case _:
            return state


AREA: Final = Decider(category="area", initial=NotDrawn(), decide=decide, evolve=evolve)
