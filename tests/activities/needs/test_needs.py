"""Residents' needs: looked at before anybody reads them, in words that show nobody, answered in time; old needs as they were."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities import errors
from services.activities.needs.need import (
    NEED,
    AnswerNeed,
    ForwardNeed,
    Need,
    NeedStatus,
    NumberOfAPerson,
    PublishNeed,
    RecordNeed,
    RemindOfNeed,
    ReturnNeed,
)
from shared.contracts.activities import (
    NeedLimit,
    NeedReturn,
    PostCategory,
    ResidentNeedAnswered,
    ResidentNeedForwarded,
    ResidentNeedOverdue,
    ResidentNeedPublished,
    ResidentNeedRecorded,
    ResidentNeedReturned,
)
from shared.contracts.registration_changes import MemberIdentitiesMerged
from shared.decider import Decider, DomainError
from shared.eventlog.envelope import Context
from shared.identity import Role
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import CLERK, COMMUNITY, SECRETARY, UNIT, member, some_id

IDS: dict[str, Any] = {"need_id": some_id("dc", 1), "community_id": COMMUNITY, "category": PostCategory.ENVIRONMENT}
LOOK_BY, ANSWER_BY = date(2026, 3, 11), date(2026, 3, 20)
WORDS = {"text": "楼道小广告多", "place": "三号楼"}
recorded = ResidentNeedRecorded(**IDS, **WORDS, recorder=CLERK, look_by=LOOK_BY)
recorded_long_ago = ResidentNeedRecorded(**IDS, **WORDS)
published = ResidentNeedPublished(**IDS, **WORDS, is_rewritten=False, published_by=SECRETARY, answer_by=ANSWER_BY)
forwarded = ResidentNeedForwarded(**IDS, forwarded_to="物业")
answered = ResidentNeedAnswered(**IDS, answer="周六清理")
returning = {"reason_code": NeedReturn.PERSONAL_DATA, "reason": "能看出是哪一户"}
returned = ResidentNeedReturned(**IDS, **returning, returned_by=SECRETARY)
record = RecordNeed(**IDS, **WORDS, recorder=CLERK, look_by=LOOK_BY)
publish = PublishNeed(published_by=SECRETARY, answer_by=ANSWER_BY)
give_back = ReturnNeed(**returning, returned_by=SECRETARY)
forward, answer = ForwardNeed(forwarded_to="物业"), AnswerNeed(answer="周六清理")


def passed(limit: NeedLimit, day: date) -> RemindOfNeed:
    return RemindOfNeed(limit=limit, today=day + timedelta(days=1))


def test_a_need_is_recorded_published_forwarded_and_answered():
    Scenario(NEED).when(record).then(recorded)
    Scenario(NEED).given(recorded).when(record).then_rejected(errors.AlreadyExists)
    Scenario(NEED).given(recorded).when(publish).then(published)
    Scenario(NEED).given(recorded, published).when(forward).then(forwarded)
    Scenario(NEED).given(recorded, published, forwarded).when(answer).then(answered)
    Scenario(NEED).given(recorded, published, answered).when(forward).then_rejected(errors.WrongStep)


def test_nothing_is_done_about_a_need_before_somebody_else_looked():
    for command in (forward, answer):
        Scenario(NEED).given(recorded).when(command).then_rejected(errors.WrongStep, status="RECORDED")
    own = publish.model_copy(update={"published_by": CLERK})
    Scenario(NEED).given(recorded).when(own).then_rejected(errors.NobodyConfirmsTheirOwn)
    Scenario(NEED).given(recorded, published).when(publish).then_rejected(errors.WrongStep, status="PUBLISHED")


def test_what_shows_a_resident_is_rewritten():
    other = PublishNeed(text="一位老人上下楼不便", place="三号楼", published_by=SECRETARY, answer_by=ANSWER_BY)
    (event,) = Scenario(NEED).given(recorded).when(other).then_events(ResidentNeedPublished)
    assert (event.text, event.place, event.is_rewritten) == ("一位老人上下楼不便", "三号楼", True)


@pytest.mark.parametrize(
    "text",
    [
        "请联系13800138000",
        "电话 138-0013-8000",
        "身份证11010519491231002X",
        "138 0013 8000 请打电话",
        "call 138 0013 8000",
        "+86 138 0013 8000",
        "栋 3 13800138000",
    ],
)
def test_g14_numbers_of_persons_never_enter(text: str):
    Scenario(NEED).when(record.model_copy(update={"text": text})).then_rejected(NumberOfAPerson)
    Scenario(NEED).when(record.model_copy(update={"place": text})).then_rejected(NumberOfAPerson)
    Scenario(NEED).given(recorded).when(publish.model_copy(update={"text": text})).then_rejected(NumberOfAPerson)
    Scenario(NEED).given(recorded, published).when(AnswerNeed(answer=text)).then_rejected(NumberOfAPerson)


@pytest.mark.parametrize("text", ["3号楼2单元 101 门前路灯", "热线12345", "广场1380平方米", "2026-01-05 起停水", "编号A13800138000"])
def test_other_numbers_may_be_written(text: str):
    Scenario(NEED).when(record.model_copy(update={"text": text})).then_events(ResidentNeedRecorded)


def test_a_need_is_returned_once_and_also_after_it_was_read():
    for before in ((recorded,), (recorded, published), (recorded, published, answered), (recorded_long_ago,)):
        Scenario(NEED).given(*before).when(give_back).then(returned)
        Scenario(NEED).given(*before, returned).when(give_back).then_nothing()
        for command in (publish, forward, answer):
            Scenario(NEED).given(*before, returned).when(command).then_rejected(errors.WrongStep, status="RETURNED")


def test_a_need_of_the_time_before_is_public_and_has_no_days():
    Scenario(NEED).given(recorded_long_ago).when(forward).then(forwarded)
    Scenario(NEED).given(recorded_long_ago, forwarded).when(answer).then(answered)
    for limit in NeedLimit:
        Scenario(NEED).given(recorded_long_ago).when(passed(limit, ANSWER_BY)).then_nothing()


def test_a_passed_day_is_said_once_and_only_while_it_is_so():
    look, reply = passed(NeedLimit.FIRST_LOOK, LOOK_BY), passed(NeedLimit.ANSWER, ANSWER_BY)
    unseen = ResidentNeedOverdue(**IDS, limit=NeedLimit.FIRST_LOOK, due_on=LOOK_BY)
    unanswered = ResidentNeedOverdue(**IDS, limit=NeedLimit.ANSWER, due_on=ANSWER_BY)
    Scenario(NEED).given(recorded).when(look).then(unseen)
    Scenario(NEED).given(recorded, unseen).when(look).then_nothing()
    Scenario(NEED).given(recorded).when(RemindOfNeed(limit=NeedLimit.FIRST_LOOK, today=LOOK_BY)).then_nothing()
    Scenario(NEED).given(recorded, published).when(look).then_nothing()
    Scenario(NEED).given(recorded, unseen, published, forwarded).when(reply).then(unanswered)
    for done in (answered, returned):
        Scenario(NEED).given(recorded, published, done).when(reply).then_nothing()


commands = st.sampled_from(
    [record, publish, give_back, forward, answer, passed(NeedLimit.FIRST_LOOK, LOOK_BY), passed(NeedLimit.ANSWER, ANSWER_BY)]
)


@given(st.lists(commands, max_size=20))
def test_whatever_is_asked_nothing_is_answered_unseen_and_nobody_is_reminded_twice(asked: list[Any]):
    state: Need = NEED.initial
    said: list[str] = []
    for command in asked:
        try:
            events = NEED.decide(command, state)
        except DomainError:
            continue
        for event in events:
            state = NEED.evolve(state, event)
            said.append(f"{type(event).__name__} {getattr(event, 'limit', '')}")
    assert all(said.count(each) == 1 for each in said if each != "ResidentNeedForwarded ")
    assert "ResidentNeedAnswered " not in said or "ResidentNeedPublished " in said[: said.index("ResidentNeedAnswered ")]
    assert (state.due is None) == (state.status in {NeedStatus.UNKNOWN, NeedStatus.ANSWERED, NeedStatus.RETURNED})


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
    as_it_was = Decider(category="need", initial=Need(), decide=lambda _command, _state: (recorded_long_ago,), evolve=NEED.evolve)
    service, need_id = district.service, IDS["need_id"]
    context = Context(service.district, service.key(), service.now, CLERK)
    await service.parts.commands.handle(as_it_was, need_id, record, context)
    (old,) = await listed(district, district.member(2))
    assert (old["content"], old["status"], old["due_on"]) == (WORDS["text"], "PUBLISHED", None)
    post_id = await district.open_post(need_id=str(need_id))
    await district.post(f"/needs/{need_id}/answer", district.clerk, answer="已设岗")
    (answered_now,) = await listed(district, district.member(2), status="ANSWERED")
    assert answered_now["post_id"] == post_id
