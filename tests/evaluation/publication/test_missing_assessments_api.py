"""Publication with assessments missing: who misses one is named and decided on; their statement says what it does not know."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest_asyncio

from shared.contracts.evaluation.statements import ScoreStatementPublished
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, new_id

BOTH, NEITHER, NO_UNIT, NO_WORD, GUEST = "both", "neither", "no unit", "no word", "guest"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(service: ServiceUnderTest) -> tuple[Year, dict[str, UUID]]:
    """Five members: assessed by both sides, by none, by one only; one whose unit belongs to another district."""
    year = Year(service)
    await year.rules()
    await year.open()
    who = {name: new_id() for name in (BOTH, NEITHER, NO_UNIT, NO_WORD, GUEST)}
    for name, member in who.items():
        year.member, year.registration = member, new_id()
        year.registers(home_district="other" if name == GUEST else None)
        year.served(300, date(2026, 4, 1))
    service.now = datetime(2026, 12, 20, tzinfo=UTC)
    await service.settled()
    for name in (BOTH, NO_WORD):
        year.member = who[name]
        await _assess(year, community=name == BOTH)
    for name in (NO_UNIT, GUEST):
        year.member = who[name]
        opinion = await service.post(f"{year.case}/community-assessment", as_=year.community_secretary, json={"opinion": "SATISFACTORY"})
        assert opinion.status_code == 200, opinion.text
    service.now = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
    await service.settled()
    return year, who


async def _assess(year: Year, *, community: bool) -> None:
    rubric = [{"item": each, "score": 8} for each in ("JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT")]
    body = {"attended": 20, "required": 24, "excused": 2, "rubric": rubric, "unit_tasks": 4}
    assert (await year.service.post(f"{year.case}/unit-assessment", as_=year.unit_secretary, json=body)).status_code == 200
    if community:
        opinion = {"opinion": "SATISFACTORY"}
        path = f"{year.case}/community-assessment"
        assert (await year.service.post(path, as_=year.community_secretary, json=opinion)).status_code == 200


Told = tuple[Year, dict[str, UUID]]


async def order(year: Year, **decisions: str) -> Any:
    return await year.service.post(f"/periods/{year.period}/statements", as_=year.district_admin, json={"decisions": decisions})


async def shown(year: Year, member: UUID, which: str = "statement") -> Any:
    year.member = member
    return await year.service.get(f"{year.case}/{which}", as_=year.self_)


async def test_publication_names_who_misses_an_assessment_and_asks_for_a_decision_on_each(told: Told) -> None:
    year, who = told
    before = len(await year.service.log())
    refused = await order(year)
    assert (refused.status_code, refused.json()["code"]) == (409, "assessments_missing")
    named = {each["member_id"]: each["missing"] for each in refused.json()["facts"]["members"]}
    assert named == {
        str(who[NEITHER]): ["UNIT_ASSESSMENT", "COMMUNITY_ASSESSMENT"],
        str(who[NO_UNIT]): ["UNIT_ASSESSMENT"],
        str(who[NO_WORD]): ["COMMUNITY_ASSESSMENT"],
    }
    assert (await order(year, **{str(who[NEITHER]): "WAIT"})).json()["facts"]["count"] == 2
    assert (await order(year, **{str(who[NEITHER]): "LATER"})).status_code == 422
    assert len(await year.service.log()) == before


async def test_who_waits_is_published_later_and_who_does_not_reads_why_there_is_no_grade(told: Told) -> None:
    year, who = told
    decisions = {str(who[NEITHER]): "WAIT", str(who[NO_UNIT]): "NOT_RATED", str(who[NO_WORD]): "NOT_RATED"}
    ordered = await order(year, **decisions)
    assert (ordered.status_code, ordered.json()["result"]) == (202, {"members": 5, "ordered": True, "waiting": 1})
    await year.service.settled()
    published = {each.data.member_id: each.data for each in await year.service.log() if isinstance(each.data, ScoreStatementPublished)}
    assert published.keys() == {who[BOTH], who[NO_UNIT], who[NO_WORD], who[GUEST]}
    assert (await shown(year, who[NEITHER])).status_code == 404
    for name, unknown, reason, is_scored in (
        (BOTH, [], None, True),
        (NO_UNIT, ["UNIT_ASSESSMENT"], "ASSESSMENT_MISSING", False),
        (NO_WORD, ["COMMUNITY_ASSESSMENT"], "ASSESSMENT_MISSING", True),
        (GUEST, ["UNIT_IN_ANOTHER_DISTRICT"], "UNIT_IN_ANOTHER_DISTRICT", False),
    ):
        statement = (await shown(year, who[name])).json()
        assert (statement["unknown"], statement["not_rated_reason"]) == (unknown, reason), name
        assert [(each["part"], bool(each["zh"]), bool(each["en"])) for each in statement["not_known"]] == [
            (each, True, True) for each in unknown
        ]
        assert (statement["score"] is not None, statement["unit_score"] is not None) == (is_scored, is_scored), name
        assert statement["community_score"] is not None
        assert (statement["grade"] == "NOT_RATED") == bool(unknown)
        assert statement["lines"]


async def test_an_assessment_that_comes_later_completes_the_statement(told: Told) -> None:
    year, who = told
    year.member = who[NO_UNIT]
    await _assess(year, community=False)
    await year.service.settled()
    restated = (await shown(year, who[NO_UNIT])).json()
    assert (restated["version"], restated["cause"], restated["unknown"]) == (2, "ASSESSMENT_CHANGED", [])
    assert restated["score"] is not None
    year.member = who[NEITHER]
    await _assess(year, community=True)
    await year.service.settled()
    assert (await shown(year, who[NEITHER])).status_code == 404, "it is published when it is ordered"
    ordered = await order(year)
    assert ordered.json()["result"]["waiting"] == 0, "what was decided on somebody holds"
    await year.service.settled()
    assert (await shown(year, who[NEITHER])).json()["unknown"] == []


async def test_the_communitys_word_alone_completes_it_too(told: Told) -> None:
    year, who = told
    year.member = who[NO_WORD]
    opinion = {"opinion": "SATISFACTORY"}
    path = f"{year.case}/community-assessment"
    assert (await year.service.post(path, as_=year.community_secretary, json=opinion)).status_code == 200
    await year.service.settled()
    restated = (await shown(year, who[NO_WORD])).json()
    assert (restated["version"], restated["unknown"], restated["not_rated_reason"]) == (2, [], None)


async def test_a_district_without_rules_has_nothing_to_publish(service: ServiceUnderTest) -> None:
    service.district = "without-rules"
    year = Year(service)
    await year.open()
    year.registers()
    service.now = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
    await service.settled()
    for answer in (await order(year), await shown(year, year.member, "live-statement")):
        assert (answer.status_code, answer.json()["code"]) == (409, "no_rule_set_in_force")
