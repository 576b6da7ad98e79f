"""A certificate is issued, used once or revoked."""

from services.registration.certificates import certificate
from services.registration.certificates.certificate import (
    CERTIFICATE,
    CertificateAlreadyIssued,
    CertificateIsInUse,
    CertificateNumberTaken,
    CertificateUnknown,
    IssueLiaisonCertificate,
    RevokeLiaisonCertificate,
)
from shared.contracts.registration.certificates import LiaisonCertificateRevoked
from shared.decider import Release, Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import CERTIFICATE_ID, COMMUNITY, MEMBER, UNIT, issued

revoked = LiaisonCertificateRevoked(
    certificate_id=CERTIFICATE_ID, member_id=MEMBER, unit_id=UNIT, community_id=COMMUNITY, reason="填错社区"
)


def test_a_certificate_is_issued_and_revoked() -> None:
    issue = IssueLiaisonCertificate(**issued.model_dump())
    Scenario(CERTIFICATE).when(issue).then(issued)
    Scenario(CERTIFICATE).given(issued).when(issue).then_nothing()
    Scenario(CERTIFICATE).given(issued).when(RevokeLiaisonCertificate(reason="填错社区")).then(revoked)
    Scenario(CERTIFICATE).given(issued, revoked).when(RevokeLiaisonCertificate(reason="再次")).then_nothing()
    Scenario(CERTIFICATE).when(RevokeLiaisonCertificate(reason="无")).then_rejected(CertificateUnknown)


def test_a_member_holds_one_live_certificate_and_numbers_are_given_once() -> None:
    assert certificate.reservations(issued) == (
        Reserve("certificate_no", issued.certificate_no, CertificateNumberTaken),
        Reserve("live_certificate", str(MEMBER), CertificateAlreadyIssued, holder=str(CERTIFICATE_ID)),
    )


def test_revoking_takes_the_single_use_so_that_nobody_can_register_with_it() -> None:
    assert certificate.reservations(revoked) == (
        Reserve("certificate_use", str(CERTIFICATE_ID), CertificateIsInUse, holder="revocation"),
        Release("live_certificate", str(MEMBER), holder=str(CERTIFICATE_ID)),
    )
