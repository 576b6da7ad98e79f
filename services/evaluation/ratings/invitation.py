"""A one-time link by which a resident rates one service. Only the hash of its token is ever kept, and nothing about who used it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.evaluation.assessments import RatingInvited, RatingSubmitted, RatingWithheld
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.identifiers import content_id


class InviteRating(Command):
    """Make a link for one service of one member."""

    invitation_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    served_on: date
    expires_on: date
    rater_token_hash: str


class NothingToRate(DomainError):
    """The member has no confirmed record of this activity."""


class SubmitRating(Command):
    """Rate from 1 to 5."""

    rating: Annotated[int, Field(ge=1, le=5)]
    rater_token_hash: str
    today: date


class WithholdRating(Command):
    """Use the link without rating."""

    rater_token_hash: str
    today: date


class LinkUnknown(DomainError):
    """This link was never given out."""


class LinkAlreadyUsed(DomainError):
    """This link has been used."""


class LinkExpired(DomainError):
    """This link has expired."""


InvitationCommand = InviteRating | SubmitRating | WithholdRating


def invitation_id(token_hash: str) -> UUID:
    """The stream of a link, found from the hash of its token alone."""
    return content_id(f"invitation/{token_hash}".encode())


@dataclass(frozen=True, slots=True)
class NotInvited:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The link can be used."""

    invited: RatingInvited


@dataclass(frozen=True, slots=True)
class Used:
    """The link is spent."""


InvitationState = NotInvited | Waiting | Used


def decide(command: InvitationCommand, state: InvitationState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case InviteRating():
            return (RatingInvited(**command.model_dump()),) if isinstance(state, NotInvited) else ()
        case SubmitRating():
            invited = _usable(command, state)
            return (RatingSubmitted.model_validate({**invited.model_dump(), "rating": command.rating}),)
        case WithholdRating():
            return (RatingWithheld.model_validate(_usable(command, state).model_dump()),)
        case _:
            assert_never(command)


def _usable(command: SubmitRating | WithholdRating, state: InvitationState) -> RatingInvited:
    match state:
        case NotInvited():
            raise LinkUnknown
        case Used():
            raise LinkAlreadyUsed
        case Waiting(invited) if command.rater_token_hash != invited.rater_token_hash:
            raise LinkUnknown
        case Waiting(invited) if command.today > invited.expires_on:
            raise LinkExpired
        case Waiting(invited):
            return invited
        case _:
            assert_never(state)


def evolve(state: InvitationState, event: Event) -> InvitationState:
    """Fold one event."""
    match event:
        case RatingInvited():
            return Waiting(event)
        case RatingSubmitted() | RatingWithheld():
            return Used()
        case _:
            return state


INVITATION: Final[Decider[InvitationCommand, InvitationState]] = Decider("invitation", NotInvited(), decide, evolve)
