"""A member's year end to end on PostgreSQL: events of three services in, an explained statement out, appealed and restated."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest_asyncio

from shared.contracts.activities.records import ActivityConfirmed, ActivityCorrected
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, tv1


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> tuple[Year, ActivityConfirmed]:
    told = Year(service)
    await told.rules()
    await told.open()
    record = await tv1(told)
    return told, record


Told = tuple[Year, ActivityConfirmed]


def totals(statement: dict[str, Any]) -> dict[str, Decimal]:
    return {each["category"]: Decimal(each["points"]) for each in statement["categories"]}


async def test_tv1_through_events(year: Told) -> None:
    told, _ = year
    live = await told.statement("live-statement")
    expected = {
        "C1": "10",
        "C2": "25",
        "C3": "23.25",
        "C4": "12.50",
        "C5": "13.09",
        "B": "2",
        "D": "-1",
        "U1": "36.36",
        "U2": "34",
        "U3": "16",
    }
    assert totals(live) == {code: Decimal(points) for code, points in expected.items()}
    assert (live["community_score"], live["unit_score"], live["score"], live["grade"]) == ("84.84", "86.36", "85.75", "EXCELLENT")


async def test_what_is_published_is_what_was_computed_line_by_line(year: Told) -> None:
    told, _ = year
    live = await told.statement("live-statement")
    ordered = await told.publish()
    assert ordered["result"] == {"members": 1, "ordered": True, "waiting": 0}
    published = await told.statement()
    assert published["version"] == 1
    assert published["lines"] == live["lines"]
    assert sum(Decimal(line["points"]) for line in published["lines"] if line["side"] == "COMMUNITY") == Decimal("84.84")
    assert all(line["source_event_ids"] for line in published["lines"])
    assert published["appeal_until"] == "2027-01-29"


async def test_g4_the_member_takes_away_facts_and_statements_but_no_single_rating(year: Told) -> None:
    told, _ = year
    await told.service.settled()
    copy = (await told.service.get("/me/copy", as_=told.self_)).json()["tables"]
    (statement,) = copy["statements"]
    assert statement["body"]["score"] == (await told.statement())["score"]
    kinds = {each["kind"] for each in copy["facts"]}
    assert "SERVICE" in kinds
    assert "RATING" not in kinds
    assert (await told.service.get("/me/copy", as_=told.unit_secretary)).status_code == 403
    stranger = told.service.token(Role.MEMBER, subject=str(UUID(int=7)))
    assert not any((await told.service.get("/me/copy", as_=stranger)).json()["tables"].values())


async def test_publishing_again_changes_nothing(year: Told) -> None:
    told, _ = year
    before = (await told.service.names()).count("ScoreStatementPublished")
    await told.publish()
    await told.service.settled()
    names = await told.service.names()
    assert names.count("ScoreStatementPublished") == before == 1
    assert "ScoreStatementRestated" not in names
    progress = await told.service.get(f"/periods/{told.period}/progress", as_=told.district_admin)
    assert progress.json() == {"period_id": str(told.period), "members": 1, "published": 1, "restated": 0, "done": True}


async def test_an_upheld_appeal_restates_with_the_difference(year: Told) -> None:
    told, record = year
    told.service.now = datetime(2027, 1, 12, tzinfo=UTC)
    lodged = await told.service.post(f"{told.case}/appeals", as_=told.self_, json={"grounds": "四月五日应为三个半小时"})
    assert lodged.status_code == 201, lodged.text
    shown = await told.statement()
    assert (shown["grade"], shown["not_rated_reason"], shown["is_under_review"]) == ("NOT_RATED", "UNDER_REVIEW", True)
    appeal = f"{told.case}/appeals/{lodged.json()['result']['appeal_id']}"
    by_unit = await told.service.post(f"{appeal}/accept", as_=told.unit_secretary, json={"reasons": "核实有误"})
    assert by_unit.status_code == 403
    unchanged = await told.service.post(f"{appeal}/accept", as_=told.reviewer, json={"reasons": "核实有误"})
    assert (unchanged.status_code, unchanged.json()["code"]) == (409, "accepted_appeal_changes_nothing")
    corrects = next(line for line in shown["lines"] if line["rule_id"] == "C3.hours" and line["occurred"] == "2026-04-05")
    corrected = ActivityCorrected(
        **record.model_dump(exclude={"confirmed_by", "minutes", "revision"}),
        minutes=210,
        corrects_event_id=corrects["source_event_ids"][0],
        revision=2,
        reason="起止时间录入有误",
        corrected_by="clerk",
        before_minutes=150,
        before_served_on=record.served_on,
    )
    told.tell(corrected, on=date(2027, 1, 14), stream=f"activity/{record.activity_id}")
    await told.service.settled()
    assert (await told.statement())["version"] == 1, "its figures stand still as long as the appeal is open"
    accepted = await told.service.post(f"{appeal}/accept", as_=told.reviewer, json={"reasons": "核实有误"})
    assert accepted.status_code == 200, accepted.text
    assert [each.rsplit(".", 2)[1] for each in accepted.json()["event_types"]] == ["AppealAccepted", "ScoreStatementRestated"]
    await told.service.settled()
    assert (await told.service.names()).count("ScoreStatementRestated") == 1, "restated in the act, and not once more"
    restated = await told.statement()
    assert (restated["version"], restated["cause"], restated["score"]) == (2, "APPEAL_ACCEPTED", "85.95")
    assert (restated["grade"], restated["is_under_review"]) == ("EXCELLENT", False)
    assert totals(restated)["C3"] == Decimal("23.75")
    assert {(each["before"], each["after"]) for each in restated["diff"]} == {("1.25", None), (None, "1.75")}
    new = next(line for line in restated["lines"] if line["reverses"])
    assert new["reverses"] in {each["line_id"] for each in restated["diff"] if each["after"] is None}
    assert (await told.statement(version=1))["score"] == "85.75"


async def test_g10_whoever_supervises_sees_by_when_to_answer_and_another_one_hears_the_second_appeal(year: Told) -> None:
    told, _ = year
    others = [told.service.token(Role.APPEAL_REVIEWER, subject=f"supervision group {number}") for number in (1, 2)]

    async def open_appeals() -> list[dict[str, Any]]:
        return (await told.service.get("/appeals", as_=others[0], params={"status": "OPEN"})).json()["items"]

    lodged = (await told.service.post(f"{told.case}/appeals", as_=told.self_, json={"grounds": "仍有出入"})).json()["result"]
    assert [(each["appeal_id"], each["decide_by"]) for each in await open_appeals()] == [(lodged["appeal_id"], lodged["decide_by"])]
    assert (await told.service.get("/appeals", as_=told.unit_secretary)).status_code == 403
    path, reasons = f"{told.case}/appeals/{lodged['appeal_id']}", {"reasons": "与签到表一致"}
    assert (await told.service.post(f"{path}/reject", as_=others[0], json=reasons)).status_code == 200
    assert await open_appeals() == []
    assert (await told.service.post(f"{path}/escalate", as_=told.self_, json={"grounds": "请再核对"})).status_code == 200
    assert [each["is_escalated"] for each in await open_appeals()] == [True]
    again = await told.service.post(f"{path}/reject", as_=others[0], json=reasons)
    assert (again.status_code, again.json()["code"]) == (409, "reviewer_not_independent")
    assert (await told.service.post(f"{path}/reject", as_=others[1], json=reasons)).status_code == 200
    shown = await told.service.get(f"{told.case}/appeals", as_=told.self_)
    assert {(each["status"], each["reasons"]) for each in shown.json()} == {("ACCEPTED", "核实有误"), ("REJECTED", "与签到表一致")}


async def test_rules_without_notice_make_nobody_worse_off(year: Told) -> None:
    told, _ = year
    strict = (await told.service.get("/rule-set-presets/hours-50-60", as_=told.district_admin)).json()
    kind = (await told.service.get("/rule-set-presets/default", as_=told.district_admin)).json()
    next(each for each in kind["categories"] if each["code"] == "B")["cap"] = "6"
    outcomes: list[tuple[int, str | None]] = []
    for version, definition in ((8, strict), (9, kind)):
        body = {"title": "更正", "legal_basis": "通知", "version": version, "definition": definition}
        drafted = await told.service.post("/rule-sets", as_=told.district_admin, json=body)
        await told.service.settled()
        path = f"/rule-sets/{drafted.json()['result']['rule_set_id']}/publish"
        at_once = {"effective_from": "2026-01-01", "retroactive_reason": "更正分值笔误"}
        answer = await told.service.post(path, as_=told.district_admin, json=at_once)
        outcomes.append((answer.status_code, answer.json().get("code")))
    assert outcomes == [(409, "retroactive_detriment"), (200, None)]
