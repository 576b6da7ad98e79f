"""Crossings: unit here, community in another district. The home side decides here; the host side is an ordinary registration plus one fact.

Invariant: a member has one live certificate, at home or away; what one side ends is ended on both; repeating what the other side told
changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.registration.certificates.certificate import CertificateAlreadyIssued
from services.registration.numbers import registration_with
from shared.contracts.event import Event
from shared.contracts.registration import ClosureReason
from shared.contracts.registration_crossings import (
    AwayCertificateIssued,
    AwayReceiptAcknowledged,
    AwayRegistrationConfirmed,
    AwayRegistrationEnded,
    GuestReceived,
)
from shared.decider import Command, Decider, DomainError, Release, Reservation, Reserve


class IssueAwayCertificate(Command):
    """Send a member to a community of another district."""

    crossing_id: UUID
    certificate_no: str
    member_id: UUID
    unit_id: UUID
    home_district: str
    host_district: str
    host_community: str


class ConfirmAway(Command):
    """The other district told that its community took the member on."""

    host_community: str
    receipt_no: str
    confirmed_on: date


class AcknowledgeAway(Command):
    """The work unit has seen the receipt."""


class EndAway(Command):
    """End the edge."""

    ended_on: date
    reason: ClosureReason


class ReceiveGuest(Command):
    """Take down that somebody from another district reported."""

    crossing_id: UUID
    home_district: str
    member_id: UUID
    registration_id: UUID
    community_id: UUID
    unit_id: UUID


CrossingCommand = IssueAwayCertificate | ConfirmAway | AcknowledgeAway | EndAway


class CrossingUnknown(DomainError):
    """There is no such certificate for another district."""


class CrossingStaysInDistrict(DomainError):
    """For a community of the own district an ordinary liaison certificate is issued."""


class AwayNotConfirmed(DomainError):
    """The community of the other district has not confirmed the registration."""


class CrossingHasEnded(DomainError):
    """The registration in the other district has ended."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Away:
    """On the way, or registered there (`receipt_no`)."""

    issued: AwayCertificateIssued
    host_community: str
    receipt_no: str | None = None
    is_acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """Over."""

    issued: AwayCertificateIssued


Crossing = Unknown | Away | Ended


@dataclass(frozen=True, slots=True)
class NoGuest:
    """Nobody reported here with this edge."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody did."""

    received: GuestReceived


def guest_of(crossing_id: UUID) -> UUID:
    """The id by which the host knows the guest: not the one at home."""
    return uuid5(crossing_id, "guest")


def guest_certificate(crossing_id: UUID) -> UUID:
    """The host's entry of the certificate."""
    return uuid5(crossing_id, "certificate")


def guest_registration(crossing_id: UUID) -> UUID:
    """The host's first registration of the guest."""
    return registration_with(guest_certificate(crossing_id))


def guest_unit(unit_id: UUID, host_district: str) -> UUID:
    """The id by which a host knows a work unit of another district."""
    return uuid5(unit_id, f"guest unit in {host_district}")


def decide(command: CrossingCommand, state: Crossing) -> tuple[Event, ...]:
    """Events that follow from a command, on the home side."""
    match command, state:
        case IssueAwayCertificate(), Unknown():
            if command.host_district == command.home_district:
                raise CrossingStaysInDistrict
            return (AwayCertificateIssued(**command.model_dump(exclude={"home_district"})),)
        case _, Unknown():
            raise CrossingUnknown
        case ConfirmAway(), Away():
            known = (command.receipt_no, command.host_community) == (state.receipt_no, state.host_community)
            return () if known else (AwayRegistrationConfirmed(**_edge(state), **command.model_dump()),)
        case AcknowledgeAway(), Away():
            if state.receipt_no is None:
                raise AwayNotConfirmed
            return () if state.is_acknowledged else (AwayReceiptAcknowledged(**_edge(state), receipt_no=state.receipt_no),)
        case AcknowledgeAway(), Ended():
            raise CrossingHasEnded
        case EndAway(), Away():
            return (AwayRegistrationEnded(**_edge(state), **command.model_dump()),)
        case _:
            return ()


def _edge(state: Away) -> dict[str, Any]:
    return state.issued.model_dump(include={"crossing_id", "member_id", "unit_id", "host_district"})


def evolve(state: Crossing, event: Event) -> Crossing:
    """State after one more event of the home side."""
    match state, event:
        case Unknown(), AwayCertificateIssued():
            return Away(event, event.host_community)
        case Away(), AwayRegistrationConfirmed():
            return replace(state, receipt_no=event.receipt_no, host_community=event.host_community, is_acknowledged=False)
        case Away(), AwayReceiptAcknowledged():
            return replace(state, is_acknowledged=True)
        case Away(), AwayRegistrationEnded():
            return Ended(state.issued)
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """The member's one place for a live certificate, the same as for ordinary ones."""
    match event:
        case AwayCertificateIssued():
            return (Reserve("live_certificate", str(event.member_id), CertificateAlreadyIssued, holder=str(event.crossing_id)),)
        case AwayRegistrationEnded():
            return (Release("live_certificate", str(event.member_id), holder=str(event.crossing_id)),)
        case _:
            return ()


def receive(command: ReceiveGuest, state: NoGuest | Guest) -> tuple[Event, ...]:
    """The host side: received once."""
    return (GuestReceived(**command.model_dump()),) if isinstance(state, NoGuest) else ()


def received(state: NoGuest | Guest, event: Event) -> NoGuest | Guest:
    """State after one more event of the host side."""
    return Guest(event) if isinstance(event, GuestReceived) else state


CROSSING: Decider[CrossingCommand, Crossing] = Decider(
    category="crossing", initial=Unknown(), decide=decide, evolve=evolve, reservations=reservations
)
GUEST: Decider[ReceiveGuest, NoGuest | Guest] = Decider(category="guest", initial=NoGuest(), decide=receive, evolve=received)
