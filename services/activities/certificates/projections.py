"""Service record certificates, and objections to them, as rows."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.certificates import (
    ServiceCertificateIssued,
    ServiceCertificateObjected,
    ServiceCertificateObjectionDismissed,
    ServiceCertificateRevoked,
    ServiceCertificateSuperseded,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save

COLUMNS: Final = (
    *("certificate_no", "verification_code", "member_id", "community_id", "period_start", "period_end", "total_minutes"),
    *("issued_on", "issued_by", "person_in_charge", "office", "publicised_until"),
)


def issued(_event: Recorded, data: ServiceCertificateIssued) -> Iterator[Write]:
    """A certificate with the services it lists."""
    facts = {**fields(data, *COLUMNS), "services": [each.model_dump(mode="json") for each in data.services]}
    yield save("certificates", fields(data, "certificate_id"), {**facts, "status": "ISSUED"})


def revoked(_event: Recorded, data: ServiceCertificateRevoked) -> Iterator[Write]:
    """Taken back, with the reason."""
    yield change("certificates", fields(data, "certificate_id"), {"status": "REVOKED", "reason": data.reason})


def superseded(_event: Recorded, data: ServiceCertificateSuperseded) -> Iterator[Write]:
    """A record on it says something else now."""
    yield change("certificates", fields(data, "certificate_id"), {"status": "SUPERSEDED"})


def objected(event: Recorded, data: ServiceCertificateObjected) -> Iterator[Write]:
    """An objection that nobody has answered."""
    facts = {**fields(data, "certificate_id", "ground", "reason"), "raised_at": event.time}
    yield save("certificate_objections", fields(data, "objection_id"), facts)


def objection_dismissed(_event: Recorded, data: ServiceCertificateObjectionDismissed) -> Iterator[Write]:
    """The certificate stays as it is."""
    yield change("certificate_objections", fields(data, "objection_id"), {"dismissal": data.reason})


PROJECTIONS: Final[Projections] = {
    ServiceCertificateIssued: issued,
    ServiceCertificateRevoked: revoked,
    ServiceCertificateSuperseded: superseded,
    ServiceCertificateObjected: objected,
    ServiceCertificateObjectionDismissed: objection_dismissed,
}
