"""PostgreSQL and RabbitMQ in memory, as far as relay and ordered consumer can tell, for runs in virtual time.

Each statement travels there and back, so a connection that is cut leaves open whether it happened. What is not committed is seen by
nobody and ends with its session, as do locks and LISTEN. The queue is a single-active-consumer one: at least once, in order, what was
not settled comes again. Kept honest by the real servers: tests/shared/test_models_are_honest.py and test_backbone_state_machine.py.
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

from shared.eventlog.consume import BEGIN_RUN, PARK, POSITION, Delivery
from shared.eventlog.envelope import tail_of
from shared.eventlog.log import Append
from shared.eventlog.relay import ADVANCE, CURSOR, LOG_HEADS, PAGE, TRY_LEAD

Answer = Callable[..., Awaitable[Any]]

RECORDED = "2026-01-01T00:00:00Z"
PREFETCH = 8
STALLED = 0.02


class Network:
    """Every way takes milliseconds; until the network is healed, one in fifty is long enough for others to pass."""

    def __init__(self, dice: Random) -> None:
        """All chance comes from `dice`."""
        self._dice = dice
        self.is_healed = False

    def way(self) -> float:
        """Seconds to a server or back."""
        is_stalled = self._dice.random() < STALLED and not self.is_healed
        return self._dice.uniform(0.1, 2) if is_stalled else self._dice.uniform(0.001, 0.02)


class MemoryPostgres:
    """One database: logs, cursors, checkpoints, parked events, and the statements it knows (`answers`; a test adds its projection's)."""

    def __init__(self, network: Network, *, is_sequence_locked: bool = True) -> None:
        """`is_sequence_locked` False plants a defect: sequences are handed out before the one in front has committed."""
        self.network = network
        self.events: defaultdict[str, dict[int, tuple[str, bytes]]] = defaultdict(dict)
        self.cursors: dict[str, int] = {}
        self.checkpoints: dict[tuple[str, str], int] = {}
        self.parked: dict[tuple[str, str, int], str] = {}
        self.sessions: dict[Session, str] = {}  # whose
        self.locks: defaultdict[tuple[str, ...], asyncio.Lock] = defaultdict(asyncio.Lock)
        self.leaders: dict[str, Session] = {}
        self.listeners: dict[Session, tuple[str, Callable[..., None]]] = {}
        self.on_commit: Callable[[], None] = lambda: None
        self._is_sequence_locked = is_sequence_locked
        self._handed_out: defaultdict[str, int] = defaultdict(int)
        self.answers: dict[str, Answer] = {
            TRY_LEAD: self._try_lead,
            LOG_HEADS: self._log_heads,
            CURSOR: self._cursor,
            PAGE: self._page,
            ADVANCE: self._advance,
            POSITION: self._position,
            BEGIN_RUN: self._begin_run,
            PARK: self._park,
            "SELECT 1": self._nothing,
        }

    async def append(self, session: "Session", service: str, command: Append) -> None:
        """Put a command's events into the log when the session's transaction commits; until then the log's head is locked."""
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
        """What is committed behind `after`, in sequence order: (sequence, type, body)."""
        sequences = sorted(sequence for sequence in self.events[district] if sequence > after)[:limit]
        return [(sequence, *self.events[district][sequence]) for sequence in sequences]

    def cut(self, name: str) -> None:
        """End every session of the process `name`: the server forgets at once, the process learns it from its next answer."""
        for session in [session for session, owner in self.sessions.items() if owner == name]:
            session.terminate()

    def _notify(self, channel: str, payload: str) -> None:
        for session, (listened, callback) in self.listeners.items():
            if listened == channel:
                asyncio.get_running_loop().call_later(0.001, callback, session, 0, channel, payload)

    async def _nothing(self, _session: "Session") -> None:
        """SELECT 1."""

    async def _try_lead(self, session: "Session", service: str) -> bool:
        if service not in self.leaders:
            self.leaders[service] = session
            session.until_closed.callback(self.leaders.pop, service)
        return self.leaders[service] is session

    async def _log_heads(self, _session: "Session") -> list[dict[str, Any]]:
        return [{"district": district, "size": max(events)} for district, events in sorted(self.events.items()) if events]

    async def _cursor(self, _session: "Session", district: str) -> int:
        return self.cursors.get(district, 0)

    async def _page(self, _session: "Session", district: str, after: int, limit: int) -> list[dict[str, Any]]:
        return [{"sequence": each[0], "type": each[1], "body": each[2]} for each in self.read_log(district, after, limit)]

    async def _advance(self, session: "Session", district: str, old: int, new: int) -> bool:
        is_moved = district not in self.cursors or (self.cursors[district] == old and new > old)
        if is_moved:
            session.write(partial(self.cursors.__setitem__, district, new))
        return is_moved

    async def _position(self, _session: "Session", district: str, source: str) -> int | None:
        return self.checkpoints.get((district, source))

    async def _begin_run(self, session: "Session", district: str, source: str, old: int, new: int, _newest: object) -> dict[str, Any]:
        await session.lock("checkpoint", district, source)
        is_moved = self.checkpoints.get((district, source), old) == old
        if is_moved:
            session.write(partial(self.checkpoints.__setitem__, (district, source), new))
        streams = sorted({stream for key, stream in self.parked.items() if key[:2] == (district, source)})
        return {"moved": int(is_moved), "streams": streams, "skipped": []}

    async def _park(self, session: "Session", district: str, source: str, sequence: int, stream: str, *_: object) -> None:
        if (district, source, sequence) in self.parked:
            message = "parked_pkey"
            raise asyncpg.UniqueViolationError(message)
        session.write(partial(self.parked.__setitem__, (district, source, sequence), stream))


class Session:
    """One connection to the model: what it has written and not committed, what it holds. Statements outside `transaction()` commit."""

    def __init__(self, server: MemoryPostgres, name: str) -> None:
        """`name`: the process it belongs to."""
        self.until_closed = ExitStack()
        self._until_commit = ExitStack()
        self._server = server
        self._written: list[Callable[[], None]] = []
        self._depth = 0
        server.sessions[self] = name

    def write(self, change: Callable[[], None]) -> None:
        """Have `change` happen at commit."""
        self._written.append(change)

    async def lock(self, *name: str) -> None:
        """Hold a row until the transaction ends; READ COMMITTED: look at the row only afterwards."""
        lock = self._server.locks[name]
        await lock.acquire()
        self._until_commit.callback(lock.release)
        if self.is_closed():
            self._until_commit.close()
            raise _gone()

    async def fetch(self, statement: str, *args: object) -> Any:
        """Ask the server: there, its answer, and back."""
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
            await self._travel()  # ROLLBACK; on a broken connection its error takes the place of the first one
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
        """End without a word: uncommitted changes and everything held are gone."""
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
    """What `Database` is to relay and consumer: the way of one process to the server."""

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
    async def district(self, district: str, *, readonly: bool = False) -> AsyncGenerator[Session]:
        """One READ COMMITTED transaction."""
        del district
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
        self.ready: deque[bytes] = deque()
        self.unsettled: dict[int, bytes] = {}
        self.dead: list[bytes] = []
        self._network = network
        self._tags = count()
        self._arrived = asyncio.Event()
        self._active = asyncio.Lock()

    async def publish(self, district: str, page: Sequence[tuple[int, str, bytes]]) -> int:
        """As shared.eventlog.relay.Publisher; a publisher that dies on the way leaves the first messages behind, unconfirmed."""
        del district  # one queue for all
        for _, _, body in page:
            await asyncio.sleep(self._network.way())
            self.ready.append(body)
            self._arrived.set()
        await asyncio.sleep(self._network.way())
        return len(page)

    async def receive(self, offer: Callable[[Delivery], Awaitable[None]]) -> None:
        """Deliver until cancelled, at most PREFETCH unsettled at once; what is not settled then comes again, before everything else."""
        async with self._active:
            slots = asyncio.Semaphore(PREFETCH)
            try:
                while True:
                    await slots.acquire()
                    while not self.ready:
                        self._arrived.clear()
                        await self._arrived.wait()
                    tag = next(self._tags)
                    body = self.unsettled[tag] = self.ready.popleft()
                    await asyncio.sleep(self._network.way())
                    await offer(
                        Delivery(body, partial(self._send, self._acknowledged, tag, slots), partial(self._send, self._rejected, tag, slots))
                    )
            finally:
                self.ready.extendleft(reversed(self.unsettled.values()))
                self.unsettled.clear()

    async def _send(self, settle: Callable[[int, asyncio.Semaphore], None], tag: int, slots: asyncio.Semaphore) -> None:
        """On its way, not waited for; if the connection is gone when it arrives, the message has been returned to the queue."""
        asyncio.get_running_loop().call_later(self._network.way(), settle, tag, slots)

    def _acknowledged(self, tag: int, slots: asyncio.Semaphore) -> None:
        """This one and every one before it."""
        for each in [each for each in self.unsettled if each <= tag and tag in self.unsettled]:
            del self.unsettled[each]
            slots.release()

    def _rejected(self, tag: int, slots: asyncio.Semaphore) -> None:
        """This one."""
        if tag in self.unsettled:
            self.dead.append(self.unsettled.pop(tag))
            slots.release()
