"""Residents' needs: looked at before anybody reads them, in words that show nobody, answered in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.anonymous_texts import NumberOfAPerson
from services.activities.needs.need import (
    NEED,
    AnswerNeed,
    ForwardNeed,
    PublishNeed,
    RecordNeed,
    RemindOfNeed,
    ReturnNeed,
)
from services.activities.needs.state import Forwarded, Need, Published
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn, WrongStep
from shared.contracts.activities.needs import (
    NeedLimit,
    NeedReturn,
    ResidentNeedAnswered,
    ResidentNeedForwarded,
    ResidentNeedOverdue,
    ResidentNeedPublished,
    ResidentNeedRecorded,
    ResidentNeedReturned,
)
from shared.contracts.service_preference import PostCategory
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.given import CLERK, COMMUNITY, SECRETARY, some_id

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
    Scenario(NEED).given(recorded).when(record).then_rejected(AlreadyExists)
    Scenario(NEED).given(recorded).when(publish).then(published)
    Scenario(NEED).given(recorded, published).when(forward).then(forwarded)
    Scenario(NEED).given(recorded, published, forwarded).when(answer).then(answered)
    Scenario(NEED).given(recorded, published, answered).when(forward).then_rejected(WrongStep)


def test_nothing_is_done_about_a_need_before_somebody_else_looked():
    for command in (forward, answer):
        Scenario(NEED).given(recorded).when(command).then_rejected(WrongStep, status="RECORDED")
    own = publish.model_copy(update={"published_by": CLERK})
    Scenario(NEED).given(recorded).when(own).then_rejected(NobodyConfirmsTheirOwn)
    Scenario(NEED).given(recorded, published).when(publish).then_rejected(WrongStep, status="PUBLISHED")


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
            Scenario(NEED).given(*before, returned).when(command).then_rejected(WrongStep, status="RETURNED")


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
    assert not isinstance(state, Published | Forwarded) or state.answer_by == ANSWER_BY
