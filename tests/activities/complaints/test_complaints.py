"""Complaints: by anybody with a token, about burden and procedure, answered in time by whoever is not meant; no sequence answers twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities import errors
from services.activities.complaints.complaint import COMPLAINT, AnswerComplaint, LodgeComplaint, RemindOfComplaint
from services.activities.needs.need import NumberOfAPerson
from shared.contracts.activities import (
    ComplainedOf,
    ComplaintAnswered,
    ComplaintDesk,
    ComplaintKind,
    ComplaintLodged,
    ComplaintOutcome,
    ComplaintOverdue,
)
from shared.contracts.registration_changes import MemberIdentitiesMerged
from shared.decider import DomainError
from shared.identity import Role
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, UNIT, member, some_id

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
    Scenario(COMPLAINT).given(lodged).when(lodge).then_rejected(errors.AlreadyExists)
    Scenario(COMPLAINT).given(lodged).when(answer_at(ComplaintDesk.STREET)).then(answered)
    Scenario(COMPLAINT).given(lodged, answered).when(answer_at(ComplaintDesk.STREET)).then_rejected(errors.ComplaintIsAnswered)
    Scenario(COMPLAINT).when(answer_at(ComplaintDesk.STREET)).then_rejected(errors.ComplaintUnknown)
    own = answer_at(ComplaintDesk.STREET, by=str(member(1)))
    Scenario(COMPLAINT).given(lodged).when(own).then_rejected(errors.NobodyConfirmsTheirOwn)


@pytest.mark.parametrize("about", list(ComplainedOf))
def test_g17_whoever_may_be_meant_does_not_answer(about: ComplainedOf):
    (event,) = Scenario(COMPLAINT).when(lodge.model_copy(update={"about": about})).then_events(ComplaintLodged)
    assert event.addressed_to.value != about.value
    others = answer_at(*(desk for desk in ComplaintDesk if desk is not event.addressed_to))
    Scenario(COMPLAINT).given(event).when(others).then_rejected(errors.ComplaintIsAnotherDesks)


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
                assert state.lodged is not None
                assert isinstance(command, AnswerComplaint)
                assert command.desks & state.desks
                assert state.lodged.about.value not in {each.value for each in state.desks}
            state = COMPLAINT.evolve(state, event)
            said.append(type(event).__name__)
    assert len(said) == len(set(said))


async def complain(district: District, as_: str, status: int = 201, **changes: Any) -> dict[str, Any]:
    draft = {"kind": "REPEATED_ENTRY", "about": "COMMUNITY", "text": "同一表格填了三次", **changes}
    return await district.post("/complaints", as_, status, **draft)


async def seen(district: District, as_: str, **query: Any) -> list[dict[str, Any]]:
    await district.service.settled()
    return (await district.get("/complaints", as_, **query))["items"]


async def test_g17_anybody_complains_and_hears_from_whoever_is_not_meant(district: District) -> None:
    street = district.service.token(Role.STREET_ADMIN, subject="street")
    reviewer = district.service.token(Role.APPEAL_REVIEWER, subject="reviewer")
    lodged = (await complain(district, district.member(1), organisation_id=str(COMMUNITY)))["result"]
    assert (lodged["addressed_to"], lodged["answer_by"] > district.service.now.date().isoformat()) == ("STREET", True)
    (own,) = await seen(district, district.member(1))
    (theirs,) = await seen(district, street, status="OPEN")
    assert (own["is_own"], own["answer_by"], own["is_overdue"]) == (True, lodged["answer_by"], False)
    assert theirs == {**own, "is_own": False}
    assert str(member(1)) not in str(theirs)
    path = f"/complaints/{lodged['complaint_id']}/answer"
    answer = {"outcome": "REMEDIED", "answer": "今后只填一次"}
    meant = district.service.token(Role.STREET_ADMIN, Role.COMMUNITY_SECRETARY, subject="both", organisations=[COMMUNITY])
    assert await seen(district, meant) == []
    await district.post(path, meant, 404, **answer)
    for other in (district.clerk, district.secretary, district.member(2), district.elsewhere):
        assert await seen(district, other) == []
        await district.post(path, other, 403, **answer)
    for other in (district.admin, reviewer, district.service.token(Role.STREET_ADMIN, subject="other", district="elsewhere")):
        await district.post(path, other, 404, **answer)
    district.service.now += timedelta(days=30)
    await district.open_post()  # simulated time is that of the newest event
    (late,) = await seen(district, district.admin, overdue=True)
    assert (late["upper_desk"], late["is_overdue"]) == ("DISTRICT", True)
    await district.post(path, district.admin, **answer)
    assert (await district.post(path, street, 409, **answer))["code"] == "complaint_is_answered"
    (closed,) = await seen(district, district.member(1), status="ANSWERED")
    assert (closed["outcome"], closed["answer"], closed["is_overdue"]) == ("REMEDIED", "今后只填一次", False)
    assert await seen(district, street, overdue=True) == []
    district.service.foreign(MemberIdentitiesMerged(member_id=member(1), into_member_id=member(2), unit_id=UNIT, reason="重复登记"))
    assert [each["complaint_id"] for each in await seen(district, district.member(2))] == [lodged["complaint_id"]]


async def test_g17_units_and_communities_complain_too_and_about_the_district_the_reviewers_hear(district: District) -> None:
    unit = district.service.token(Role.UNIT_LIAISON, subject="liaison", organisations=[UNIT])
    reviewer = district.service.token(Role.APPEAL_REVIEWER, subject="reviewer")
    about_district = (await complain(district, unit, about="DISTRICT", kind="RANKING"))["result"]
    await complain(district, district.clerk, about="SOFTWARE")
    assert [each["about"] for each in await seen(district, reviewer)] == ["DISTRICT"]
    assert [each["about"] for each in await seen(district, district.admin)] == ["SOFTWARE"]
    assert [each["is_own"] for each in await seen(district, unit)] == [True]
    await district.post(f"/complaints/{about_district['complaint_id']}/answer", reviewer, outcome="EXPLAINED", answer="未作排名")
    several = district.service.token(Role.COMMUNITY_CLERK, subject="both", organisations=[COMMUNITY, OTHER_COMMUNITY])
    await complain(district, several, 422)
    await complain(district, several, on_behalf_of=str(OTHER_COMMUNITY))
    for wrong in ({"text": "长" * 201}, {"kind": "UNKNOWN"}, {"organisation_id": str(some_id("cc", 9))}, {"person": "张三"}):
        await complain(district, district.member(1), 422, **wrong)
    await complain(district, district.clerk, 403, on_behalf_of=str(OTHER_COMMUNITY))
    await complain(district, district.admin, 403)
    assert (await complain(district, district.member(1), 409, text="打13800138000"))["code"] == "number_of_a_person"
    for _ in range(2):
        await complain(district, district.member(3))
    await district.service.settled()
    first = await district.get("/complaints", district.member(3), limit=1)
    rest = await district.get("/complaints", district.member(3), limit=1, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (1, 1, None)
