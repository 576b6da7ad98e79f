"""Entries of a community's registers: venues and partnerships, which hold until they are closed.

Invariant: organisations only, never persons.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.activities.refusals import AlreadyExists, TermEndsBeforeItStarts, WrongStep
from services.activities.wording import Line, Reason, Title
from shared.contracts.activities.registers import PartnershipAgreed, PartnershipKind, RegisterEntryClosed, VenueOpened
from shared.contracts.event import Event
from shared.decider import Command, Decider


class VenueDraft(Command):
    """A room or ground to use."""

    community_id: UUID
    name: Title
    used_for: Line
    square_metres: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    seats: Annotated[int, Field(ge=1, le=100_000)] | None = None
    owner_id: UUID | None = None
    opening_hours: Line | None = None


class PartnershipDraft(Command):
    """What community and unit agreed."""

    community_id: UUID
    partner_id: UUID
    kinds: Annotated[tuple[PartnershipKind, ...], Field(min_length=1, max_length=len(PartnershipKind))]
    purpose: Reason
    agreed_on: date
    ends_on: date | None = None


class OpenVenue(VenueDraft):
    """Enter a venue."""

    entry_id: UUID


class AgreePartnership(PartnershipDraft):
    """Enter a partnership."""

    entry_id: UUID


class CloseEntry(Command):
    """Let an entry hold no longer."""

    reason: Reason
    closed_on: date


EntryCommand = OpenVenue | AgreePartnership | CloseEntry


@dataclass(frozen=True, slots=True)
class NotEntered:
    """There is no entry yet."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Entered and in force."""

    entered: VenueOpened | PartnershipAgreed


@dataclass(frozen=True, slots=True)
class Closed:
    """In force no longer."""

    entered: VenueOpened | PartnershipAgreed


RegisterEntry = NotEntered | Holding | Closed


def decide(command: EntryCommand, state: RegisterEntry) -> tuple[Event, ...]:
    """Decide one command about an entry."""
    match command:
        case OpenVenue():
            return _open_venue(command, state)
        case AgreePartnership():
            return _agree(command, state)
        case CloseEntry():
            return _close(command, state)
        case _:
            assert_never(command)


def _open_venue(command: OpenVenue, state: RegisterEntry) -> tuple[Event, ...]:
    if not isinstance(state, NotEntered):
        raise AlreadyExists
    return (VenueOpened.model_validate(command.model_dump()),)


def _agree(command: AgreePartnership, state: RegisterEntry) -> tuple[Event, ...]:
    if not isinstance(state, NotEntered):
        raise AlreadyExists
    if command.ends_on is not None and command.ends_on < command.agreed_on:
        raise TermEndsBeforeItStarts
    kinds = tuple(dict.fromkeys(command.kinds))
    return (PartnershipAgreed.model_validate({**command.model_dump(), "kinds": kinds}),)


def _close(command: CloseEntry, state: RegisterEntry) -> tuple[Event, ...]:
    match state:
        case NotEntered():
            raise WrongStep
        case Holding(entered=entered):
            ids = {"entry_id": entered.entry_id, "community_id": entered.community_id}
            return (RegisterEntryClosed(**ids, reason=command.reason, closed_on=command.closed_on),)
        case Closed():
            return ()
        case _:
            assert_never(state)


def evolve(state: RegisterEntry, event: Event) -> RegisterEntry:
    """Fold one event. Never raises."""
    match state, event:
        case NotEntered(), (VenueOpened() | PartnershipAgreed()):
            return Holding(event)
        case Holding(), RegisterEntryClosed():
            return Closed(state.entered)
        case _:
            return state


ENTRY: Final = Decider(category="register-entry", initial=NotEntered(), decide=decide, evolve=evolve)
