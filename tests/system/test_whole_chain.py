"""The demo's own story, with everything real: four service processes, PostgreSQL, RabbitMQ, SMTP. Its figures, its proofs, and outages."""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
import pytest_asyncio
from rich.console import Console

from ops.demo import make_roster
from ops.demo.client import Client, Refused, connected
from ops.demo.letters import Letters
from ops.demo.report import show, show_proofs
from ops.demo.run import DISTRICT, Outcome, figures_of, tell
from ops.demo.world import World, at
from ops.provision import Database
from ops.servers import LocalServers
from ops.stack import Stack, Wishes, running_services

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
AFTERWARDS = at(date(2027, 3, 1))
# The story has a fixed seed: who tells it again hears the same.
ACTIVITIES = {"confirmed": 444, "declined": 22, "corrected": 5}
GRADES = {"EXCELLENT": 20, "GOOD": 22, "QUALIFIED": 20, "NEEDS_IMPROVEMENT": 9, "NOT_RATED": 4}
STATEMENTS = {"published": 75, "restated": 2, "by_grade": GRADES}
NOTICES = {
    "ACTIVITY_CONFIRMED": 444,
    "ACTIVITY_CORRECTED": 5,
    "ACTIVITY_DECLINED": 22,
    "ACTIVITY_REMINDER": 473,
    "APPEAL_ACCEPTED": 1,
    "APPEAL_REJECTED": 1,
    "CERTIFICATE_ISSUED": 75,
    "FEEDBACK_REPORT_DRAFTED": 7,
    "FEEDBACK_REPORT_SENT": 7,
    "MEMBER_REPORTED": 76,
    "POST_CLAIMED": 61,
    "POST_CLAIM_RECEIVED": 61,
    "POST_CLAIM_REJECTED": 3,
    "POST_CLAIM_WAITLISTED": 1,
    "POST_RELEASED": 1,
    "POST_TAKEN_UP": 60,
    "RECEIPT_ISSUED": 75,
    "RECEIPT_OVERDUE": 5,
    "REGISTRATION_CONFIRMED": 75,
    "REGISTRATION_RECEIVED": 76,
    "REGISTRATION_RETURNED": 1,
    "RULE_SET_PUBLISHED": 75,
    "STATEMENT_PUBLISHED": 75,
    "STATEMENT_RESTATED": 2,
    "SUGGESTION_ADOPTED": 4,
    "SUGGESTION_DECLINED": 1,
}


@dataclass(frozen=True)
class Told:
    """The story on a stack that is still running."""

    stack: Stack
    outcome: Outcome
    letters: Letters

    @property
    def figures(self) -> dict[str, Any]:
        return figures_of(self.outcome, 1.0)


@pytest.fixture(scope="module")
def letters(servers: LocalServers) -> Iterator[Letters]:
    with Letters(servers.directory / "letters") as server:
        yield server


@pytest.fixture(scope="module")
def stack(servers: LocalServers, database: Database, vhost: str, letters: Letters) -> Iterator[Stack]:
    wishes = Wishes("./guangcai test", is_clock_simulated=True, smtp_url=letters.url)
    with running_services(servers, database, wishes, vhost=vhost) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(stack: Stack, letters: Letters) -> Told:
    outcome = await tell(stack, make_roster.ROSTER.read_bytes(), make_roster.MEMBERS, Console(quiet=True))
    return Told(stack, outcome, letters)


@pytest_asyncio.fixture(loop_scope="session")
async def client(told: Told) -> AsyncIterator[Client]:
    async with connected(told.stack.urls, told.stack.keys, DISTRICT) as fresh:
        told.outcome.world.client = fresh
        yield fresh


def test_every_proof_holds(told: Told) -> None:
    assert [proof.claim_en for proof in told.outcome.proofs.items if not proof.holds] == []
    assert told.outcome.proofs.rebuilt.is_equal
    assert told.outcome.proofs.rebuilt.events > 3000


def test_registrants_have_the_margins_of_both_partitions(told: Told) -> None:
    registrants = told.figures["registrants"]
    assert registrants["total"] == 75
    assert registrants["by_community"] == {
        "新风社区": 5, "南园社区": 23, "公园社区": 20, "安民社区": 11, "春光社区": 13, "钢铁社区": 1, "东晶社区": 2,
    }  # fmt: skip
    assert registrants["by_occupation"] == {"区机关": 8, "教师": 37, "公安": 20, "各办事处": 10}


def test_occupations_suggest_three_teams_that_cover_everybody(told: Told) -> None:
    suggested = {each["kind"]: each["suggested"] for each in told.outcome.world.told["team_suggestions"] if each["suggested"]}
    assert suggested == {"SUBSTITUTE_PARENTS": 37, "COMMUNITY_SECURITY": 20, "POLICY_PROMOTION": 18}


def test_bad_rows_of_the_roster_come_back_with_row_column_and_reason(told: Told) -> None:
    outcome = told.outcome.world.told["roster"]
    assert (outcome["rows"], outcome["enrolled"]) == (79, 75)
    assert [(each["column"], each["code"]) for each in outcome["problems"]] == [
        ("C", "citizen_number_numeric"),
        ("C", "citizen_number_invalid"),
        ("E", "unknown_unit"),
        ("C", "duplicate_in_file"),
    ]
    assert told.outcome.world.told["error_sheet"].startswith(b"PK")


def test_the_worked_example_scores_to_the_hundredth(told: Told) -> None:
    statement = told.figures["example_statement"]
    assert (statement["unit_score"], statement["community_score"], statement["score"]) == ("86.36", "84.84", "85.75")
    assert statement["grade"] == "EXCELLENT"
    totals = {each["category"]: Decimal(each["points"]) for each in statement["categories"]}
    for category, points in totals.items():
        assert sum(Decimal(line["points"]) for line in statement["lines"] if line["category"] == category) == points
    assert all(line["source_event_ids"] and line["rule_id"] and line["text_zh"] and line["text_en"] for line in statement["lines"])


def test_every_telling_gives_the_same_figures(told: Told) -> None:
    figures = told.figures
    assert figures["posts"] == {"established": 14, "claimed": 61, "waitlisted": 1, "refused": 3}
    assert figures["activities"] == ACTIVITIES
    assert figures["statements"] == STATEMENTS
    assert figures["notices"] == NOTICES


def test_statements_are_restated_by_an_appeal_and_by_a_late_correction(told: Told) -> None:
    names = told.outcome.history.names
    assert (names["AppealLodged"], names["AppealAccepted"], names["AppealRejected"]) == (2, 1, 1)
    assert names["ScoreStatementRestated"] >= 2


def test_letters_reached_the_mail_server(told: Told) -> None:
    counts = told.outcome.world.told["letters"]
    assert counts["letters_by_state"].get("FAILED", 0) == 0
    assert set(told.letters.received) == {"members.guangcai.example", "units.guangcai.example", "communities.guangcai.example"}


def test_the_report_can_be_printed_and_written(told: Told) -> None:
    console = Console(record=True, width=160, file=io.StringIO())
    show(console, told.outcome.world, told.figures, told.letters)
    show_proofs(console, told.outcome.proofs)
    printed = console.export_text()
    assert "85.75" in printed
    assert "37 / 20 / 18" in printed
    keys = {"registrants", "posts", "activities", "statements", "example_statement", "notices", "log", "rebuild", "seconds"}
    assert set(orjson.loads(orjson.dumps(told.figures))) == keys


async def test_without_the_broker_commands_succeed_and_the_rest_catches_up(told: Told, client: Client) -> None:
    servers, world = told.stack.servers, told.outcome.world
    before = await client.heads()
    await asyncio.to_thread(servers.rabbitmq.stop)
    try:
        needs = [await _timed(_need(world, text, AFTERWARDS)) for text in ("楼道灯不亮", "花坛缺水", "想学书法")]
        assert max(seconds for _, seconds in needs) < 2
    finally:
        servers.rabbitmq.spawn()
        await asyncio.to_thread(servers.rabbitmq.wait_ready)
    after = await client.settle(AFTERWARDS)
    assert after["activities"] == before["activities"] + 3
    listed = await world.activities.every(
        f"/needs?community_id={world.example.community.id}", by=world.example.community.clerk, at=AFTERWARDS
    )
    assert {answer["need_id"] for answer, _ in needs} <= {each["need_id"] for each in listed}


async def test_without_the_database_there_is_a_quick_503_and_afterwards_everything_works(told: Told, client: Client) -> None:
    servers, world = told.stack.servers, told.outcome.world
    by, url = world.example.community.clerk, told.stack.urls["activities"]
    body = {"community_id": str(world.example.community.id), "category": "OTHER", "text": "雨棚漏水", "place": "北门"}
    headers = {"Authorization": f"Bearer {client.token(by)}", "Idempotency-Key": str(uuid4()), "Guangcai-Time": AFTERWARDS.isoformat()}
    await asyncio.to_thread(servers.postgres.stop)
    try:
        for _ in range(2):
            response, seconds = await _timed(client.http["activities"].post(f"{url}/needs", json=body, headers=headers))
            assert response.status_code == httpx.codes.SERVICE_UNAVAILABLE
            assert response.headers["content-type"] == "application/problem+json"
            assert int(response.headers["retry-after"]) >= 1
            assert response.json()["code"] == "dependency_down"
            assert seconds < 2
    finally:
        servers.postgres.spawn()
        await asyncio.to_thread(servers.postgres.wait_ready)
    async with asyncio.timeout(20):
        while (response := await client.http["activities"].post(f"{url}/needs", json=body, headers=headers)).status_code != 201:
            assert response.status_code == httpx.codes.SERVICE_UNAVAILABLE
            await asyncio.sleep(0.2)
    again = await client.http["activities"].post(f"{url}/needs", json=body, headers=headers)
    assert again.json()["result"] == response.json()["result"]
    await client.settle(AFTERWARDS)


async def test_a_refusal_names_its_code(told: Told, client: Client) -> None:
    assert client
    with pytest.raises(Refused) as refused:
        await told.outcome.world.activities.post("/posts", {}, by=told.outcome.world.example.caller, at=AFTERWARDS)
    assert (refused.value.status, refused.value.code) == (403, "forbidden")


async def _need(world: World, text: str, moment: datetime) -> dict[str, Any]:
    body = {"community_id": world.example.community.id, "category": "OTHER", "text": text, "place": "南园三区"}
    return await world.activities.result("/needs", body, by=world.example.community.clerk, at=moment)


async def _timed(work: Any) -> tuple[Any, float]:
    started = time.monotonic()
    result = await work
    return result, time.monotonic() - started
