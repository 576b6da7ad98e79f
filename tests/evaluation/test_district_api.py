"""A district publishes the statements of everybody: counts without names, cases without figures, decisions by people, rules tried out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest_asyncio

from services.evaluation.scorebook import AT_ONCE
from shared.contracts.evaluation.statements import StatementExportExpired
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, new_id

MEMBERS = AT_ONCE + 12  # more than one look at the read model


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> Year:
    """One unit, one community, many members, all but four assessed; one of them has served."""
    told = Year(service)
    await told.rules()
    await told.open()
    members = [new_id() for _ in range(MEMBERS)]
    for number, member in enumerate(members):
        told.member, told.registration = member, new_id()
        told.registers(date(2026, 11, 1) if number < 4 else date(2026, 2, 1))
    for day in range(1, 6):
        told.served(360, date(2026, 4, day))
    service.now = datetime(2026, 12, 20, tzinfo=UTC)
    await service.settled()
    for member in members[4:]:
        told.member = member
        await told.assess()
    await told.publish()
    await service.settled()
    return told


async def test_everybody_gets_a_statement(year: Year) -> None:
    names = await year.service.names()
    assert names.count("ScoreStatementPublished") == MEMBERS
    progress = (await year.service.get(f"/periods/{year.period}/progress", as_=year.district_admin)).json()
    assert progress == {"period_id": str(year.period), "members": MEMBERS, "published": MEMBERS, "restated": 0, "done": True}


async def grades(year: Year, as_: str, **query: Any) -> dict[str, Any]:
    answer = await year.service.get(f"/periods/{year.period}/grades", as_=as_, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_g12_published_counts_hide_small_cells(year: Year) -> None:
    inside = await grades(year, year.district_admin)
    assert inside["by_grade"] == {"EXCELLENT": 0, "GOOD": 0, "QUALIFIED": 1, "NEEDS_IMPROVEMENT": MEMBERS - 5, "NOT_RATED": 4}
    public = await grades(year, year.district_admin, public=True)
    assert public["by_grade"] == {"EXCELLENT": 0, "GOOD": 0, "QUALIFIED": None, "NEEDS_IMPROVEMENT": MEMBERS - 5, "NOT_RATED": None}
    assert public["published"] == MEMBERS, "nobody learns from the total which of the two hidden ones is small"
    own = await grades(year, year.unit_secretary, unit_id=str(year.unit))
    assert own["published"] == MEMBERS
    stranger = await year.service.get(f"/periods/{year.period}/grades", as_=year.unit_secretary, params={"unit_id": str(new_id())})
    assert stranger.status_code == 403
    everybody = await year.service.get(f"/periods/{year.period}/grades", as_=year.unit_secretary)
    assert everybody.status_code == 403


async def test_g9_cases_are_listed_by_id_without_figures(year: Year) -> None:
    path, query = f"/periods/{year.period}/cases", {"unit_id": str(year.unit), "limit": 25}
    seen: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = (await year.service.get(path, as_=year.unit_secretary, params={**query, **({"after": after} if after else {})})).json()
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    ids = [each["member_id"] for each in seen]
    assert len(ids) == len(set(ids)) == MEMBERS
    assert ids == sorted(ids)
    assert not {"score", "points", "unit_score", "community_score", "grade"} & set(seen[0])
    missing = (await year.service.get(path, as_=year.unit_secretary, params={**query, "missing": "unit", "limit": 200})).json()
    assert [each["member_id"] for each in missing["items"]] == sorted(ids)[:4]


async def test_g9_no_endpoint_offers_an_order(year: Year) -> None:
    described = (await year.service.client.get("/openapi.json")).json()
    names = {
        parameter["name"]
        for operations in described["paths"].values()
        for each in operations.values()
        for parameter in each.get("parameters", [])
    }
    assert not {"sort", "order", "order_by", "sort_by", "top", "rank"} & names
    assert names >= {"after", "limit", "unit_id"}


async def test_g6_people_decide_and_g13_hand_on(year: Year) -> None:
    year.service.now = datetime(2027, 1, 15, tzinfo=UTC)
    by_community = await year.service.post(f"{year.case}/grade", as_=year.community_secretary, json={"grade": "GOOD"})
    assert by_community.status_code == 403
    worst = await year.service.post(f"{year.case}/grade", as_=year.unit_secretary, json={"grade": "UNQUALIFIED"})
    assert (worst.status_code, worst.json()["code"]) == (409, "unqualified_needs_hearing")
    decided = await year.service.post(f"{year.case}/grade", as_=year.unit_secretary, json={"grade": "GOOD", "reasons": "支部大会讨论"})
    assert decided.status_code == 200
    shown = await year.statement()
    assert (shown["grade"], shown["confirmed_grade"]) == ("QUALIFIED", "GOOD")
    hand_out = {"occasion": "DEMOCRATIC_APPRAISAL", "recipient": "第一党支部", "expires_on": "2027-03-01"}
    for enabled in ("DEMOCRATIC_APPRAISAL", "AWARD_SELECTION"):
        handed = await year.service.post(f"{year.case}/exports", as_=year.unit_secretary, json={**hand_out, "occasion": enabled})
        assert handed.status_code == 201, handed.text
    promoted = {**hand_out, "occasion": "PROMOTION_RECOMMENDATION"}
    refused = await year.service.post(f"{year.case}/exports", as_=year.unit_secretary, json=promoted)
    assert (refused.status_code, refused.json()["code"]) == (409, "occasion_not_enabled")


async def test_g13_whoever_holds_a_statement_is_asked_to_destroy_it_and_the_unit_confirms(year: Year) -> None:
    year.service.now = datetime(2027, 1, 16, tzinfo=UTC)
    hand_out = {"occasion": "AWARD_SELECTION", "recipient": "区评选小组", "expires_on": "2027-01-20"}
    handed = (await year.service.post(f"{year.case}/exports", as_=year.unit_secretary, json=hand_out)).json()["result"]
    await year.service.settled()
    mine = (await year.service.get(f"{year.case}/exports", as_=year.self_)).json()["items"]
    (shown,) = (each for each in mine if each["export_id"] == handed["export_id"])
    assert (shown["recipient"], shown["destroyed_on"], shown["is_overdue"]) == ("区评选小组", None, False)
    year.service.now = datetime(2027, 1, 25, tzinfo=UTC)
    await year.service.post(f"{year.case}/exports", as_=year.unit_secretary, json={**hand_out, "expires_on": "2027-03-01"})
    await year.service.settled()
    expired = [each.data for each in await year.service.log() if isinstance(each.data, StatementExportExpired)]
    assert [(str(each.export_id), each.unit_id) for each in expired] == [(handed["export_id"], year.unit)]
    (late,) = (await year.service.get("/exports", as_=year.unit_secretary, params={"overdue": True})).json()["items"]
    assert (late["export_id"], late["is_overdue"]) == (handed["export_id"], True)
    other = year.service.token(Role.UNIT_SECRETARY, subject="other", organisations=[new_id()])
    assert (await year.service.get("/exports", as_=other)).json()["items"] == []
    destruction = f"{year.case}/exports/{handed['export_id']}/destruction"
    assert (await year.service.post(destruction, as_=other)).status_code == 404
    assert (await year.service.post(destruction, as_=year.community_secretary)).status_code == 403
    for _ in range(2):
        assert (await year.service.post(destruction, as_=year.unit_secretary)).status_code == 200
    await year.service.settled()
    assert (await year.service.get("/exports", as_=year.unit_secretary, params={"overdue": True})).json()["items"] == []
    assert (await year.service.names()).count("StatementExportDestroyed") == 1


async def test_a_member_tries_other_rules_and_nothing_changes(year: Year) -> None:
    year.service.now = datetime(2025, 11, 20, 1, 0, tzinfo=UTC)
    rules = year.rule_set
    other = await year.rules("hours-50-60", version=2, effective_from="2030-01-01")
    events = len(await year.service.log())
    tried = await year.statement("what-if", rule_set_id=str(other))
    assert (tried["score"], tried["grade"]) == ("36.00", "NEEDS_IMPROVEMENT")
    assert (await year.statement())["rule_sets"] == [{"rule_set_id": str(rules), "version": 1, "title": "双管双评"}]
    assert len(await year.service.log()) == events
    stranger = year.service.token(Role.MEMBER, subject=str(new_id()))
    answer = await year.service.get(f"{year.case}/what-if", as_=stranger, params={"rule_set_id": str(other)})
    assert answer.status_code == 403
    unknown = await year.service.get(f"{year.case}/what-if", as_=year.self_, params={"rule_set_id": str(UUID(int=1))})
    assert unknown.status_code == 404


async def test_everybody_can_read_the_rules(year: Year) -> None:
    resident = year.service.token(Role.RESIDENT)
    found = (await year.service.get("/rule-sets", as_=resident)).json()["items"]
    listed = sorted(found, key=lambda each: each["version"])
    assert [(each["version"], each["status"]) for each in listed] == [(1, "PUBLISHED"), (2, "PUBLISHED")]
    read = (await year.service.get(f"/rule-sets/{listed[0]['rule_set_id']}", as_=resident)).json()
    assert read["definition"]["categories"][0]["code"] == "C1"
    presets = (await year.service.get("/rule-set-presets", as_=resident)).json()
    assert {each["name"] for each in presets} >= {"default", "choose-ten", "half-and-half"}


async def test_g20_anybody_reads_how_points_come_about_without_an_account(year: Year) -> None:
    service = year.service
    when = {"Guangcai-Time": "2026-06-01T00:00:00+00:00"}
    page = (await service.client.get(f"/districts/{service.district}/rules", headers=when)).json()
    assert [each["status"] for each in page["versions"]] == ["PUBLISHED", "PUBLISHED"]
    example = page["example"]
    assert sum(Decimal(line["points"]) for line in example["lines"] if line["side"] == "UNIT") == Decimal(example["unit_score"])
    assert all(line["text_zh"] and line["text_en"] for line in example["lines"])
    html = (await service.client.get(f"/districts/{service.district}/rules", headers={**when, "Accept": "text/html"})).text
    assert all(line["text_zh"] in html and line["points"] in html for line in example["lines"])
    assert example["score"] in html
    assert "<script" not in html
    empty = (await service.client.get("/districts/nowhere/rules")).json()
    assert (empty["versions"], empty["rules"], empty["example"]) == ([], None, None)
    assert (await service.client.get("/districts/No%20where/rules")).status_code == 404


async def test_what_is_exempted_or_waived_restates_a_published_statement(year: Year) -> None:
    year.service.now = datetime(2027, 1, 18, tzinfo=UTC)
    before = await year.statement()
    waived = await year.service.post(
        f"{year.case}/waivers", as_=year.community_secretary, json={"category": "C4", "reason_code": "NO_SUITABLE_POST"}
    )
    assert waived.status_code == 201, waived.text
    after = await year.statement()
    assert (after["version"], after["cause"]) == (before["version"] + 1, "CIRCUMSTANCES_RECOGNISED")
    assert float(after["community_score"]) > float(before["community_score"])
    days = {"starts_on": "2026-02-01", "ends_on": "2026-12-31", "reason_code": "MATERNITY"}
    assert (await year.service.post(f"{year.case}/exemptions", as_=year.unit_secretary, json=days)).status_code == 201
    exempted = await year.statement()
    assert (exempted["grade"], exempted["not_rated_reason"], exempted["eligible_days"]) == ("NOT_RATED", "EXEMPTED", 0)


async def test_a_closed_period_publishes_nothing_more(year: Year) -> None:
    assert (await year.service.post(f"/periods/{year.period}/close", as_=year.district_admin)).status_code == 200
    again = await year.service.post(f"/periods/{year.period}/statements", as_=year.district_admin)
    assert (again.status_code, again.json()["code"]) == (409, "period_is_closed")


async def test_another_district_sees_nothing(year: Year) -> None:
    elsewhere = year.service.token(Role.DISTRICT_ADMIN, district="elsewhere")
    assert (await year.service.get(f"/periods/{year.period}", as_=elsewhere)).status_code == 404
    assert (await year.service.get("/periods", as_=elsewhere)).json()["items"] == []
    reviewer = year.service.token(Role.APPEAL_REVIEWER, district="elsewhere")
    assert (await year.service.get(f"{year.case}/statement", as_=reviewer)).status_code == 404
