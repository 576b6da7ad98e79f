"""A second process of a service migrates at its start, while the first one serves: it waits for nobody, and nobody for it."""

import asyncio
from pathlib import Path

from ops.provision import Database as Provisioned
from shared.eventlog.database import Database
from shared.eventlog.migrate import migrate
from tests.shared.eventlog.ledger import SCHEMA, folder


async def test_a_migration_without_news_locks_no_table_that_is_in_use(store: Database, database: Provisioned, tmp_path: Path) -> None:
    async with store.district("in-use") as tx:
        await tx.execute("INSERT INTO totals VALUES ($1, 'stream', 1, ARRAY[1])", "in-use")
        await tx.execute("INSERT INTO log_head VALUES ($1)", "in-use")
        async with asyncio.timeout(4):  # less than the lock_timeout
            assert await migrate(database.url(f"{SCHEMA}_owner"), SCHEMA, folder(tmp_path)) == []
