"""The ordered consumer: a message only announces events, the checkpoint decides which one is next (ADR 0003).

Invariants: per (source, district) every event is applied exactly once and in sequence order; rows and checkpoint commit together;
a poison event parks its own stream and blocks nothing else; an event is applied only on top of the event that it followed in its log.
"""

import asyncio
import contextlib
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from shared.eventlog.database import Database, is_passing
from shared.eventlog.envelope import Malformed, Recorded, decode
from shared.eventlog.faultpoint import reach
from shared.eventlog.feeds import FeedOutOfReach, Feeds, Source, following
from shared.eventlog.intents import Intent, store_intents
from shared.eventlog.log import LogLostEvents, Mark
from shared.eventlog.parking import BEHIND, PARK, Repairs, settle
from shared.eventlog.start_over import UNFINISHED, Lane, finish, start_over
from shared.eventlog.stopping import raise_if_stopping

logger = logging.getLogger(__name__)
POSITION = "SELECT position, leaf_hash FROM checkpoints WHERE district = $1 AND source = $2"
# Moves the checkpoint if it is where this process left it; returns the parked streams and what operators decided.
BEGIN_RUN = """
WITH moved AS (
    INSERT INTO checkpoints (district, source, position, newest, leaf_hash) VALUES ($1, $2, $4, $5, $7)
    ON CONFLICT (district, source) DO UPDATE SET position = $4, newest = greatest(checkpoints.newest, $5), leaf_hash = $7
    WHERE checkpoints.position = $3 AND checkpoints.leaf_hash = $6
    RETURNING position
)
SELECT (SELECT count(*) FROM moved) AS moved,
       ARRAY(SELECT DISTINCT stream FROM parked WHERE district = $1 AND source = $2) AS streams,
       ARRAY(SELECT body FROM events WHERE district = $1 AND type LIKE '%.ParkedEventsDecided.v1' ORDER BY sequence) AS decisions
"""
NEWEST = "SELECT max(newest) FROM checkpoints WHERE district = $1"

BATCH = 500  # events per transaction
POLL = 3.0  # seconds between polls of the feeds, whether or not messages arrive
LOOK_EVERY = 0.5  # seconds between looks at a checkpoint that is waited for, whether or not a notification arrives

Project = Callable[[asyncpg.Connection, Sequence[Recorded]], Awaitable[None]]
React = Callable[[Recorded], Sequence[Intent]]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message from the broker: the bytes, and how to settle it."""

    body: bytes
    acknowledge: Callable[[], Awaitable[None]]  # this message and every unsettled one before it on its channel
    reject: Callable[[], Awaitable[None]]  # this message only: to the dead-letter exchange, never back to the queue
    previous: bytes | None = None  # leaf hash of the event before it; None: the feed is asked


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
    rebuilding: dict[str, str] = field(default_factory=dict[str, str])  # by district: the service whose log has lost events

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
        self._feeds = Feeds(source, sources)
        self._sources = tuple(sources)
        self._project = project
        self._react = react
        self._on_intents = on_intents
        self._has_intents = False
        # Called when an event with a new latest business time was committed: with a simulated clock, intents may have become due.
        self.on_time: Callable[[], None] | None = None
        self._newest: dict[str, datetime] = {}
        self._deliveries: asyncio.Queue[Delivery] = asyncio.Queue()
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.on_move: Callable[[str], None] = lambda _district: None  # called with the district after a commit that moved a checkpoint
        self._marks: dict[Lane, Mark] = {}  # checkpoints, as this process left them
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
                if loop.time() - looked > POLL:
                    looked = loop.time()
                    await self.catch_up()
                await self.take(held)
                held = []
            except Exception as error:
                raise_if_stopping()
                level = logging.WARNING if is_passing(error) or isinstance(error, Fenced) else logging.ERROR
                logger.log(level, "consumer interrupted", exc_info=level == logging.ERROR, extra={"code": type(error).__name__})
                self._marks.clear()
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
                event = decode(delivery.body, delivery.previous)
            except Malformed as error:
                logger.error("message is not an event: dead-lettered", extra={"code": str(error)})  # noqa: TRY400 - a traceback would add nothing
                refused.append(delivery)
                continue
            if event.service in self._sources:
                lanes[event.service, event.district][event.sequence] = event
                applied.append(delivery)
            else:
                refused.append(delivery)
        waiting: FeedOutOfReach | None = None
        for lane, events in lanes.items():
            try:
                await self._advance(lane, events)
            except FeedOutOfReach as error:  # the other lanes go on
                waiting = error
            except LogLostEvents:
                await self._start_over(lane)
        if waiting is not None:
            raise waiting
        reach("consumer.committed")
        for each in refused:
            await each.reject()
        if applied:
            await applied[-1].acknowledge()

    async def _advance(self, lane: Lane, events: dict[int, Recorded]) -> None:
        """Apply `lane` up to the highest sequence offered; events that the bus did not bring, or that do not follow, come from the feed."""
        goal = max(events)
        mark = await self._mark(lane)
        while mark.sequence < goal:
            if run := following(events, mark):
                mark = await self._apply(lane, mark, run)
                continue
            missing = await self._page(lane, mark, mark.sequence + BATCH)
            self.progress.gaps += 1
            if not missing:
                # The message is ahead of the log that it claims to come from, so it cannot be genuine.
                logger.error("message is ahead of its log", extra={"source": lane[0], "sequence": goal, "count": mark.sequence})
                return
            mark = await self._apply(lane, mark, missing)

    async def catch_up(self, until: dict[Lane, int] | None = None) -> None:
        """Apply events from the feeds up to `until` (default: the current heads of the feeds). A district whose log has lost events is
        folded anew.
        """
        if until is not None:
            for lane, goal in until.items():
                await self._follow(lane, goal)
            return
        heads, is_complete = await self._feeds.heads(self._marks)
        self._marks.clear()  # a failover of our own database may have taken checkpoints back that no event has been applied to since
        self.progress.heads |= {lane: head.sequence for lane, head in heads.items()}
        has_lost = False
        for lane, head in heads.items():
            try:
                mark = await self._mark(lane)
                if mark.sequence > head.sequence or (mark.sequence == head.sequence and mark.leaf_hash != head.leaf_hash):
                    await self._confirm(lane)
                await self._follow(lane, head.sequence)
            except FeedOutOfReach:
                is_complete = False
            except LogLostEvents:
                has_lost = True
                await self._start_over(lane)
        if has_lost:
            await self.catch_up()
        elif is_complete:
            await self._finish(heads)

    async def _follow(self, lane: Lane, goal: int) -> None:
        mark = await self._mark(lane)
        page = await self._page(lane, mark, goal)
        while page:
            # The next page is read while this one is applied.
            ahead = asyncio.create_task(self._page(lane, Mark(page[-1].sequence, page[-1].leaf_hash), goal))
            ahead.add_done_callback(lambda task: task.cancelled() or task.exception())  # retrieved even if applying this page fails first
            try:
                mark = await self._apply(lane, mark, page)
                page = await ahead
            finally:
                ahead.cancel()

    async def _page(self, lane: Lane, mark: Mark, goal: int) -> list[Recorded]:
        """Events of the feed behind `mark` and up to `goal`, at most one batch. Raises LogLostEvents, FeedOutOfReach."""
        if mark.sequence >= goal:
            return []
        page = await self._feeds.page(lane, mark.sequence, min(BATCH, goal - mark.sequence))
        if page.bodies and page.previous != mark.leaf_hash:
            await self._confirm(lane)
            message = f"the page of {lane} does not follow {mark.sequence}"
            raise Fenced(message)
        return page.events()

    async def _confirm(self, lane: Lane) -> None:
        """Raises LogLostEvents unless the event at the checkpoint is in the log. The checkpoint is read anew: another process may have
        moved it since the head was read.
        """
        self._marks.pop(lane, None)
        if not await self._feeds.has(lane, await self._mark(lane)):
            raise LogLostEvents

    async def _start_over(self, lane: Lane) -> None:
        source, district = lane
        mark = await self._mark(lane)
        if await start_over(self._database, lane, mark):
            logger.error(
                "log has lost events: district is folded anew", extra={"source": source, "district": district, "count": mark.sequence}
            )
            self.progress.rebuilding[district] = source
        for each in [each for each in self._marks if each[1] == district]:
            del self._marks[each]
            self.progress.positions.pop(each, None)

    async def _finish(self, heads: dict[Lane, Mark]) -> None:
        for district in list(self.progress.rebuilding):
            if all(self._marks.get(lane, Mark()).sequence >= head.sequence for lane, head in heads.items() if lane[1] == district):
                await finish(self._database, district)
                self.progress.rebuilding.pop(district, None)

    async def wait_for(self, lane: Lane, position: int, timeout: float) -> bool:
        """True when the read model has applied `position` of `lane` within `timeout` seconds (read-your-writes), by whichever process."""
        news = asyncio.Event()
        waiting = self._waiting[lane[1]]
        waiting.add(news)
        try:
            async with asyncio.timeout(timeout):
                while self.progress.positions.get(lane, 0) < position and (await self._stored(lane)).sequence < position:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_EVERY):
                            await news.wait()
                    news.clear()
        except TimeoutError:
            return False
        finally:
            waiting.discard(news)
        return True

    def wake(self, district: str) -> None:
        """Make those who wait for `district` look again: a checkpoint has moved, here or in another process."""
        for news in self._waiting.get(district, ()):
            news.set()

    async def _mark(self, lane: Lane) -> Mark:
        """The checkpoint of `lane`, as this process left it or as it is in the database."""
        if lane not in self._marks:
            self._marks[lane] = await self._stored(lane)
        return self._marks[lane]

    async def _stored(self, lane: Lane) -> Mark:
        async with self._database.district(lane[1], readonly=True) as tx:
            row = await tx.fetchrow(POSITION, lane[1], lane[0])
            unfinished = await tx.fetchval(UNFINISHED, lane[1])
        if unfinished:
            self.progress.rebuilding[lane[1]] = unfinished
        else:
            self.progress.rebuilding.pop(lane[1], None)
        mark = Mark(row["position"], row["leaf_hash"]) if row else Mark()
        self.progress.positions[lane] = mark.sequence
        return mark

    async def _apply(self, lane: Lane, mark: Mark, run: Sequence[Recorded]) -> Mark:
        """Apply a gapless run in one transaction, or event by event when one of them is poison; returns the new checkpoint."""
        if [event.sequence for event in run] != list(range(mark.sequence + 1, mark.sequence + 1 + len(run))):
            message = f"{lane} is at {mark.sequence} but was handed {run[0].sequence}…{run[-1].sequence}"
            raise Fenced(message)
        try:
            async with self._database.district(lane[1]) as tx:
                excluded, repairs = await self._begin(tx, lane, mark, run)
                if excluded or repairs.concern(run) or any(event.problem for event in run):
                    await self._one_by_one(tx, run, excluded, repairs)
                else:
                    await self._effects(tx, run)
                reach("consumer.before_commit")
        except Exception as error:
            if is_passing(error) or isinstance(error, Fenced):
                raise
            async with self._database.district(lane[1]) as tx:
                await self._one_by_one(tx, run, *await self._begin(tx, lane, mark, run))
        return await self._moved(lane, run)

    async def _moved(self, lane: Lane, run: Sequence[Recorded]) -> Mark:
        self._marks[lane] = mark = Mark(run[-1].sequence, run[-1].leaf_hash)
        position = mark.sequence
        self._call_back(lane[1], run)
        self.progress.positions[lane] = position
        self.progress.heads[lane] = max(position, self.progress.heads.get(lane, 0))
        self.progress.moved += 1
        self.progress.applied[lane[0]] += len(run)
        self.wake(lane[1])
        self.on_move(lane[1])
        return mark

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

    async def _begin(self, tx: asyncpg.Connection, lane: Lane, old: Mark, run: Sequence[Recorded]) -> tuple[set[str], Repairs]:
        """Move the checkpoint over `run`. Returns the parked streams of the run and what operators decided."""
        newest = max(event.time for event in run)
        last = run[-1]
        row = await tx.fetchrow(BEGIN_RUN, lane[1], lane[0], old.sequence, last.sequence, newest, old.leaf_hash, last.leaf_hash)
        if row is None or not row["moved"]:
            message = f"checkpoint of {lane} is not at {old.sequence}"
            raise Fenced(message)
        return {event.stream for event in run} & set(row["streams"]), Repairs.of(row["decisions"])

    async def _effects(self, tx: asyncpg.Connection, run: Sequence[Recorded]) -> None:
        await self._project(tx, run)
        intents = [] if self._react is None else [(event, intent) for event in run for intent in self._react(event)]
        if intents:
            await store_intents(tx, intents)
            self._has_intents = True

    async def _one_by_one(self, tx: asyncpg.Connection, run: Sequence[Recorded], parked: set[str], repairs: Repairs) -> None:
        for stored in run:
            if repairs.is_skipped(stored):
                continue
            event = repairs.corrected(stored)
            problem = BEHIND if event.stream in parked else event.problem or await self._attempt(tx, event)
            if problem is not None:
                parked.add(event.stream)
                await tx.execute(PARK, event.district, event.service, event.sequence, event.stream, problem[:500], stored.body)
            elif event.body in repairs.decisions:
                parked -= await settle(tx, event, repairs, self._attempt)

    async def _attempt(self, tx: asyncpg.Connection, event: Recorded) -> str | None:
        """Apply one event; returns why that is not possible."""
        try:
            async with tx.transaction():
                await self._effects(tx, [event])
        except Exception as error:
            if is_passing(error):
                raise
            logger.exception("event parked", extra={"event_type": event.type, "sequence": event.sequence})
            return f"{type(error).__name__}: {error}"
        return None
