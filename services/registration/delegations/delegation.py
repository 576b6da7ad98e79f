"""Delegations: part-time secretaries let somebody act for them.

Invariant: for one organisation, as what the delegator is there, for a year at most; what is delegated is not passed on.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, assert_never
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.organisations import DelegationEnded, DelegationGranted
from shared.decider import Command, Decider, DomainError

LONGEST: Final = timedelta(days=366)


class GrantDelegation(Command):
    """Let somebody act. `is_acting` says that the delegator is only acting for somebody."""

    delegation_id: UUID
    organisation_id: UUID
    delegator: str
    delegate: str
    roles: tuple[str, ...]
    starts_on: date
    ends_on: date
    reason: str
    is_acting: bool = False


class EndDelegation(Command):
    """Take it back."""

    ended_on: date


DelegationCommand = GrantDelegation | EndDelegation


class DelegationUnknown(DomainError):
    """There is no such delegation."""


class DelegationToOneself(DomainError):
    """Nobody acts for themself."""


class DelegationTermInvalid(DomainError):
    """A delegation ends on or after its first day and lasts a year at most."""


class DelegationNotPassedOn(DomainError):
    """Who acts for somebody cannot let a third person act."""


@dataclass(frozen=True, slots=True)
class NotGranted:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Somebody may act within the term."""

    granted: DelegationGranted


@dataclass(frozen=True, slots=True)
class Ended:
    """Taken back."""

    granted: DelegationGranted


Delegation = NotGranted | Granted | Ended


def decide(command: DelegationCommand, state: Delegation) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command:
        case GrantDelegation():
            return _grant(command) if isinstance(state, NotGranted) else ()
        case EndDelegation():
            return _end(command, state)
        case _:
            assert_never(command)


def _grant(command: GrantDelegation) -> tuple[Event, ...]:
    if command.is_acting:
        raise DelegationNotPassedOn
    if command.delegate == command.delegator:
        raise DelegationToOneself
    if not timedelta() <= command.ends_on - command.starts_on <= LONGEST:
        raise DelegationTermInvalid
    return (DelegationGranted(**command.model_dump(exclude={"is_acting"})),)


def _end(command: EndDelegation, state: Delegation) -> tuple[Event, ...]:
    match state:
        case NotGranted():
            raise DelegationUnknown
        case Granted(granted):
            which = granted.model_dump(include={"delegation_id", "organisation_id"})
            return (DelegationEnded(**which, ended_on=command.ended_on),)
        case Ended():
            return ()
        case _:
            assert_never(state)


def evolve(state: Delegation, event: Event) -> Delegation:
    """State after one more event."""
    match state, event:
        case NotGranted(), DelegationGranted():
            return Granted(event)
        case Granted(), DelegationEnded():
            return Ended(state.granted)
        case _:
            return state


DELEGATION: Final[Decider[DelegationCommand, Delegation]] = Decider(
    category="delegation", initial=NotGranted(), decide=decide, evolve=evolve
)
