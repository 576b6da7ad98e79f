"""A one-time link by which a resident rates one service. Only the hash of its token is ever kept, and nothing about who used it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.evaluation import RatingInvited, RatingSubmitted, RatingWithheld
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class InviteRating(Command):
    """Make a link for one service of one member."""

    invitation_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    served_on: date
    expires_on: date
    rater_token_hash: str


class SubmitRating(Command):
    """Rate from 1 to 5."""

    rating: Annotated[int, Field(ge=1, le=5)]
    rater_token_hash: str
    today: date


class WithholdRating(Command):
    """Use the link without rating."""

    rater_token_hash: str
    today: date


InvitationCommand = InviteRating | SubmitRating | WithholdRating


class LinkUnknown(DomainError):
    """This link was never given out."""


class LinkAlreadyUsed(DomainError):
    """This link has been used."""


class LinkExpired(DomainError):
    """This link has expired."""


@dataclass(frozen=True, slots=True)
class NotInvited:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The link can be used."""

    invited: RatingInvited


@dataclass(frozen=True, slots=True)
class Used:
    """The link is spent. `rating` None: withheld."""

    rating: int | None


InvitationState = NotInvited | Waiting | Used


def decide(command: InvitationCommand, state: InvitationState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command, state:
        case InviteRating(), NotInvited():
            return (RatingInvited(**command.model_dump()),)
        case InviteRating(), _:
            return ()
        case _, NotInvited():
            raise LinkUnknown
        case ((SubmitRating() | WithholdRating()), Used()):
            raise LinkAlreadyUsed
        case SubmitRating(), Waiting():
            return (_rated(command, _usable(command, state.invited)),)
        case WithholdRating(), Waiting():
            invited = _usable(command, state.invited)
            return (RatingWithheld.model_validate(invited.model_dump()),)


def _usable(command: SubmitRating | WithholdRating, invited: RatingInvited) -> RatingInvited:
    if command.rater_token_hash != invited.rater_token_hash:
        raise LinkUnknown
    if command.today > invited.expires_on:
        raise LinkExpired
    return invited


def _rated(command: SubmitRating, invited: RatingInvited) -> Event:
    return RatingSubmitted.model_validate({**invited.model_dump(), "rating": command.rating})


def evolve(state: InvitationState, event: Event) -> InvitationState:
    """Fold one event."""
    match event:
        case RatingInvited():
            return Waiting(event)
        case RatingSubmitted():
            return Used(event.rating)
        case RatingWithheld():
            return Used(None)
        case _:
            return state


INVITATION: Decider[InvitationCommand, InvitationState] = Decider("invitation", NotInvited(), decide, evolve)
