"""The servers of relay and consumer: models in memory, or PostgreSQL and RabbitMQ. Both have the ledger's read tables."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, Self

import asyncpg
from faststream.rabbit import RabbitBroker

from shared.eventlog.consume import Delivery
from shared.eventlog.database import Database
from shared.eventlog.log import Accepted, Append, EventLog, Mark
from shared.eventlog.relay import Publisher
from shared.messaging import RabbitPublisher, Receiver, Topology, make_broker
from shared.testing.models import MemoryDatabase, MemoryPostgres, MemoryQueue, Network, Session
from tests.shared.eventlog.ledger import ADD, SCHEMA, SERVICE

OBSERVE = """
SELECT relay_position($1) AS cursor,
       coalesce((SELECT position FROM checkpoints WHERE district = $1 AND source = $2), 0) AS checkpoint,
       (SELECT coalesce(jsonb_object_agg(stream, to_jsonb(versions)), '{}') FROM totals WHERE district = $1) AS applied,
       ARRAY(SELECT sequence FROM parked WHERE district = $1 AND source = $2 ORDER BY sequence) AS parked
"""
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()"


@dataclass(frozen=True, slots=True)
class Observation:
    """One district at one moment: cursor, checkpoint, the stream versions applied in order, and the parked sequences."""

    cursor: int
    checkpoint: int
    applied: dict[str, list[int]]
    parked: list[int]


class World(Protocol):
    """The servers, real or modelled."""

    def database(self, name: str) -> AbstractAsyncContextManager[Any]: ...  # for the process `name`
    async def cut(self, name: str) -> None: ...  # all connections of the process `name` to the database
    def publisher(self) -> Publisher: ...
    async def receive(self, offer: Callable[[Delivery], Coroutine[Any, Any, None]]) -> None: ...  # until cancelled
    def appended(self, command: Append) -> AbstractAsyncContextManager[None]: ...  # committed when the block ends well
    async def bodies(self, district: str, after: int, limit: int) -> list[bytes]: ...
    async def observe(self, district: str) -> Observation: ...
    def heal(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *_: object) -> None: ...


class ModelWorld:
    """The models."""

    def __init__(self, dice: Random, **defects: bool) -> None:
        self.network = Network(dice)
        self.server = MemoryPostgres(self.network, **defects)
        self.server.answers[ADD] = self._add
        self.queue = MemoryQueue(self.network)
        self.totals: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))

    async def _add(self, session: Session, district: str, stream: str, _amount: int, version: int) -> None:
        session.write(lambda: self.totals[district][stream].append(version))

    def database(self, name: str) -> MemoryDatabase:
        return MemoryDatabase(self.server, name)

    async def cut(self, name: str) -> None:
        self.server.cut(name)

    def publisher(self) -> Publisher:
        return self.queue

    async def receive(self, offer: Callable[[Delivery], Coroutine[Any, Any, None]]) -> None:
        await self.queue.receive(offer)

    @asynccontextmanager
    async def appended(self, command: Append) -> AsyncIterator[None]:
        async with self.database("writer").district(command.context.district) as tx:
            await self.server.append(tx, SERVICE, command)
            yield

    def log(self, district: str, after: int, limit: int = 1000) -> list[bytes]:
        return [body for _, _, body in self.server.read_log(district, after, limit)]

    async def bodies(self, district: str, after: int, limit: int) -> list[bytes]:
        return self.log(district, after, limit)

    def look(self, district: str) -> Observation:
        return Observation(
            self.server.cursors.get(district, 0),
            self.server.checkpoints.get((district, SERVICE), Mark()).sequence,
            {stream: versions[:] for stream, versions in self.totals[district].items()},
            sorted(sequence for where, _, sequence in self.server.parked if where == district),
        )

    async def observe(self, district: str) -> Observation:
        return self.look(district)

    def heal(self) -> None:
        self.network.is_healed = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


class RealWorld:
    """PostgreSQL (migrated) and RabbitMQ."""

    def __init__(self, database_url: str, amqp_url: str) -> None:
        self._database_url = database_url
        self._amqp_url = amqp_url
        self._topology = Topology()
        self._publishers: list[RabbitPublisher] = []
        self._store = self.database("observer")

    async def __aenter__(self) -> Self:
        await self._store.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for publisher in self._publishers:
            await publisher.close()
        await self._store.__aexit__()
        # aio-pika leaves tasks behind that create new ones when cancelled; the loop is closed next.
        while left := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in left:
                task.cancel()
            await asyncio.wait(left)
            await asyncio.sleep(0)

    def database(self, name: str) -> Database:
        return Database(self._database_url, search_path=f"{SCHEMA}_read,{SCHEMA}", size=4, name=name)

    async def cut(self, name: str) -> None:
        async with self._store.connection() as connection:
            await connection.execute(TERMINATE, name)

    def publisher(self) -> RabbitPublisher:
        self._publishers.append(RabbitPublisher(self._amqp_url, SERVICE, self._topology))
        return self._publishers[-1]

    async def receive(self, offer: Callable[[Delivery], Coroutine[Any, Any, None]]) -> None:
        def make() -> RabbitBroker:
            return make_broker(self._amqp_url, SCHEMA, self._topology)

        receiver = Receiver(self._amqp_url, SCHEMA, [SERVICE], self._topology, make, offer)
        await receiver.run()

    @asynccontextmanager
    async def appended(self, command: Append) -> AsyncIterator[None]:
        async with self._store.connection() as connection, connection.transaction():
            [outcome] = await EventLog(Borrowed(connection), SERVICE).append(command.context.district, [command])
            assert isinstance(outcome, Accepted)
            yield

    async def bodies(self, district: str, after: int, limit: int) -> list[bytes]:
        return [body for _, body in await EventLog(self._store, SERVICE).read_log(district, after, limit)]

    async def observe(self, district: str) -> Observation:
        async with self._store.district(district, readonly=True) as tx:
            row = await tx.fetchrow(OBSERVE, district, SERVICE)
            assert row is not None
            return Observation(*row)

    def heal(self) -> None: ...


class Borrowed:
    """A database with a single connection, which is inside our transaction."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        yield self._connection
