"""The ledger on the module's database."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ops.provision import Database as Provisioned
from shared.eventlog.database import Database
from shared.eventlog.log import EventLog
from tests.shared.eventlog.ledger import SERVICE, opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def store(database: Provisioned, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    async with opened(database, tmp_path_factory.mktemp("ledger")) as store:
        yield store


@pytest.fixture(scope="module")
def log(store: Database) -> EventLog:
    return EventLog(store, SERVICE)
