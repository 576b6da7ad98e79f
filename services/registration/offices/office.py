"""Offices: who is what in an organisation, from one day to another.

Invariant: an organisation has one secretary and one instructor at a time; a term that has its last day ends by itself.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.organisations import OfficeAssigned, OfficeEnded, OfficeRole
from shared.decider import Command, Decider, DomainError, Release, Reservation, Reserve

ONE_AT_A_TIME: Final = frozenset({OfficeRole.SECRETARY, OfficeRole.INSTRUCTOR})


class AssignOffice(Command):
    """Give somebody an office."""

    office_id: UUID
    organisation_id: UUID
    role: OfficeRole
    holder: str
    name_sealed: str | None
    starts_on: date
    ends_on: date | None
    is_part_time: bool


class EndOffice(Command):
    """End it on a day."""

    ended_on: date


OfficeCommand = AssignOffice | EndOffice


class OfficeUnknown(DomainError):
    """There is no such office."""


class OfficeIsTaken(DomainError):
    """The organisation has somebody in this office; end that term first."""


class TermEndsBeforeItStarts(DomainError):
    """The last day of a term is not before its first."""


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody holds the office."""

    assigned: OfficeAssigned


@dataclass(frozen=True, slots=True)
class Ended:
    """Nobody does any more."""

    assigned: OfficeAssigned


Office = Unassigned | Held | Ended


def decide(command: OfficeCommand, state: Office) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command:
        case AssignOffice():
            return _assign(command, state)
        case EndOffice():
            return _end(command, state)
        case _:
            assert_never(command)


def _assign(command: AssignOffice, state: Office) -> tuple[Event, ...]:
    if not isinstance(state, Unassigned):
        return ()
    if command.ends_on is not None and command.ends_on < command.starts_on:
        raise TermEndsBeforeItStarts
    return (OfficeAssigned(**command.model_dump()),)


def _end(command: EndOffice, state: Office) -> tuple[Event, ...]:
    match state:
        case Unassigned():
            raise OfficeUnknown
        case Held(assigned):
            office = assigned.model_dump(include={"office_id", "organisation_id", "role", "holder"})
            return (OfficeEnded(**office, ended_on=command.ended_on),)
        case Ended():
            return ()
        case _:
            assert_never(state)


def evolve(state: Office, event: Event) -> Office:
    """State after one more event."""
    match state, event:
        case Unassigned(), OfficeAssigned():
            return Held(event)
        case Held(), OfficeEnded():
            return Ended(state.assigned)
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Some offices have one holder at a time."""
    match event:
        case OfficeAssigned(role=role) if role in ONE_AT_A_TIME:
            return (Reserve("office", f"{event.organisation_id}:{role}", OfficeIsTaken),)
        case OfficeEnded(role=role) if role in ONE_AT_A_TIME:
            return (Release("office", f"{event.organisation_id}:{role}"),)
        case _:
            return ()


OFFICE: Final[Decider[OfficeCommand, Office]] = Decider(
    category="office", initial=Unassigned(), decide=decide, evolve=evolve, reservations=reservations
)
