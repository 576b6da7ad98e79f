"""The read model depends on what happened, not on how it arrived: batches, order between services, delivery again, rebuild."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest
import pytest_asyncio

from ops.provision import Database
from services.evaluation import scorebook
from services.evaluation.app import SERVICE
from services.evaluation.scoring.engine import Statement
from shared.contracts.activities.codes import Attendance, ReleaseReason
from shared.contracts.activities.posts import PostEstablished, PostReleased, PostTakenUp
from shared.contracts.activities.records import ActivityConfirmed, ActivityCorrected, ActivityPlanned, ActivityVoided, AttendanceRecorded
from shared.contracts.event import Event
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.registrations import MemberRegistered, RegistrationClosed, RegistrationConfirmed
from shared.eventlog.envelope import Recorded, decode
from shared.eventlog.rebuild import rebuild
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, new_id, tv1

TABLES = (
    "facts", "merged", "registrations", "political_statuses", "activity_days", "post_terms", "periods", "rule_sets", "cases",
    "exemptions", "waivers", "deductions", "appeals", "statements", "feedback_reports", "exports", "award_rounds",
    "award_nominees", "award_objections",
)  # fmt: skip
History = dict[str, list[Recorded]]


class _Undo(Exception):
    """Rolls the transaction back."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> Year:
    """A year with a correction, a voided record, a released post, an excused absence and a published statement."""
    told = Year(service)
    await told.rules()
    await told.open()
    record = await tv1(told)
    excused = told.misses(date(2026, 9, 1))
    told.tell(told.attendance(excused, Attendance.EXCUSED), on=date(2026, 9, 3), stream=f"activity/{excused}")
    voided = told.served(120, date(2026, 10, 1))
    told.tell(voiding(voided), on=date(2026, 10, 5), stream=f"activity/{voided.activity_id}")
    told.tell(correction(record), on=date(2026, 10, 9), stream=f"activity/{record.activity_id}")
    told.tell(release(told), on=date(2026, 10, 20), stream=f"post/{told.post}")
    await told.publish()
    await service.settled()
    return told


def voiding(record: ActivityConfirmed) -> ActivityVoided:
    ids: dict[str, Any] = record.model_dump(include={"record_id", "activity_id", "member_id", "community_id", "unit_id"})
    return ActivityVoided(
        **ids,
        voids_event_id=record.record_id,
        revision=2,
        reason="重复登记",
        voided_by="secretary",
        before_minutes=record.minutes,
        before_served_on=record.served_on,
    )


def correction(record: ActivityConfirmed) -> ActivityCorrected:
    return ActivityCorrected(
        **record.model_dump(exclude={"confirmed_by", "minutes", "revision"}),
        minutes=210,
        corrects_event_id=record.record_id,
        revision=2,
        reason="起止时间录入有误",
        corrected_by="clerk",
        before_minutes=record.minutes,
        before_served_on=record.served_on,
    )


def release(told: Year) -> PostReleased:
    return PostReleased(
        post_id=told.post,
        claim_id=told.claim,
        member_id=told.member,
        community_id=told.community,
        reason=ReleaseReason.WORKLOAD,
        released_on=date(2026, 10, 20),
        notice_days=14,
        with_notice=True,
        fulfilled_units=20,
        agreed_units=19,
        originally_agreed_units=24,
    )


def first(events: Sequence[Recorded], kind: type[Event]) -> Recorded:
    return next(event for event in events if isinstance(event.data, kind))


def changed(event: Recorded, **fields: Any) -> Recorded:
    assert event.data is not None
    return event._replace(data=event.data.model_copy(update=fields), id=new_id())


def undo() -> None:
    raise _Undo


async def history(year: Year) -> History:
    bodies = year.service.feeds.bodies
    foreign = {name: [decode(body) for body in bodies[name, year.service.district]] for name in ("registration", "activities")}
    return {**foreign, "evaluation": await year.service.log()}


async def applied(year: Year, batches: Iterator[Sequence[Recorded]]) -> tuple[list[str], Statement]:
    """Rows of all tables, and the statement, after these batches on an empty read model."""
    rows: list[str] = []
    statements: dict[Any, Statement] = {}
    try:
        async with year.service.parts.database.district(year.service.district) as tx:
            for table in TABLES:
                await tx.execute(f"DELETE FROM {table}")
            for batch in batches:
                await SERVICE.project(tx, batch)
            for table in TABLES:
                rows += sorted(f"{table} {row['line']}" for row in await tx.fetch(f"SELECT t::text AS line FROM {table} t"))
            period = await scorebook.load_period(tx, year.service.district, year.period)
            assert period is not None
            statements = await scorebook.compute(tx, year.service.district, period, [year.member])
            undo()
    except _Undo:
        pass
    return rows, statements[year.member]


def one_by_one(told: History) -> Iterator[Sequence[Recorded]]:
    return ([event] for events in told.values() for event in events)


def interleaved(told: History, seed: int) -> Iterator[Sequence[Recorded]]:
    """Batches of random size from randomly chosen services; within a service in order."""
    chance = random.Random(seed)
    left = {name: list(events) for name, events in told.items()}
    while any(left.values()):
        name = chance.choice([name for name, events in left.items() if events])
        size = chance.randint(1, 40)
        yield left[name][:size]
        left[name] = left[name][size:]


async def test_batches_equal_one_by_one_and_what_is_live(year: Year) -> None:
    told = await history(year)
    single = await applied(year, one_by_one(told))
    whole = await applied(year, iter(list(told.values())))
    assert whole == single
    assert sum(len(events) for events in told.values()) > 40
    assert (await year.statement("live-statement"))["score"] == str(single[1].score)


@pytest.mark.parametrize("order", list(permutations(("registration", "activities", "evaluation"))), ids="-".join)
async def test_services_may_arrive_in_any_order(year: Year, order: tuple[str, ...]) -> None:
    told = await history(year)
    assert await applied(year, (told[name] for name in order)) == await applied(year, one_by_one(told))


@pytest.mark.parametrize("seed", range(6))
async def test_services_may_interleave(year: Year, seed: int) -> None:
    told = await history(year)
    assert await applied(year, interleaved(told, seed)) == await applied(year, one_by_one(told))


async def test_statements_of_a_batch_that_depend_on_each_other_keep_their_order(year: Year) -> None:
    """Terms and days change between claims and absences that want them; a registration is closed between two others."""
    told = await history(year)
    registered, confirmed = (first(told["registration"], each) for each in (MemberRegistered, RegistrationConfirmed))
    established, taken = (first(told["activities"], each) for each in (PostEstablished, PostTakenUp))
    planned, noted, record = (first(told["activities"], each) for each in (ActivityPlanned, AttendanceRecorded, ActivityConfirmed))
    activities: list[Recorded] = []
    registrations = [changed(confirmed)]
    for number in range(3):
        claim, member, registration = new_id(), new_id(), new_id()
        whose = {"registration_id": registration, "member_id": member}
        ids = {**whose, "certificate_id": new_id(), "unit_id": year.unit, "community_id": year.community}
        closed = RegistrationClosed(**ids, reason=ClosureReason.RETIRED, closed_on=date(2026, 7, 1))
        release_ = release(year).model_copy(update={"claim_id": claim, "with_notice": number == 1})
        activities += [
            changed(taken, claim_id=claim),
            changed(record, record_id=claim),
            changed(established, term_end=date(2026, 9, 1 + number)),
            changed(noted, member_id=member),
            changed(taken, claim_id=member),
            changed(planned, starts_at=datetime(2026, 5, 1 + number, 1, tzinfo=UTC)),
            taken._replace(data=release_, id=new_id(), stream_version=9),
            changed(noted, member_id=claim),
        ]
        registrations += [
            changed(registered, **whose),
            changed(confirmed, **whose),
            *([confirmed._replace(data=closed, id=new_id())] if number else []),
        ]
    more = [registrations, activities]
    single = await applied(year, iter([*told.values(), *([event] for events in more for event in events)]))
    assert await applied(year, iter([*told.values(), *more])) == single
    for day in ("2026-09-01", "2026-09-02", "2026-09-03", "2026-05-01", "2026-05-02"):
        assert any(day in row for row in single[0] if row.startswith("facts")), f"nothing depends on {day}"


async def test_corrected_voided_released_and_excused_count_as_they_stand(year: Year) -> None:
    live = await year.statement("live-statement")
    lines = {rule: [line for line in live["lines"] if line["rule_id"] == rule] for rule in ("C3.hours", "C4.posts", "D1.no_show")}
    assert [line["inputs"]["hours"] for line in lines["C3.hours"] if line["points"] != "0.00"] == ["6", "6", "6", "6", "3.5"]
    (post,) = lines["C4.posts"]
    assert (post["inputs"]["agreed"], post["points"]) == ("19", "15.00")
    assert [line["points"] for line in lines["D1.no_show"]] == ["0.00", "-1.00"], "an excused absence is none"


async def test_a_rebuild_gives_the_same_rows(year: Year, database: Database) -> None:
    rebuilt = await rebuild(
        SERVICE.read_model(),
        year.service.feeds,
        owner_url=database.url("evaluation_owner"),
        service_url=database.url("evaluation"),
        swap=False,
    )
    assert rebuilt.is_equal
    assert rebuilt.events > 40


async def test_the_same_fact_again_is_the_same_row(year: Year) -> None:
    facts = [event for event in (await history(year))["activities"] if event.name in ("ActivityConfirmed", "SixOnesItemCompleted")]
    assert await applied(year, iter([*(await history(year)).values(), facts])) == await applied(year, one_by_one(await history(year)))
