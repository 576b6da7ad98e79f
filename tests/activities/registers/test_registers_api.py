"""Open affairs are read by anybody, venues and partnerships are listed until closed."""

from datetime import timedelta
from typing import Any

from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, UNIT


async def public(district: District, path: str) -> list[dict[str, Any]]:
    """What somebody without an account reads."""
    await district.service.settled()
    answer = await district.service.client.get(f"/districts/{district.service.district}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_open_affairs_are_read_by_anybody_stage_by_stage(district: District) -> None:
    body = {"community_id": str(COMMUNITY), "subject": "修缮路面", "text": "拟修缮三号楼前路面", "responsible": "居委会主任"}
    await district.post("/open-affairs", district.clerk, 403, **body)
    affair_id = (await district.post("/open-affairs", district.secretary, 201, **body, comments_until="2026-01-08"))["result"]["affair_id"]
    stage = {"stage": "DURING", "text": "已开工", "responsible": "居委会主任"}
    path = f"/open-affairs/{affair_id}/stages"
    assert (await district.post(path, district.secretary, 409, **stage))["code"] == "affair_is_open_for_comments"
    district.service.now += timedelta(days=4)
    await district.post(path, district.secretary, 201, **stage)
    await district.post(path, district.elsewhere, 403, **stage)
    await district.post(path, district.secretary, 201, stage="AFTER", text="完工,5000平方米", responsible="居委会主任")
    (seen,) = await public(district, f"/open-affairs?community_id={COMMUNITY}")
    assert [each["stage"] for each in seen["publications"]] == ["BEFORE", "DURING", "AFTER"]
    assert await public(district, f"/open-affairs?community_id={OTHER_COMMUNITY}") == []


async def test_venues_and_partnerships_are_listed_until_closed(district: District) -> None:
    own = {"community_id": str(COMMUNITY)}
    venue = {**own, "name": "党员活动室", "used_for": "学习活动", "square_metres": 300, "seats": 80, "owner_id": str(UNIT)}
    kinds = ["PAIRED_BUILDING", "JOINT_BUILDING", "SHARED_RESOURCES", "JOINT_COUNCIL"]
    partnership = {**own, "partner_id": str(UNIT), "kinds": kinds, "purpose": "开放场地,共议大事", "agreed_on": "2026-01-05"}
    for path, body in (("/venues", venue), ("/partnerships", partnership)):
        await district.post(path, district.elsewhere, 403, **body)
        entry_id = (await district.post(path, district.clerk, 201, **body))["result"]["entry_id"]
    listed = (await district.get("/register", district.member(1), community_id=str(COMMUNITY)))["items"]
    seen = {each["kind"]: each["facts"] for each in listed}
    assert (len(seen), seen["VENUE"]["square_metres"], seen["PARTNERSHIP"]["kinds"]) == (2, 300, kinds)
    await district.post(f"/register/{entry_id}/close", district.clerk, reason="期满")
    assert (await district.get("/register", district.member(1), kind="PARTNERSHIP"))["items"] == []
    (closed,) = (await district.get("/register", district.member(1), kind="PARTNERSHIP", with_closed=True))["items"]
    assert closed["reason"] == "期满"
