"""Certificates from confirmed records, printed, and checked by number and code together."""

from datetime import timedelta
from typing import Any

from shared.contracts.registration.members import MemberEnrolled
from shared.testing.name_desk import NameDesk
from shared.testing.samples import sample
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, UNIT, member


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
