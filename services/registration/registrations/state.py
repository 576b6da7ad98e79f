"""The phases of a registration: how each event moves it on, and the places it takes or gives back across streams.

Invariant: evolve never raises; a member holds one place among active registrations, and a transfer hands it over without letting go.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.changes import (
    RegistrationRenewalDue,
    RegistrationTransferDeclined,
    RegistrationTransferred,
    RegistrationTransferRequested,
    RegistrationUnitChanged,
)
from shared.contracts.registration.registrations import (
    MemberRegistered,
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationReceiptAcknowledged,
    RegistrationReceiptIssued,
    RegistrationRenewed,
    RegistrationResumed,
    RegistrationReturned,
    RegistrationSuspended,
)
from shared.decider import Command, DomainError, Release, Reservation, Reserve
from shared.identifiers import part_id


class Ties(Command):
    """The two edges of a registration and the paper that made them: unit – member – community. `home_district`: the unit is elsewhere."""

    member_id: UUID
    certificate_id: UUID
    certificate_no: str
    unit_id: UUID
    community_id: UUID
    home_district: str | None = None


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Reported; the community has not answered."""

    registration_id: UUID
    ties: Ties


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Taken on; the receipt is on its way or acknowledged."""

    registration_id: UUID
    ties: Ties
    receipt_no: str = ""
    is_acknowledged: bool = False
    renewed_on: date | None = None
    reminded_on: date | None = None
    transfer_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class Suspended:
    """Resting; `confirmed` is what it returns to."""

    confirmed: Confirmed


@dataclass(frozen=True, slots=True)
class Returned:
    """Not taken on; the member may report again with the same certificate."""

    registration_id: UUID
    ties: Ties


@dataclass(frozen=True, slots=True)
class Closed:
    """Ended for good; `moved_to` is the community that took the member on."""

    registration_id: UUID
    ties: Ties
    moved_to: UUID | None = None


Registration = NotRegistered | Pending | Confirmed | Suspended | Returned | Closed


class RegistrationUnknown(DomainError):
    """There is no such registration."""


class RegistrationIsClosed(DomainError):
    """The registration was closed; a new liaison certificate is needed."""


class RegistrationIsSuspended(DomainError):
    """The registration is suspended; resume it first."""


class RegistrationNotConfirmed(DomainError):
    """The community has not confirmed this registration."""


class MemberMayNotConfirm(DomainError):
    """Nobody confirms their own registration; a colleague has to."""


class MemberAlreadyRegistered(DomainError):
    """The member has an active registration; close it before registering elsewhere."""


class CertificateAlreadyUsed(DomainError):
    """This liaison certificate was used or revoked."""


CATEGORY: Final = "registration"


def registration_with(certificate_id: UUID) -> UUID:
    """The one registration that can be made with a certificate: reporting twice with it finds the same stream."""
    return part_id(certificate_id, "registration")


def evolve(state: Registration, event: Event) -> Registration:
    """State after one more event; what this aggregate does not know, or cannot follow here, changes nothing."""
    match state, event:
        case NotRegistered() | Returned(), MemberRegistered():
            return Pending(event.registration_id, Ties.model_validate(event.model_dump(include=set(Ties.model_fields))))
        case Pending(), RegistrationConfirmed():
            return Confirmed(state.registration_id, state.ties)
        case Pending(), RegistrationReturned():
            return Returned(state.registration_id, state.ties)
        case Confirmed(), RegistrationReceiptIssued():
            return replace(state, receipt_no=event.receipt_no)
        case Confirmed(), RegistrationReceiptAcknowledged():
            return replace(state, is_acknowledged=True)
        case Suspended(), RegistrationReceiptAcknowledged():
            return Suspended(replace(state.confirmed, is_acknowledged=True))
        case Confirmed(), RegistrationRenewed():
            return replace(state, renewed_on=event.renewed_on)
        case Confirmed(), RegistrationRenewalDue():
            return replace(state, reminded_on=event.due_on)
        case Confirmed(), RegistrationSuspended():
            return Suspended(state)
        case Suspended(), RegistrationResumed():
            return state.confirmed
        case Suspended(), RegistrationClosed():
            return Closed(state.confirmed.registration_id, state.confirmed.ties)
        case Pending() | Confirmed() | Returned(), RegistrationClosed():
            return Closed(state.registration_id, state.ties)
        case _:
            return _moved(state, event)


def _moved(state: Registration, event: Event) -> Registration:
    match state, event:
        case Confirmed(), RegistrationTransferRequested():
            return replace(state, transfer_to=event.to_community_id)
        case Confirmed(), RegistrationTransferDeclined():
            return replace(state, transfer_to=None)
        case Closed(), RegistrationTransferred():
            return replace(state, moved_to=event.to_community_id)
        case Suspended(), RegistrationUnitChanged():
            return Suspended(replace(state.confirmed, ties=_with_unit(state.confirmed.ties, event)))
        case Pending() | Confirmed() | Returned(), RegistrationUnitChanged():
            return replace(state, ties=_with_unit(state.ties, event))
        case _:
            return state


def _with_unit(ties: Ties, event: RegistrationUnitChanged) -> Ties:
    return ties.model_copy(update={"unit_id": event.unit_id})


def reservations(event: Event) -> tuple[Reservation, ...]:
    """A member is registered once at a time; a certificate is used once. Its live place is given back when the registration ends."""
    match event:
        case MemberRegistered():
            return (
                Reserve("active_registration", str(event.member_id), MemberAlreadyRegistered),
                Reserve("certificate_use", str(event.certificate_id), CertificateAlreadyUsed),
            )
        case RegistrationReturned():
            return (Release("active_registration", str(event.member_id)), Release("certificate_use", str(event.certificate_id)))
        case RegistrationClosed():
            return (
                Release("active_registration", str(event.member_id)),
                Release("live_certificate", str(event.member_id), holder=str(event.certificate_id)),
            )
        case RegistrationTransferred():
            # Behind RegistrationClosed of the same decision: nobody can take the places in between.
            successor = f"{CATEGORY}/{event.new_registration_id}"
            return (
                Reserve("active_registration", str(event.member_id), MemberAlreadyRegistered, holder=successor),
                Reserve("live_certificate", str(event.member_id), MemberAlreadyRegistered, holder=str(event.new_certificate_id)),
            )
        case _:
            return ()


def edges_of(state: Pending | Confirmed | Returned) -> dict[str, UUID]:
    """The ids that every event of a registration names."""
    edges: dict[str, UUID] = state.ties.model_dump(include={"member_id", "unit_id", "community_id"})
    return {"registration_id": state.registration_id, **edges}


def refused(state: Registration, otherwise: DomainError) -> DomainError:
    """What to answer in this phase: unknown and closed say so, every other phase breaks the rule `otherwise`."""
    match state:
        case NotRegistered():
            return RegistrationUnknown()
        case Closed():
            return RegistrationIsClosed()
        case _:
            return otherwise
