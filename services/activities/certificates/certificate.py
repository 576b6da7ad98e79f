"""A service record certificate (志愿服务记录证明): issued over confirmed records of the community that recorded them, revocable.

Invariants: the total is the sum of what is listed; nobody certifies their own service; a revoked certificate never holds again. Everybody
may object during its publicity (公示); whoever issued it, raised the objection or is certified does not dismiss it.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from services.activities import errors
from services.activities.following import following
from services.activities.wording import Line, Reason
from shared.contracts.activities import (
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
    """Say why the certificate stands."""

    objection_id: UUID
    reason: Reason
    dismissed_by: str


CertificateCommand = IssueCertificate | RevokeCertificate | SupersedeCertificate | ObjectToCertificate | DismissObjection


@dataclass(frozen=True, slots=True)
class Certificate:
    """Fold of a certificate's stream."""

    issued: ServiceCertificateIssued | None = None
    is_revoked: bool = False
    is_superseded: bool = False
    objections: Mapping[UUID, ServiceCertificateObjected] = field(default_factory=dict[UUID, ServiceCertificateObjected])
    dismissed: frozenset[UUID] = frozenset()


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
            publicised_until=command.issued_on + PUBLICITY,
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
    return (ServiceCertificateRevoked(**_ids(state.issued), reason=command.reason, revoked_by=command.revoked_by),)


def _supersede(command: SupersedeCertificate, state: Certificate) -> tuple[Event, ...]:
    if state.issued is None or command.record_id not in {each.record_id for each in state.issued.services}:
        raise errors.WrongStep
    if state.is_revoked or state.is_superseded:
        return ()
    return (ServiceCertificateSuperseded(**_ids(state.issued), **command.model_dump()),)


def _object(command: ObjectToCertificate, state: Certificate) -> tuple[Event, ...]:
    if state.issued is None:
        raise errors.WrongStep
    until = state.issued.publicised_until
    if state.is_revoked or state.is_superseded or until is None or command.today > until:
        raise NotInPublicity
    if any(each.raised_by == command.raised_by for key, each in state.objections.items() if key not in state.dismissed):
        return ()  # it is being looked at
    return (ServiceCertificateObjected(**_ids(state.issued), **command.model_dump(exclude={"today"})),)


def _dismiss(command: DismissObjection, state: Certificate) -> tuple[Event, ...]:
    objection = state.objections.get(command.objection_id)
    if state.issued is None or objection is None or state.is_revoked or state.is_superseded:
        raise errors.WrongStep
    if command.objection_id in state.dismissed:
        return ()
    if command.dismissed_by in {state.issued.issued_by, objection.raised_by, str(state.issued.member_id)}:
        raise errors.NobodyConfirmsTheirOwn
    return (ServiceCertificateObjectionDismissed(**_ids(state.issued), **command.model_dump()),)


def _ids(issued: ServiceCertificateIssued) -> dict[str, Any]:
    return {name: getattr(issued, name) for name in ("certificate_id", "certificate_no", "member_id", "community_id")}


def evolve(state: Certificate, event: Event) -> Certificate:
    """Fold one event. Never raises."""
    match event:
        case ServiceCertificateIssued():
            return replace(state, issued=event)
        case ServiceCertificateRevoked():
            return replace(state, is_revoked=True)
        case ServiceCertificateSuperseded():
            return replace(state, is_superseded=True)
        case ServiceCertificateObjected():
            return replace(state, objections={**state.objections, event.objection_id: event})
        case ServiceCertificateObjectionDismissed():
            return replace(state, dismissed=state.dismissed | {event.objection_id})
        case _:
            return state


CERTIFICATE: Final = following(Decider(category="certificate", initial=Certificate(), decide=decide, evolve=evolve))
