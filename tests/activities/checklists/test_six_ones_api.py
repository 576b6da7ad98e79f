"""The six ones over HTTP: which activity completes which item, once its record is confirmed and not before."""

from datetime import timedelta

import pytest

from tests.activities.conftest import District

ITEMS = {
    "VOLUNTEER_SERVICE": "VOLUNTEER_ACTIVITY",
    "COMMUNITY_PARTY_LIFE": "COMMUNITY_PARTY_ACTIVITY",
    "FACE_TO_FACE": "FACE_TO_FACE_EXCHANGE",
    "POLICY_TALK": "POLICY_TALK",
}


@pytest.mark.parametrize(("activity_type", "item"), ITEMS.items())
async def test_a_confirmed_record_completes_the_item_of_its_type(district: District, activity_type: str, item: str) -> None:
    activity_id = await district.open_activity(activity_type=activity_type)
    district.service.now += timedelta(days=3)
    await district.log(activity_id, 1)
    await district.service.settled()
    assert (await district.get("/me/six-ones", district.member(1)))["done"] == []
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    await district.service.settled()
    mine = await district.get("/me/six-ones", district.member(1))
    assert [each["item"] for each in mine["done"]] == [item]
    assert item not in mine["missing"]
    report = await district.get("/reports/six-ones", district.admin)
    assert {each["item"]: each["completed"] for each in report["items"]}[item] == 1
