"""Connections to PostgreSQL with the district set per transaction, and which errors are transient.

Invariant: business tables are used only inside `district(...)`, so row-level security always has a district to compare with.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Self

import asyncpg
import orjson

SET_DISTRICT = "SELECT set_config('guangcai.district', $1, true)"
BEGIN_READING = "BEGIN READ ONLY; SELECT set_config('guangcai.district', '{}', true);"

IDLE_TRANSACTION = "10s"  # then a process that stands still releases what it has locked

# PostgreSQL error classes that are transient: connection, resources, operator intervention, lock, rollback, system error,
# and the end of an idle transaction.
_PASSING_CLASSES = ("08", "53", "57", "55", "40", "58", "25P03")


def is_passing(error: BaseException) -> bool:
    """True for a transient error: the database or the connection failed, not the statement. Retry; never park an event for it."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "").startswith(_PASSING_CLASSES)
    # A connection that breaks at a bad moment leaves asyncpg's protocol "in the failed state", which it reports as an internal error.
    return isinstance(error, (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError, asyncio.TimeoutError))


async def _prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=lambda value: orjson.dumps(value, default=str).decode(), decoder=orjson.loads, format="text"
    )


async def _keep(_connection: asyncpg.Connection) -> None:
    """Skip the reset on release: settings are made per transaction only, and this saves a round trip."""


class Database:
    """A pool of connections as one role, with one search path. Opened with `async with`."""

    def __init__(self, url: str, *, search_path: str, size: int = 10, name: str = "guangcai", timeout: float = 2.0) -> None:
        """`timeout` (seconds) bounds waiting for a connection; statements get ten times as long."""
        self._url = url
        self._search_path = search_path
        self._size = size
        self._name = name
        self._timeout = timeout
        self._pool: asyncpg.Pool | None = None

    async def __aenter__(self) -> Self:
        """Connect lazily: a service starts even while its database is down, and reports that in readiness."""
        self._pool = asyncpg.create_pool(**self._parameters(), min_size=0, max_size=self._size, init=_prepare, reset=_keep)
        await self._pool
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close; statements in progress get two seconds to finish."""
        if self._pool is None:
            return
        try:
            async with asyncio.timeout(2):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    def _parameters(self) -> dict[str, Any]:
        return {
            "dsn": self._url,
            "timeout": self._timeout,
            "command_timeout": self._timeout * 10,
            "server_settings": {
                "search_path": self._search_path,
                "application_name": self._name,
                "idle_in_transaction_session_timeout": IDLE_TRANSACTION,
            },
        }

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[asyncpg.Connection]:
        """A pooled connection without a district: only for the functions of the log, which set it themselves."""
        if self._pool is None:
            message = "open the database with `async with` first"
            raise RuntimeError(message)
        async with self._pool.acquire(timeout=self._timeout) as connection:
            try:
                yield connection  # pyright: ignore[reportReturnType]  # the pool's proxy behaves as a connection
            except Exception:
                raise
            except BaseException:  # timeout or cancellation: a server that does not answer would not answer a cancel request either
                connection.terminate()
                raise

    @asynccontextmanager
    async def district(self, district: str, *, readonly: bool = False, first: str = "") -> AsyncGenerator[asyncpg.Connection]:
        """One READ COMMITTED transaction that sees only `district`. A read-only one does not nest; it begins in a single
        round trip together with the statement `first`, which may refuse it.
        """
        async with self.connection() as connection:
            if readonly:
                undo = end = partial(connection.execute, "ROLLBACK")
                begin = partial(connection.execute, BEGIN_READING.format(district.replace("'", "''")) + first)
            else:
                transaction = connection.transaction()
                await transaction.start()
                undo, end = transaction.rollback, transaction.commit
                begin = partial(connection.execute, SET_DISTRICT, district)
            try:
                await begin()
                yield connection
            except Exception:  # not on a timeout: the connection is terminated then, and a rollback would wait just as long again
                await undo()
                raise
            await end()

    async def dedicated(self) -> asyncpg.Connection:
        """A connection of its own, outside the pool, for LISTEN and session locks. The caller closes it."""
        connection: asyncpg.Connection = await asyncpg.connect(**self._parameters())
        await _prepare(connection)
        return connection
