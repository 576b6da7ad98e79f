"""Areas are taken on through posts; groups and coverage are counted."""

from typing import Any

from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, member, some_id


async def area(district: District, status: int = 201, **changes: Any) -> str:
    body = {"community_id": str(COMMUNITY), "size": "ZONE", "name": "东区"} | changes
    answer = await district.post("/areas", district.clerk, status, **body)
    return answer["result"]["area_id"] if status == 201 else answer["code"]


async def test_areas_are_taken_on_through_posts_and_coverage_is_counted(district: District) -> None:
    zone = await area(district)
    building = await area(district, size="BUILDING", name="三号楼", parent_id=zone, homes=48)
    assert await area(district, 409, size="ZONE", name="西区", parent_id=building) == "area_lies_in_a_larger_one"
    assert await area(district, 422, parent_id=str(some_id("af", 99))) == "malformed"
    assert await area(district, 403, community_id=str(OTHER_COMMUNITY)) == "forbidden"
    post_id = await district.open_post(area_id=building)
    claim = await district.claim(post_id, 1)
    await district.post(f"/posts/{post_id}/claims/{claim['claim_id']}/confirm", district.secretary)
    group = {"community_id": str(COMMUNITY), "name": "三号楼一单元", "area_id": building}
    first = (await district.post("/household-groups", district.clerk, 201, **group, homes=12))["result"]["group_id"]
    second = (await district.post("/household-groups", district.clerk, 201, **group, homes=12))["result"]["group_id"]
    await district.post(f"/household-groups/{first}/leader", district.member(2))
    await district.post(f"/household-groups/{first}/leader", district.member(6), 403)
    await district.post(f"/household-groups/{second}/leader", district.clerk, is_resident=True)
    await district.post(f"/household-groups/{second}/leader", district.member(2), 404, is_resident=True)
    report = await district.get("/reports/coverage", district.clerk, community_id=str(COMMUNITY))
    sizes = {each["size"]: (each["areas"], each["taken_on"]) for each in report["areas"]}
    assert sizes == {"ZONE": (1, 0), "TRACT": (0, 0), "BUILDING": (1, 1), "COURTYARD": (0, 0)}
    assert (report["groups"], report["homes"], report["led"], report["led_by_members_percent"]) == (2, 24, 2, 50)
    assert (report["all_homes"], report["covered_percent"]) == (None, None)  # the zone was not counted yet
    zone_facts = {"community_id": str(COMMUNITY), "size": "ZONE", "name": "东区"}
    await district.post(f"/areas/{zone}/redraw", district.clerk, **zone_facts, homes=96)
    assert (await district.get("/reports/coverage", district.admin))["covered_percent"] == 25
    await district.post(f"/household-groups/{second}/count", district.clerk, homes=36)
    assert (await district.get("/reports/coverage", district.admin))["covered_percent"] == 50
    await district.post(f"/household-groups/{second}/dissolve", district.clerk, reason="并组")
    await district.post(f"/areas/{building}/close", district.clerk, reason="拆迁")
    (seen,) = (await district.get(f"/communities/{COMMUNITY}/household-groups", district.clerk))["items"]
    assert (seen["homes"], seen["leader_id"]) == (12, str(member(2)))
    assert [each["name"] for each in (await district.get("/areas", district.member(1)))["items"]] == ["东区"]
    await district.get("/reports/coverage", district.elsewhere, 403, community_id=str(COMMUNITY))
