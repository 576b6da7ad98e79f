"""Which errors mean "not now": they are answered 503, waited out, and never a reason to park an event."""

import asyncio

import asyncpg
import pytest

from shared.eventlog.database import Database, is_passing


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError('cannot switch to state 12; protocol is in the "failed" state'),  # seen when PostgreSQL is killed
        asyncpg.AdminShutdownError(),
        asyncpg.DeadlockDetectedError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_broken_way_to_the_database_passes(error: Exception) -> None:
    assert is_passing(error)


@pytest.mark.parametrize(
    "error", [ValueError(), asyncpg.UniqueViolationError(), asyncpg.DataError("out of range")], ids=lambda error: type(error).__name__
)
def test_a_wrong_statement_does_not(error: Exception) -> None:
    assert not is_passing(error)


async def test_connections_killed_under_way_only_give_passing_errors(store: Database) -> None:
    async def ask() -> None:
        async with store.connection() as connection:
            await connection.fetchval("SELECT pg_sleep(0.02)")

    async def kill() -> None:
        async with store.connection() as connection:
            await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user")

    for _ in range(5):
        results = await asyncio.gather(*(ask() for _ in range(6)), kill(), *(ask() for _ in range(6)), return_exceptions=True)
        assert all(is_passing(each) for each in results if each is not None)
