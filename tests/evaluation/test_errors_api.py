"""Wrong callers and wrong input: every refusal has its status and stable code, and nothing is written."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from services.evaluation.policy import POLICY
from shared.contracts.activities.records import ActivityConfirmed
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, new_id

NOBODY = UUID(int=404)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> Year:
    told = Year(service)
    await told.rules()
    await told.open()
    told.registers()
    told.service.now = datetime(2026, 6, 1, tzinfo=UTC)
    await told.service.settled()
    return told


async def refused(year: Year, path: str, status: int, code: str, *, as_: str, json: Any = None) -> dict[str, Any]:
    before = len(await year.service.log())
    answer = await year.service.post(path, as_=as_, json=json)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(await year.service.log()) == before
    return answer.json()


UNIT = {"attended": 20, "required": 24, "excused": 2, "unit_tasks": 1}
RUBRIC = [{"item": item, "score": 8} for item in ("JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT")]


async def test_assessments_are_checked(year: Year) -> None:
    path = f"{year.case}/unit-assessment"
    await refused(year, path, 409, "rubric_incomplete", as_=year.unit_secretary, json={**UNIT, "rubric": RUBRIC[:2]})
    low = [*RUBRIC[:3], {"item": "COMMUNITY_SUPPORT", "score": 3}]
    told = await refused(year, path, 409, "low_score_needs_reason", as_=year.unit_secretary, json={**UNIT, "rubric": low})
    assert told["facts"] == {"items": ["COMMUNITY_SUPPORT"]}
    more = {**UNIT, "attended": 23, "rubric": RUBRIC}
    await refused(year, path, 409, "attendance_exceeds_required", as_=year.unit_secretary, json=more)
    high = [*RUBRIC[:3], {"item": "COMMUNITY_SUPPORT", "score": 11}]
    told = await refused(year, path, 422, "malformed", as_=year.unit_secretary, json={**UNIT, "rubric": high})
    assert told["errors"][0]["field"] == "body.rubric.3.score"
    spelt = {**UNIT, "rubric": RUBRIC, "atended": 3}
    await refused(year, path, 422, "malformed", as_=year.unit_secretary, json=spelt)


async def test_only_who_manages_the_member_works_on_the_case(year: Year) -> None:
    body = {**UNIT, "rubric": RUBRIC}
    stranger = year.service.token(Role.UNIT_SECRETARY, organisations=[new_id()])
    await refused(year, f"{year.case}/unit-assessment", 403, "forbidden", as_=stranger, json=body)
    as_community = year.service.token(Role.UNIT_SECRETARY, organisations=[year.community])
    await refused(year, f"{year.case}/unit-assessment", 403, "forbidden", as_=as_community, json=body)
    two_hats = year.service.token(Role.UNIT_SECRETARY, Role.COMMUNITY_CLERK, Role.DISTRICT_ADMIN, organisations=[year.community, new_id()])
    await refused(year, f"{year.case}/unit-assessment", 403, "forbidden", as_=two_hats, json=body)
    own = year.service.token(Role.UNIT_SECRETARY, Role.MEMBER, subject=str(year.member), organisations=[year.unit])
    await refused(year, f"{year.case}/unit-assessment", 403, "forbidden", as_=own, json=body)
    await refused(year, f"{year.case}/unit-assessment", 403, "forbidden", as_=year.self_, json=body)
    elsewhere = year.service.token(Role.UNIT_SECRETARY, organisations=[year.unit], district="other")
    await refused(year, f"{year.case}/unit-assessment", 404, "not_found", as_=elsewhere, json=body)
    unknown = f"/periods/{year.period}/members/{NOBODY}/unit-assessment"
    await refused(year, unknown, 404, "not_found", as_=year.unit_secretary, json=body)
    no_period = f"/periods/{NOBODY}/members/{year.member}/unit-assessment"
    await refused(year, no_period, 404, "not_found", as_=year.unit_secretary, json=body)


async def test_a_statement_is_read_by_four_kinds_of_people(year: Year) -> None:
    path = f"{year.case}/live-statement"
    other = year.service.token(Role.MEMBER, subject=str(NOBODY))
    neighbour = year.service.token(Role.COMMUNITY_SECRETARY, organisations=[new_id()])
    for token, status in (
        (year.self_, 200),
        (year.unit_secretary, 200),
        (year.community_secretary, 200),
        (year.reviewer, 200),
        (other, 403),
        (neighbour, 403),
        (year.district_admin, 403),
        (year.service.token(Role.SYSTEM_ADMIN), 403),
        (year.service.token(Role.APPEAL_REVIEWER, district="other"), 404),
    ):
        assert (await year.service.get(path, as_=token)).status_code == status
    assert (await year.service.get(f"{year.case}/statement", as_=year.self_)).status_code == 404


async def test_rules_are_checked_before_they_are_written(year: Year) -> None:
    body: dict[str, Any] = {"title": "试行", "legal_basis": "通知", "version": 7}
    await refused(year, "/rule-sets", 422, "malformed", as_=year.district_admin, json=body)
    await refused(year, "/rule-sets", 404, "not_found", as_=year.district_admin, json={**body, "preset": "none"})
    definition = (await year.service.get("/rule-set-presets/default", as_=year.self_)).json()
    definition["categories"][0]["rules"][0]["trigger"] = "LIKE_RECEIVED"
    told = await refused(year, "/rule-sets", 422, "rule_set_malformed", as_=year.district_admin, json={**body, "definition": definition})
    assert any("trigger" in each["field"] for each in told["errors"])
    taken = {**body, "version": 1, "preset": "default"}
    await refused(year, "/rule-sets", 409, "version_taken", as_=year.district_admin, json=taken)
    await refused(year, "/rule-sets", 403, "forbidden", as_=year.unit_secretary, json=taken)
    late = {"effective_from": "2026-06-20"}
    drafted = await year.service.post("/rule-sets", as_=year.district_admin, json={**body, "preset": "default"})
    path = f"/rule-sets/{drafted.json()['result']['rule_set_id']}/publish"
    await year.service.settled()
    told = await refused(year, path, 409, "rule_set_needs_notice", as_=year.district_admin, json=late)
    assert told["facts"] == {"notice_days": 30, "given_days": 19}
    await refused(
        year, f"/rule-sets/{NOBODY}/publish", 409, "rule_set_unknown", as_=year.district_admin, json={"effective_from": "2027-01-01"}
    )


async def test_periods_do_not_overlap(year: Year) -> None:
    body = {"title": "下半年", "starts_on": "2026-07-01", "ends_on": "2026-12-31", "programme_deadline": "2026-07-31"}
    await refused(year, "/periods", 409, "period_overlaps", as_=year.district_admin, json=body)
    await refused(year, f"/periods/{year.period}/statements", 409, "period_is_running", as_=year.district_admin)
    promoted = {**body, "starts_on": "2028-01-01", "ends_on": "2028-12-31", "programme_deadline": "2028-03-01"}
    wrong = {**promoted, "occasions": ["PROMOTION_RECOMMENDATION"]}
    await refused(year, "/periods", 409, "promotion_needs_decision", as_=year.district_admin, json=wrong)


async def test_a_retry_gets_the_first_answer(year: Year) -> None:
    key = year.service.key()
    body = {"granted_on": "2026-05-01", "reason": "汛期值守"}
    path = f"{year.case}/commendations"
    first, again = [await year.service.post(path, as_=year.community_secretary, json=body, key=key) for _ in range(2)]
    assert first.json() == again.json()
    assert first.status_code == again.status_code == 201
    other = f"{year.case}/exemptions"
    wrong = {"starts_on": "2026-02-01", "ends_on": "2026-02-10", "reason_code": "CARE"}
    retried = await year.service.post(other, as_=year.unit_secretary, json=wrong, key=key)
    assert (retried.status_code, retried.json()["code"]) == (422, "command_id_reused")
    without = await year.service.client.post(path, json=body, headers={"Authorization": f"Bearer {year.community_secretary}"})
    assert (without.status_code, without.json()["code"]) == (422, "idempotency_key_missing")


@pytest.mark.parametrize("day", ["2025-12-31", "2027-01-01"])
async def test_a_commendation_counts_in_the_period_of_its_day(year: Year, day: str) -> None:
    body = {"granted_on": day, "reason": "汛期值守"}
    path = f"{year.case}/commendations"
    await refused(year, path, 409, "commendation_outside_period", as_=year.community_secretary, json=body)


async def test_a_residents_link_works_once(year: Year) -> None:
    asked = {"activity_id": str(NOBODY), "member_id": str(year.member)}
    await refused(year, "/rating-invitations", 409, "nothing_to_rate", as_=year.community_secretary, json=asked)
    record = year.served(60, datetime(2026, 5, 20, tzinfo=UTC).date())
    await year.service.settled()
    asked = {"activity_id": str(record.activity_id), "member_id": str(year.member)}
    key = year.service.key()
    tokens = [(await year.service.post("/rating-invitations", as_=year.community_secretary, json=asked, key=key)).json() for _ in range(2)]
    assert tokens[0] == tokens[1], "a retry shows the same links"
    (token,) = tokens[0]["tokens"]
    told = (await year.service.log())[-1]
    assert told.correlation_id == key
    secretary = year.service.token(Role.COMMUNITY_SECRETARY, subject="the next one", organisations=[year.community])
    for body, who in ((asked, secretary), (asked | {"count": 2}, year.community_secretary)):
        other = await year.service.post("/rating-invitations", as_=who, json=body, key=key)
        assert (other.status_code, other.json()["code"]) == (422, "command_id_reused")
    both = await year.resident(token, rating=5, withheld=True)
    assert both.status_code == 422
    assert (await year.resident(token, rating=5)).status_code == 201
    assert (await year.resident(token, rating=1)).json()["code"] == "link_already_used"
    assert (await year.resident("x" * 43, rating=1)).json()["code"] == "link_unknown"
    stored = b"".join(event.body for event in await year.service.log())
    assert token.encode() not in stored
    neighbour = year.service.token(Role.COMMUNITY_CLERK, organisations=[new_id()])
    await refused(year, "/rating-invitations", 403, "forbidden", as_=neighbour, json=asked)


async def test_hearings_protect_the_member(year: Year) -> None:
    year.lies_in_its_street()
    year.holds_post(24)
    left = year.leaves_post(date(2026, 5, 20))
    await year.service.settled()
    body = {"kind": "POST_ABANDONED", "source_event_id": str(left), "reason": "离岗未告知"}
    proposed = await year.service.post(f"{year.case}/deductions", as_=year.community_secretary, json=body)
    path = f"{year.case}/deductions/{proposed.json()['result']['deduction_id']}"
    assert proposed.json()["result"]["answer_until"] == "2026-06-08"
    await refused(year, f"{path}/uphold", 409, "proposer_may_not_decide", as_=year.community_secretary, json={"reason": "属实"})
    await refused(year, f"{path}/uphold", 409, "hearing_still_open", as_=year.street_admin, json={"reason": "属实"})
    before = (await year.statement("live-statement"))["community_score"]
    assert (await year.service.post(f"{path}/answer", as_=year.self_, json={"answer": "已电话告知"})).status_code == 200
    assert (await year.service.post(f"{path}/uphold", as_=year.street_admin, json={"reason": "属实"})).status_code == 200
    after = await year.statement("live-statement")
    assert float(after["community_score"]) == float(before) - 2
    shown = await year.service.get(f"{year.case}/deductions", as_=year.self_)
    assert [(each["status"], each["answer"]) for each in shown.json()] == [("UPHELD", "已电话告知")]


async def test_nothing_is_held_against_a_member_that_no_event_shows(year: Year) -> None:
    """An id that nobody knows, somebody else's event, one of another kind, one of another year."""
    record = year.tell(recorded(year, date(2026, 3, 21)))[0].id
    earlier = year.tell(recorded(year, date(2025, 5, 21)))[0].id
    somebody_elses = year.tell(recorded(year, date(2026, 3, 21), member=new_id()))[0].id
    await year.service.settled()
    path = f"{year.case}/deductions"
    for kind, source, code in (
        ("RECORD_FALSE", NOBODY, "source_event_unknown"),
        ("POST_ABANDONED", NOBODY, "source_event_unknown"),
        ("RECORD_FALSE", somebody_elses, "source_event_unknown"),
        ("POST_ABANDONED", record, "source_event_shows_something_else"),
        ("RECORD_FALSE", earlier, "source_event_outside_period"),
    ):
        body = {"kind": kind, "source_event_id": str(source), "reason": "情况不实"}
        await refused(year, path, 409, code, as_=year.community_secretary, json=body)
    body = {"kind": "RECORD_FALSE", "source_event_id": str(record), "reason": "情况不实"}
    assert (await year.service.post(path, as_=year.community_secretary, json=body)).status_code == 201


async def test_a_deduction_is_heard_for_the_street_in_which_it_was_proposed(year: Year) -> None:
    record = year.tell(recorded(year, date(2026, 3, 22)))[0].id
    await year.service.settled()
    body = {"kind": "RECORD_FALSE", "source_event_id": str(record), "reason": "情况不实"}
    proposed = await year.service.post(f"{year.case}/deductions", as_=year.community_secretary, json=body)
    path = f"{year.case}/deductions/{proposed.json()['result']['deduction_id']}"
    await year.service.settled()
    other = year.service.token(Role.STREET_ADMIN, subject="other street", organisations=[new_id()])
    nobodys = year.service.token(Role.STREET_ADMIN, subject="no street")
    for step in ("uphold", "drop"):
        for stranger in (other, nobodys):
            await refused(year, f"{path}/{step}", 403, "forbidden", as_=stranger, json={"reason": "属实"})
    assert (await year.service.post(f"{path}/drop", as_=year.street_admin, json={"reason": "证据不足"})).status_code == 200


def recorded(year: Year, on: date, *, member: UUID | None = None) -> ActivityConfirmed:
    return year.record(60, on).model_copy(update={"member_id": member or year.member})


async def test_a_report_passes_through_the_members_hands(year: Year) -> None:
    body = {"member_id": str(year.member), "year": 2026, "quarter": 2, "remark": "热心服务"}
    drafted = await year.service.post("/feedback-reports", as_=year.community_secretary, json=body)
    report = f"/feedback-reports/{drafted.json()['result']['report_id']}"
    await year.service.settled()
    to_unit = await year.service.get("/feedback-reports", as_=year.unit_secretary, params={"unit_id": str(year.unit)})
    assert to_unit.json()["items"] == []
    own = await year.service.get("/feedback-reports", as_=year.self_, params={"member_id": str(year.member)})
    assert (own.json()["items"][0]["activities"], own.json()["items"][0]["minutes"]) == (1, 60)
    await refused(year, f"{report}/send", 409, "comment_window_open", as_=year.community_secretary)
    assert (await year.service.post(f"{report}/comment", as_=year.self_, json={"comment": "属实"})).status_code == 200
    assert (await year.service.post(f"{report}/send", as_=year.community_secretary)).status_code == 200
    to_unit = await year.service.get("/feedback-reports", as_=year.unit_secretary, params={"unit_id": str(year.unit)})
    assert to_unit.json()["items"][0]["comment"] == "属实"
    assert (await year.service.post(f"{report}/acknowledge", as_=year.unit_secretary)).status_code == 200


@pytest.mark.parametrize("action", sorted(POLICY))
def test_no_action_belongs_to_administrators_of_the_machine(action: str) -> None:
    assert not POLICY[action] & {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}
