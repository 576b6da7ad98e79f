"""Certificates from confirmed records, checked by number and code together; outcomes with 余 and 近; exports that carry no formula."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.activities import errors
from services.activities.certificates.certificate import (
    CERTIFICATE,
    IssueCertificate,
    RevokeCertificate,
    SupersedeCertificate,
    verification_code,
)
from services.activities.records.outcomes import Precision, totals
from shared.contracts.activities import (
    ActivityOutcome,
    CertifiedService,
    ServiceCertificateIssued,
    ServiceCertificateRevoked,
    ServiceCertificateSuperseded,
)
from shared.contracts.registration import MemberEnrolled
from shared.testing.name_desk import NameDesk
from shared.testing.samples import sample
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import CLERK, COMMUNITY, DAY, UNIT, member, record_id, some_id

CERTIFICATE_ID, SECRET = some_id("cf", 1), some_id("cf", 2)
PERIOD = {"first_day": "2026-01-01", "last_day": "2026-12-31"}


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
    Scenario(CERTIFICATE).given(issued).when(issue()).then_rejected(errors.AlreadyExists)


def test_nothing_is_certified_without_records_or_by_oneself():
    Scenario(CERTIFICATE).when(issue(services=())).then_rejected(errors.NothingToCertify)
    Scenario(CERTIFICATE).when(issue(issued_by=str(member(1)))).then_rejected(errors.NobodyConfirmsTheirOwn)
    Scenario(CERTIFICATE).when(issue(period_end=date(2025, 1, 1))).then_rejected(errors.TermEndsBeforeItStarts)


def test_a_certificate_is_revoked_once():
    (issued,) = Scenario(CERTIFICATE).when(issue()).then_events(ServiceCertificateIssued)
    revoke = RevokeCertificate(reason="记录有误", revoked_by=CLERK)
    (revoked,) = Scenario(CERTIFICATE).given(issued).when(revoke).then_events(ServiceCertificateRevoked)
    Scenario(CERTIFICATE).given(issued, revoked).when(revoke).then_nothing()
    Scenario(CERTIFICATE).when(revoke).then_rejected(errors.WrongStep)


def outcome(number: int, text: str, *, approximate: bool = False, metric: str = "小广告") -> ActivityOutcome:
    return ActivityOutcome(metric=metric, number=Decimal(number), unit="条", approximate=approximate, text=text)


@pytest.mark.parametrize(
    ("outcomes", "number", "precision"),
    [
        ([outcome(1000, "1000余条", approximate=True)], 1000, Precision.MORE_THAN),
        ([outcome(1000, "1000余条", approximate=True), outcome(20, "20条")], 1020, Precision.MORE_THAN),
        ([outcome(60, "近60条", approximate=True)], 60, Precision.NEARLY),
        ([outcome(60, "近60条", approximate=True), outcome(1000, "1000余条", approximate=True)], 1060, Precision.ABOUT),
        ([outcome(10, "十几条", approximate=True)], 10, Precision.ABOUT),
        ([outcome(7, "7条"), outcome(5, "5条")], 12, Precision.EXACT),
    ],
)
def test_a_sum_is_as_exact_as_its_parts(outcomes: list[ActivityOutcome], number: int, precision: Precision):
    (total,) = totals(outcomes)
    assert (total.number, total.precision, total.parts) == (number, precision, len(outcomes))


async def confirmed_service(district: District, *numbers: int, title: str = "清理小广告", **plan: str) -> tuple[str, dict[str, str]]:
    """A confirmed roster with outcomes."""
    activity_id = await district.open_activity(title=title, **plan)
    district.service.now += timedelta(days=3)
    body = {
        "recipient_type": "COMMUNITY",
        "content": "清理楼道小广告",
        "outcomes": [{"metric": "清理小广告", "number": "1000", "unit": "条", "approximate": True, "text": "1000余条"}],
        "entries": [{"member_id": str(member(number))} for number in numbers],
    }
    logged = await district.post(f"/activities/{activity_id}/records", district.clerk, 201, **body)
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    await district.service.settled()
    return activity_id, logged["result"]["record_ids"]


async def issued_to(district: District, number: int, as_: str, status: int = 201) -> dict[str, Any]:
    days = {"period_start": "2026-01-01", "period_end": "2026-12-31"}
    body = {"member_id": str(member(number)), "community_id": str(COMMUNITY), **days}
    return await district.post("/certificates", as_, status, **body)


async def test_a_certificate_is_issued_checked_outdated_and_revoked(district: District) -> None:
    district.service.foreign(sample(MemberEnrolled, member_id=member(1), member_no="M-0001", unit_id=UNIT))
    activity_id, records = await confirmed_service(district, 1, 2)
    assert (await issued_to(district, 3, district.secretary, 409))["code"] == "nothing_to_certify"
    await issued_to(district, 1, district.elsewhere, 403)
    await issued_to(district, 1, district.member(1), 403)
    issued = (await issued_to(district, 1, district.secretary))["result"]
    assert issued["total_minutes"] == 180
    certificate = f"/certificates/{issued['certificate_id']}"
    (own,) = await district.get("/me/certificates", district.member(1))
    assert own["verification_code"] == issued["verification_code"]
    assert await district.get(certificate, district.clerk) == own
    await district.get(certificate, district.member(2), 404)
    await district.get(certificate, district.elsewhere, 404)

    async def check(code: str, number: str = issued["certificate_no"], where: str = district.service.district) -> Any:
        response = await district.service.client.get(f"/districts/{where}/certificates/{number}", params={"code": code})
        return response.status_code, {name: value for name, value in response.json().items() if name not in {"instance", "trace_id"}}

    status, paper = await check(issued["verification_code"])
    assert (status, paper["status"], paper["is_current"], paper["member_no"]) == (200, "ISSUED", True, "M-0001")
    assert str(member(1)) not in str(paper)
    wrong = [await check("WRONG"), await check(issued["verification_code"], "FW-2026-0000000000"), await check("WRONG", where="nowhere")]
    assert [answer[0] for answer in wrong] == [404, 404, 404]
    assert wrong[0] == wrong[1] == wrong[2]
    void = f"/activities/{activity_id}/records/{records[str(member(1))]}/void"
    await district.post(void, district.secretary, reason="未实际参加")
    await district.service.settled()
    outdated = (await check(issued["verification_code"]))[1]
    assert (outdated["status"], outdated["is_current"]) == ("SUPERSEDED", False)
    assert (await district.service.names()).count("ServiceCertificateSuperseded") == 1
    await district.post(f"{certificate}/revoke", district.elsewhere, 403, reason="记录有误")
    await district.post(f"{certificate}/revoke", district.secretary, reason="记录有误")
    await district.service.settled()
    assert (await check(issued["verification_code"]))[1]["status"] == "REVOKED"


def test_a_certificate_is_superseded_by_its_own_records_only_and_once():
    (issued,) = Scenario(CERTIFICATE).when(issue()).then_events(ServiceCertificateIssued)
    changed = SupersedeCertificate(record_id=record_id(1), caused_by_event_id=some_id("ab", 1))
    (superseded,) = Scenario(CERTIFICATE).given(issued).when(changed).then_events(ServiceCertificateSuperseded)
    Scenario(CERTIFICATE).given(issued, superseded).when(changed).then_nothing()
    other = SupersedeCertificate(record_id=record_id(9), caused_by_event_id=some_id("ab", 1))
    Scenario(CERTIFICATE).given(issued).when(other).then_rejected(errors.WrongStep)
    revoke = RevokeCertificate(reason="记录有误", revoked_by=CLERK)
    Scenario(CERTIFICATE).given(issued, superseded).when(revoke).then_events(ServiceCertificateRevoked)


async def test_a_certificate_is_printed_with_the_name_and_checked_with_a_masked_one(
    district: District, name_desk: tuple[NameDesk, int]
) -> None:
    desk, _ = name_desk
    desk.names = {
        f"/paper-names/{member(1)}?masked=false": "王建国",
        f"/paper-names/{member(1)}?masked=true": "王**",
        f"/addresses/COMMUNITY/{COMMUNITY}": "公园社区",
    }
    activity_id, records = await confirmed_service(district, 1)
    issued = (await issued_to(district, 1, district.secretary))["result"]
    path = f"/certificates/{issued['certificate_id']}/certificate.pdf"
    printed = await district.service.get(path, as_=district.member(1))
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf"), printed.text
    assert printed.content.startswith(b"%PDF-")
    assert (district.service.district, f"/paper-names/{member(1)}?masked=false") in desk.asked
    assert (await district.service.get(path, as_=district.clerk)).status_code == 200
    assert (await district.service.get(path, as_=district.member(2))).status_code == 404
    page = f"/districts/{district.service.district}/certificates/{issued['certificate_no']}"
    seen = await district.service.client.get(page, params={"code": issued["verification_code"]}, headers={"Accept": "text/html"})
    assert seen.headers["content-type"].startswith("text/html")
    assert "王**" in seen.text
    assert "有效" in seen.text
    assert "王建国" not in seen.text
    asked = len(desk.asked)
    assert (await district.service.client.get(page, params={"code": "WRONG"})).status_code == 404
    assert len(desk.asked) == asked  # a guess does not even reach registration
    desk.is_away = True
    assert (await district.service.get(path, as_=district.member(1))).status_code == 503
    assert (await district.service.client.get(page, params={"code": issued["verification_code"]})).json()["masked_name"] is None
    desk.is_away = False
    correct = f"/activities/{activity_id}/records/{records[str(member(1))]}/correct"
    await district.post(correct, district.secretary, minutes=60, reason="提前离开")
    assert (await district.service.get(path, as_=district.member(1))).status_code == 404  # superseded: issue a new one
    assert (await issued_to(district, 1, district.secretary))["result"]["total_minutes"] == 60


async def test_outcomes_count_once_per_activity_and_stay_approximate(district: District) -> None:
    await confirmed_service(district, 1, 2)
    await confirmed_service(district, 3)
    report = await district.get("/reports/outcomes", district.clerk, community_id=str(COMMUNITY), **PERIOD)
    (line,) = report["items"]
    assert (line["zh"], line["parts"], line["precision"]) == ("2000余条", 2, "MORE_THAN")
    assert (await district.get("/reports/outcomes", district.admin, **PERIOD))["items"] == report["items"]
    await district.get("/reports/outcomes", district.elsewhere, 403, community_id=str(COMMUNITY), **PERIOD)
    await district.get("/reports/outcomes", district.admin, 422, first_day="2026-02-01", last_day="2026-01-01")


async def test_records_are_exported_as_text(district: District) -> None:
    await confirmed_service(district, 1, title='=HYPERLINK("http://evil.example")')
    query = {"community_id": str(COMMUNITY), **PERIOD}
    plain = await district.service.get("/exports/service-records.csv", as_=district.clerk, params=query)
    assert plain.content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(plain.content.decode("utf-8-sig")))
    assert (head[0], row[2][:2], row[9]) == ("志愿者编号", "'=", "3.00")
    book = await district.service.get("/exports/service-records.xlsx", as_=district.clerk, params=query)
    assert CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python() == [head, row]
    await district.get("/exports/service-records.csv", district.elsewhere, 403, **query)
    await district.get("/exports/service-records.csv", district.member(1), 403, **query)
