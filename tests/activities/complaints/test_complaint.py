"""Complaints: answered once, in time, and never by whom they are about."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.anonymous_texts import NumberOfAPerson
from services.activities.complaints.complaint import (
    COMPLAINT,
    AnswerComplaint,
    ComplaintIsAnotherDesks,
    ComplaintIsAnswered,
    ComplaintUnknown,
    LodgeComplaint,
    Open,
    Overdue,
    RemindOfComplaint,
)
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn
from shared.contracts.activities.complaints import (
    ComplainedOf,
    ComplaintAnswered,
    ComplaintDesk,
    ComplaintKind,
    ComplaintLodged,
    ComplaintOutcome,
    ComplaintOverdue,
)
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.given import member, some_id

ANSWER_BY = date(2026, 3, 20)


AFTER = ANSWER_BY + timedelta(days=1)


IDS: dict[str, Any] = {"complaint_id": some_id("de", 1), "member_id": member(1)}


WHAT: dict[str, Any] = {"kind": ComplaintKind.REPEATED_ENTRY, "about": ComplainedOf.COMMUNITY, "text": "同一表格填了三次"}


lodge = LodgeComplaint(**IDS, **WHAT, lodged_by=str(member(1)), answer_by=ANSWER_BY)


lodged = ComplaintLodged(**IDS, **WHAT, lodged_by=str(member(1)), addressed_to=ComplaintDesk.STREET, answer_by=ANSWER_BY)


overdue = ComplaintOverdue(**IDS, due_on=ANSWER_BY, passed_up_to=ComplaintDesk.DISTRICT)


ANSWER: dict[str, Any] = {"outcome": ComplaintOutcome.REMEDIED, "answer": "今后只填一次"}


answered = ComplaintAnswered(**IDS, **ANSWER, answered_by="street")


def answer_at(*desks: ComplaintDesk, by: str = "street") -> AnswerComplaint:
    return AnswerComplaint(**ANSWER, desks=frozenset(desks), answered_by=by)


def test_g17_a_complaint_is_lodged_and_answered_once():
    Scenario(COMPLAINT).when(lodge).then(lodged)
    Scenario(COMPLAINT).given(lodged).when(lodge).then_rejected(AlreadyExists)
    Scenario(COMPLAINT).given(lodged).when(answer_at(ComplaintDesk.STREET)).then(answered)
    Scenario(COMPLAINT).given(lodged, answered).when(answer_at(ComplaintDesk.STREET)).then_rejected(ComplaintIsAnswered)
    Scenario(COMPLAINT).when(answer_at(ComplaintDesk.STREET)).then_rejected(ComplaintUnknown)
    own = answer_at(ComplaintDesk.STREET, by=str(member(1)))
    Scenario(COMPLAINT).given(lodged).when(own).then_rejected(NobodyConfirmsTheirOwn)


@pytest.mark.parametrize("about", list(ComplainedOf))
def test_g17_whoever_may_be_meant_does_not_answer(about: ComplainedOf):
    (event,) = Scenario(COMPLAINT).when(lodge.model_copy(update={"about": about})).then_events(ComplaintLodged)
    assert event.addressed_to.value != about.value
    others = answer_at(*(desk for desk in ComplaintDesk if desk is not event.addressed_to))
    Scenario(COMPLAINT).given(event).when(others).then_rejected(ComplaintIsAnotherDesks)


def test_g17_a_complaint_names_nobody_by_number():
    Scenario(COMPLAINT).when(lodge.model_copy(update={"text": "打13800138000问他"})).then_rejected(NumberOfAPerson)
    numbered = answer_at(ComplaintDesk.STREET).model_copy(update={"answer": "请打 138 0013 8000"})
    Scenario(COMPLAINT).given(lodged).when(numbered).then_rejected(NumberOfAPerson)


def test_g17_a_passed_day_passes_it_up_once():
    Scenario(COMPLAINT).given(lodged).when(RemindOfComplaint(today=ANSWER_BY)).then_nothing()
    Scenario(COMPLAINT).given(lodged).when(RemindOfComplaint(today=AFTER)).then(overdue)
    for later in (overdue, answered):
        Scenario(COMPLAINT).given(lodged, later).when(RemindOfComplaint(today=AFTER)).then_nothing()
    for desk in (ComplaintDesk.STREET, ComplaintDesk.DISTRICT):
        Scenario(COMPLAINT).given(lodged, overdue).when(answer_at(desk)).then(answered)


desks = st.frozensets(st.sampled_from(ComplaintDesk))


commands = st.one_of(
    st.sampled_from(ComplainedOf).map(lambda about: lodge.model_copy(update={"about": about})),
    desks.map(lambda at: answer_at(*at)),
    st.sampled_from([ANSWER_BY, AFTER]).map(lambda today: RemindOfComplaint(today=today)),
)


@given(st.lists(commands, max_size=20))
def test_g17_whatever_is_asked_it_is_answered_once_and_never_by_whom_it_is_about(asked: list[Any]):
    state, said = COMPLAINT.initial, list[str]()
    for command in asked:
        try:
            events = COMPLAINT.decide(command, state)
        except DomainError:
            continue
        for event in events:
            if isinstance(event, ComplaintAnswered):
                assert isinstance(state, Open | Overdue)
                assert isinstance(command, AnswerComplaint)
                assert command.desks & state.desks
                assert state.lodged.about.value not in {each.value for each in state.desks}
            state = COMPLAINT.evolve(state, event)
            said.append(type(event).__name__)
    assert len(said) == len(set(said))
