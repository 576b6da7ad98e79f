"""Honours of an organisation: level, title and year; entered once, taken out again with a reason."""

from uuid import UUID

from services.registration.organisations.state import Established
from shared.contracts.event import Event
from shared.contracts.registration.organisations import HonourLevel, HonourRevoked, OrganisationHonoured
from shared.decider import Command, DomainError


class AwardHonour(Command):
    """Enter a title that the organisation received."""

    honour_id: UUID
    level: HonourLevel
    title: str
    year: int


class RevokeHonour(Command):
    """Take a title out again."""

    honour_id: UUID
    reason: str


class HonourUnknown(DomainError):
    """The organisation has no such honour."""


def award(command: AwardHonour, state: Established) -> tuple[Event, ...]:
    """Entered once; a revoked one is not entered again under the same id."""
    known = command.honour_id in state.honours
    return () if known else (OrganisationHonoured(organisation_id=state.organisation_id, **command.model_dump()),)


def revoke(command: RevokeHonour, state: Established) -> tuple[Event, ...]:
    """Nothing happens when it was revoked before."""
    if command.honour_id in state.revoked:
        return ()
    if command.honour_id not in state.honours:
        raise HonourUnknown
    return (HonourRevoked(organisation_id=state.organisation_id, honour_id=command.honour_id, reason=command.reason),)
