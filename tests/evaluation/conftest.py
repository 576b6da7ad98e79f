"""evaluation under test, one database per module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ops.provision import Database
from services.evaluation.app import SERVICE
from shared.testing.harness import ServiceUnderTest, service_under_test
from shared.testing.name_desk import NameDesk, open_name_desk


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def name_desk() -> AsyncIterator[tuple[NameDesk, int]]:
    """The desk and its port."""
    async with open_name_desk() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(
    database: Database, name_desk: tuple[NameDesk, int], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The real application on PostgreSQL; other services' events come from memory."""
    async with service_under_test(
        SERVICE,
        database_url=database.url("evaluation"),
        owner_url=database.url("evaluation_owner"),
        folder=tmp_path_factory.mktemp("evaluation"),
        link_key="a secret of the tests",
        service_token="service-token",
        feed_urls={"registration": f"http://127.0.0.1:{name_desk[1]}"},
    ) as running:
        yield running
