"""An upheld appeal on PostgreSQL: a deduction is taken back and the statement restated in one act, or it is said why nothing changes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest_asyncio

from ops.provision import Database
from services.evaluation.app import SERVICE
from shared.contracts.evaluation.statements import StatementExportOutdated
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, tv1


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> Year:
    """The first test vector with a post that was left, a deduction for it, a published statement and a copy in other hands."""
    told = Year(service)
    await told.rules()
    await told.open()
    told.lies_in_its_street()
    await tv1(told)
    left = told.leaves_post(date(2026, 9, 1))
    await service.settled()
    body = {"kind": "POST_ABANDONED", "source_event_id": str(left), "reason": "离岗未告知"}
    proposed = await service.post(f"{told.case}/deductions", as_=told.community_secretary, json=body)
    assert proposed.status_code == 201, proposed.text
    deduction = f"{told.case}/deductions/{proposed.json()['result']['deduction_id']}"
    await service.settled()
    assert (await service.post(f"{deduction}/answer", as_=told.self_, json={"answer": "已电话告知"})).status_code == 200
    assert (await service.post(f"{deduction}/uphold", as_=told.street_admin, json={"reason": "属实"})).status_code == 200
    await told.publish()
    await service.settled()
    handed = {"occasion": "DEMOCRATIC_APPRAISAL", "recipient": "第一党支部", "expires_on": "2027-03-01"}
    assert (await service.post(f"{told.case}/exports", as_=told.unit_secretary, json=handed)).status_code == 201
    return told


async def appeal(year: Year) -> str:
    lodged = await year.service.post(f"{year.case}/appeals", as_=year.self_, json={"grounds": "离岗已提前告知"})
    assert lodged.status_code == 201, lodged.text
    await year.service.settled()
    return f"{year.case}/appeals/{lodged.json()['result']['appeal_id']}"


async def accept(year: Year, path: str, **body: Any) -> Any:
    return await year.service.post(f"{path}/accept", as_=year.reviewer, json={"reasons": "通话记录属实", **body})


async def test_a_deduction_is_taken_back_in_the_act_that_restates(year: Year) -> None:
    year.service.now = datetime(2027, 1, 12, tzinfo=UTC)
    before = await year.statement()
    (shown,) = (await year.service.get(f"{year.case}/deductions", as_=year.self_)).json()
    path = await appeal(year)
    nothing = await accept(year, path)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "accepted_appeal_changes_nothing")
    accepted = await accept(year, path, take_back=[shown["deduction_id"]])
    assert accepted.status_code == 200, accepted.text
    names = [each.rsplit(".", 2)[1] for each in accepted.json()["event_types"]]
    assert names == ["AppealAccepted", "DeductionDropped", "ScoreStatementRestated", "StatementExportOutdated"]
    await year.service.settled()
    after = await year.statement()
    assert Decimal(after["community_score"]) == Decimal(before["community_score"]) + 2
    assert (after["version"], after["cause"], after["is_under_review"]) == (2, "APPEAL_ACCEPTED", False)
    assert not [line for line in after["lines"] if line["rule_id"] == "D2.abandoned"]
    live = await year.statement("live-statement")
    assert (live["score"], live["lines"]) == (after["score"], after["lines"]), "what was taken back stays so"
    assert (await year.service.names()).count("ScoreStatementRestated") == 1
    (outdated,) = [each.data for each in await year.service.log() if isinstance(each.data, StatementExportOutdated)]
    assert (outdated.recipient, outdated.unit_id, outdated.statement_version) == ("第一党支部", year.unit, 2)
    (dropped,) = (await year.service.get(f"{year.case}/deductions", as_=year.self_)).json()
    assert dropped["status"] == "DROPPED"


async def test_who_finds_for_the_member_and_changes_nothing_says_why(year: Year) -> None:
    before = await year.statement()
    path = await appeal(year)
    other = year.service.token(Role.APPEAL_REVIEWER, subject="another reviewer")
    body = {"reasons": "六月的更正属实", "unchanged_because": "六月的小时数已达上限"}
    accepted = await year.service.post(f"{path}/accept", as_=other, json=body)
    assert accepted.status_code == 200, accepted.text
    await year.service.settled()
    assert (await year.statement())["version"] == before["version"]


async def test_a_rebuild_gives_the_same_rows(year: Year, database: Database) -> None:
    rebuilt = await rebuild(
        SERVICE.read_model(),
        year.service.feeds,
        owner_url=database.url("evaluation_owner"),
        service_url=database.url("evaluation"),
        swap=False,
    )
    assert rebuilt.is_equal
