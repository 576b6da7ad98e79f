"""A member refuses that a grade is proposed by the engine (G6, Art. 24 of the Personal Information Protection Law): people decide alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest_asyncio

from ops.provision import Database
from services.evaluation.app import SERVICE
from shared.contracts.evaluation.hearings import GradeProposalRefused
from shared.contracts.evaluation.statements import ScoreStatementPublished
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, new_id

REASONS = {"grade": "QUALIFIED", "reasons": "支部大会讨论,全年完成岗位任务"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> Year:
    """One member, published with a proposed grade."""
    told = Year(service)
    await told.rules()
    await told.open()
    told.registers()
    told.served(360, date(2026, 4, 1))
    told.service.now = datetime(2026, 12, 20, tzinfo=UTC)
    await told.service.settled()
    await told.assess()
    await told.publish()
    await told.service.settled()
    told.service.now = datetime(2027, 1, 15, tzinfo=UTC)
    return told


async def refuse(year: Year, what: str = "", *, as_: str | None = None) -> Any:
    return await year.service.post(f"{year.case}/proposal-refusal{what}", as_=as_ or year.self_)


async def decide(year: Year, **body: Any) -> Any:
    return await year.service.post(f"{year.case}/grade", as_=year.unit_secretary, json=body)


async def shown_grades(year: Year) -> set[Any]:
    """What anybody can read of a proposed grade."""
    found: set[Any] = set()
    for who in (year.self_, year.unit_secretary, year.community_secretary, year.reviewer):
        for which in ("statement", "live-statement", "statement?version=1"):
            found.add((await year.service.get(f"{year.case}/{which}", as_=who)).json()["grade"])
    tried = await year.service.get(f"{year.case}/what-if", as_=year.self_, params={"rule_set_id": str(year.rule_set)})
    (head,) = (await year.service.get("/me/statements", as_=year.self_)).json()["items"]
    counts = (await year.service.get(f"/periods/{year.period}/grades", as_=year.district_admin)).json()["by_grade"]
    return found | {tried.json()["grade"], head["grade"]} | {grade for grade, members in counts.items() if members}


async def test_g6_nobody_but_the_member_refuses(year: Year) -> None:
    stranger = year.service.token(Role.MEMBER, subject=str(new_id()))
    for who in (stranger, year.unit_secretary, year.community_secretary, year.district_admin):
        assert (await refuse(year, as_=who)).status_code == 403
    path = f"/periods/{new_id()}/members/{year.member}/proposal-refusal"
    assert (await year.service.post(path, as_=year.self_)).status_code == 404
    unregistered = f"/periods/{year.period}/members/{new_id()}/proposal-refusal"
    as_member = year.service.token(Role.MEMBER, subject=unregistered.split("/")[-2])
    assert (await year.service.post(unregistered, as_=as_member)).status_code == 404
    nothing = await refuse(year, "/take-back")
    assert (nothing.status_code, nothing.json()["event_ids"]) == (200, [])


async def test_g6_from_the_refusal_on_nobody_is_shown_a_proposed_grade_and_every_point_stays(year: Year) -> None:
    before = await year.statement()
    assert before["grade"] in await shown_grades(year) != {"NOT_RATED"}
    for _ in range(2):
        assert (await refuse(year)).status_code == 200
    await year.service.settled()
    assert await shown_grades(year) == {"NOT_RATED"}
    after = await year.statement()
    assert (after["is_proposal_refused"], after["version"]) == (True, before["version"])
    assert {name: after[name] for name in ("lines", "categories", "score")} == {
        name: before[name] for name in ("lines", "categories", "score")
    }
    told = [each.data for each in await year.service.log() if isinstance(each.data, GradeProposalRefused)]
    assert [(each.unit_id, each.is_first) for each in told] == [(year.unit, True)]
    cases = await year.service.get(f"/periods/{year.period}/cases", as_=year.unit_secretary, params={"unit_id": str(year.unit)})
    assert [(each["member_id"], each["is_proposal_refused"]) for each in cases.json()["items"]] == [(str(year.member), True)]


async def test_g6_it_is_taken_back_until_people_have_decided(year: Year) -> None:
    assert (await refuse(year, "/take-back")).status_code == 200
    await year.service.settled()
    shown = await year.statement()
    assert shown["grade"] != "NOT_RATED"
    assert (shown["is_proposal_refused"], shown["version"]) == (False, 1), "nothing had changed, so nothing is restated"
    assert (await refuse(year)).status_code == 200
    without = await decide(year, grade="GOOD")
    assert (without.status_code, without.json()["code"]) == (409, "decision_needs_reasons")
    longer = await decide(year, grade="GOOD", reasons="长" * 201)
    assert longer.status_code == 422
    assert (await decide(year, **REASONS)).status_code == 200
    await year.service.settled()
    shown = await year.statement()
    assert (shown["grade"], shown["confirmed_grade"], shown["confirmed_reasons"]) == ("NOT_RATED", "QUALIFIED", REASONS["reasons"])
    for reader, told in ((year.unit_secretary, REASONS["reasons"]), (year.community_secretary, None)):
        read = await year.service.get(f"{year.case}/statement", as_=reader)
        assert read.json()["confirmed_reasons"] == told, "the unit's words to its member"
    late = await refuse(year, "/take-back")
    assert (late.status_code, late.json()["code"]) == (409, "grade_is_confirmed")
    copy = (await year.service.get("/me/copy", as_=year.self_)).json()["tables"]["cases"]
    assert [(each["is_proposal_refused"], each["confirmed_reasons"]) for each in copy] == [(True, REASONS["reasons"])]


async def test_g6_what_is_published_after_a_refusal_has_no_grade_until_it_is_taken_back(service: ServiceUnderTest) -> None:
    service.district = "refused-before"
    year = Year(service)
    await year.rules()
    await year.open()
    year.registers()
    service.now = datetime(2026, 6, 1, tzinfo=UTC)
    await service.settled()
    assert (await refuse(year)).status_code == 200
    await year.assess()
    await year.publish()
    await service.settled()
    (published,) = [each.data for each in await service.log() if isinstance(each.data, ScoreStatementPublished)]
    assert (published.grade, published.is_proposal_refused) == ("NOT_RATED", True)
    assert (await refuse(year, "/take-back")).status_code == 200
    await service.settled()
    shown = await year.statement()
    assert (shown["version"], shown["cause"], shown["diff"]) == (2, "CIRCUMSTANCES_RECOGNISED", [])
    assert (shown["grade"], shown["score"]) == ("NEEDS_IMPROVEMENT", str(published.score))


async def test_g6_a_refusal_holds_for_the_person_under_whichever_entry_it_was_said(service: ServiceUnderTest) -> None:
    service.district = "refused-and-merged"
    year = Year(service)
    await year.rules()
    await year.open()
    year.registers()
    service.now = datetime(2026, 6, 1, tzinfo=UTC)
    await service.settled()
    assert (await refuse(year)).status_code == 200
    await year.assess()
    old, year.member = year.member, new_id()
    year.tell(MemberIdentitiesMerged(member_id=old, into_member_id=year.member, unit_id=year.unit, reason="重复登记"))
    await year.publish()
    await service.settled()
    assert await shown_grades(year) == {"NOT_RATED"}
    without = await decide(year, grade="GOOD")
    assert (without.status_code, without.json()["code"]) == (409, "decision_needs_reasons")
    assert (await refuse(year, "/take-back")).status_code == 200
    await service.settled()
    assert "NEEDS_IMPROVEMENT" in await shown_grades(year)
    assert (await decide(year, grade="GOOD")).status_code == 200


async def test_a_rebuild_gives_the_same_refusals(year: Year, database: Database) -> None:
    rebuilt = await rebuild(
        SERVICE.read_model(),
        year.service.feeds,
        owner_url=database.url("evaluation_owner"),
        service_url=database.url("evaluation"),
        swap=False,
    )
    assert rebuilt.is_equal
