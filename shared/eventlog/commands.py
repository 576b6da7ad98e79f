"""Command → decide → log: the one way events come into being, with group commit behind it.

Invariant: a command id has one result for ever; a retry gets the first one back, whether or not the first answer arrived.
"""

import asyncio
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from shared.decider import Command, Decider, DomainError
from shared.eventlog.envelope import Context, Recorded
from shared.eventlog.faultpoint import reach
from shared.eventlog.log import Accepted, Append, Conflict, Duplicate, EventLog, Outcome, Reserved, StreamVersion

C = TypeVar("C", bound=Command)
S = TypeVar("S")

BATCH = 300  # events in one append; larger batches gain little and hold the head row longer
UNDER_WAY = 2  # batches of one district at the database: one is written while the next is encoded and travels; they queue at the head row
CROWD = 16  # commands that are worth two transactions
ADMITTED = 64  # commands under way at once; more would only slow each other down until all are late
ATTEMPTS = 8  # reads and decisions before a busy stream is reported


class StaleVersion(Exception):
    """The stream is no longer at the version the caller expects."""

    def __init__(self, expected: int, actual: int) -> None:
        """Versions count events of the stream from 1; 0 means it does not exist."""
        super().__init__(f"expected version {expected}, the stream is at {actual}")
        self.expected = expected
        self.actual = actual


class CommandIdReused(Exception):
    """This command id already belongs to another command; use a new one for a new intention."""


class StreamBusy(Exception):
    """Others kept writing to the stream; try again."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One event a command put into the log: id, CloudEvents type, and sequence in the district's log."""

    id: UUID
    type: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Folded:
    """State of a stream at `version`."""

    version: int
    state: Any


@dataclass(frozen=True, slots=True)
class Handled:
    """Result of a command: the stream, its version afterwards, the facts written (none: it was already so), its state now."""

    stream: str
    version: int
    facts: tuple[Fact, ...]
    state: Any
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class _Wish:
    """A command on its way, with everything that is asked of the stream it is for."""

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
    is_called: bool = False  # whether the next batch will be made as soon as everybody who is awake has had a turn


class GroupCommit:
    """Gathers commands that arrive while batches are under way into the next batch (ADR 0002)."""

    def __init__(self, log: EventLog) -> None:
        """One per process and log."""
        self._log = log
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self.outcomes: Counter[str] = Counter()  # by name of the outcome, for the metrics
        self._tasks: set[asyncio.Task[None]] = set()

    async def append(self, command: Append) -> Outcome:
        """Append one command; raises what the database raised for its batch."""
        lane = self._lanes[command.context.district]
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        lane.waiting.append((command, future))
        self._call(command.context.district, lane)
        return await future

    def _call(self, district: str, lane: _Lane) -> None:
        if lane.under_way < UNDER_WAY and not lane.is_called:
            lane.is_called = True
            asyncio.get_running_loop().call_soon(self._start, district, lane)

    def _start(self, district: str, lane: _Lane) -> None:
        lane.is_called = False
        while lane.waiting and lane.under_way < UNDER_WAY:
            batch, lane.waiting = _split(lane.waiting, UNDER_WAY - lane.under_way)
            lane.under_way += 1
            task = asyncio.create_task(self._see_through(district, lane, batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _see_through(self, district: str, lane: _Lane, batch: Sequence[Waiting]) -> None:
        try:
            await self._commit(district, batch)
        finally:
            lane.under_way -= 1
            if lane.waiting:
                self._call(district, lane)

    async def _commit(self, district: str, batch: Sequence[Waiting]) -> None:
        try:
            reach("append.before")
            outcomes = await self._log.append(district, [command for command, _ in batch])
            reach("append.after")
        except Exception as error:  # noqa: BLE001 - whatever it was, every waiting caller must hear of it
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for kind, number in Counter(map(type, outcomes)).items():
            self.outcomes[kind.__name__.lower()] += number
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():  # the caller may have given up; the event is in the log all the same
                future.set_result(outcome)


def _split(waiting: list[Waiting], places: int) -> tuple[list[Waiting], list[Waiting]]:
    """The next batch and who waits on. A crowd is shared out among the free `places`: in one batch all would wait for one another."""
    share = -(-len(waiting) // places) if len(waiting) >= CROWD else len(waiting)
    events = 0
    for number, (command, _) in enumerate(waiting[:share]):
        events += len(command.events)
        if events > BATCH and number:
            return waiting[:number], waiting[number:]
    return waiting[:share], waiting[share:]


class Commands:
    """Handles commands of one service: load → decide → append, again when somebody else was first.

    Keeps the folded state of recently used streams: only what is new is read, and the log's constraints decide whether it was enough.
    """

    def __init__(self, log: EventLog, *, remember: int = 10_000, within: float = 1.8) -> None:
        """Keep `remember` streams in memory; give the database `within` seconds per command, waiting for one's turn aside."""
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
        """Decide `command` against the stream `{category}/{stream_id}` and append what follows.

        Raises the DomainError that `decide` or a reservation names, StaleVersion for another version than `expected_version` or a moved
        stream of `unchanged`, CommandIdReused, StreamBusy, TimeoutError, and what asyncpg raises when the database cannot answer: then it
        is unknown whether the events were written, and the same command may be sent again.
        """
        wish = _Wish(decider, f"{decider.category}/{stream_id}", command, context, expected_version, unchanged)
        turn = self._turns.setdefault(wish.key, asyncio.Lock())
        # Commands on one stream take turns: together they would only conflict. A crowd queues before the clock starts to run.
        async with turn, self._admission, asyncio.timeout(self._within):
            if handled := await self._on_memory(wish):
                return handled
            for _ in range(ATTEMPTS):
                first, folded = await self._load(decider, wish.stream, context)
                if first:
                    return _first_result(wish.stream, first, folded.state)
                if handled := await self._on(wish, folded):
                    return handled
        raise StreamBusy

    def expect_new(self, decider: Decider[Any, Any], stream_id: UUID, district: str) -> None:
        """Let the next command on a stream that nobody has written to yet be decided without reading it. When somebody has, the log
        refuses what follows, and the stream is read after all.
        """
        self._keep((district, f"{decider.category}/{stream_id}"), Folded(0, decider.initial))

    async def _on_memory(self, wish: _Wish) -> Handled | None:
        """Decide on what is remembered, which saves a read. Only events that the log accepted on it count; all else is looked at again."""
        folded = self._known.get(wish.key)
        if folded is None:
            return None
        try:
            handled = await self._on(wish, folded)
        except (DomainError, StaleVersion):
            return None
        return handled if handled and handled.facts else None

    async def _on(self, wish: _Wish, folded: Folded) -> Handled | None:
        """Decide on `folded` and append. None: the stream has moved, or this command was here before."""
        if wish.expected_version is not None and wish.expected_version != folded.version:
            raise StaleVersion(wish.expected_version, folded.version)
        events = wish.decider.decide(wish.command, folded.state)
        if not events:
            return Handled(wish.stream, folded.version, (), folded.state)
        reservations = [wish.decider.reservations(each) for each in events]
        append = Append(wish.context, StreamVersion(wish.stream, folded.version), events, reservations, wish.unchanged)
        match await self._commit.append(append):
            case Accepted(sequence):
                return self._accepted(wish.decider, folded, append, sequence)
            case Reserved(reservation):
                raise reservation.violated
            case Duplicate() | Conflict():
                await self._check(wish.unchanged, wish.context)
                return None

    async def state(self, decider: Decider[C, S], stream_id: UUID, context: Context) -> Folded:
        """The stream as it is in the log now. Raises TimeoutError, and what asyncpg raises."""
        async with asyncio.timeout(self._within):
            _, folded = await self._load(decider, f"{decider.category}/{stream_id}", context)
        return folded

    async def _load(self, decider: Decider[C, S], stream: str, context: Context) -> tuple[list[Recorded], Folded]:
        key = (context.district, stream)
        folded = self._known.get(key) or Folded(0, decider.initial)
        first, news = await self._log.read_stream(context.district, stream, folded.version, context.command_id)
        if news:
            state = folded.state
            for recorded in news:
                if recorded.data is not None:
                    state = decider.evolve(state, recorded.data)
            folded = Folded(news[-1].stream_version, state)
            self._keep(key, folded)
        return first, folded

    async def _check(self, unchanged: Sequence[StreamVersion], context: Context) -> None:
        for each in unchanged:
            _, news = await self._log.read_stream(context.district, each.stream, each.version, context.command_id)
            if news:
                raise StaleVersion(each.version, news[-1].stream_version)

    def _accepted(self, decider: Decider[C, S], folded: Folded, append: Append, sequence: int) -> Handled:
        state = folded.state
        for event in append.events:
            state = decider.evolve(state, event)
        after = Folded(folded.version + len(append.events), state)
        self._keep((append.context.district, append.after.stream), after)
        facts = tuple(Fact(append.event_id(ord_), event.type_name(), sequence + ord_) for ord_, event in enumerate(append.events))
        return Handled(append.after.stream, after.version, facts, state)

    def _keep(self, key: tuple[str, str], folded: Folded) -> None:
        known = self._known.get(key)
        if known is None or known.version < folded.version:
            self._known[key] = folded
        self._known.move_to_end(key)
        if len(self._known) > self._remember:
            self._known.popitem(last=False)


def _first_result(stream: str, first: list[Recorded], state: Any) -> Handled:
    if first[0].stream != stream:
        raise CommandIdReused
    facts = tuple(Fact(each.id, each.type, each.sequence) for each in first)
    return Handled(stream, first[-1].stream_version, facts, state, is_duplicate=True)
