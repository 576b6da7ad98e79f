"""Crossings: unit here, community in another district. The home side decides here; the host side is an ordinary registration plus one fact.

Invariant: a member has one live certificate, at home or away; what one side ends is ended on both; a repeated report of the
other side changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from services.registration.certificates.certificate import CertificateAlreadyIssued
from services.registration.registrations.state import registration_with
from shared.contracts.event import Event
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.crossings import (
    AwayCertificateIssued,
    AwayReceiptAcknowledged,
    AwayRegistrationConfirmed,
    AwayRegistrationEnded,
    GuestReceived,
)
from shared.decider import Command, Decider, DomainError, Release, Reservation, Reserve
from shared.identifiers import part_id


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
    """The other district reports that its community took the member on."""

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
    """Record that somebody from another district reported here."""

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
class NotSent:
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


Crossing = NotSent | Away | Ended


@dataclass(frozen=True, slots=True)
class NoGuest:
    """Nobody reported here with this edge."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody did."""

    received: GuestReceived


def guest_of(crossing_id: UUID) -> UUID:
    """The id by which the host knows the guest: not the one at home."""
    return part_id(crossing_id, "guest")


def guest_certificate(crossing_id: UUID) -> UUID:
    """The host's entry of the certificate."""
    return part_id(crossing_id, "certificate")


def guest_registration(crossing_id: UUID) -> UUID:
    """The host's first registration of the guest."""
    return registration_with(guest_certificate(crossing_id))


def guest_unit(unit_id: UUID, host_district: str) -> UUID:
    """The id by which a host knows a work unit of another district."""
    return part_id(unit_id, f"guest unit in {host_district}")


def decide(command: CrossingCommand, state: Crossing) -> tuple[Event, ...]:
    """Events that follow from a command, on the home side."""
    match state:
        case NotSent():
            if not isinstance(command, IssueAwayCertificate):
                raise CrossingUnknown
            return _issue(command)
        case Away():
            return _decide_away(command, state)
        case Ended():
            if isinstance(command, AcknowledgeAway):
                raise CrossingHasEnded
            return ()
        case _:
            assert_never(state)


def _decide_away(command: CrossingCommand, state: Away) -> tuple[Event, ...]:
    match command:
        case IssueAwayCertificate():
            return ()
        case ConfirmAway():
            is_known = (command.receipt_no, command.host_community) == (state.receipt_no, state.host_community)
            return () if is_known else (AwayRegistrationConfirmed(**_edge(state), **command.model_dump()),)
        case AcknowledgeAway():
            return _acknowledge(state)
        case EndAway():
            return (AwayRegistrationEnded(**_edge(state), **command.model_dump()),)
        case _:
            assert_never(command)


def _issue(command: IssueAwayCertificate) -> tuple[Event, ...]:
    if command.host_district == command.home_district:
        raise CrossingStaysInDistrict
    return (AwayCertificateIssued(**command.model_dump(exclude={"home_district"})),)


def _acknowledge(state: Away) -> tuple[Event, ...]:
    if state.receipt_no is None:
        raise AwayNotConfirmed
    return () if state.is_acknowledged else (AwayReceiptAcknowledged(**_edge(state), receipt_no=state.receipt_no),)


def _edge(state: Away) -> dict[str, Any]:
    return state.issued.model_dump(include={"crossing_id", "member_id", "unit_id", "host_district"})


def evolve(state: Crossing, event: Event) -> Crossing:
    """State after one more event of the home side."""
    match state, event:
        case NotSent(), AwayCertificateIssued():
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


CROSSING: Final[Decider[CrossingCommand, Crossing]] = Decider(
    category="crossing", initial=NotSent(), decide=decide, evolve=evolve, reservations=reservations
)
GUEST: Final[Decider[ReceiveGuest, NoGuest | Guest]] = Decider(category="guest", initial=NoGuest(), decide=receive, evolve=received)
