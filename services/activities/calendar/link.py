"""A secret calendar link of one member. Invariant: only its member opens and revokes it; once revoked it never opens again."""

from dataclasses import dataclass
from typing import Final, assert_never
from uuid import UUID

from services.activities.following import following
from services.activities.refusals import AlreadyExists, WrongStep
from shared.contracts.activities.links import CalendarLinkOpened, CalendarLinkRevoked
from shared.contracts.event import Event
from shared.decider import Command, Decider


class OpenLink(Command):
    """Make a link."""

    link_id: UUID
    member_id: UUID


class RevokeLink(Command):
    """Take it back."""

    member_id: UUID


@dataclass(frozen=True, slots=True)
class Unopened:
    """There is no such link."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The link leads to its member's calendar."""

    opened: CalendarLinkOpened


@dataclass(frozen=True, slots=True)
class Revoked:
    """The link leads nowhere any more."""

    opened: CalendarLinkOpened


Link = Unopened | Opened | Revoked


def decide(command: OpenLink | RevokeLink, state: Link) -> tuple[Event, ...]:
    """Decide one command about a link."""
    match command:
        case OpenLink():
            return _open(command, state)
        case RevokeLink():
            return _revoke(command, state)
        case _:
            assert_never(command)


def _open(command: OpenLink, state: Link) -> tuple[Event, ...]:
    if not isinstance(state, Unopened):
        raise AlreadyExists
    return (CalendarLinkOpened(link_id=command.link_id, member_id=command.member_id),)


def _revoke(command: RevokeLink, state: Link) -> tuple[Event, ...]:
    if isinstance(state, Unopened) or state.opened.member_id != command.member_id:
        raise WrongStep
    return () if isinstance(state, Revoked) else (CalendarLinkRevoked(link_id=state.opened.link_id, member_id=command.member_id),)


def evolve(state: Link, event: Event) -> Link:
    """Fold one event. Never raises."""
    match state, event:
        case _, CalendarLinkOpened():
            return Opened(event)
        case Opened(opened), CalendarLinkRevoked():
            return Revoked(opened)
        case _:
            return state


INITIAL: Final[Link] = Unopened()
LINK: Final = following(Decider(category="calendar-link", initial=INITIAL, decide=decide, evolve=evolve))
