"""Certificates sum what they list, are revoked once, and superseded by their own records only."""

from datetime import date
from typing import Any

from services.activities.certificates.certificate import (
    CERTIFICATE,
    IssueCertificate,
    NothingToCertify,
    RevokeCertificate,
    SupersedeCertificate,
    verification_code,
)
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn, TermEndsBeforeItStarts, WrongStep
from shared.contracts.activities.certificates import (
    CertifiedService,
    ServiceCertificateIssued,
    ServiceCertificateRevoked,
    ServiceCertificateSuperseded,
)
from shared.testing.scenario import Scenario
from tests.activities.given import CLERK, COMMUNITY, DAY, member, record_id, some_id

CERTIFICATE_ID, SECRET = some_id("cf", 1), some_id("cf", 2)


def service_of(number: int, minutes: int) -> CertifiedService:
    return CertifiedService(
        record_id=record_id(number), record_no=f"R-{number}", activity_name="清理小广告", content="清理楼道", served_on=DAY, minutes=minutes
    )


def issue(**changes: Any) -> IssueCertificate:
    values: dict[str, Any] = {
        "certificate_id": CERTIFICATE_ID,
        "secret_id": SECRET,
        "member_id": member(1),
        "community_id": COMMUNITY,
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 12, 31),
        "services": (service_of(1, 180), service_of(2, 60)),
        "issued_on": date(2026, 12, 30),
        "issued_by": CLERK,
    }
    return IssueCertificate(**{**values, **changes})


def test_a_certificate_sums_what_it_lists():
    (issued,) = Scenario(CERTIFICATE).when(issue()).then_events(ServiceCertificateIssued)
    assert (issued.total_minutes, issued.certificate_no[:8]) == (240, "FW-2026-")
    assert issued.verification_code == verification_code(SECRET) != verification_code(CERTIFICATE_ID)
    Scenario(CERTIFICATE).given(issued).when(issue()).then_rejected(AlreadyExists)


def test_nothing_is_certified_without_records_or_by_oneself():
    Scenario(CERTIFICATE).when(issue(services=())).then_rejected(NothingToCertify)
    Scenario(CERTIFICATE).when(issue(issued_by=str(member(1)))).then_rejected(NobodyConfirmsTheirOwn)
    Scenario(CERTIFICATE).when(issue(period_end=date(2025, 1, 1))).then_rejected(TermEndsBeforeItStarts)


def test_a_certificate_is_revoked_once():
    (issued,) = Scenario(CERTIFICATE).when(issue()).then_events(ServiceCertificateIssued)
    revoke = RevokeCertificate(reason="记录有误", revoked_by=CLERK)
    (revoked,) = Scenario(CERTIFICATE).given(issued).when(revoke).then_events(ServiceCertificateRevoked)
    Scenario(CERTIFICATE).given(issued, revoked).when(revoke).then_nothing()
    Scenario(CERTIFICATE).when(revoke).then_rejected(WrongStep)


def test_a_certificate_is_superseded_by_its_own_records_only_and_once():
    (issued,) = Scenario(CERTIFICATE).when(issue()).then_events(ServiceCertificateIssued)
    changed = SupersedeCertificate(record_id=record_id(1), caused_by_event_id=some_id("ab", 1))
    (superseded,) = Scenario(CERTIFICATE).given(issued).when(changed).then_events(ServiceCertificateSuperseded)
    Scenario(CERTIFICATE).given(issued, superseded).when(changed).then_nothing()
    other = SupersedeCertificate(record_id=record_id(9), caused_by_event_id=some_id("ab", 1))
    Scenario(CERTIFICATE).given(issued).when(other).then_rejected(WrongStep)
    revoke = RevokeCertificate(reason="记录有误", revoked_by=CLERK)
    Scenario(CERTIFICATE).given(issued, superseded).when(revoke).then_events(ServiceCertificateRevoked)
