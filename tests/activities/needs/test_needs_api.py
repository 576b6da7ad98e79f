"""Residents' needs over HTTP: who reads which, and what came of them; old needs as they were."""

from datetime import timedelta
from typing import Any

import pytest

from services.activities.needs.need import NEED
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.decider import Decider
from shared.eventlog.envelope import Context
from shared.identity import Role
from tests.activities.conftest import District
from tests.activities.given import CLERK, COMMUNITY, UNIT, member
from tests.activities.needs.test_need import IDS, WORDS, record, recorded_long_ago


async def a_need(district: District, as_: str, **changes: Any) -> str:
    draft = {"community_id": str(COMMUNITY), "category": "PUBLIC_ORDER", **WORDS, **changes}
    return (await district.post("/needs", as_, 201, **draft))["result"]["need_id"]


async def listed(district: District, as_: str, **query: Any) -> list[dict[str, Any]]:
    await district.service.settled()
    return (await district.get("/needs", as_, **query))["items"]


async def test_members_read_a_need_only_after_somebody_looked_and_in_the_published_words(district: District) -> None:
    need_id = await a_need(district, district.member(1), text="302室王大爷下不了楼")
    (own,) = await listed(district, district.member(1))
    (community,) = await listed(district, district.clerk, status="RECORDED")
    assert own == community
    assert (own["content"], own["status"], own["is_overdue"]) == ("302室王大爷下不了楼", "RECORDED", False)
    for other in (district.member(2), district.elsewhere, district.admin):
        assert await listed(district, other) == []
    await district.post(f"/needs/{need_id}/publish", district.elsewhere, 403)
    await district.post(f"/needs/{need_id}/publish", district.member(1), 403)
    await district.post(f"/needs/{need_id}/answer", district.clerk, 409, answer="已联系")
    team_leader = district.service.token(Role.TEAM_LEADER, subject="leader", organisations=[COMMUNITY])
    await district.post(f"/needs/{need_id}/publish", team_leader, 403)
    await district.post(f"/needs/{need_id}/publish", district.clerk, text="一位老人上下楼不便")
    (read,) = await listed(district, district.member(2))
    assert (read["content"], read["place"], read["status"]) == ("一位老人上下楼不便", "三号楼", "PUBLISHED")
    for anybody in (district.member(1), district.clerk, district.admin):
        assert "王大爷" not in str(await listed(district, anybody))
    own_id = await a_need(district, district.clerk)
    problem = await district.post(f"/needs/{own_id}/publish", district.clerk, 409)
    assert problem["code"] == "nobody_confirms_their_own"
    await district.post(f"/needs/{own_id}/publish", district.secretary)


async def test_a_returned_need_has_no_words_any_more(district: District) -> None:
    need_id = await a_need(district, district.member(1), text="302室王大爷下不了楼")
    with pytest.raises(AssertionError, match="a published need of this community"):
        await district.open_post(need_id=need_id)
    await district.post(f"/needs/{need_id}/return", district.secretary, 422, reason_code="PERSONAL_DATA")
    await district.post(f"/needs/{need_id}/return", district.secretary, reason_code="PERSONAL_DATA", reason="能看出是哪一户")
    (own,) = await listed(district, district.member(1))
    assert (own["content"], own["place"], own["status"], own["reason_code"]) == (None, None, "RETURNED", "PERSONAL_DATA")
    assert own["reason"] == "能看出是哪一户"
    assert await listed(district, district.member(2)) == []
    district.service.foreign(MemberIdentitiesMerged(member_id=member(1), into_member_id=member(2), unit_id=UNIT, reason="重复登记"))
    assert await listed(district, district.member(2)) == [own]
    report = await district.get("/reports/posts", district.admin)
    assert report["totals"].get("needs", 0) == 0


async def test_what_came_of_a_need_and_what_is_awaited_by_when(district: District) -> None:
    need_id = await a_need(district, district.member(1))
    (unseen,) = await listed(district, district.clerk)
    assert unseen["due_on"] > district.service.now.date().isoformat()
    assert await listed(district, district.clerk, overdue=True) == []
    district.service.now += timedelta(days=20)
    await district.open_post()  # simulated time is that of the newest event
    (late,) = await listed(district, district.clerk, overdue=True)
    assert (late["need_id"], late["is_overdue"]) == (need_id, True)
    overdue = [each.data for each in await district.service.log() if each.name == "ResidentNeedOverdue"]
    assert [(each.limit, each.due_on.isoformat()) for each in overdue] == [("FIRST_LOOK", unseen["due_on"])]
    await district.post(f"/needs/{need_id}/publish", district.clerk)
    assert await listed(district, district.clerk, overdue=True) == []
    post_id = await district.open_post(need_id=need_id)
    term = {"term_start": "2026-01-01", "term_end": "2026-12-31", "review_by": "2026-12-31"}
    pairing = {"community_id": str(COMMUNITY), "recipient_type": "ELDERLY", "goal": "陪同就医", "need_id": need_id}
    pairing_id = (await district.post("/pairings", district.clerk, 201, **pairing, **term))["result"]["pairing_id"]
    (in_hand,) = await listed(district, district.member(2), status="IN_HAND")
    assert (in_hand["post_id"], in_hand["pairing_id"]) == (post_id, pairing_id)
    assert await listed(district, district.member(2), status="PUBLISHED") == []
    district.service.now += timedelta(days=30)
    await district.open_post()
    (late,) = await listed(district, district.member(2), overdue=True)
    assert late["due_on"] == in_hand["due_on"]
    await district.post(f"/needs/{need_id}/answer", district.clerk, answer="已设岗,每周陪同")
    (closed,) = await listed(district, district.member(2))
    assert (closed["status"], closed["due_on"], closed["is_overdue"], closed["post_id"]) == ("ANSWERED", None, False, post_id)
    assert (await district.service.names()).count("ResidentNeedOverdue") == 2
    await a_need(district, district.clerk)
    await a_need(district, district.clerk)
    first = await district.get("/needs", district.clerk, limit=2)
    rest = await district.get("/needs", district.clerk, limit=2, after=first["next"])
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]


async def test_a_need_of_the_time_before_is_read_and_answered(district: District) -> None:
    as_it_was = Decider(category="need", initial=NEED.initial, decide=lambda _command, _state: (recorded_long_ago,), evolve=NEED.evolve)
    service, need_id = district.service, IDS["need_id"]
    context = Context(service.district, service.key(), service.now, CLERK)
    await service.parts.commands.handle(as_it_was, need_id, record, context)
    (old,) = await listed(district, district.member(2))
    assert (old["content"], old["status"], old["due_on"]) == (WORDS["text"], "PUBLISHED", None)
    post_id = await district.open_post(need_id=str(need_id))
    await district.post(f"/needs/{need_id}/answer", district.clerk, answer="已设岗")
    (answered_now,) = await listed(district, district.member(2), status="ANSWERED")
    assert answered_now["post_id"] == post_id
