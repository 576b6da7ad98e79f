"""Command → decide → append: the only way to write events, with group commit behind it.

Invariant: a command id has one result for ever. A retry of the same request gets the first result back, whether or not the first answer
arrived; the key with another request gets nothing.
"""

import asyncio
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.eventlog.envelope import Context
from shared.eventlog.faultpoint import reach
from shared.eventlog.log import (
    Accepted,
    Append,
    Conflict,
    Duplicate,
    EventLog,
    LogLostEvents,
    Mark,
    Outcome,
    Reserved,
    Reused,
    StreamPage,
    StreamVersion,
)

C = TypeVar("C", bound=Command)
S = TypeVar("S")

BATCH = 300  # events per append; larger batches gain little and lock the head row longer
UNDER_WAY = 2  # concurrent batches per district: one is written while the next is encoded and sent; they queue for the lock on the head row
CROWD = 16  # from this many waiting commands on, two batches are faster than one
ADMITTED = 64  # commands in progress at once; more would only slow each other down until all time out
ATTEMPTS = 8  # optimistic retries (read, decide, append) before StreamBusy


class StaleVersion(Exception):
    """The stream is no longer at the version the caller expects."""

    def __init__(self, expected: int, actual: int) -> None:
        """Versions count events of the stream from 1; 0 means it does not exist."""
        super().__init__(f"expected version {expected}, the stream is at {actual}")
        self.expected = expected
        self.actual = actual


class CommandIdReused(Exception):
    """This command id already belongs to another request: of another account, route or body. Use a new one for a new intention."""


class StreamBusy(Exception):
    """Other commands kept writing to the stream; send the command again."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One event a command put into the log: id, CloudEvents type, sequence in the district's log, and what it says.

    `data` is None when a retry finds an event that this version of the code does not know.
    """

    id: UUID
    type: str
    sequence: int
    data: Event | None


@dataclass(frozen=True, slots=True)
class Folded:
    """State of a stream at `version`; void once the log has lost events more than `losses` times."""

    version: int
    state: Any
    losses: int = 0


@dataclass(frozen=True, slots=True)
class Handled:
    """Result of a command: the stream, its version afterwards, the events written (none: nothing had to change), and its state."""

    stream: str
    version: int
    facts: tuple[Fact, ...]
    state: Any
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A command, its stream, and the versions it expects."""

    decider: Decider[Any, Any]
    stream: str
    command: Command
    context: Context
    expected_version: int | None
    unchanged: Sequence[StreamVersion]

    @property
    def key(self) -> tuple[str, str]:
        return (self.context.district, self.stream)


Waiting = tuple[Append, asyncio.Future[Outcome]]


@dataclass(slots=True)
class _Lane:
    """Commands of one district waiting for the next batch."""

    waiting: list[Waiting] = field(default_factory=list)
    under_way: int = 0  # batches at the database
    is_scheduled: bool = False  # the next batch starts once all callbacks that are ready have run


class GroupCommit:
    """Commands that arrive while batches are in progress are appended together in the next batch (ADR 0002)."""

    def __init__(self, log: EventLog) -> None:
        """One per process and log."""
        self._log = log
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self.outcomes: Counter[str] = Counter()  # commands by outcome, for the metrics
        self._tasks: set[asyncio.Task[None]] = set()

    async def append(self, command: Append) -> Outcome:
        """Append one command; raises what the database raised for its batch."""
        lane = self._lanes[command.context.district]
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        lane.waiting.append((command, future))
        self._schedule(command.context.district, lane)
        return await future

    def _schedule(self, district: str, lane: _Lane) -> None:
        if lane.under_way < UNDER_WAY and not lane.is_scheduled:
            lane.is_scheduled = True
            asyncio.get_running_loop().call_soon(self._start, district, lane)

    def _start(self, district: str, lane: _Lane) -> None:
        lane.is_scheduled = False
        while lane.waiting and lane.under_way < UNDER_WAY:
            batch, lane.waiting = _split(lane.waiting, UNDER_WAY - lane.under_way)
            lane.under_way += 1
            task = asyncio.create_task(self._run_batch(district, lane, batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run_batch(self, district: str, lane: _Lane, batch: Sequence[Waiting]) -> None:
        try:
            await self._commit(district, batch)
        finally:
            lane.under_way -= 1
            if lane.waiting:
                self._schedule(district, lane)

    async def _commit(self, district: str, batch: Sequence[Waiting]) -> None:
        try:
            reach("append.before")
            outcomes = await self._log.append(district, [command for command, _ in batch])
            reach("append.after")
        except Exception as error:  # noqa: BLE001 - every waiting caller must get the error, whatever it is
            if isinstance(error, LogLostEvents):  # whoever waits has decided on what is void now
                batch = [*batch, *self._lanes[district].waiting]
                self._lanes[district].waiting = []
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for kind, number in Counter(map(type, outcomes)).items():
            self.outcomes[kind.__name__.lower()] += number
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():  # the caller may have timed out; the events are in the log all the same
                future.set_result(outcome)


def _split(waiting: list[Waiting], places: int) -> tuple[list[Waiting], list[Waiting]]:
    """Split `waiting` into the next batch and the rest.

    From CROWD commands on, the free `places` share them: in a single batch every command would wait for all the others.
    """
    share = -(-len(waiting) // places) if len(waiting) >= CROWD else len(waiting)
    events = 0
    for number, (command, _) in enumerate(waiting[:share]):
        events += len(command.events)
        if events > BATCH and number:
            return waiting[:number], waiting[number:]
    return waiting[:share], waiting[share:]


class Commands:
    """Handles commands of one service: load → decide → append, retried on a version conflict.

    Caches the folded state of recently used streams, so that only newer events are read. The log's constraints detect a stale cache.
    """

    def __init__(self, log: EventLog, *, remember: int = 10_000, within: float = 1.8) -> None:
        """Cache `remember` streams. A command times out after `within` seconds, not counting the wait for its turn."""
        self._within = within
        self._admission = asyncio.Semaphore(ADMITTED)
        self._log = log
        self._commit = GroupCommit(log)
        self.outcomes = self._commit.outcomes
        self._remember = remember
        self._known: OrderedDict[tuple[str, str], Folded] = OrderedDict()
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def handle(
        self,
        decider: Decider[C, S],
        stream_id: UUID,
        command: C,
        context: Context,
        *,
        expected_version: int | None = None,
        unchanged: Sequence[StreamVersion] = (),
    ) -> Handled:
        """Decide `command` against the stream `{category}/{stream_id}` and append the events.

        Raises the DomainError of `decide` or of a reservation; StaleVersion when the stream is not at `expected_version` or a stream of
        `unchanged` has moved; CommandIdReused; StreamBusy. On TimeoutError or an error of asyncpg it is unknown whether the events were
        written; sending the same command again is safe.
        """
        attempt = _Attempt(decider, f"{decider.category}/{stream_id}", command, context, expected_version, unchanged)
        turn = self._turns.setdefault(attempt.key, asyncio.Lock())
        # Commands on one stream take turns, because concurrent ones would only conflict. The wait does not count towards the timeout.
        async with turn, self._admission, asyncio.timeout(self._within):
            if handled := await self._on_cached_state(attempt):
                return handled
            for _ in range(ATTEMPTS):
                page, folded = await self._load(decider, attempt.stream, context)
                if page.mine:
                    return _first_result(attempt, page, folded.state)
                if handled := await self._on(attempt, folded):
                    return handled
        raise StreamBusy

    def expect_new(self, decider: Decider[Any, Any], stream_id: UUID, district: str) -> None:
        """Decide the next command on this stream without reading it, because it is expected to be empty.

        If the stream has events after all, the append conflicts and the stream is read.
        """
        self._keep((district, f"{decider.category}/{stream_id}"), Folded(0, decider.initial, self._log.losses[district]))

    async def _on_cached_state(self, attempt: _Attempt) -> Handled | None:
        """Decide on the cached state, which saves a read (ADR 0015).

        Only an accepted append counts. A refusal, an empty decision or a conflict may come from a stale cache: None, read the stream.
        """
        folded = self._recall(attempt.key)
        if folded is None:
            return None
        try:
            handled = await self._on(attempt, folded)
        except (DomainError, StaleVersion):
            return None
        return handled if handled and handled.facts else None

    async def _on(self, attempt: _Attempt, folded: Folded) -> Handled | None:
        """Decide on `folded` and append. None: the stream has moved, the command id is in the log already, or the log has lost events."""
        if attempt.expected_version is not None and attempt.expected_version != folded.version:
            raise StaleVersion(attempt.expected_version, folded.version)
        events = attempt.decider.decide(attempt.command, folded.state)
        if not events:
            return Handled(attempt.stream, folded.version, (), folded.state)
        reservations = [attempt.decider.reservations(each) for each in events]
        append = Append(attempt.context, StreamVersion(attempt.stream, folded.version), events, reservations, attempt.unchanged)
        try:
            outcome = await self._commit.append(append)
        except LogLostEvents:
            return None
        match outcome:
            case Accepted(sequence):
                return self._accepted(attempt.decider, folded, append, sequence)
            case Reserved(reservation):
                raise reservation.violated
            case Reused():
                raise CommandIdReused
            case Duplicate() | Conflict():
                await self._check(attempt.unchanged, attempt.context)
                return None

    async def head(self, district: str) -> int:
        """Sequence of the last event of this service in the district, 0 when there is none."""
        return (await self._log.heads()).get(district, Mark()).sequence

    async def state(self, decider: Decider[C, S], stream_id: UUID, context: Context) -> Folded:
        """State and version of the stream as in the log now. Raises TimeoutError and the errors of asyncpg."""
        async with asyncio.timeout(self._within):
            _, folded = await self._load(decider, f"{decider.category}/{stream_id}", context)
        return folded

    async def _load(self, decider: Decider[C, S], stream: str, context: Context) -> tuple[StreamPage, Folded]:
        key, losses = (context.district, stream), self._log.losses
        folded = self._recall(key) or Folded(0, decider.initial, losses[context.district])
        try:
            page = await self._log.read_stream(context.district, stream, folded.version, context.command_id)
        except LogLostEvents:
            return await self._load(decider, stream, context)
        if losses[context.district] != folded.losses:
            return await self._load(decider, stream, context)
        if page.news:
            state = folded.state
            for recorded in page.news:
                if recorded.data is not None:
                    state = decider.evolve(state, recorded.data)
            folded = Folded(page.news[-1].stream_version, state, folded.losses)
            self._keep(key, folded)
        return page, folded

    async def _check(self, unchanged: Sequence[StreamVersion], context: Context) -> None:
        for each in unchanged:
            page = await self._log.read_stream(context.district, each.stream, each.version, context.command_id)
            if page.news:
                raise StaleVersion(each.version, page.news[-1].stream_version)

    def _accepted(self, decider: Decider[C, S], folded: Folded, append: Append, sequence: int) -> Handled:
        state = folded.state
        for event in append.events:
            state = decider.evolve(state, event)
        after = Folded(folded.version + len(append.events), state, folded.losses)
        self._keep((append.context.district, append.after.stream), after)
        facts = tuple(Fact(append.event_id(ord_), event.type_name(), sequence + ord_, event) for ord_, event in enumerate(append.events))
        return Handled(append.after.stream, after.version, facts, state)

    def _recall(self, key: tuple[str, str]) -> Folded | None:
        folded = self._known.get(key)
        return folded if folded and folded.losses == self._log.losses[key[0]] else None

    def _keep(self, key: tuple[str, str], folded: Folded) -> None:
        known = self._recall(key)
        if known is None or known.version < folded.version:
            self._known[key] = folded
        self._known.move_to_end(key)
        if len(self._known) > self._remember:
            self._known.popitem(last=False)


def _first_result(attempt: _Attempt, page: StreamPage, state: Any) -> Handled:
    if page.mine[0].stream != attempt.stream or page.fingerprint != attempt.context.fingerprint:
        raise CommandIdReused
    facts = tuple(Fact(each.id, each.type, each.sequence, each.data) for each in page.mine)
    return Handled(attempt.stream, page.mine[-1].stream_version, facts, state, is_duplicate=True)
