"""A service record certificate (志愿服务记录证明): issued over confirmed records of the community that recorded them, revocable.

Invariants: the total is the sum of what is listed; nobody certifies their own service; a revoked certificate never holds again. Everybody
may object during its publicity (公示); whoever issued it, raised the objection or is certified does not dismiss it.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final, assert_never
from uuid import UUID

from services.activities.following import following
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn, TermEndsBeforeItStarts, WrongStep
from services.activities.wording import Line, Reason
from shared.contracts.activities.certificates import (
    CertifiedService,
    ObjectionGround,
    ServiceCertificateIssued,
    ServiceCertificateObjected,
    ServiceCertificateObjectionDismissed,
    ServiceCertificateRevoked,
    ServiceCertificateSuperseded,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

CODE_LENGTH: Final = 12  # 60 bits of base32
PUBLICITY: Final = timedelta(days=7)  # after the day of issue; the rules ask for seven days at least


class NotInPublicity(DomainError):
    """The certificate is not in publicity, or no longer; the community that issued it still takes corrections of its records."""


class NothingToCertify(DomainError):
    """The member has no confirmed service of this community in this period."""


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


class ObjectionDraft(Command):
    """What is wrong."""

    ground: ObjectionGround
    reason: Reason


class ObjectToCertificate(ObjectionDraft):
    """Raise an objection."""

    objection_id: UUID
    raised_by: str
    today: date


class DismissObjection(Command):
    """Say why the certificate is right."""

    objection_id: UUID
    reason: Reason
    dismissed_by: str


CertificateCommand = IssueCertificate | RevokeCertificate | SupersedeCertificate | ObjectToCertificate | DismissObjection


@dataclass(frozen=True, slots=True)
class NotIssued:
    """There is no certificate yet."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The certificate holds. An objection that is not among `dismissed` is being looked at."""

    issued: ServiceCertificateIssued
    objections: Mapping[UUID, ServiceCertificateObjected] = field(default_factory=dict[UUID, ServiceCertificateObjected])
    dismissed: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Superseded:
    """A record on it says something else now; it can still be revoked."""

    issued: ServiceCertificateIssued


@dataclass(frozen=True, slots=True)
class Revoked:
    """Taken back for good."""

    issued: ServiceCertificateIssued


Certificate = NotIssued | Issued | Superseded | Revoked


def decide(command: CertificateCommand, state: Certificate) -> tuple[Event, ...]:
    """Decide one command about a certificate."""
    match command:
        case IssueCertificate():
            return _issue(command, state)
        case RevokeCertificate():
            return _revoke(command, state)
        case SupersedeCertificate():
            return _supersede(command, state)
        case ObjectToCertificate():
            return _object(command, state)
        case DismissObjection():
            return _dismiss(command, state)
        case _:
            assert_never(command)


def _issue(command: IssueCertificate, state: Certificate) -> tuple[Event, ...]:
    if not isinstance(state, NotIssued):
        raise AlreadyExists
    if command.issued_by == str(command.member_id):
        raise NobodyConfirmsTheirOwn
    if command.period_end < command.period_start:
        raise TermEndsBeforeItStarts
    if not command.services:
        raise NothingToCertify
    return (
        ServiceCertificateIssued(
            **command.model_dump(exclude={"secret_id", "services"}),
            services=command.services,
            certificate_no=f"FW-{command.issued_on:%Y}-{command.certificate_id.hex[-10:].upper()}",
            verification_code=verification_code(command.secret_id),
            total_minutes=sum(each.minutes for each in command.services),
            publicised_until=command.issued_on + PUBLICITY,
        ),
    )


def verification_code(secret_id: UUID) -> str:
    """Code that cannot be found by trying: letters and digits without those that are mixed up."""
    digest = hashlib.sha256(b"verification" + secret_id.bytes).digest()
    return base64.b32encode(digest)[:CODE_LENGTH].decode()


def _revoke(command: RevokeCertificate, state: Certificate) -> tuple[Event, ...]:
    match state:
        case NotIssued():
            raise WrongStep
        case Revoked():
            return ()
        case Issued() | Superseded():
            return (ServiceCertificateRevoked(**_ids(state.issued), reason=command.reason, revoked_by=command.revoked_by),)
        case _:
            assert_never(state)


def _supersede(command: SupersedeCertificate, state: Certificate) -> tuple[Event, ...]:
    if isinstance(state, NotIssued) or command.record_id not in {each.record_id for each in state.issued.services}:
        raise WrongStep
    if not isinstance(state, Issued):
        return ()
    return (ServiceCertificateSuperseded(**_ids(state.issued), **command.model_dump()),)


def _object(command: ObjectToCertificate, state: Certificate) -> tuple[Event, ...]:
    match state:
        case NotIssued():
            raise WrongStep
        case Issued(issued=ServiceCertificateIssued(publicised_until=date() as until)) if command.today <= until:
            pass
        case Issued() | Superseded() | Revoked():
            raise NotInPublicity
        case _:
            assert_never(state)
    if any(each.raised_by == command.raised_by for key, each in state.objections.items() if key not in state.dismissed):
        return ()  # it is being looked at
    return (ServiceCertificateObjected(**_ids(state.issued), **command.model_dump(exclude={"today"})),)


def _dismiss(command: DismissObjection, state: Certificate) -> tuple[Event, ...]:
    if not isinstance(state, Issued) or command.objection_id not in state.objections:
        raise WrongStep
    if command.objection_id in state.dismissed:
        return ()
    raised_by = state.objections[command.objection_id].raised_by
    if command.dismissed_by in {state.issued.issued_by, raised_by, str(state.issued.member_id)}:
        raise NobodyConfirmsTheirOwn
    return (ServiceCertificateObjectionDismissed(**_ids(state.issued), **command.model_dump()),)


def _ids(issued: ServiceCertificateIssued) -> dict[str, Any]:
    return {name: getattr(issued, name) for name in ("certificate_id", "certificate_no", "member_id", "community_id")}


def evolve(state: Certificate, event: Event) -> Certificate:
    """Fold one event. Never raises."""
    match state, event:
        case NotIssued(), ServiceCertificateIssued():
            return Issued(event)
        case ((Issued() | Superseded()), ServiceCertificateRevoked()):
            return Revoked(state.issued)
        case Issued(), ServiceCertificateSuperseded():
            return Superseded(state.issued)
        case Issued(), ServiceCertificateObjected():
            return replace(state, objections={**state.objections, event.objection_id: event})
        case Issued(), ServiceCertificateObjectionDismissed():
            return replace(state, dismissed=state.dismissed | {event.objection_id})
        case _:
            return state


CERTIFICATE: Final = following(Decider(category="certificate", initial=NotIssued(), decide=decide, evolve=evolve))
