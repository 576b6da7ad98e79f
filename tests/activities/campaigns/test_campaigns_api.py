"""Contributions are summed in public, and their givers see their own."""

from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, member
from tests.activities.registers.test_registers_api import public


async def test_contributions_are_summed_in_public_and_seen_by_their_giver(district: District) -> None:
    body = {"community_id": str(COMMUNITY), "title": "三个一", "first_day": "2026-01-01", "last_day": "2026-01-31"}
    body |= {"kinds": ["MONEY", "GOODS", "SUGGESTION"]}
    campaign_id = (await district.post("/campaigns", district.clerk, 201, **body))["result"]["campaign_id"]
    path = f"/campaigns/{campaign_id}"
    book = {"kind": "GOODS", "quantity": "1", "unit": "本"}
    named = await district.post(f"{path}/contributions", district.clerk, 201, **book, member_id=str(member(1)))
    unnamed = await district.post(f"{path}/contributions", district.clerk, 201, **book)
    await district.post(f"{path}/contributions", district.clerk, 201, kind="MONEY", quantity="2100", unit="元")
    await district.post(f"{path}/contributions", district.clerk, 403, **book, member_id=str(member(6)))
    await district.post(f"{path}/contributions", district.elsewhere, 403, **book)
    cancel = f"{path}/contributions/{unnamed['result']['contribution_id']}/cancel"
    await district.post(cancel, district.clerk, reason="重复登记")
    await district.post(f"{path}/uses", district.clerk, 201, kind="MONEY", quantity="600", unit="元", purpose="慰问高龄老人")
    (campaign,) = await public(district, "/campaigns")
    assert [(each["kind"], each["received"], each["used"]) for each in campaign["sums"]] == [("GOODS", "1", "0"), ("MONEY", "2100", "600")]
    assert campaign["uses"][0]["purpose"] == "慰问高龄老人"
    assert str(member(1)) not in str(campaign)
    (mine,) = await district.get("/me/contributions", district.member(1))
    assert (mine["receipt_no"], mine["unit"]) == (named["result"]["receipt_no"], "本")
    assert await district.get("/me/contributions", district.member(2)) == []
    await district.post(f"{path}/close", district.clerk, reason="期满")
    assert (await district.post(f"{path}/contributions", district.clerk, 409, **book))["code"] == "campaign_is_closed"
