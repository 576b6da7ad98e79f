"""Objections to a certificate in publicity: by everybody for seven days, dismissed by somebody not concerned."""

from datetime import timedelta
from typing import Any

from services.activities.certificates.certificate import (
    CERTIFICATE,
    DismissObjection,
    NotInPublicity,
    ObjectToCertificate,
    RevokeCertificate,
    SupersedeCertificate,
)
from services.activities.refusals import NobodyConfirmsTheirOwn, WrongStep
from shared.contracts.activities.certificates import (
    ObjectionGround,
    ServiceCertificateIssued,
    ServiceCertificateObjected,
    ServiceCertificateObjectionDismissed,
    ServiceCertificateRevoked,
    ServiceCertificateSuperseded,
)
from shared.testing.scenario import Scenario
from tests.activities.certificates.test_certificate import issue
from tests.activities.given import CLERK, SECRETARY, member, record_id, some_id

(issued,) = Scenario(CERTIFICATE).when(issue()).then_events(ServiceCertificateIssued)


LAST_DAY = issued.issued_on + timedelta(days=7)


revoke = RevokeCertificate(reason="记录有误", revoked_by=CLERK)


(revoked,) = Scenario(CERTIFICATE).given(issued).when(revoke).then_events(ServiceCertificateRevoked)


changed = SupersedeCertificate(record_id=record_id(1), caused_by_event_id=some_id("ab", 1))


(superseded,) = Scenario(CERTIFICATE).given(issued).when(changed).then_events(ServiceCertificateSuperseded)


def objection(number: int = 1, by: str = "neighbour", days: int = 0) -> ObjectToCertificate:
    told: dict[str, Any] = {"ground": ObjectionGround.HOURS, "reason": "当天只服务了一小时"}
    return ObjectToCertificate(**told, objection_id=some_id("ad", number), raised_by=by, today=issued.issued_on + timedelta(days=days))


def dismissal(by: str = SECRETARY, number: int = 1) -> DismissObjection:
    return DismissObjection(objection_id=some_id("ad", number), reason="签到表与记录一致", dismissed_by=by)


def test_everybody_may_object_for_seven_days_after_the_day_of_issue():
    assert issued.publicised_until == LAST_DAY
    (raised,) = Scenario(CERTIFICATE).given(issued).when(objection(days=7)).then_events(ServiceCertificateObjected)
    assert (raised.certificate_no, raised.ground) == (issued.certificate_no, ObjectionGround.HOURS)
    Scenario(CERTIFICATE).given(issued).when(objection(days=8)).then_rejected(NotInPublicity)
    for over in (revoked, superseded):
        Scenario(CERTIFICATE).given(issued, over).when(objection()).then_rejected(NotInPublicity)
    before_publicity = issued.model_copy(update={"publicised_until": None})
    Scenario(CERTIFICATE).given(before_publicity).when(objection()).then_rejected(NotInPublicity)
    Scenario(CERTIFICATE).when(objection()).then_rejected(WrongStep)


def test_somebody_objects_once_at_a_time():
    (raised,) = Scenario(CERTIFICATE).given(issued).when(objection()).then_events(ServiceCertificateObjected)
    Scenario(CERTIFICATE).given(issued, raised).when(objection(2)).then_nothing()
    Scenario(CERTIFICATE).given(issued, raised).when(objection(2, by="somebody else")).then_events(ServiceCertificateObjected)
    (dismissed,) = Scenario(CERTIFICATE).given(issued, raised).when(dismissal()).then_events(ServiceCertificateObjectionDismissed)
    Scenario(CERTIFICATE).given(issued, raised, dismissed).when(dismissal()).then_nothing()
    Scenario(CERTIFICATE).given(issued, raised, dismissed).when(objection(2)).then_events(ServiceCertificateObjected)


def test_an_objection_is_not_dismissed_by_those_it_concerns_or_after_the_certificate_fell():
    (raised,) = Scenario(CERTIFICATE).given(issued).when(objection()).then_events(ServiceCertificateObjected)
    for concerned in (CLERK, "neighbour", str(member(1))):
        Scenario(CERTIFICATE).given(issued, raised).when(dismissal(concerned)).then_rejected(NobodyConfirmsTheirOwn)
    Scenario(CERTIFICATE).given(issued, raised).when(dismissal(number=2)).then_rejected(WrongStep)
    for over in (revoked, superseded):
        Scenario(CERTIFICATE).given(issued, raised, over).when(dismissal()).then_rejected(WrongStep)
