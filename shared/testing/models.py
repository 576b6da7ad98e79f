"""Models of PostgreSQL and RabbitMQ in memory, for runs of relay and ordered consumer in virtual time.

Request and answer of a statement both take time, so after a cut it is unknown whether it took effect. Uncommitted changes are invisible
and end with their session, as do locks and LISTEN. The queue has a single active consumer and delivers in order, at least once.
tests/shared/test_models_are_honest.py and test_backbone_state_machine.py compare the models with the real servers.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from itertools import count
from random import Random
from typing import Any, Self

import asyncpg

from shared.eventlog.bell import SET_UP, TELL
from shared.eventlog.consume import BEGIN_RUN, POSITION, Delivery
from shared.eventlog.envelope import leaf_hash, tail_of
from shared.eventlog.lease import TRY_LEAD
from shared.eventlog.log import Append, Mark
from shared.eventlog.parking import PARK
from shared.eventlog.relay import ADVANCE, CURSOR, LAG, LOG_HEADS, PAGE, Outgoing
from shared.eventlog.start_over import UNFINISHED

Answer = Callable[..., Awaitable[Any]]

RECORDED = "2026-01-01T00:00:00Z"
PREFETCH = 8
STALLED = 0.02


class Network:
    """Latency: milliseconds per way. Until the network is healed, one way in fifty takes so long that later messages overtake it."""

    def __init__(self, dice: Random) -> None:
        """All randomness comes from `dice`."""
        self._dice = dice
        self.is_healed = False

    def way(self) -> float:
        """Latency in seconds of one way, to a server or back."""
        is_stalled = self._dice.random() < STALLED and not self.is_healed
        return self._dice.uniform(0.1, 2) if is_stalled else self._dice.uniform(0.001, 0.02)


class MemoryPostgres:
    """One database: logs, cursors, checkpoints, parked events. `answers` are the statements it knows; a test adds its projection's."""

    def __init__(self, network: Network, *, is_sequence_locked: bool = True) -> None:
        """`is_sequence_locked` False plants a defect: a sequence is assigned before the transaction with the previous one has committed."""
        self.network = network
        self.events: defaultdict[str, dict[int, tuple[str, bytes]]] = defaultdict(dict)
        self.cursors: dict[str, int] = {}
        self.checkpoints: dict[tuple[str, str], Mark] = {}
        self.parked: dict[tuple[str, str, int], str] = {}
        self.sessions: dict[Session, str] = {}  # by session: the name of its process
        self.locks: defaultdict[tuple[str, ...], asyncio.Lock] = defaultdict(asyncio.Lock)
        self.leases: dict[str, tuple[object, float]] = {}  # by job: holder, and until when
        self.listeners: dict[Session, tuple[str, Callable[..., None]]] = {}
        self.on_commit: Callable[[], None] = lambda: None
        self._is_sequence_locked = is_sequence_locked
        self._handed_out: defaultdict[str, int] = defaultdict(int)
        self.answers: dict[str, Answer] = {
            TRY_LEAD: self._try_lead,
            LOG_HEADS: self._log_heads,
            LAG: self._lag,
            CURSOR: self._cursor,
            PAGE: self._page,
            ADVANCE: self._advance,
            POSITION: self._position,
            UNFINISHED: self._nothing,
            BEGIN_RUN: self._begin_run,
            PARK: self._park,
            SET_UP: self._nothing,
            TELL: self._nothing,
        }

    async def append(self, session: "Session", service: str, command: Append) -> None:
        """Append a command's events when the session's transaction commits; until then the head of the log is locked."""
        district = command.context.district
        if self._is_sequence_locked:
            await session.lock("head", district)
            self._handed_out[district] = len(self.events[district])
        for ord_, event in enumerate(command.events):
            self._handed_out[district] += 1
            sequence, version = self._handed_out[district], command.after.version + ord_ + 1
            tail = tail_of(event, event_id=command.event_id(ord_), stream=command.after.stream, context=command.context)
            stamp = f'{{"sequence":"{sequence:012}","streamversion":{version},"recordedtime":"{RECORDED}",'
            session.write(partial(self.events[district].__setitem__, sequence, (event.type_name(), stamp.encode() + tail)))
        session.write(partial(self._notify, f"log_{service}", district))

    def read_log(self, district: str, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """Committed events behind `after` as (sequence, type, body), in sequence order."""
        sequences = sorted(sequence for sequence in self.events[district] if sequence > after)[:limit]
        return [(sequence, *self.events[district][sequence]) for sequence in sequences]

    def cut(self, name: str) -> None:
        """End every session of the process `name`: the server drops them at once, the process notices at its next statement."""
        for session in [session for session, owner in self.sessions.items() if owner == name]:
            session.terminate()

    def _notify(self, channel: str, payload: str) -> None:
        for session, (listened, callback) in self.listeners.items():
            if listened == channel:
                asyncio.get_running_loop().call_later(0.001, callback, session, 0, channel, payload)

    async def _nothing(self, _session: "Session", *_: object) -> None:
        """No row."""

    async def _try_lead(self, session: "Session", job: str, holder: object, seconds: float) -> bool:
        now = asyncio.get_running_loop().time()
        led_by, until = self.leases.get(job, (holder, now))
        if led_by == holder or until < now:
            session.write(partial(self.leases.__setitem__, job, (holder, now + seconds)))
            return True
        return False

    async def _log_heads(self, _session: "Session") -> list[dict[str, Any]]:
        return [
            {"district": district, "size": max(events), "leaf_hash": self._leaf(district, max(events))}
            for district, events in sorted(self.events.items())
            if events
        ]

    async def _lag(self, _session: "Session") -> int:
        return sum(max(events) - self.cursors.get(district, 0) for district, events in self.events.items() if events)

    def _leaf(self, district: str, sequence: int) -> bytes:
        return leaf_hash(self.events[district][sequence][1]) if sequence in self.events[district] else b""

    async def _cursor(self, _session: "Session", district: str) -> int:
        return self.cursors.get(district, 0)

    async def _page(self, _session: "Session", district: str, after: int, limit: int) -> list[dict[str, Any]]:
        page = self.read_log(district, after, limit)
        before = [self._leaf(district, after), *(leaf_hash(body) for _, _, body in page)]
        names = ("sequence", "type", "body", "previous")
        return [dict(zip(names, (*each, previous), strict=True)) for each, previous in zip(page, before, strict=False)]

    async def _advance(self, session: "Session", job: str, holder: object, district: str, old: int, new: int) -> bool:
        if self.leases.get(job, (None, 0.0))[0] != holder:
            return False
        await session.lock("cursor", district)
        is_moved = self.cursors.get(district, 0) == old and new > old and new in self.events[district]
        if is_moved:
            session.write(partial(self.cursors.__setitem__, district, new))
        return is_moved

    async def _position(self, _session: "Session", district: str, source: str) -> dict[str, Any] | None:
        mark = self.checkpoints.get((district, source))
        return mark and {"position": mark.sequence, "leaf_hash": mark.leaf_hash}

    async def _begin_run(self, session: "Session", district: str, source: str, *moves: Any) -> dict[str, Any]:
        await session.lock("checkpoint", district, source)
        old, new, _newest, old_hash, new_hash = moves
        is_moved = self.checkpoints.get((district, source), Mark(old, old_hash)) == Mark(old, old_hash)
        if is_moved:
            session.write(partial(self.checkpoints.__setitem__, (district, source), Mark(new, new_hash)))
        streams = sorted({stream for key, stream in self.parked.items() if key[:2] == (district, source)})
        return {"moved": int(is_moved), "streams": streams, "decisions": []}

    async def _park(self, session: "Session", district: str, source: str, sequence: int, stream: str, *_: object) -> None:
        if (district, source, sequence) in self.parked:
            message = "parked_pkey"
            raise asyncpg.UniqueViolationError(message)
        session.write(partial(self.parked.__setitem__, (district, source, sequence), stream))


class Session:
    """One connection to the model, with its uncommitted changes and its locks. Statements outside `transaction()` commit at once."""

    def __init__(self, server: MemoryPostgres, name: str) -> None:
        """`name`: the process to which the session belongs."""
        self.until_closed = ExitStack()
        self._until_commit = ExitStack()
        self._server = server
        self._written: list[Callable[[], None]] = []
        self._depth = 0
        server.sessions[self] = name

    def write(self, change: Callable[[], None]) -> None:
        """Apply `change` at commit."""
        self._written.append(change)

    async def lock(self, *name: str) -> None:
        """Lock a row until the transaction ends. READ COMMITTED: read the row only after getting the lock."""
        lock = self._server.locks[name]
        await lock.acquire()
        self._until_commit.callback(lock.release)
        if self.is_closed():
            self._until_commit.close()
            raise _gone()

    async def fetch(self, statement: str, *args: object) -> Any:
        """Send the statement, execute it, and send the answer back."""
        await self._travel()
        answer = await self._server.answers[statement](self, *args)
        if not self._depth:
            self._commit()
        await self._travel()
        return answer

    fetchval = fetchrow = execute = fetch

    @asynccontextmanager
    async def transaction(self, *, readonly: bool = False) -> AsyncGenerator[None]:
        """All or nothing; inside another one, a savepoint."""
        del readonly
        mark = len(self._written)
        self._depth += 1
        try:
            yield
            if self._depth == 1:
                await self._travel()
                self._commit()
                await self._travel()
        except BaseException:
            del self._written[mark:]
            await self._travel()  # ROLLBACK; on a broken connection its error replaces the first one
            raise
        finally:
            self._depth -= 1
            if not self._depth:
                self._until_commit.close()

    async def add_listener(self, channel: str, callback: Callable[..., None]) -> None:
        """LISTEN."""
        await self._travel()
        self._server.listeners[self] = (channel, callback)
        self.until_closed.callback(self._server.listeners.pop, self)

    def is_closed(self) -> bool:
        """Whether the connection is gone."""
        return self not in self._server.sessions

    def terminate(self) -> None:
        """End abruptly: uncommitted changes are lost and locks are released."""
        self._server.sessions.pop(self, None)
        self._written.clear()
        self._until_commit.close()
        self.until_closed.close()

    def _commit(self) -> None:
        written = self._written[:]
        self._written.clear()
        for change in written:
            change()
        self._until_commit.close()
        if written:
            self._server.on_commit()

    async def _travel(self) -> None:
        await asyncio.sleep(self._server.network.way())
        if self.is_closed():
            raise _gone()


def _gone() -> asyncpg.PostgresError:
    return asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


class MemoryDatabase:
    """Stands in for `Database`: the connections of one process to the model."""

    def __init__(self, server: MemoryPostgres, name: str) -> None:
        """`name`: of the process, for `MemoryPostgres.cut`."""
        self._server = server
        self._name = name

    async def __aenter__(self) -> Self:
        """Nothing to open."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End all sessions."""
        self._server.cut(self._name)

    async def dedicated(self) -> Session:
        """A connection of its own."""
        await asyncio.sleep(self._server.network.way())
        return Session(self._server, self._name)

    @asynccontextmanager
    async def district(self, district: str, *, readonly: bool = False, first: str = "") -> AsyncGenerator[Session]:
        """One READ COMMITTED transaction."""
        del district, first
        session = await self.dedicated()
        try:
            async with session.transaction(readonly=readonly):
                yield session
        finally:
            session.terminate()


class MemoryQueue:
    """One quorum queue with a single active consumer, and the publisher that fills it."""

    def __init__(self, network: Network) -> None:
        """Empty."""
        self.ready: deque[Outgoing] = deque()
        self.unsettled: dict[int, Outgoing] = {}
        self.dead: list[bytes] = []
        self._network = network
        self._tags = count()
        self._arrived = asyncio.Event()
        self._active = asyncio.Lock()

    async def publish(self, district: str, page: Sequence[Outgoing]) -> int:
        """As shared.eventlog.relay.Publisher. If the publisher dies halfway, its first messages are in the queue, but unconfirmed."""
        del district  # all districts share the queue
        for each in page:
            await asyncio.sleep(self._network.way())
            self.ready.append(each)
            self._arrived.set()
        await asyncio.sleep(self._network.way())
        return len(page)

    async def receive(self, offer: Callable[[Delivery], Awaitable[None]]) -> None:
        """Deliver until cancelled, at most PREFETCH unsettled messages at once; unsettled ones then return to the front of the queue."""
        async with self._active:
            slots = asyncio.Semaphore(PREFETCH)
            try:
                while True:
                    await slots.acquire()
                    while not self.ready:
                        self._arrived.clear()
                        await self._arrived.wait()
                    tag = next(self._tags)
                    sent = self.unsettled[tag] = self.ready.popleft()
                    await asyncio.sleep(self._network.way())
                    acknowledge = partial(self._send, self._acknowledged, tag, slots)
                    await offer(Delivery(sent.body, acknowledge, partial(self._send, self._rejected, tag, slots), sent.previous))
            finally:
                self.ready.extendleft(reversed(self.unsettled.values()))
                self.unsettled.clear()

    async def _send(self, settle: Callable[[int, asyncio.Semaphore], None], tag: int, slots: asyncio.Semaphore) -> None:
        """Settle after the latency, without waiting. If the connection is gone by then, the message has been requeued already."""
        asyncio.get_running_loop().call_later(self._network.way(), settle, tag, slots)

    def _acknowledged(self, tag: int, slots: asyncio.Semaphore) -> None:
        """Settle this message and every one before it."""
        for each in [each for each in self.unsettled if each <= tag and tag in self.unsettled]:
            del self.unsettled[each]
            slots.release()

    def _rejected(self, tag: int, slots: asyncio.Semaphore) -> None:
        """Dead-letter this message only."""
        if tag in self.unsettled:
            self.dead.append(self.unsettled.pop(tag).body)
            slots.release()
