"""A standby follows its primary; promoted, it has what it received, and clients that know both hosts find it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from ops.provision import on_hosts
from ops.servers import choice
from ops.servers.directory import server_directory
from ops.servers.postgres import PrivatePostgres

pytestmark = pytest.mark.skipif("GUANGCAI_POSTGRES_URL" in os.environ, reason="needs servers of its own")
ROOT = Path(__file__).parents[2]


@pytest_asyncio.fixture
async def pair() -> AsyncIterator[tuple[PrivatePostgres, PrivatePostgres]]:
    home = server_directory(ROOT / "var" / f"test-standby-{os.getpid()}")
    home.mkdir(mode=0o755, parents=True, exist_ok=True)
    binaries, how = choice.postgres_binaries(print)
    primary = PrivatePostgres(binaries, home / "one", "secret'word", how, durable=False)
    primary.start()
    try:
        connection = await asyncpg.connect(primary.admin_url)
        await connection.execute("CREATE TABLE kept (word text)")
        await connection.execute("SELECT pg_backup_start('standby', true)")
        standby = primary.standby(home / "two")
        standby.follow(primary, await connection.fetchval("SELECT labelfile FROM pg_backup_stop(false)"))
        standby.start()
        try:
            yield primary, standby
        finally:
            standby.kill()
    finally:
        primary.kill()
        shutil.rmtree(home)


async def test_a_promoted_standby_is_found_and_has_what_it_received(pair: tuple[PrivatePostgres, PrivatePostgres]) -> None:
    primary, standby = pair
    url = on_hosts(primary.admin_url, standby.admin_url)
    before = await asyncpg.connect(url)
    assert not await before.fetchval("SELECT pg_is_in_recovery()")
    await before.execute("INSERT INTO kept VALUES ('still here')")
    follower = await asyncpg.connect(standby.admin_url)
    async with asyncio.timeout(20):
        while not await follower.fetchval("SELECT count(*) FROM kept"):  # noqa: ASYNC110 - another server moves it
            await asyncio.sleep(0.05)
    primary.kill()
    with pytest.raises((OSError, asyncpg.InternalClientError)):  # nobody takes writes
        await asyncpg.connect(url)
    await follower.execute("SELECT pg_promote()")
    after = await asyncpg.connect(url)
    assert await after.fetchval("SELECT word FROM kept") == "still here"
    await after.execute("INSERT INTO kept VALUES ('and on')")
    for connection in (follower, after):
        await connection.close()
