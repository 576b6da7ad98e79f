"""append: one-event commands from 64 concurrent callers on one district, beside raw single-row commits and the `eventsourcing` library."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from bench.events import append, confirmed, in_order_of_time
from bench.harness import Bench, Result, library_environment, percentile
from ops.provision import Database as Provisioned
from shared.eventlog.commands import GroupCommit
from shared.eventlog.log import EventLog

CALLERS = 64
RAW_CONNECTIONS = 16
THREADS = 16
RAW_TABLE = "CREATE TABLE raw (id bigserial PRIMARY KEY, body bytea NOT NULL)"
RAW_INSERT = "INSERT INTO raw (body) VALUES ($1)"


async def run(bench: Bench) -> Result:
    """Rates in events per second; p99 of our commands in milliseconds."""
    database, pool = await bench.migrated("activities")
    latencies: list[float] = []
    async with pool:
        log = EventLog(pool, "activities")
        commit = GroupCommit(log)

        async def ours(seconds: float) -> float:
            latencies.clear()
            return await callers(commit, seconds, latencies)

        raw = await _raw_connections(database)
        library = _eventsourcing(database)
        try:
            figures = await bench.alternate({"ours": ours, "raw": lambda seconds: _raw(raw, seconds), "eventsourcing": library.rate})
        finally:
            await asyncio.gather(*(each.close() for each in raw))
            library.close()
    mine = figures["ours"].median
    values = {
        "ours": mine,
        "raw": figures["raw"].median,
        "eventsourcing": figures["eventsourcing"].median,
        "ratio_raw": mine / figures["raw"].median,
        "ratio_eventsourcing": mine / figures["eventsourcing"].median,
        "p99_ms": percentile(latencies) * 1000,
    }
    return Result("append", "events/s", figures, values, {"ratio_raw": 2.0, "ratio_eventsourcing": 20.0})


async def callers(commit: GroupCommit, seconds: float, latencies: list[float]) -> float:
    began = perf_counter()
    stop = began + seconds
    written = 0

    async def caller() -> None:
        nonlocal written
        while (now := perf_counter()) < stop:
            await commit.append(append(in_order_of_time()))
            latencies.append(perf_counter() - now)
            written += 1

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return written / (perf_counter() - began)


async def _raw_connections(database: Provisioned) -> list[asyncpg.Connection]:
    connections = [await asyncpg.connect(database.superuser_url) for _ in range(RAW_CONNECTIONS)]
    await connections[0].execute(RAW_TABLE)
    return connections


async def _raw(connections: list[asyncpg.Connection], seconds: float) -> float:
    body = confirmed(UUID(int=0)).model_dump_json().encode()
    began = perf_counter()
    stop = began + seconds
    written = 0

    async def writer(connection: asyncpg.Connection) -> None:
        nonlocal written
        while perf_counter() < stop:
            await connection.execute(RAW_INSERT, body)
            written += 1

    await asyncio.gather(*(writer(each) for each in connections))
    return written / (perf_counter() - began)


class _eventsourcing:  # noqa: N801 - named after the library it measures
    """Aggregates of one event each, saved from 16 threads."""

    def __init__(self, database: Provisioned) -> None:
        from eventsourcing.application import Application  # noqa: PLC0415 - of the bench dependencies only
        from eventsourcing.domain import Aggregate  # noqa: PLC0415

        class Record(Aggregate):
            def __init__(self, data: dict[str, Any]) -> None:
                self.data = data

        self._record = Record
        self._app = Application[UUID](env=library_environment(database, THREADS))
        self._data = confirmed(UUID(int=0)).model_dump(mode="json")
        self._threads = ThreadPoolExecutor(THREADS)

    async def rate(self, seconds: float) -> float:
        """Events per second."""
        began = perf_counter()
        stop = began + seconds

        def save() -> int:
            saved = 0
            while perf_counter() < stop:
                self._app.save(self._record(self._data))
                saved += 1
            return saved

        loop = asyncio.get_running_loop()
        saved = await asyncio.gather(*(loop.run_in_executor(self._threads, save) for _ in range(THREADS)))
        return sum(saved) / (perf_counter() - began)

    def close(self) -> None:
        """End the threads and connections."""
        self._threads.shutdown()
        self._app.close()
