"""Liaison certificate (联系证): the work unit sends one member to one community.

Invariant: a number is given once; a member holds at most one live certificate; a certificate is used by one registration or revoked,
never both (both take the single place "certificate_use", see registration.py).
"""

from dataclasses import dataclass
from typing import Final, assert_never
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.registration.certificates import LiaisonCertificateIssued, LiaisonCertificateRevoked
from shared.decider import Command, Decider, DomainError, Release, Reservation, Reserve


class IssueLiaisonCertificate(Command):
    """Issue a certificate to a member for one community."""

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    home_district: str | None = None


class RevokeLiaisonCertificate(Command):
    """Withdraw a certificate nobody has registered with."""

    reason: str = Field(min_length=1, max_length=200)


CertificateCommand = IssueLiaisonCertificate | RevokeLiaisonCertificate


class CertificateUnknown(DomainError):
    """There is no such liaison certificate; check the number."""


class CertificateNumberTaken(DomainError):
    """Another liaison certificate has this number."""


class CertificateAlreadyIssued(DomainError):
    """The member already holds a live liaison certificate; revoke it or close the registration first."""


class CertificateIsInUse(DomainError):
    """A registration was made with this liaison certificate; return or close the registration instead."""


@dataclass(frozen=True, slots=True)
class Unissued:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Live:
    """Waiting to be used, or used: the registration knows."""

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    home_district: str | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    """Withdrawn before anybody registered with it."""

    issued: Live


Certificate = Unissued | Live | Revoked


def decide(command: CertificateCommand, state: Certificate) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command:
        case IssueLiaisonCertificate():
            return (LiaisonCertificateIssued(**command.model_dump()),) if isinstance(state, Unissued) else ()
        case RevokeLiaisonCertificate():
            return _revoke(command, state)
        case _:
            assert_never(command)


def _revoke(command: RevokeLiaisonCertificate, state: Certificate) -> tuple[Event, ...]:
    match state:
        case Unissued():
            raise CertificateUnknown
        case Revoked():
            return ()
        case Live():
            return (
                LiaisonCertificateRevoked(
                    certificate_id=state.certificate_id,
                    member_id=state.member_id,
                    unit_id=state.unit_id,
                    community_id=state.community_id,
                    reason=command.reason,
                ),
            )
        case _:
            assert_never(state)


def evolve(state: Certificate, event: Event) -> Certificate:
    """State after one more event; what this aggregate does not know changes nothing."""
    match state, event:
        case Unissued(), LiaisonCertificateIssued():
            return Live(**event.model_dump())
        case Live(), LiaisonCertificateRevoked():
            return Revoked(state)
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Numbers are unique for ever, live certificates per member one at a time."""
    match event:
        case LiaisonCertificateIssued():
            return (
                Reserve("certificate_no", event.certificate_no, CertificateNumberTaken),
                Reserve("live_certificate", str(event.member_id), CertificateAlreadyIssued, holder=str(event.certificate_id)),
            )
        case LiaisonCertificateRevoked():
            return (
                Reserve("certificate_use", str(event.certificate_id), CertificateIsInUse, holder="revocation"),
                Release("live_certificate", str(event.member_id), holder=str(event.certificate_id)),
            )
        case _:
            return ()


CERTIFICATE: Final[Decider[CertificateCommand, Certificate]] = Decider(
    category="certificate", initial=Unissued(), decide=decide, evolve=evolve, reservations=reservations
)
