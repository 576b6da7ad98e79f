"""Complaints over HTTP: anybody complains and hears from whoever is not meant."""

from datetime import timedelta
from typing import Any

from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.identity import Role
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, UNIT, member, some_id


async def complain(district: District, as_: str, status: int = 201, **changes: Any) -> dict[str, Any]:
    draft = {"kind": "REPEATED_ENTRY", "about": "COMMUNITY", "text": "同一表格填了三次", **changes}
    return await district.post("/complaints", as_, status, **draft)


async def seen(district: District, as_: str, **query: Any) -> list[dict[str, Any]]:
    await district.service.settled()
    return (await district.get("/complaints", as_, **query))["items"]


async def test_g17_anybody_complains_and_hears_from_whoever_is_not_meant(district: District) -> None:
    street = district.service.token(Role.STREET_ADMIN, subject="street")
    reviewer = district.service.token(Role.APPEAL_REVIEWER, subject="reviewer")
    lodged = (await complain(district, district.member(1), organisation_id=str(COMMUNITY)))["result"]
    assert (lodged["addressed_to"], lodged["answer_by"] > district.service.now.date().isoformat()) == ("STREET", True)
    (own,) = await seen(district, district.member(1))
    (theirs,) = await seen(district, street, status="OPEN")
    assert (own["is_own"], own["answer_by"], own["is_overdue"]) == (True, lodged["answer_by"], False)
    assert theirs == {**own, "is_own": False}
    assert str(member(1)) not in str(theirs)
    path = f"/complaints/{lodged['complaint_id']}/answer"
    answer = {"outcome": "REMEDIED", "answer": "今后只填一次"}
    meant = district.service.token(Role.STREET_ADMIN, Role.COMMUNITY_SECRETARY, subject="both", organisations=[COMMUNITY])
    assert await seen(district, meant) == []
    await district.post(path, meant, 404, **answer)
    for other in (district.clerk, district.secretary, district.member(2), district.elsewhere):
        assert await seen(district, other) == []
        await district.post(path, other, 403, **answer)
    for other in (district.admin, reviewer, district.service.token(Role.STREET_ADMIN, subject="other", district="elsewhere")):
        await district.post(path, other, 404, **answer)
    district.service.now += timedelta(days=30)
    await district.open_post()  # simulated time is that of the newest event
    (late,) = await seen(district, district.admin, overdue=True)
    assert (late["upper_desk"], late["is_overdue"]) == ("DISTRICT", True)
    await district.post(path, district.admin, **answer)
    assert (await district.post(path, street, 409, **answer))["code"] == "complaint_is_answered"
    (closed,) = await seen(district, district.member(1), status="ANSWERED")
    assert (closed["outcome"], closed["answer"], closed["is_overdue"]) == ("REMEDIED", "今后只填一次", False)
    assert await seen(district, street, overdue=True) == []
    district.service.foreign(MemberIdentitiesMerged(member_id=member(1), into_member_id=member(2), unit_id=UNIT, reason="重复登记"))
    assert [each["complaint_id"] for each in await seen(district, district.member(2))] == [lodged["complaint_id"]]


async def test_g17_units_and_communities_complain_too_and_about_the_district_the_reviewers_hear(district: District) -> None:
    unit = district.service.token(Role.UNIT_LIAISON, subject="liaison", organisations=[UNIT])
    reviewer = district.service.token(Role.APPEAL_REVIEWER, subject="reviewer")
    about_district = (await complain(district, unit, about="DISTRICT", kind="RANKING"))["result"]
    await complain(district, district.clerk, about="SOFTWARE")
    assert [each["about"] for each in await seen(district, reviewer)] == ["DISTRICT"]
    assert [each["about"] for each in await seen(district, district.admin)] == ["SOFTWARE"]
    assert [each["is_own"] for each in await seen(district, unit)] == [True]
    await district.post(f"/complaints/{about_district['complaint_id']}/answer", reviewer, outcome="EXPLAINED", answer="未作排名")
    several = district.service.token(Role.COMMUNITY_CLERK, subject="both", organisations=[COMMUNITY, OTHER_COMMUNITY])
    await complain(district, several, 422)
    await complain(district, several, on_behalf_of=str(OTHER_COMMUNITY))
    for wrong in ({"text": "长" * 201}, {"kind": "UNKNOWN"}, {"organisation_id": str(some_id("cc", 9))}, {"person": "张三"}):
        await complain(district, district.member(1), 422, **wrong)
    await complain(district, district.clerk, 403, on_behalf_of=str(OTHER_COMMUNITY))
    await complain(district, district.admin, 403)
    assert (await complain(district, district.member(1), 409, text="打13800138000"))["code"] == "number_of_a_person"
    for _ in range(2):
        await complain(district, district.member(3))
    await district.service.settled()
    first = await district.get("/complaints", district.member(3), limit=1)
    rest = await district.get("/complaints", district.member(3), limit=1, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (1, 1, None)
