"""The ordered consumer: a message only announces events, the checkpoint decides which one is next (ADR 0003).

Invariants: per (source, district) every event is applied exactly once and in sequence order; rows and checkpoint commit together;
a poison event parks its own stream and blocks nothing else.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import asyncpg

from shared.eventlog.database import Database, is_passing
from shared.eventlog.envelope import Malformed, Recorded, decode
from shared.eventlog.faultpoint import reach
from shared.eventlog.intents import Intent, store_intents
from shared.eventlog.stopping import raise_if_stopping

logger = logging.getLogger(__name__)

POSITION = "SELECT position FROM checkpoints WHERE district = $1 AND source = $2"
# Moves the checkpoint if it is where this process left it; returns the parked streams and the sequences that an operator skipped.
BEGIN_RUN = """
WITH moved AS (
    INSERT INTO checkpoints (district, source, position, newest) VALUES ($1, $2, $4, $5)
    ON CONFLICT (district, source) DO UPDATE SET position = $4, newest = greatest(checkpoints.newest, $5) WHERE checkpoints.position = $3
    RETURNING position
)
SELECT (SELECT count(*) FROM moved) AS moved,
       ARRAY(SELECT DISTINCT stream FROM parked WHERE district = $1 AND source = $2) AS streams,
       ARRAY(SELECT sequence FROM operator_decisions
             WHERE district = $1 AND source = $2 AND decision = 'skipped' AND sequence > $3 AND sequence <= $4) AS skipped
"""
NEWEST = "SELECT max(newest) FROM checkpoints WHERE district = $1"
PARK = "INSERT INTO parked (district, source, sequence, stream, error, body) VALUES ($1, $2, $3, $4, $5, $6)"

BATCH = 500  # events per transaction
POLL = 3.0  # seconds between polls of the feeds, whether or not messages arrive

Project = Callable[[asyncpg.Connection, Sequence[Recorded]], Awaitable[None]]
React = Callable[[Recorded], Sequence[Intent]]
Lane = tuple[str, str]  # (source service, district)


class Source(Protocol):
    """Where missing events are fetched: the feeds of the producing services (shared.eventlog.feed)."""

    async def heads(self, service: str) -> dict[str, int]:
        """Log size per district of a producing service."""
        ...

    async def read(self, service: str, district: str, after: int, limit: int) -> list[bytes]:
        """Up to `limit` bodies behind `after`, in sequence order."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message from the broker: the bytes, and how to settle it."""

    body: bytes
    acknowledge: Callable[[], Awaitable[None]]  # this message and every unsettled one before it on its channel
    reject: Callable[[], Awaitable[None]]  # this message only: to the dead-letter exchange, never back to the queue


class Fenced(Exception):
    """The checkpoint is not where this process left it: another process consumes too."""


@dataclass(slots=True)
class Progress:
    """Positions and counters of the consumer, for readiness and metrics."""

    positions: dict[Lane, int] = field(default_factory=dict)
    heads: dict[Lane, int] = field(default_factory=dict)
    moved: int = 0  # batches applied
    applied: Counter[str] = field(default_factory=Counter[str])  # events applied, by source
    gaps: int = 0  # times events were missing from the bus and read from the feed
    # Logs that end before our checkpoint, with that checkpoint: they were restored from an old backup. No event of theirs is applied.
    ahead: dict[Lane, int] = field(default_factory=dict[Lane, int])

    def lag(self) -> int:
        """Events known to exist in the sources and not applied yet."""
        return sum(max(0, head - self.positions.get(lane, 0)) for lane, head in self.heads.items())


class OrderedConsumer:
    """Applies the events of `sources` to one read schema, in order. `run()` as one task; `offer()` from the broker's callbacks."""

    def __init__(
        self,
        database: Database,
        source: Source,
        sources: Sequence[str],
        project: Project,
        react: React | None,
        *,
        on_intents: Callable[[], None] = lambda: None,
    ) -> None:
        """`react` None: side effects are off (rebuild). `on_intents` is called after a commit that stored some."""
        self._database = database
        self._source = source
        self._sources = tuple(sources)
        self._project = project
        self._react = react
        self._on_intents = on_intents
        self._has_intents = False
        # Called when an event with a new latest business time was committed: with a simulated clock, intents may have become due.
        self.on_time: Callable[[], None] | None = None
        self._newest: dict[str, datetime] = {}
        self._deliveries: asyncio.Queue[Delivery] = asyncio.Queue()
        self._advanced = asyncio.Condition()
        self.progress = Progress()

    async def offer(self, delivery: Delivery) -> None:
        """Queue a message from the broker. It is settled after the commit that covers it; the prefetch count bounds the queue."""
        await self._deliveries.put(delivery)

    async def run(self) -> None:
        """Consume until cancelled. Any failure that is not an event's own fault is retried after a pause."""
        looked = 0.0
        loop = asyncio.get_running_loop()
        held: list[Delivery] = []
        while True:
            try:
                if not held:
                    held = await self._collect()
                await self.take(held)
                held = []
                if loop.time() - looked > POLL:
                    looked = loop.time()
                    await self.catch_up()
            except Exception as error:
                raise_if_stopping()
                level = logging.WARNING if is_passing(error) or isinstance(error, Fenced) else logging.ERROR
                logger.log(level, "consumer interrupted", exc_info=level == logging.ERROR, extra={"code": type(error).__name__})
                self.progress.positions.clear()
                await asyncio.sleep(0.5)

    async def _collect(self) -> list[Delivery]:
        try:
            async with asyncio.timeout(POLL):  # wait_for can swallow a cancellation before Python 3.12
                held = [await self._deliveries.get()]
        except TimeoutError:
            return []
        while len(held) < BATCH and not self._deliveries.empty():
            held.append(self._deliveries.get_nowait())
        return held

    async def take(self, held: Sequence[Delivery]) -> None:
        """Apply the announced events in the order of arrival, then settle the messages; what is no event of a source is dead-lettered."""
        lanes: defaultdict[Lane, dict[int, Recorded]] = defaultdict(dict)
        applied: list[Delivery] = []
        refused: list[Delivery] = []
        for delivery in held:
            try:
                event = decode(delivery.body)
            except Malformed as error:
                logger.error("message is not an event: dead-lettered", extra={"code": str(error)})  # noqa: TRY400 - a traceback would add nothing
                refused.append(delivery)
                continue
            if event.service in self._sources:
                lanes[event.service, event.district][event.sequence] = event
                applied.append(delivery)
            else:
                refused.append(delivery)
        for lane, events in lanes.items():
            await self._advance(lane, events)
        reach("consumer.committed")
        for each in refused:
            await each.reject()
        if applied:
            await applied[-1].acknowledge()

    async def _advance(self, lane: Lane, events: dict[int, Recorded]) -> None:
        """Apply `lane` up to the highest sequence offered; events missing from the bus are read from the feed."""
        if lane in self.progress.ahead:
            return
        goal = max(events)
        position = await self._position(lane)
        while position < goal:
            run: list[Recorded] = []
            while position + len(run) + 1 in events:
                run.append(events[position + len(run) + 1])
            if run:
                position = await self._apply(lane, position, run)
            else:
                missing = await self._source.read(lane[0], lane[1], position, BATCH)
                self.progress.gaps += 1
                if not missing:
                    # The message is ahead of the log that it claims to come from, so it cannot be genuine.
                    logger.error("message is ahead of its log", extra={"source": lane[0], "sequence": goal, "count": position})
                    return
                position = await self._apply(lane, position, [decode(body) for body in missing])

    async def catch_up(self, until: dict[Lane, int] | None = None) -> None:
        """Apply events from the feeds up to `until` (default: the current heads of the feeds)."""
        if until is None:
            until = {
                (service, district): head for service in self._sources for district, head in (await self._source.heads(service)).items()
            }
            self.progress.heads = dict(until)
            await self._compare(until)
        for lane, goal in until.items():
            if lane in self.progress.ahead:
                continue
            position = await self._position(lane)
            page = await self._page(lane, position, goal)
            while page:
                ahead = asyncio.create_task(self._page(lane, page[-1].sequence, goal))  # the next page, read while this one is applied
                ahead.add_done_callback(
                    lambda task: task.cancelled() or task.exception()
                )  # retrieved even if applying this page fails first
                try:
                    position = await self._apply(lane, position, page)
                    page = await ahead
                finally:
                    ahead.cancel()

    async def _page(self, lane: Lane, after: int, goal: int) -> list[Recorded]:
        """Events of the feed behind `after` and up to `goal`, at most one batch."""
        return [decode(body) for body in await self._source.read(*lane, after, min(BATCH, goal - after))] if after < goal else []

    async def _compare(self, heads: dict[Lane, int]) -> None:
        """Find logs that have lost events already applied here. Their new events reuse the lost sequences and must not be applied.

        Readiness reports such a log until the read model has been rebuilt, which moves the checkpoint.
        """
        for lane, seen in heads.items():
            position = await self._position(lane, refresh=lane in self.progress.ahead)
            if self.progress.ahead.get(lane, position) != position:
                del self.progress.ahead[lane]
                self.progress.positions.pop(lane, None)
            elif position > seen and lane not in self.progress.ahead:
                # Read the head once more: another process of this service may have applied newer events since the first read.
                head = (await self._source.heads(lane[0])).get(lane[1], 0)
                if position > head:
                    self.progress.ahead[lane] = position
                    logger.error("log ends before our checkpoint", extra={"source": lane[0], "sequence": head, "count": position})

    async def wait_for(self, lane: Lane, position: int, timeout: float) -> bool:
        """True when the read model has applied `position` of `lane` within `timeout` seconds (read-your-writes)."""
        async with self._advanced:
            try:
                async with asyncio.timeout(timeout):
                    await self._advanced.wait_for(lambda: self.progress.positions.get(lane, 0) >= position)
            except TimeoutError:
                return await self._position(lane, refresh=True) >= position
        return True

    async def _position(self, lane: Lane, *, refresh: bool = False) -> int:
        if refresh or lane not in self.progress.positions:
            async with self._database.district(lane[1], readonly=True) as tx:
                position = await tx.fetchval(POSITION, lane[1], lane[0]) or 0
            if refresh:
                return position
            self.progress.positions[lane] = position
        return self.progress.positions[lane]

    async def _apply(self, lane: Lane, position: int, run: Sequence[Recorded]) -> int:
        """Apply a gapless run in one transaction, or event by event when one of them is poison; returns the new position."""
        if [event.sequence for event in run] != list(range(position + 1, position + 1 + len(run))):
            message = f"{lane} is at {position} but was handed {run[0].sequence}…{run[-1].sequence}"
            raise Fenced(message)
        try:
            async with self._database.district(lane[1]) as tx:
                excluded = await self._begin(tx, lane, position, run)
                if excluded or any(event.problem for event in run):
                    await self._one_by_one(tx, lane, run, excluded)
                else:
                    await self._effects(tx, run)
                reach("consumer.before_commit")
        except Exception as error:
            if is_passing(error) or isinstance(error, Fenced):
                raise
            async with self._database.district(lane[1]) as tx:
                await self._one_by_one(tx, lane, run, await self._begin(tx, lane, position, run))
        return await self._moved(lane, run)

    async def _moved(self, lane: Lane, run: Sequence[Recorded]) -> int:
        position = run[-1].sequence
        self._call_back(lane[1], run)
        async with self._advanced:
            self.progress.positions[lane] = position
            self.progress.heads[lane] = max(position, self.progress.heads.get(lane, 0))
            self.progress.moved += 1
            self.progress.applied[lane[0]] += len(run)
            self._advanced.notify_all()
        return position

    def _call_back(self, district: str, run: Sequence[Recorded]) -> None:
        if self._has_intents:
            self._has_intents = False
            self._on_intents()
        if self.on_time is not None:
            newest = max(event.time for event in run)
            if district not in self._newest or self._newest[district] < newest:
                self._newest[district] = newest
                self.on_time()

    async def newest(self, district: str) -> datetime | None:
        """Business time of the newest event applied in `district`: the time of a simulated clock."""
        async with self._database.district(district, readonly=True) as tx:
            return await tx.fetchval(NEWEST, district)

    async def _begin(self, tx: asyncpg.Connection, lane: Lane, old: int, run: Sequence[Recorded]) -> set[str | int]:
        """Move the checkpoint over `run`. Returns the parked streams of the run and the sequences that an operator skipped."""
        newest = max(event.time for event in run)
        row = await tx.fetchrow(BEGIN_RUN, lane[1], lane[0], old, run[-1].sequence, newest)
        if row is None or not row["moved"]:
            message = f"checkpoint of {lane} is not at {old}"
            raise Fenced(message)
        parked = set(row["streams"])
        return {event.stream for event in run if event.stream in parked} | set(row["skipped"])

    async def _effects(self, tx: asyncpg.Connection, run: Sequence[Recorded]) -> None:
        await self._project(tx, run)
        intents = [] if self._react is None else [(event, intent) for event in run for intent in self._react(event)]
        if intents:
            await store_intents(tx, intents)
            self._has_intents = True

    async def _one_by_one(self, tx: asyncpg.Connection, lane: Lane, run: Sequence[Recorded], excluded: set[str | int]) -> None:
        for event in run:
            if event.sequence in excluded:
                continue
            problem = "an earlier event of this stream is parked" if event.stream in excluded else event.problem
            if problem is None:
                try:
                    async with tx.transaction():
                        await self._effects(tx, [event])
                except Exception as error:
                    if is_passing(error):
                        raise
                    problem = f"{type(error).__name__}: {error}"
                    logger.exception("event parked", extra={"event_type": event.type, "sequence": event.sequence})
            if problem is not None:
                excluded.add(event.stream)
                await tx.execute(PARK, lane[1], lane[0], event.sequence, event.stream, problem[:500], event.body)
