"""Guard rails that belong to activities, shown through the public API. Others stand with the rule they protect."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from services.evaluation.facts.sources import FACTS
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, member


async def test_g2_service_counts_without_check_in_and_a_check_in_never_says_where(district: District) -> None:
    activity_id = await district.open_activity()
    path = f"/activities/{activity_id}"
    district.service.now += timedelta(days=2)
    code = (await district.get(f"{path}/sign-in-code", district.clerk))["code"]
    for where in ({"latitude": 31.8}, {"place": "社区广场"}, {"device": "phone"}):
        refused = await district.post(f"{path}/check-in", district.member(1), 422, code=code, **where)
        assert refused["code"] == "malformed"
    district.service.now += timedelta(days=1)
    await district.log(activity_id, 1)
    confirmed = await district.post(f"{path}/confirm", district.secretary)
    assert len(confirmed["result"]["confirmed"]) == 1


async def test_g5_only_an_own_act_claims_and_saying_no_never_costs(district: District) -> None:
    post_id = await district.open_post()
    before = len(await district.service.log())
    await district.get("/me/post-suggestions", district.member(1))
    await district.get(f"/posts/{post_id}/suggested-members", district.clerk)
    await district.post(f"/posts/{post_id}/claims", district.clerk, 422, member_id=str(member(1)))
    await district.post(f"/posts/{post_id}/claims", district.member(2), 403, member_id=str(member(1)), consent="口头")
    assert len(await district.service.log()) == before, "a suggestion is read, never written, and nobody claims for somebody else"
    claim = await district.claim(post_id, 1)
    released = await district.post(f"/posts/{post_id}/claims/{claim['claim_id']}/release", district.member(1), reason="WORKLOAD")
    assert released["result"]["outcome"] == "withdrawn"
    written = {type(each.data) for each in (await district.service.log())[before:]}
    assert not written & set(FACTS), "neither the claim nor its withdrawal can become points"


async def test_g16_an_excuse_is_a_code_and_protects_from_a_no_show(district: District) -> None:
    activity_id = await district.open_activity()
    path = f"/activities/{activity_id}"
    await district.post(f"{path}/sign-ups", district.member(1), 201)
    for words in ({"reason_code": "感冒发烧"}, {"reason_code": "HEALTH", "diagnosis": "感冒"}, {"reason_code": "HEALTH", "reason": "住院"}):
        await district.post(f"{path}/leave", district.member(1), 422, **words)
    for code in ("HEALTH", "CARE", "SHIFT"):
        await district.post(f"{path}/leave", district.member(1), 201, reason_code=code)
    await district.post(f"{path}/leave/{member(1)}/approve", district.secretary)
    district.service.now += timedelta(days=3)
    entries = [{"member_id": str(member(1)), "attendance": "NO_SHOW"}]
    assert (await district.post(f"{path}/attendance", district.clerk, 409, entries=entries))["code"] == "leave_was_approved"


async def test_g17_a_roster_of_any_size_is_settled_in_three_steps(district: District) -> None:
    activity_id = await district.open_activity()
    district.service.now += timedelta(days=3)
    await district.log(activity_id, 1, 2, 3, 4)
    (waiting,) = (await district.get("/confirmations", district.secretary))["items"]
    assert (waiting["activity_id"], waiting["open_records"]) == (activity_id, 4)
    confirmed = await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    assert len(confirmed["result"]["confirmed"]) == 4
    await district.service.settled()
    for number in range(1, 5):
        (record,) = (await district.get("/me/records", district.member(number)))["items"]
        assert (record["status"], record["minutes"]) == ("CONFIRMED", 180), "times come from the activity and are not entered again"


async def test_g18_another_district_finds_nothing_in_any_list(district: District) -> None:
    post_id, activity_id = await district.open_post(), await district.open_activity()
    await district.claim(post_id, 1)
    await district.post("/needs", district.clerk, 201, community_id=str(COMMUNITY), category="CULTURE", text="缺活动室", place="一号楼")
    await district.service.settled()
    described: dict[str, Any] = (await district.service.client.get("/openapi.json")).json()["paths"]
    lists = [path for path, operations in described.items() if "get" in operations and "{" not in path and not path.startswith("/feed")]
    answered = 0
    for path in lists:
        answer = await district.service.get(path, as_=district.foreign_secretary, params={"community_id": str(COMMUNITY)})
        answered += answer.status_code == 200
        assert not [shown for shown in (post_id, activity_id, str(member(1))) if shown in answer.text], path
    assert answered > 5, "lists that refuse everybody show nothing"
    for path in (f"/posts/{post_id}", f"/activities/{activity_id}"):
        await district.get(path, district.foreign_secretary, 404)
        assert (await district.get(path, district.secretary))["community_id"] == str(COMMUNITY)
    await district.post(f"/posts/{post_id}/claims/{uuid4()}/confirm", district.foreign_secretary, 404)


async def test_g19_long_days_many_posts_and_hazards_are_looked_at_twice(district: District) -> None:
    starts_at = district.service.now + timedelta(days=2)
    activity_id = await district.open_activity(starts_at=starts_at.isoformat(), ends_at=(starts_at + timedelta(hours=9)).isoformat())
    district.service.now += timedelta(days=3)
    logged = await district.log(activity_id, 1)
    assert list(logged["result"]["flagged"].values()) == [["OVER_EIGHT_HOURS"]]
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    await district.service.settled()
    (record,) = (await district.get("/me/records", district.member(1)))["items"]
    assert (record["minutes"], record["waiting_minutes"]) == (480, 60)
    for _ in range(3):
        assert (await district.claim(await district.open_post(), 2))["outcome"] == "claimed"
    await district.service.settled()
    assert (await district.claim(await district.open_post(), 2))["reason"] == "ACTIVE_POST_LIMIT"
    draft = {"community_id": str(COMMUNITY), "title": "高处清理", "category": "ENVIRONMENT", "duties": "清理", "place": "一号楼"}
    draft |= {"capacity": "1", "agreed_units": "1", "term_start": "2026-01-01", "term_end": "2026-12-31"}
    hazardous = await district.post("/posts", district.clerk, 201, **draft, hazards=["高处作业"])
    refused = await district.post(f"/posts/{hazardous['result']['post_id']}/establish", district.secretary, 409)
    assert refused["code"] == "hazard_needs_insurance"
