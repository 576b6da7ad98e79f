"""Transient errors: they are answered 503, retried, and never a reason to park an event."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from faults.proxy import Proxy
from ops.provision import Database as Provisioned
from ops.provision import on_hosts
from shared.eventlog.database import Database, is_passing
from tests.shared.eventlog.ledger import SCHEMA

DISTRICT = "west"


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError('cannot switch to state 12; protocol is in the "failed" state'),  # seen when PostgreSQL is killed
        asyncpg.AdminShutdownError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.DiskFullError(),
        asyncpg.exceptions.TargetServerAttributeNotMatched("no host takes writes yet"),
        asyncpg.CannotConnectNowError(),
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


@pytest_asyncio.fixture
async def way(store: Database, database: Provisioned) -> AsyncIterator[tuple[Proxy, Database]]:
    """A proxy to the database that can be cut, and a pool that connects through it."""
    host, _, port = database.url(SCHEMA).rpartition("@")[2].partition("/")[0].partition(":")
    async with Proxy(host, int(port)) as proxy, Database(proxy.through(database.url(SCHEMA)), search_path=SCHEMA, size=2) as through:
        yield proxy, through


@pytest.mark.parametrize("readonly", [True, False], ids=["reading", "writing"])
async def test_whoever_runs_out_of_time_does_not_wait_for_a_server_that_fell_silent(way: tuple[Proxy, Database], readonly: bool) -> None:
    proxy, through = way

    async def ask() -> None:
        async with asyncio.timeout(0.3), through.district(DISTRICT, readonly=readonly) as tx:
            assert await tx.fetchval("SELECT 1") == 1
            proxy.cut()
            await tx.fetchval("SELECT 2")

    for _ in range(3):  # more often than the pool has connections: none may be leaked
        asking = asyncio.create_task(ask())
        done, _ = await asyncio.wait({asking}, timeout=10)
        assert done, "still waiting for a server that says nothing"
        assert isinstance(asking.exception(), TimeoutError)
        proxy.heal()
    async with through.district(DISTRICT, readonly=readonly) as tx:
        assert await tx.fetchval("SELECT current_setting('guangcai.district')") == DISTRICT


async def test_a_transaction_that_fails_leaves_nothing_and_its_connection_serves_the_next(store: Database) -> None:
    async def fail() -> None:
        async with store.district(DISTRICT) as tx:
            await tx.fetchval("SELECT set_config('guangcai.left_behind', 'yes', true)")
            await tx.fetchval("SELECT 1 / 0")

    for _ in range(40):  # twice the connections of the pool
        with pytest.raises(asyncpg.DivisionByZeroError):
            await fail()
        async with store.district(DISTRICT, readonly=True) as tx:
            assert not await tx.fetchval("SELECT current_setting('guangcai.left_behind', true)")


async def test_of_several_hosts_the_first_that_takes_writes_is_found_again_after_a_failover(store: Database, database: Provisioned) -> None:
    url = database.url(SCHEMA)
    host, _, port = url.rpartition("@")[2].partition("/")[0].partition(":")
    async with (
        Proxy(host, int(port)) as old,
        Proxy(host, int(port)) as new,
        Database(on_hosts(old.through(url), new.through(url)), search_path=SCHEMA, size=2) as through,
    ):
        async with through.connection() as connection:
            assert await connection.fetchval("SELECT 1") == 1
        await old.__aexit__()
        broken: list[Exception] = []
        for _ in range(3):  # each connection of the pool may break once
            try:
                async with through.connection() as connection:
                    await connection.fetchval("SELECT 2")
            except Exception as error:  # noqa: BLE001 - whatever it is, it must pass
                broken.append(error)
        assert all(map(is_passing, broken))
        async with through.connection() as connection:
            assert await connection.fetchval("SELECT 3") == 3
        bell = await through.dedicated()
        await bell.close()
