"""Notices of certificates: seven days for everybody to read and object, no more than the rules ask for, gone afterwards."""

from datetime import timedelta
from typing import Any

from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.identity import Role
from shared.testing.name_desk import NameDesk
from tests.activities.certificates.test_certificates_api import confirmed_service, issued_to
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, UNIT, member, some_id


async def notices(district: District, where: str | None = None, **query: Any) -> dict[str, Any]:
    await district.service.settled()
    path = f"/districts/{where or district.service.district}/certificate-notices"
    response = await district.service.client.get(path, params=query, headers={"Guangcai-Time": district.service.now.isoformat()})
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_notice_is_read_by_anybody_for_its_days_and_tells_no_more_than_it_must(
    district: District, name_desk: tuple[NameDesk, int]
) -> None:
    name_desk[0].names = {f"/paper-names/{member(1)}?masked=true": "王**", f"/addresses/COMMUNITY/{COMMUNITY}": "公园社区"}
    await confirmed_service(district, 1, 2, 3)
    assert (await notices(district))["items"] == []
    first = (await issued_to(district, 1, district.secretary))["result"]
    (notice,) = (await notices(district))["items"]
    until = notice["publicised_until"]
    assert {name: notice[name] for name in ("certificate_no", "masked_name", "hours", "issuer")} == {
        "certificate_no": first["certificate_no"],
        "masked_name": "王**",
        "hours": "3.00",
        "issuer": "公园社区",
    }
    assert str(member(1)) not in str(notice)
    assert first["verification_code"] not in str(notice)
    page = f"/districts/{district.service.district}/certificate-notices"
    now = {"Guangcai-Time": district.service.now.isoformat()}
    seen = await district.service.client.get(page, headers={**now, "Accept": "text/html"})
    assert "王**" in seen.text
    assert "公示至" in seen.text
    check = f"/districts/{district.service.district}/certificates/{first['certificate_no']}"
    code = {"code": first["verification_code"]}
    assert (await district.service.client.get(check, params=code, headers=now)).json()["publicised_until"] == until
    assert (await notices(district, where="nowhere"))["items"] == []
    second = (await issued_to(district, 2, district.secretary))["result"]
    await issued_to(district, 3, district.secretary)
    half = await notices(district, limit=2)
    rest = await notices(district, limit=2, after=half["next"])
    assert [len(half["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    name_desk[0].asked.clear()
    assert {each["issuer"] for each in (await notices(district))["items"]} == {"公园社区"}
    assert len(name_desk[0].asked) == 1, "one page, one community, asked for once"
    assert (await district.service.client.get(page, params={"limit": 21})).status_code == 422
    await district.post(f"/certificates/{second['certificate_id']}/revoke", district.secretary, reason="记录有误")
    assert len((await notices(district))["items"]) == 2
    name_desk[0].is_away = True
    away = (await notices(district))["items"][0]
    assert (away["masked_name"], away["issuer"]) == ("王**", None)  # registration is not asked for every reader
    name_desk[0].is_away = False
    district.service.now += timedelta(days=7)
    assert len((await notices(district))["items"]) == 2
    district.service.now += timedelta(days=1)
    assert (await notices(district))["items"] == []
    later = {"Guangcai-Time": district.service.now.isoformat()}
    assert (await district.service.client.get(check, params=code, headers=later)).json()["publicised_until"] is None


async def test_an_objection_goes_to_the_community_and_the_member_reads_it(district: District) -> None:
    activity_id, records = await confirmed_service(district, 1)
    certificate_id = (await issued_to(district, 1, district.secretary))["result"]["certificate_id"]
    path, wrong = f"/certificates/{certificate_id}/objections", {"ground": "HOURS", "reason": "当天只服务了一小时"}
    assert (await district.service.client.post(path, json=wrong)).status_code == 401
    await district.post(f"/certificates/{some_id('ad', 9)}/objections", district.member(2), 404, **wrong)
    await district.post(path, district.member(2), 422, ground="HOURS", reason="长" * 201)
    objection_id = (await district.post(path, district.member(2), 201, **wrong))["result"]["objection_id"]
    assert (await district.post(path, district.member(2), 201, **wrong))["event_ids"] == []
    (raised,) = (await district.get("/certificate-objections", district.clerk, status="OPEN"))["items"]
    assert (raised["objection_id"], raised["reason"]) == (objection_id, wrong["reason"])
    assert str(member(2)) not in str(raised)
    assert (await district.get("/certificate-objections", district.member(1)))["items"] == [raised]
    assert (await district.get("/certificate-objections", district.member(2)))["items"] == []
    assert (await district.get("/certificate-objections", district.elsewhere))["items"] == []
    dismiss = f"{path}/{objection_id}/dismiss"
    await district.post(dismiss, district.elsewhere, 403, reason="签到表与记录一致")
    await district.post(dismiss, district.member(2), 403, reason="签到表与记录一致")
    await district.post(dismiss, district.secretary, 409, reason="签到表与记录一致")  # issued it
    await district.post(dismiss, district.clerk, reason="签到表与记录一致")
    (looked_at,) = (await district.get("/certificate-objections", district.member(1)))["items"]
    assert (looked_at["status"], looked_at["dismissal"]) == ("DISMISSED", "签到表与记录一致")
    unit = district.service.token(Role.UNIT_LIAISON, subject="liaison", organisations=[UNIT])
    await district.post(path, unit, 201, **wrong)
    correct = f"/activities/{activity_id}/records/{records[str(member(1))]}/correct"
    await district.post(correct, district.secretary, minutes=60, reason="提前离开")
    statuses = [each["status"] for each in (await district.get("/certificate-objections", district.clerk))["items"]]
    assert sorted(statuses) == ["DISMISSED", "UPHELD"]
    assert (await notices(district))["items"] == []
    assert (await district.post(path, district.member(3), 409, **wrong))["code"] == "not_in_publicity"
    district.service.foreign(MemberIdentitiesMerged(member_id=member(1), into_member_id=member(4), unit_id=UNIT, reason="重复登记"))
    await district.service.settled()
    assert len((await district.get("/certificate-objections", district.member(4)))["items"]) == 2
