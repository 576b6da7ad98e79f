"""A secret calendar link of one member. Invariant: only its member opens and revokes it; once revoked it never opens again."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from services.activities import errors
from services.activities.following import following
from shared.contracts.activities import CalendarLinkOpened, CalendarLinkRevoked
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
class Link:
    """Fold of a link's stream."""

    opened: CalendarLinkOpened | None = None
    is_revoked: bool = False


def decide(command: OpenLink | RevokeLink, state: Link) -> tuple[Event, ...]:
    """Decide one command about a link."""
    match command:
        case OpenLink():
            if state.opened is not None:
                raise errors.AlreadyExists
            return (CalendarLinkOpened(link_id=command.link_id, member_id=command.member_id),)
        case RevokeLink():
            if state.opened is None or state.opened.member_id != command.member_id:
                raise errors.WrongStep
            return () if state.is_revoked else (CalendarLinkRevoked(link_id=state.opened.link_id, member_id=command.member_id),)


def evolve(state: Link, event: Event) -> Link:
    """Fold one event. Never raises."""
    match event:
        case CalendarLinkOpened():
            return Link(event)
        case CalendarLinkRevoked():
            return replace(state, is_revoked=True)
        case _:
            return state


LINK: Final = following(Decider(category="calendar-link", initial=Link(), decide=decide, evolve=evolve))
