"""A checklist over HTTP, from its announcement to a member's progress."""

from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, member


async def test_a_checklist_from_announcement_to_progress(district: District) -> None:
    draft = {"name": "五个一", "declared_items": 2}
    await district.post("/checklists", district.secretary, 403, **draft)
    checklist_id = (await district.post("/checklists", district.admin, 201, **draft))["result"]["checklist_id"]
    path = f"/checklists/{checklist_id}"
    assert (await district.post(f"{path}/activate", district.admin, 409))["code"] == "checklist_items_undefined"
    items = [{"code": "BOARD", "title": "一块告示板"}, {"code": "BOX", "title": "一只联系箱"}]
    await district.post(f"{path}/items", district.secretary, 403, items=items)
    await district.post(f"{path}/items", district.admin, items=items)
    item = {"subject_id": str(member(1)), "community_id": str(COMMUNITY), "year": 2026, "code": "BOARD", "evidence": "居委会门口"}
    assert (await district.post(f"{path}/tick", district.clerk, 409, **item))["code"] == "checklist_not_active"
    await district.post(f"{path}/activate", district.admin)
    await district.post(f"{path}/tick", district.clerk, **item)
    await district.post(f"{path}/tick", district.elsewhere, 403, **item)
    await district.post(f"{path}/tick", district.elsewhere, 403, **item | {"community_id": str(OTHER_COMMUNITY)})
    progress = await district.get(f"{path}/progress/{member(1)}", district.member(1), year=2026)
    assert ([each["code"] for each in progress["done"]], progress["missing"]) == (["BOARD"], ["BOX"])
    await district.get(f"{path}/progress/{member(1)}", district.member(2), 404)
    listed = (await district.get("/checklists", district.member(1)))["items"]
    assert [(each["name"], each["declared_items"], len(each["items"])) for each in listed] == [("六个一", 6, 6), ("五个一", 2, 2)]
    untick = {name: value for name, value in item.items() if name != "evidence"} | {"reason": "记错人"}
    await district.post(f"{path}/untick", district.clerk, **untick)
    assert (await district.get(f"{path}/progress/{member(1)}", district.member(1), year=2026))["done"] == []
