"""rebuild: a million events of twenty thousand members → facts and statements, in one process.

References: reading and decoding the same events, and an `eventsourcing` process application that folds the same service records into one
aggregate per member (with fewer events, as its rate does not depend on their number).
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import orjson

from bench.events import DISTRICT, START, confirmed, uuid
from bench.harness import Bench, Figure, Result, library_environment
from ops.provision import Database as Provisioned
from services.evaluation import scorebook
from services.evaluation.app import SERVICE as EVALUATION
from services.evaluation.rule_sets.api import preset
from shared.contracts.evaluation.periods import EvaluationPeriodOpened, RuleSetDrafted, RuleSetPublished
from shared.contracts.event import Event
from shared.contracts.registration.registrations import MemberRegistered, RegistrationConfirmed
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.envelope import Context
from shared.eventlog.garbage import rarely_collected
from shared.eventlog.log import Append, EventLog, Mark, Page, StreamVersion
from shared.testing.samples import sample

EVENTS, MEMBERS = 1_000_000, 20_000
EVENTS_WHEN_QUICK, MEMBERS_WHEN_QUICK = 20_000, 400
LIBRARY_EVENTS, LIBRARY_MEMBERS = 1_000, 20
PER_CALL = 500
STATEMENTS_AT_ONCE = 200
PERIOD = uuid("period")


class Logs:
    """The feeds without HTTP: the same keyset reads."""

    def __init__(self, logs: dict[str, EventLog]) -> None:
        """One log per producing service."""
        self.logs = logs

    async def heads(self, service: str) -> dict[str, Mark]:
        """The last events."""
        return await self.logs[service].heads()

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        """Events behind `after`."""
        return await self.logs[service].page(district, after, limit)


async def run(bench: Bench) -> Result:
    """Events and statements per second, one long round; peak memory of this process in megabytes."""
    events, members = (EVENTS_WHEN_QUICK, MEMBERS_WHEN_QUICK) if bench.is_quick else (EVENTS, MEMBERS)
    _, registration = await bench.migrated("registration")
    _, activities = await bench.migrated("activities")
    _, evaluation = await bench.migrated("evaluation")
    async with registration, activities, evaluation:
        pools = {"registration": registration, "activities": activities, "evaluation": evaluation}
        source = Logs({name: EventLog(pool, name) for name, pool in pools.items()})
        await _fill(bench, source, events, members)
        raw = [await _raw(bench, source)]
        values = await _ours(bench, source, evaluation)
        raw.append(await _raw(bench, source))
    bench.step("the eventsourcing library")
    library = _library(await bench.database())
    values |= {"raw": sum(raw) / len(raw), "eventsourcing": library}
    values |= {"ratio_raw": values["events_per_s"] / values["raw"], "ratio_eventsourcing": values["events_per_s"] / library}
    values["share_of_allowed_memory"] = 600 / values["peak_mb"]
    figures = {
        "ours": Figure(*(values["events_per_s"],) * 3),
        "raw": Figure(values["raw"], min(raw), max(raw)),
        "eventsourcing": Figure(library, library, library),
    }
    return Result("rebuild", "events/s", figures, values, {"ratio_raw": 0.2, "ratio_eventsourcing": 10.0, "share_of_allowed_memory": 1.0})


async def _ours(bench: Bench, source: Logs, database: Database) -> dict[str, float]:
    bench.step("facts from the feeds")
    _forget_peak()
    consumer = OrderedConsumer(database, source, EVALUATION.sources, EVALUATION.project, None)
    began = perf_counter()
    with rarely_collected():  # as shared.eventlog.rebuild does
        await consumer.catch_up()
    filled = perf_counter()
    bench.step("statements from the facts")
    statements = 0
    async with database.district(DISTRICT, readonly=True) as tx:
        period = await scorebook.load_period(tx, DISTRICT, PERIOD)
        assert period is not None
        everybody = await scorebook.registrants(tx, DISTRICT, period)
        for first in range(0, len(everybody), STATEMENTS_AT_ONCE):
            statements += len(await scorebook.compute(tx, DISTRICT, period, everybody[first : first + STATEMENTS_AT_ONCE]))
    ended = perf_counter()
    events = sum(consumer.progress.positions.values())
    return {
        "events": events,
        "events_per_s": events / (ended - began),
        "facts_per_s": events / (filled - began),
        "statements_per_s": statements / (ended - filled),
        "peak_mb": _peak_mb(),
    }


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float:
    """Peak memory of this process since `_forget_peak`."""
    [peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(peak.split()[1]) / 1024


async def _raw(bench: Bench, source: Logs) -> float:
    bench.step("reading and decoding alone")
    began, read = perf_counter(), 0
    for name in source.logs:
        after = 0
        while bodies := (await source.read(name, DISTRICT, after, PER_CALL)).bodies:
            after += len(bodies)
            read += len([orjson.loads(body) for body in bodies])
    return read / (perf_counter() - began)


async def _fill(bench: Bench, source: Logs, events: int, members: int) -> None:
    story = {
        "evaluation": _programme(),
        "registration": (event for number in range(members) for event in _registered(number)),
        "activities": (_served(number, members) for number in range(events - 2 * members - 3)),
    }
    for name, stream in story.items():
        batch: list[Append] = []
        for number, (stream_name, version, event) in enumerate(stream, 1):
            batch.append(_append(name, number, stream_name, version, event))
            if len(batch) == PER_CALL:
                bench.step(f"filling the log of {name}, {number:,}")
                await source.logs[name].append(DISTRICT, batch)
                batch = []
        if batch:
            await source.logs[name].append(DISTRICT, batch)


def _append(name: str, number: int, stream: str, version: int, event: Event) -> Append:
    return Append(Context(DISTRICT, uuid(name, number), START, "bench"), StreamVersion(stream, version), [event])


def _programme() -> Iterator[tuple[str, int, Event]]:
    rule_set, year = uuid("rules"), {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    yield f"rule-set/{rule_set}", 0, sample(RuleSetDrafted, rule_set_id=rule_set, definition=preset("default"))
    yield f"rule-set/{rule_set}", 1, sample(RuleSetPublished, rule_set_id=rule_set, effective_from=date(2026, 1, 1), effective_to=None)
    yield f"period/{PERIOD}", 0, sample(EvaluationPeriodOpened, period_id=PERIOD, programme_deadline=date(2026, 3, 1), **year)


def _registered(number: int) -> Iterator[tuple[str, int, Event]]:
    whose: dict[str, Any] = {"registration_id": uuid("registration", number), "member_id": uuid("member", number)}
    stream = f"registration/{whose['registration_id']}"
    yield stream, 0, sample(MemberRegistered, **whose, reported_on=date(2026, 1, 5))
    yield stream, 1, sample(RegistrationConfirmed, **whose)


def _served(number: int, members: int) -> tuple[str, int, Event]:
    record_id = uuid("record", number)
    return f"activity/{record_id}", 0, confirmed(record_id, uuid("member", number % members), 30 + number % 90)


def _library(database: Provisioned) -> float:
    """Events per second that a process application of `eventsourcing` folds into one aggregate per member."""
    from eventsourcing.application import AggregateNotFoundError  # noqa: PLC0415 - of the bench dependencies only
    from eventsourcing.domain import Aggregate, event  # noqa: PLC0415
    from eventsourcing.system import ProcessApplication  # noqa: PLC0415

    # The library's type hints do not allow its documented use.
    base: Any = ProcessApplication

    class Record(Aggregate):
        def __init__(self, member_id: str, minutes: int) -> None:
            self.member_id, self.minutes = member_id, minutes

    class Total(Aggregate):
        def __init__(self, member_id: str) -> None:
            self.member_id, self.minutes = member_id, 0

        @staticmethod
        def create_id(member_id: str) -> UUID:
            return uuid("total", member_id)

        @event("Added")
        def add(self, minutes: int) -> None:
            self.minutes += minutes

    class Records(base):
        def policy(self, domain_event: Any, processing_event: Any) -> None: ...

    class Totals(base):
        def policy(self, domain_event: Any, processing_event: Any) -> None:
            try:
                total = self.repository.get(Total.create_id(domain_event.member_id))
            except AggregateNotFoundError:
                total = Total(domain_event.member_id)
            total.add(domain_event.minutes)
            processing_event.collect_events(total)

    environment = library_environment(database)
    records, totals = Records(env=environment), Totals(env=environment)
    try:
        records.save(*(Record(str(number % LIBRARY_MEMBERS), 60) for number in range(LIBRARY_EVENTS)))
        totals.follow(records.name, records.notification_log)
        began = perf_counter()
        totals.pull_and_process(records.name)
        elapsed = perf_counter() - began
        folded = sum(totals.repository.get(Total.create_id(str(number))).minutes for number in range(LIBRARY_MEMBERS))
        assert folded == 60 * LIBRARY_EVENTS
        return LIBRARY_EVENTS / elapsed
    finally:
        totals.close()
        records.close()
