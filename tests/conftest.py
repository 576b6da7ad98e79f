"""Real servers for every test that asks: one PostgreSQL and one RabbitMQ per run, one database and one virtual host per module."""

import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
import pytest_asyncio
from hypothesis import Phase, settings

from ops.provision import Database, drop, provision
from ops.servers import LocalServers, ServerOptions, local_servers
from ops.servers.directory import remove, remove_abandoned
from ops.stack import Stack, StackOptions, running_services
from shared.testing.given_servers import SERVERS

VAR = Path(__file__).parents[1] / "var"
# The duration of an example depends on the machine, so there is no deadline.
settings.register_profile("untimed", deadline=None)
# For mutation tests one failing example is enough, and the same examples every time.
settings.register_profile("mutation", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))
settings.load_profile(os.environ.get("GUANGCAI_HYPOTHESIS", "untimed"))
# Virtual hosts from the definitions cost nothing at boot; creating one later takes two seconds. So there is a pool.
VHOSTS = tuple(f"test-{number:02}" for number in range(48))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slowest tests first, so that no worker ends long after the others."""
    items.sort(key=lambda item: "system" not in item.path.parts)


def _say_in(config: pytest.Config) -> Callable[[str], None]:
    reporter = cast("pytest.TerminalReporter", config.pluginmanager.getplugin("terminalreporter"))
    return lambda line: reporter.write_line(f"  {line}")


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[LocalServers]:
    """PostgreSQL (not durable) and RabbitMQ for this run, in a separate directory that is deleted at the end."""
    given = request.config.stash.get(SERVERS, None)
    if given is not None:
        yield given
        return
    remove_abandoned(VAR, "test-*")
    directory = VAR / f"test-{os.getpid()}"
    with local_servers(directory, ServerOptions("./guangcai test", durable=False, vhosts=VHOSTS), _say_in(request.config)) as running:
        yield running
    remove(directory)


@pytest.fixture(scope="session")
def new_database(servers: LocalServers) -> Callable[[], Awaitable[Database]]:
    """Creates another provisioned database (roles and empty schemas); `database` is enough for most modules."""

    async def make() -> Database:
        return await provision(servers.postgres_admin_url, servers.role_password, f"guangcai_{uuid4().hex[:12]}")

    return make


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database(new_database: Callable[[], Awaitable[Database]]) -> AsyncIterator[Database]:
    """This module's database: every role and schema, no tables. `.url("registration")`, `.url("registration_owner")`, `.superuser_url`."""
    fresh = await new_database()
    yield fresh
    await drop(fresh)


@pytest.fixture(scope="session")
def vhosts() -> Iterator[str]:
    return itertools.chain(VHOSTS)


@pytest.fixture(scope="module")
def vhost(servers: LocalServers, vhosts: Iterator[str]) -> str:
    """This module's virtual host, empty: `servers.amqp_url("registration", vhost)`."""
    assert servers
    return next(vhosts)


@pytest.fixture(scope="module")
def stack(servers: LocalServers, database: Database, vhost: str) -> Iterator[Stack]:
    """The four services as processes on this module's database and virtual host, with a simulated clock.

    `stack.urls`, `stack.keys.token(principal)`, `stack.services["evaluation"].kill()`.
    """
    options = StackOptions("./guangcai test", is_clock_simulated=True, are_rates_lifted=True)
    with running_services(servers, database, options, vhost=vhost) as running:
        yield running
