"""A service record certificate (志愿服务记录证明): issued over confirmed records of the community that recorded them, revocable.

Invariants: the total is the sum of what is listed; nobody certifies their own service; a revoked certificate never holds again.
"""

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from services.activities.domain import errors
from services.activities.domain.following import following
from services.activities.domain.wording import Line, Reason
from shared.contracts.activities import CertifiedService, ServiceCertificateIssued, ServiceCertificateRevoked, ServiceCertificateSuperseded
from shared.contracts.event import Event
from shared.decider import Command, Decider

CODE_LENGTH: Final = 12  # 60 bits of base32


class CertificateDraft(Command):
    """Whose service of which days."""

    member_id: UUID
    community_id: UUID
    period_start: date
    period_end: date
    person_in_charge: Line | None = None
    office: Line | None = None


class IssueCertificate(CertificateDraft):
    """Certify. `services` are the confirmed records the caller found, `secret_id` an id that nobody else knows."""

    certificate_id: UUID
    secret_id: UUID
    services: tuple[CertifiedService, ...]
    issued_on: date
    issued_by: str


class RevokeCertificate(Command):
    """Take it back."""

    reason: Reason
    revoked_by: str


class SupersedeCertificate(Command):
    """A record on it says something else now."""

    record_id: UUID
    caused_by_event_id: UUID


CertificateCommand = IssueCertificate | RevokeCertificate | SupersedeCertificate


@dataclass(frozen=True, slots=True)
class Certificate:
    """Fold of a certificate's stream."""

    issued: ServiceCertificateIssued | None = None
    is_revoked: bool = False
    is_superseded: bool = False


def decide(command: CertificateCommand, state: Certificate) -> tuple[Event, ...]:
    """Decide one command about a certificate."""
    match command:
        case IssueCertificate():
            return _issue(command, state)
        case RevokeCertificate():
            return _revoke(command, state)
        case SupersedeCertificate():
            return _supersede(command, state)


def _issue(command: IssueCertificate, state: Certificate) -> tuple[Event, ...]:
    if state.issued is not None:
        raise errors.AlreadyExists
    if command.issued_by == str(command.member_id):
        raise errors.NobodyConfirmsTheirOwn
    if command.period_end < command.period_start:
        raise errors.TermEndsBeforeItStarts
    if not command.services:
        raise errors.NothingToCertify
    return (
        ServiceCertificateIssued(
            **command.model_dump(exclude={"secret_id", "services"}),
            services=command.services,
            certificate_no=f"FW-{command.issued_on:%Y}-{command.certificate_id.hex[-10:].upper()}",
            verification_code=verification_code(command.secret_id),
            total_minutes=sum(each.minutes for each in command.services),
        ),
    )


def verification_code(secret_id: UUID) -> str:
    """Code that cannot be found by trying: letters and digits without those that are mixed up."""
    digest = hashlib.sha256(b"verification" + secret_id.bytes).digest()
    return base64.b32encode(digest)[:CODE_LENGTH].decode()


def _revoke(command: RevokeCertificate, state: Certificate) -> tuple[Event, ...]:
    if state.issued is None:
        raise errors.WrongStep
    if state.is_revoked:
        return ()
    ids = {name: getattr(state.issued, name) for name in ("certificate_id", "certificate_no", "member_id", "community_id")}
    return (ServiceCertificateRevoked(**ids, reason=command.reason, revoked_by=command.revoked_by),)


def _supersede(command: SupersedeCertificate, state: Certificate) -> tuple[Event, ...]:
    if state.issued is None or command.record_id not in {each.record_id for each in state.issued.services}:
        raise errors.WrongStep
    if state.is_revoked or state.is_superseded:
        return ()
    ids = {name: getattr(state.issued, name) for name in ("certificate_id", "certificate_no", "member_id", "community_id")}
    return (ServiceCertificateSuperseded(**ids, record_id=command.record_id, caused_by_event_id=command.caused_by_event_id),)


def evolve(state: Certificate, event: Event) -> Certificate:
    """Fold one event. Never raises."""
    match event:
        case ServiceCertificateIssued():
            return replace(state, issued=event)
        case ServiceCertificateRevoked():
            return replace(state, is_revoked=True)
        case ServiceCertificateSuperseded():
            return replace(state, is_superseded=True)
        case _:
            return state


CERTIFICATE: Final = following(Decider(category="certificate", initial=Certificate(), decide=decide, evolve=evolve))
