"""Two entries of one person become one: no line is lost, none counts twice, in whatever order the services are heard.

And a change of political status, which registration tells in the same way.
"""

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from ops.provision import Database
from services.evaluation.app import SERVICE
from services.evaluation.scoring.engine import Statement
from shared.contracts.activities.codes import Attendance, SixOnesItem
from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.contracts.evaluation.hearings import AppealAccepted
from shared.contracts.registration.changes import MemberIdentitiesMerged, PoliticalStatusChanged
from shared.contracts.registration.codes import ClosureReason, PoliticalStatus
from shared.contracts.registration.registrations import RegistrationClosed
from shared.eventlog.envelope import Recorded
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, new_id, tv1
from tests.evaluation.test_projections import applied, correction, history, interleaved, one_by_one, release, voiding

PUBLISHED = {"ScoreStatementPublished", "ScoreStatementRestated"}


class TwoEntries(Year):
    """The first test vector, half of it told of one entry and half of another, some of it of both."""

    def __init__(self, service: ServiceUnderTest) -> None:
        """Both are known from the beginning."""
        super().__init__(service)
        self.first, self.second = new_id(), new_id()
        self.of(self.first)

    def of(self, member: UUID) -> None:
        """Tell of this entry from now on."""
        self.member = member

    async def told(self) -> None:
        self.registers()
        for item in list(SixOnesItem)[:3]:
            self.completes(item)
        self.served(360, date(2026, 4, 1))
        self.served(360, date(2026, 4, 2))
        last = self.served(150, date(2026, 4, 5))
        self.holds_post(24)
        for day in (1, 2):
            self.served(0, date(2026, 7, day), duty_units=4)
        self.misses(date(2026, 8, 1))
        closed: dict[str, Any] = {
            "registration_id": self.registration,
            "certificate_id": new_id(),
            "member_id": self.first,
            "unit_id": self.unit,
        }
        self.tell(
            RegistrationClosed(**closed, community_id=self.community, reason=ClosureReason.MOVED, closed_on=date(2026, 6, 30)),
            on=date(2026, 6, 30),
            stream=f"registration/{self.registration}",
        )
        self.service.now = datetime(2026, 4, 20, tzinfo=UTC)
        await self.service.settled()
        await self.rate(last.activity_id, 5, 5, 5, 5, 4, 4)
        self.service.now = datetime(2026, 12, 20, tzinfo=UTC)
        await self.assess()
        self.of(self.second)
        self.registration = new_id()
        self.registers(date(2026, 3, 1))
        for item in list(SixOnesItem)[2:5]:
            self.completes(item)
        self.served(360, date(2026, 4, 3))
        self.served(360, date(2026, 4, 4))
        for day in (3, 4, 5):
            self.served(0, date(2026, 7, day), duty_units=4)
        self.misses(date(2026, 8, 8))
        self.adopted()
        await self.service.settled()

    def merge(self) -> None:
        merged = MemberIdentitiesMerged(member_id=self.first, into_member_id=self.second, unit_id=self.unit, reason="重复登记")
        self.tell(merged, on=date(2026, 12, 21), stream=f"member/{self.first}")
        followed = MemberIdentityFollowed(member_id=self.first, into_member_id=self.second)
        self.tell(followed, on=date(2026, 12, 21), stream=f"post/{self.post}")


def points(statement: dict[str, Any]) -> Counter[tuple[str, str]]:
    return Counter((line["rule_id"], line["points"]) for line in statement["lines"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def undivided(service: ServiceUnderTest) -> AsyncIterator[Year]:
    """The first test vector told of one entry, with a correction, a voided record, a released post and an excused absence."""
    before, service.district = service.district, "undivided"
    told = Year(service)
    await told.rules()
    await told.open()
    record = await tv1(told)
    excused = told.misses(date(2026, 9, 1))
    told.tell(told.attendance(excused, Attendance.EXCUSED), on=date(2026, 9, 3), stream=f"activity/{excused}")
    told.tell(correction(record), on=date(2026, 10, 9), stream=f"activity/{record.activity_id}")
    void = told.served(120, date(2026, 10, 1))
    told.tell(voiding(void), on=date(2026, 10, 5), stream=f"activity/{void.activity_id}")
    told.tell(release(told), on=date(2026, 10, 20), stream=f"post/{told.post}")
    await service.settled()
    yield told
    service.district = before


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> TwoEntries:
    """Merged before anything is published; afterwards a record of the given-up entry is corrected, its post released."""
    told = TwoEntries(service)
    await told.rules()
    await told.open()
    await told.told()
    told.merge()
    await service.settled()
    return told


async def test_halves_of_two_entries_are_the_whole_of_one_to_the_hundredth(year: TwoEntries) -> None:
    statement = await year.statement("live-statement")
    assert (statement["member_id"], statement["score"], statement["grade"]) == (str(year.second), "85.75", "EXCELLENT")
    assert statement["eligible_days"] == 365
    sources = [source for line in statement["lines"] for source in line["source_event_ids"] if line["rule_id"].startswith("C3")]
    assert len(sources) == len(set(sources))


async def test_the_given_up_id_leads_to_the_remaining_entry(year: TwoEntries) -> None:
    given_up = f"/periods/{year.period}/members/{year.first}/live-statement"
    for who in (year.self_, year.unit_secretary, year.reviewer):
        answer = await year.service.get(given_up, as_=who)
        assert answer.status_code == 200, answer.text
        assert answer.json()["member_id"] == str(year.second)
    stranger = year.service.token(Role.MEMBER, subject=str(new_id()))
    assert (await year.service.get(given_up, as_=stranger)).status_code == 403


async def test_a_case_is_listed_once_with_what_was_assessed_under_either_entry(year: TwoEntries) -> None:
    cases = (await year.service.get(f"/periods/{year.period}/cases", as_=year.unit_secretary, params={"unit_id": str(year.unit)})).json()
    (case,) = cases["items"]
    assert (case["member_id"], case["is_unit_assessed"], case["community_opinion"]) == (str(year.second), True, "COMMENDED")


async def told_on(year: TwoEntries) -> dict[str, list[Recorded]]:
    """The history with what happens after the merge: a record of the one goes on under the other, so does the claim."""
    record = year.served(120, date(2026, 10, 1))
    year.tell(correction(record), on=date(2026, 12, 22), stream=f"activity/{record.activity_id}")
    year.of(year.first)
    taken_over = year.served(90, date(2026, 10, 2))
    year.of(year.second)
    goes_on = taken_over.model_copy(update={"member_id": year.second})
    year.tell(correction(goes_on), voiding(goes_on), on=date(2026, 12, 22), stream=f"activity/{taken_over.activity_id}")
    year.tell(release(year), on=date(2026, 12, 22), stream=f"post/{year.post}")
    await year.service.settled()
    return await history(year)


async def test_any_order_of_arrival_gives_the_same_rows_and_the_same_statement(year: TwoEntries, database: Database) -> None:
    told = await told_on(year)
    expected = await applied(year, one_by_one(told))
    for order in permutations(("registration", "activities", "evaluation")):
        assert await applied(year, (told[name] for name in order)) == expected, order
    for seed in range(6):
        assert await applied(year, interleaved(told, seed)) == expected, seed
    lines = {rule: [line for line in expected[1].lines if line.rule_id == rule] for rule in ("C3.hours", "C4.posts")}
    assert len(lines["C3.hours"]) == 6, "the record that was voided under the remaining entry counts under none"
    (post,) = lines["C4.posts"]
    assert post.inputs["agreed"] == "19", "released by the one who took it over"
    rebuilt = await rebuild(
        SERVICE.read_model(),
        year.service.feeds,
        owner_url=database.url("evaluation_owner"),
        service_url=database.url("evaluation"),
        swap=False,
    )
    assert rebuilt.is_equal


async def test_a_chain_of_merges_ends_at_the_last_and_a_circle_nowhere(year: TwoEntries) -> None:
    third = new_id()

    def chain(*pairs: tuple[UUID, UUID]) -> Sequence[Recorded]:
        merged = [MemberIdentitiesMerged(member_id=one, into_member_id=other, unit_id=year.unit, reason="重复") for one, other in pairs]
        return year.tell(*merged, stream=f"member/{third}")

    chain((year.second, third), (third, year.first))
    await year.service.settled()
    third_token = year.service.token(Role.MEMBER, subject=str(third))
    for member in (year.first, year.second, third):
        path = f"/periods/{year.period}/members/{member}/live-statement"
        answer = await year.service.get(path, as_=third_token)
        assert (answer.status_code, answer.json()["member_id"]) == (200, str(third))
    year.of(third)


def split(told: dict[str, list[Recorded]], member: UUID, other: UUID, chance: random.Random) -> dict[str, list[Recorded]]:
    """The same history, told of two entries: each stream goes over to the other at some event or never; a checklist has no such order."""
    moved: set[str] = set()

    def of(event: Recorded) -> Recorded:
        if getattr(event.data, "member_id", None) != member or event.data is None:
            return event
        is_over = event.stream in moved or chance.random() < 0.4
        if is_over and not event.stream.startswith("checklist"):
            moved.add(event.stream)
        return event._replace(data=event.data.model_copy(update={"member_id": other})) if is_over else event

    parts = {name: [of(event) for event in events] for name, events in told.items()}
    last = parts["registration"][-1]
    merged = MemberIdentitiesMerged(member_id=member, into_member_id=other, unit_id=new_id(), reason="重复登记")
    parts["registration"].append(last._replace(data=merged, sequence=last.sequence + 1))
    return parts


@pytest.mark.parametrize("seed", range(8))
async def test_however_a_year_is_divided_between_two_entries_no_line_is_lost_or_doubled(undivided: Year, seed: int) -> None:
    told, chance = await history(undivided), random.Random(seed)
    facts = {name: [event for event in events if event.name not in PUBLISHED] for name, events in told.items()}

    def lines(statement: Statement) -> list[tuple[Any, ...]]:
        return [(line.rule_id, line.occurred, line.points, line.source_event_ids) for line in statement.lines]

    _, whole = await applied(undivided, one_by_one(facts))
    member, other = undivided.member, new_id()
    divided = split(facts, member, other, chance)
    undivided.member = other
    try:
        _, joined = await applied(undivided, interleaved(divided, seed))
    finally:
        undivided.member = member
    assert lines(joined) == lines(whole)
    assert (joined.score, joined.grade, joined.eligible_days) == (whole.score, whole.grade, whole.eligible_days)


async def test_statements_of_both_become_one_and_what_was_contested_under_the_other_is_finished(service: ServiceUnderTest) -> None:
    service.district = "published-twice"
    year = TwoEntries(service)
    await year.rules()
    await year.open()
    await year.told()
    await year.publish(**{str(year.second): "NOT_RATED"})
    await service.settled()
    year.of(year.first)
    appeal = await service.post(f"{year.case}/appeals", as_=year.self_, json={"grounds": "另一半记录在别的名下"})
    assert appeal.status_code == 201, appeal.text
    counts = (await service.get(f"/periods/{year.period}/grades", as_=year.district_admin)).json()
    assert counts["published"] == 2
    year.merge()
    await service.settled()
    year.of(year.second)
    statement = await year.statement()
    assert (statement["version"], statement["score"], statement["cause"]) == (2, "85.75", "LATE_FACTS")
    assert (statement["is_under_review"], statement["grade"]) == (True, "NOT_RATED")
    (head,) = (await service.get("/me/statements", as_=year.self_)).json()["items"]
    assert head["version"] == 2
    counts = (await service.get(f"/periods/{year.period}/grades", as_=year.district_admin)).json()
    assert counts["published"] == 1
    (open_appeal,) = (await service.get(f"{year.case}/appeals", as_=year.self_)).json()
    refused = await service.post(f"{year.case}/grade", as_=year.unit_secretary, json={"grade": "GOOD"})
    assert (refused.status_code, refused.json()["code"]) == (409, "grade_under_review")
    path, why = f"{year.case}/appeals/{open_appeal['appeal_id']}/accept", {"reasons": "合并后已计入"}
    own = service.token(Role.APPEAL_REVIEWER, Role.MEMBER, subject=str(year.second))
    assert (await service.post(path, as_=own, json=why)).json()["code"] == "reviewer_not_independent"
    assert (await service.post(path, as_=year.reviewer, json=why)).status_code == 200
    accepted = [each.data for each in await service.log() if isinstance(each.data, AppealAccepted)]
    assert [(each.restated_version, each.unchanged_because) for each in accepted] == [(None, None)], "the statement is the other entry's"
    await service.settled()
    statement = await year.statement()
    assert (statement["grade"], statement["score"]) == ("EXCELLENT", "85.75")
    assert (await service.post(f"{year.case}/grade", as_=year.unit_secretary, json={"grade": "GOOD"})).status_code == 200


async def test_what_was_published_under_the_given_up_entry_alone_is_published_under_the_other(service: ServiceUnderTest) -> None:
    service.district = "published-once"
    year = Year(service)
    await year.rules()
    await year.open()
    year.registers()
    year.served(360, date(2026, 4, 1))
    await service.settled()
    await year.assess()
    await year.publish()
    await service.settled()
    before = await year.statement()
    old, year.member = year.member, new_id()
    year.tell(MemberIdentitiesMerged(member_id=old, into_member_id=year.member, unit_id=year.unit, reason="重复登记"))
    await service.settled()
    after = await year.statement()
    assert (after["version"], after["score"]) == (1, before["score"])
    assert points(after) == points(before)
    assert "ScoreStatementRestated" not in await service.names()


async def test_one_event_is_held_against_a_person_once(service: ServiceUnderTest) -> None:
    """Proposed under the entry that is given up: afterwards there is no second proposal under either, and it is decided where it began."""
    service.district = "held-against-once"
    year = TwoEntries(service)
    await year.rules()
    await year.open()
    year.lies_in_its_street()
    await year.told()
    year.of(year.first)
    records = [year.tell(year.record(60, date(2026, 4, day)), stream="activity/false")[0].id for day in (6, 7)]
    await service.settled()
    early, late = ({"kind": "RECORD_FALSE", "source_event_id": str(each), "reason": "签到与实际不符"} for each in records)

    async def propose(what: dict[str, Any], member: UUID) -> Any:
        year.of(member)
        return await service.post(f"{year.case}/deductions", as_=year.community_secretary, json=what)

    first = (await propose(early, year.first)).json()["result"]["deduction_id"]
    unknown = await propose(early, year.second)
    assert (unknown.status_code, unknown.json()["code"]) == (409, "source_event_unknown"), "nobody knows yet that both are one"
    year.merge()
    await service.settled()
    for member in (year.first, year.second):
        refused = await propose(early, member)
        assert (refused.status_code, refused.json()["code"]) == (409, "deduction_already_proposed")
    assert (await propose(late, year.second)).status_code == 201, "what one entry did is the person's, whichever is asked about"
    service.now = datetime(2027, 1, 8, tzinfo=UTC)
    for member in (year.first, year.second):
        year.of(member)
        path = f"{year.case}/deductions/{first}/uphold"
        upheld = await service.post(path, as_=year.street_admin, json={"reason": "情况属实"})
        assert upheld.status_code == (200 if member == year.first else 409)


async def test_a_probationary_member_is_rated_from_the_period_in_which_they_became_a_full_one(service: ServiceUnderTest) -> None:
    service.district = "full-member"
    year = Year(service)
    await year.rules()
    await year.open()
    probationary = PoliticalStatusChanged(member_id=year.member, political_status=PoliticalStatus.PROBATIONARY)
    year.registers()
    year.tell(probationary, on=date(2026, 2, 1))
    await service.settled()
    await year.assess()
    assert (await year.statement("live-statement"))["not_rated_reason"] == "PROBATIONARY"
    await year.publish()
    full = PoliticalStatusChanged(member_id=year.member, political_status=PoliticalStatus.MEMBER)
    year.tell(full, on=date(2027, 1, 5))
    await service.settled()
    assert (await year.statement())["not_rated_reason"] == "PROBATIONARY", "a later year is a later year"
    year.tell(full, on=date(2026, 12, 30))
    await service.settled()
    restated = await year.statement()
    assert (restated["version"], restated["not_rated_reason"]) == (2, None)
