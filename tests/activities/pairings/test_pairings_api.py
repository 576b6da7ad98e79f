"""Help pairings over HTTP: seen by helpers and community only, with children only where the district allows it."""

from datetime import timedelta
from typing import Any

from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.registrations import RegistrationClosed
from tests.activities.conftest import District, registration_of
from tests.activities.given import DAY, member, some_id
from tests.activities.posts.test_posts_with_minors import draft


async def offer(district: District, **changes: Any) -> str:
    return (await district.post("/pairings", district.clerk, 201, **draft(**changes)))["result"]["pairing_id"]


async def test_a_pairing_from_offer_to_review_is_seen_by_helpers_and_community_only(district: District) -> None:
    pairing_id = await offer(district)
    path = f"/pairings/{pairing_id}"
    assert [each["pairing_id"] for each in (await district.get("/pairings", district.member(1)))["items"]] == [pairing_id]
    assert (await district.get("/pairings", district.member(6)))["items"] == []  # registered elsewhere
    await district.post(f"{path}/join", district.member(6), 403)
    await district.post(f"{path}/join", district.member(1))
    await district.post(f"{path}/visits", district.member(1), 201, visited_on="2026-01-05", member_ids=[str(member(1))])
    await district.post(f"{path}/visits", district.member(2), 404, visited_on="2026-01-05", member_ids=[str(member(1))])
    (seen,) = (await district.get("/pairings", district.secretary))["items"]
    assert (seen["status"], seen["visits"], seen["last_visit_on"], seen["helpers"]) == ("RUNNING", 1, "2026-01-05", [str(member(1))])
    assert (await district.get("/pairings", district.member(2)))["items"] == []
    assert (await district.get("/pairings", district.elsewhere))["items"] == []
    assert (await district.get("/pairings", district.secretary, review_due=True))["items"] == []
    district.service.now += timedelta(days=90)
    assert len((await district.get("/pairings", district.secretary, review_due=True))["items"]) == 1
    review = {"progress": "ON_COURSE", "note": "老人满意", "review_by": "2026-09-30"}
    await district.post(f"{path}/review", district.elsewhere, 403, **review)
    await district.post(f"{path}/review", district.secretary, **review)
    assert (await district.get("/pairings", district.secretary, review_due=True))["items"] == []
    await district.post(f"{path}/end", district.secretary, reason="GOAL_REACHED")
    (mine,) = (await district.get("/pairings", district.member(1)))["items"]
    assert (mine["status"], mine["reason"]) == ("ENDED", "GOAL_REACHED")


async def test_g14_children_only_where_the_district_allows_it(district: District) -> None:
    children = draft(recipient_type="CHILDREN")
    assert (await district.post("/pairings", district.clerk, 409, **children))["code"] == "module_is_off"
    await district.post("/modules/WORK_WITH_MINORS/on", district.secretary, 403, rules=[])
    await district.switch_on("WORK_WITH_MINORS", "responsible", "vetting", "consent")
    pairing_id = await offer(district, recipient_type="CHILDREN")
    path = f"/pairings/{pairing_id}"
    await district.post(f"{path}/parental-consent", district.clerk, is_given=True)
    await district.post(f"{path}/join", district.member(1))
    await district.post(f"{path}/join", district.clerk, member_id=str(member(2)), consent="电话同意")
    alone = {"visited_on": "2026-01-05", "member_ids": [str(member(1))]}
    assert (await district.post(f"{path}/visits", district.member(1), 409, **alone))["code"] == "two_adults_needed"
    await district.post(f"{path}/visits", district.member(1), 201, **alone, second_adult="社区社工")
    closed = RegistrationClosed(**registration_of(2), certificate_id=some_id("cb", 2), closed_on=DAY, reason=ClosureReason.MOVED)
    district.service.foreign(closed)
    (seen,) = (await district.get("/pairings", district.secretary))["items"]
    assert (seen["status"], seen["reason"], seen["helpers"]) == ("PAUSED", "TOO_FEW_HELPERS", [str(member(1))])
    modules = {each["module"]: each for each in await district.get("/modules", district.member(1))}
    assert (modules["WORK_WITH_MINORS"]["is_on"], modules["TIME_BANK"]["is_on"]) == (True, False)
    await district.post("/modules/WORK_WITH_MINORS/off", district.admin, reason="人手不足")
