"""Events about certificates and registrations → certificates and whether they are used."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.certificates import LiaisonCertificateIssued, LiaisonCertificateRevoked
from shared.contracts.registration.registrations import MemberRegistered, RegistrationClosed, RegistrationReturned
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def issued(event: Recorded, data: LiaisonCertificateIssued) -> Iterator[Write]:
    """A new certificate, not used yet."""
    paper = fields(data, "certificate_no", "member_id", "unit_id", "community_id")
    yield save("certificates", fields(data, "certificate_id"), paper | {"status": "ISSUED", "issued_at": event.time})


def revoked(_event: Recorded, data: LiaisonCertificateRevoked) -> Iterator[Write]:
    """Nobody can use it any more."""
    yield change("certificates", fields(data, "certificate_id"), {"status": "REVOKED"})


def used(_event: Recorded, data: MemberRegistered | RegistrationClosed) -> Iterator[Write]:
    """A registration was made with it; that holds when the registration has ended too."""
    yield change("certificates", fields(data, "certificate_id"), {"status": "USED"})


def returned(_event: Recorded, data: RegistrationReturned) -> Iterator[Write]:
    """The member may report again with it."""
    yield change("certificates", fields(data, "certificate_id"), {"status": "ISSUED"})


PROJECTIONS: Final[Projections] = {
    LiaisonCertificateIssued: issued,
    LiaisonCertificateRevoked: revoked,
    MemberRegistered: used,
    RegistrationReturned: returned,
    RegistrationClosed: used,
}
