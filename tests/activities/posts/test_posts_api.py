"""Posts over HTTP, on real PostgreSQL."""

import asyncio
from uuid import uuid4

from shared.contracts.activities.posts import PostClaimed, PostFulfilled
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.members import MemberProfileUpdated
from shared.contracts.registration.registrations import RegistrationClosed, RegistrationSuspended
from shared.identity import Role
from tests.activities.conftest import District, registration_of
from tests.activities.given import COMMUNITY, DAY, member, some_id


async def test_a_need_becomes_a_post_that_members_take_up(district: District) -> None:
    need = await district.post(
        "/needs", district.member(1), 201, community_id=str(COMMUNITY), category="PUBLIC_ORDER", text="夜间昏暗", place="三号楼"
    )
    need_id = need["result"]["need_id"]
    await district.post(f"/needs/{need_id}/publish", district.clerk)
    await district.post(f"/needs/{need_id}/forward", district.clerk, forwarded_to="物业")
    post_id = await district.open_post(need_id=need_id)
    claim = await district.claim(post_id, 1)
    assert claim["outcome"] == "claimed"
    await district.post(f"/posts/{post_id}/claims/{claim['claim_id']}/confirm", district.secretary)
    (listed,) = (await district.get("/needs", district.member(2)))["items"]
    assert (listed["post_id"], listed["status"]) == (post_id, "IN_HAND")
    (post,) = (await district.get("/posts", district.member(2), status="OPEN", category="PUBLIC_ORDER"))["items"]
    assert (post["post_id"], post["capacity"], post["claimed"], post["taken_up"], post["free"]) == (post_id, 2, 0, 1, 1)
    (mine,) = (await district.get("/me/posts", district.member(1)))["items"]
    assert (mine["post_id"], mine["status"], mine["agreed_units"]) == (post_id, "TAKEN_UP", 24)


async def test_places_then_waiting_list_then_refusal_then_promotion(district: District) -> None:
    post_id = await district.open_post()
    outcomes = [await district.claim(post_id, number) for number in range(1, 6)]
    assert [each["outcome"] for each in outcomes] == ["claimed", "claimed", "waitlisted", "waitlisted", "rejected"]
    assert [each.get("position") for each in outcomes[2:4]] == [1, 2]
    assert outcomes[4]["reason"] == "CAPACITY"
    path = f"/posts/{post_id}/claims/{outcomes[0]['claim_id']}/release"
    released = await district.post(path, district.member(1), reason="WORKLOAD")
    assert released["result"] == {"outcome": "withdrawn", "has_promoted": True}
    detail = await district.get(f"/posts/{post_id}", district.secretary)
    assert [each["status"] for each in detail["claims"]] == ["WITHDRAWN", "CLAIMED", "CLAIMED", "WAITING", "REJECTED"]
    assert detail["claims"][3]["position"] == 1
    assert (detail["claimed"], detail["waiting"], detail["rejected"]) == (2, 1, 1)


async def test_members_see_only_their_own_claims(district: District) -> None:
    post_id = await district.open_post()
    await district.claim(post_id, 1)
    await district.claim(post_id, 2)
    for token, count in ((district.member(1), 1), (district.member(3), 0), (district.secretary, 2), (district.elsewhere, 0)):
        assert len((await district.get(f"/posts/{post_id}", token))["claims"]) == count


async def test_a_fourth_active_post_is_refused_even_at_the_same_moment(district: District) -> None:
    posts = [await district.open_post() for _ in range(5)]
    answers = await asyncio.gather(*(district.claim(post_id, 1) for post_id in posts))
    assert sorted(each["outcome"] for each in answers) == ["claimed"] * 3 + ["rejected"] * 2
    assert {each["reason"] for each in answers if each["outcome"] == "rejected"} == {"ACTIVE_POST_LIMIT"}
    await district.service.settled()
    again = await district.open_post()
    assert (await district.claim(again, 1))["reason"] == "ACTIVE_POST_LIMIT"


async def test_the_last_place_goes_to_one_of_many(district: District) -> None:
    post_id = await district.open_post(capacity=1, waiting_list_limit=1)
    answers = await asyncio.gather(*(district.claim(post_id, number) for number in range(1, 6)))
    assert sorted(each["outcome"] for each in answers) == ["claimed", "rejected", "rejected", "rejected", "waitlisted"]


async def test_a_retry_gets_the_first_answer(district: District) -> None:
    post_id = await district.open_post()
    key = uuid4()
    first = await district.service.post(f"/posts/{post_id}/claims", as_=district.member(1), key=key, json={})
    second = await district.service.post(f"/posts/{post_id}/claims", as_=district.member(1), key=key, json={})
    assert (first.status_code, first.json()) == (201, second.json())
    assert (await district.service.names()).count("PostClaimed") == 1
    draft = {"community_id": str(COMMUNITY), "category": "CULTURE", "text": "缺活动室", "place": "一号楼"}
    answers = [await district.service.post("/needs", as_=district.clerk, key=key_of_need, json=draft) for key_of_need in [uuid4()] * 2]
    assert answers[0].json() == answers[1].json()
    other = await district.service.post(f"/posts/{post_id}/claims", as_=district.member(2), key=key, json={})
    assert other.status_code in (201, 422)
    assert (await district.service.names()).count("PostClaimed") == 1


async def test_only_active_registrants_of_the_district_claim(district: District) -> None:
    post_id = await district.open_post()
    stranger = district.service.token(Role.MEMBER, subject=str(some_id("aa", 99)))
    problem = await district.post(f"/posts/{post_id}/claims", stranger, 409)
    assert problem["code"] == "not_registered"
    district.service.foreign(RegistrationSuspended(**registration_of(1), suspended_on=DAY, reason="借调"))
    await district.service.settled()
    assert (await district.post(f"/posts/{post_id}/claims", district.member(1), 409))["code"] == "not_registered"


async def test_whoever_leaves_the_programme_gives_up_their_posts(district: District) -> None:
    post_id = await district.open_post(capacity=1)
    claim = await district.claim(post_id, 1)
    await district.post(f"/posts/{post_id}/claims/{claim['claim_id']}/confirm", district.secretary)
    await district.claim(post_id, 2)
    closed = RegistrationClosed(**registration_of(1), certificate_id=some_id("cb", 1), closed_on=DAY, reason=ClosureReason.MOVED)
    await district.service.settled()
    district.service.foreign(closed)
    await district.service.settled()
    detail = await district.get(f"/posts/{post_id}", district.secretary)
    assert [(each["status"], each["reason"]) for each in detail["claims"]] == [("RELEASED", "REGISTRATION_CLOSED"), ("CLAIMED", None)]


async def test_assisted_entry_needs_consent_and_the_own_community(district: District) -> None:
    post_id = await district.open_post()
    body = {"member_id": str(member(1))}
    problem = await district.post(f"/posts/{post_id}/claims", district.clerk, 422, **body)
    assert problem["errors"][0]["field"] == "consent"
    await district.post(f"/posts/{post_id}/claims", district.elsewhere, 403, **body, consent="电话同意")
    await district.post(f"/posts/{post_id}/claims", district.member(2), 403, **body, consent="电话同意")
    await district.post(f"/posts/{post_id}/claims", district.clerk, 201, **body, consent="电话同意")
    claimed = (await district.service.log())[-1]
    assert isinstance(claimed.data, PostClaimed)
    assert (claimed.actor, claimed.on_behalf_of, claimed.data.assisted_consent) == ("clerk", str(member(1)), "电话同意")


async def test_vanguard_posts_are_marked_found_and_told_apart(district: District) -> None:
    vanguard, ordinary = await district.open_post(is_vanguard=True), await district.open_post()

    async def found(**query: str) -> list[str]:
        return [each["post_id"] for each in (await district.get("/posts", district.member(1), **query))["items"]]

    assert set(await found()) == {vanguard, ordinary}
    assert await found(vanguard="true") == [vanguard]
    assert await found(vanguard="false") == [ordinary]
    await district.post(f"/posts/{ordinary}/amend", district.secretary, reason="支委会决定", is_vanguard=True)
    await district.post(f"/posts/{vanguard}/amend", district.secretary, reason="增加名额", capacity=3)
    assert set(await found(vanguard="true")) == {vanguard, ordinary}
    await district.post(f"/posts/{vanguard}/amend", district.secretary, reason="期满", is_vanguard=False)
    assert await found(vanguard="true") == [ordinary]


async def test_a_post_that_needs_a_qualification(district: District) -> None:
    post_id = await district.open_post(qualification="律师执业证")
    assert (await district.claim(post_id, 1))["reason"] == "QUALIFICATION"
    district.service.foreign(MemberProfileUpdated(member_id=member(1), skills=("律师执业证",), preferences=()))
    await district.service.settled()
    claim = await district.claim(post_id, 1)
    path = f"/posts/{post_id}/claims/{claim['claim_id']}/confirm"
    assert (await district.post(path, district.secretary, 409))["code"] == "qualification_not_checked"
    await district.post(path, district.secretary, qualification_checked=True)


async def test_hazards_need_insurance(district: District) -> None:
    draft = {
        "community_id": str(COMMUNITY),
        "title": "高处清理",
        "category": "ENVIRONMENT",
        "duties": "清理",
        "place": "一号楼",
        "capacity": 1,
        "agreed_units": 1,
        "term_start": "2026-01-01",
        "term_end": "2026-12-31",
        "hazards": ["高处作业"],
    }
    post_id = (await district.post("/posts", district.clerk, 201, **draft))["result"]["post_id"]
    problem = await district.post(f"/posts/{post_id}/establish", district.secretary, 409)
    assert (problem["code"], problem["facts"]) == ("hazard_needs_insurance", {"hazards": ["高处作业"]})
    assert problem["title"]
    await district.post(f"/posts/{post_id}/amend", district.secretary, reason="投保", insurance="意外险")
    await district.post(f"/posts/{post_id}/establish", district.secretary)


async def test_wrong_role_wrong_organisation_wrong_district(district: District) -> None:
    post_id = await district.open_post()
    await district.post(f"/posts/{post_id}/establish", district.clerk, 403)
    await district.post(f"/posts/{post_id}/close", district.elsewhere, 403, reason="撤岗")
    await district.post(f"/posts/{post_id}/close", district.foreign_secretary, 404, reason="撤岗")
    await district.get(f"/posts/{post_id}", district.foreign_secretary, 404)
    assert (await district.get("/posts", district.foreign_secretary))["items"] == []
    response = await district.service.client.get("/posts")
    assert response.status_code == 401
    claim = await district.claim(post_id, 1)
    release = f"/posts/{post_id}/claims/{claim['claim_id']}/release"
    await district.post(release, district.member(2), 404, reason="OTHER")
    await district.post(release, district.member(1), 409, reason="ABANDONED")
    await district.post(f"/posts/{post_id}/claims/{uuid4()}/release", district.secretary, 409, reason="OTHER")


async def test_malformed_bodies_are_422_and_write_nothing(district: District) -> None:
    before = len(await district.service.log())
    good = {
        "community_id": str(COMMUNITY),
        "title": "岗",
        "category": "CULTURE",
        "duties": "d",
        "place": "p",
        "capacity": 1,
        "agreed_units": 1,
        "term_start": "2026-01-01",
        "term_end": "2026-12-31",
    }
    bad = (
        {"title": ""},
        {"title": "x" * 81},
        {"title": "   "},
        {"capacity": 0},
        {"capacity": "many"},
        {"capacity": 10**30},
        {"category": "NOTHING"},
        {"term_start": "yesterday"},
        {"duties": "x" * 100_000},
        {"unknown": 1},
        {"slots": [{"weekday": 9, "starts": "19:00", "ends": "21:00"}]},
        {"hazards": ["x"] * 21},
        {"community_id": None},
    )
    for change in bad:
        problem = await district.post("/posts", district.clerk, 422, **(good | change))
        assert problem["code"] == "malformed"
        assert problem["errors"][0]["field"].startswith("body.")
    for content in (b"", b"{", b"[]", b"null", b"\xff\xfe"):
        response = await district.service.post("/posts", as_=district.clerk, content=content, headers={"Content-Type": "application/json"})
        assert response.status_code == 422, content
    assert len(await district.service.log()) == before


async def test_headers_and_cursors_are_checked(district: District) -> None:
    headers = {"Authorization": f"Bearer {district.clerk}"}
    response = await district.service.client.post(f"/posts/{uuid4()}/establish", headers={"Authorization": f"Bearer {district.secretary}"})
    assert response.status_code in (404, 422)
    for query in ("after=nonsense", "limit=0", "limit=100000", "status=MAYBE", "community_id=1"):
        response = await district.service.client.get(f"/posts?{query}", headers=headers)
        assert response.status_code == 422, query


async def test_pages_follow_each_other(district: District) -> None:
    made = {await district.open_post() for _ in range(5)}
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = await district.get("/posts", district.clerk, limit=2, **({"after": after} if after else {}))
        seen += [each["post_id"] for each in page["items"]]
        after = page["next"]
    assert (set(seen), len(seen), after) == (made, 5, None)


async def test_the_report_shows_supply_demand_and_fulfilment(district: District) -> None:
    post_id = await district.open_post(capacity=1, waiting_list_limit=0)
    await district.claim(post_id, 1)
    await district.claim(post_id, 2)
    report = await district.get("/reports/posts", district.admin)
    (line,) = report["items"]
    numbers = {"posts": 1, "places": 1, "claims": 2, "held": 1, "refused": 1, "waitlisted": 0, "agreed_units": 0}
    assert {name: line[name] for name in numbers} == numbers
    assert {name: report["totals"][name] for name in numbers} == numbers
    assert await district.get("/reports/posts", district.secretary, community_id=str(COMMUNITY)) == report
    await district.get("/reports/posts", district.secretary, 422)
    await district.get("/reports/posts", district.elsewhere, 403, community_id=str(COMMUNITY))
    await district.get("/reports/posts", district.member(1), 403)


async def test_a_term_is_settled_from_confirmed_units(district: District) -> None:
    post_id = await district.open_post(agreed_units=3, term_end="2026-01-08")
    claim = await district.claim(post_id, 1)
    await district.post(f"/posts/{post_id}/claims/{claim['claim_id']}/confirm", district.secretary)
    activity_id = await district.open_activity(post_id=post_id)
    now = district.service.now
    try:
        district.service.now = now.replace(day=9)
        await district.log(activity_id, 1, duty_units=2)
        await district.post(f"/activities/{activity_id}/confirm", district.secretary)
        await district.service.settled()
        await district.post(f"/posts/{post_id}/claims/{claim['claim_id']}/fulfil", district.clerk)
    finally:
        district.service.now = now
    fulfilled = (await district.service.log())[-1].data
    assert isinstance(fulfilled, PostFulfilled)
    assert (fulfilled.done_units, fulfilled.agreed_units) == (2, 3)
