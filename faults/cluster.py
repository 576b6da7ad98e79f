"""The four services as processes on one database and one virtual host, with a proxy on every connection and a supervisor.

Invariant: the supervisor restarts a dead service without its fault, as an init system would, unless it was stopped on purpose.
"""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import aio_pika
import asyncpg
import httpx2

from faults.history import Caller
from faults.nursery import Nursery, Start
from faults.proxy import Proxy, proxy_to
from ops.demo.letters import Letters
from ops.environment import Surroundings, service_environment
from ops.keys import Keys
from ops.provision import Database, provision
from ops.servers import LocalServers, ServerFailed
from ops.servers.definitions import SERVICES
from ops.servers.processes import free_port
from ops.stack import READY_SECONDS, STOP_SECONDS, program_environment
from shared.identity import EVERY_DISTRICT, Principal, Role, mint

WATCHED_EVERY = 0.1
ISSUED_BEFORE, LIFETIME = timedelta(hours=2), timedelta(hours=12)  # so that a service whose clock is an hour slow accepts tokens
PLAIN: Mapping[str, str] = {}
LIMITS = httpx2.Limits(max_connections=60, max_keepalive_connections=60)
# RabbitMQ 3.10 loses quorum queues and streams declared less than five seconds before a SIGKILL (docs/runbook.md).
SETTLED_AFTER = 6.0


class Tokens(dict[Caller, str]):
    """A token per caller, made on first use."""

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self._keys = keys

    def __missing__(self, caller: Caller) -> str:
        principal = Principal(caller.subject, caller.district, frozenset({caller.role}), frozenset(caller.organisations))
        private = json.loads(self._keys.private_file.read_text())
        self[caller] = mint(private, principal, issued_at=datetime.now(UTC) - ISSUED_BEFORE, lifetime=LIFETIME)
        return self[caller]

    def of_service(self, name: str) -> str:
        """The token with which a service calls the others."""
        return self[Caller(EVERY_DISTRICT, f"service:{name}", Role.SERVICE)]


class Process:
    """One service; its next start may be given a fault."""

    def __init__(self, nursery: Nursery, plain: Start) -> None:
        self.name = plain.name
        self.url = f"http://127.0.0.1:{plain.port}"
        self._nursery = nursery
        self._plain = self._next = self._now = plain
        self.pid = 0
        self.is_wanted = False
        self.deaths = 0

    def twin(self) -> "Process":
        """Another process of the same service, without a supervisor."""
        return Process(self._nursery, replace(self._plain, port=free_port()))

    @property
    def is_running(self) -> bool:
        return self.pid > 0 and Path(f"/proc/{self.pid}").exists()

    def prepare(self, *, environment: Mapping[str, str] = PLAIN, defect: str | None = None, skew: float = 0.0) -> None:
        """Configure the next start; without arguments as in production."""
        self._next = replace(self._plain, environment=dict(self._plain.environment) | dict(environment), defect=defect, skew=skew)

    def spawn(self) -> None:
        self.is_wanted = True
        self._now = self._next
        self.pid = self._nursery.start(self._now)

    @property
    def is_plain(self) -> bool:
        """Whether the current process runs as in production, without fault."""
        return self._now == self._plain

    async def stop(self) -> None:
        """Stop in order: requests in progress are answered first."""
        self.is_wanted = False
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """Kill it, as in a crash."""
        await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> None:
        ends = monotonic() + STOP_SECONDS
        while self.is_running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, how if monotonic() < ends else signal.SIGKILL)
            await asyncio.sleep(0.05)

    def tail(self) -> str:
        log = Path(self._plain.log)
        return "\n".join(log.read_text(errors="replace").splitlines()[-20:]) if log.exists() else ""


@dataclass(slots=True)
class Cluster:
    """A running system under test and the connections between its parts: `ways["activities", "postgres"]` is a proxy."""

    servers: LocalServers
    database: Database
    vhost: str
    keys: Keys
    tokens: Tokens
    services: dict[str, Process]
    ways: dict[tuple[str, str], Proxy]
    http: httpx2.AsyncClient
    letters: Letters
    is_clock_simulated: bool

    @property
    def urls(self) -> dict[str, str]:
        """Base URL by service, without proxy."""
        return {name: service.url for name, service in self.services.items()}

    def proxies(self, part: str) -> list[Proxy]:
        """The proxies in front of `part`: "postgres", "rabbitmq" or a service."""
        return [proxy for (_, to), proxy in self.ways.items() if to == part]

    @asynccontextmanager
    async def superuser(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that bypasses proxies and row-level security."""
        connection: asyncpg.Connection = await asyncpg.connect(self.database.superuser_url, timeout=5)
        try:
            yield connection
        finally:
            await connection.close(timeout=5)

    @asynccontextmanager
    async def broker(self) -> AsyncIterator[aio_pika.abc.AbstractChannel]:
        """A channel of the broker's administrator on our virtual host."""
        connection = await aio_pika.connect(self.servers.rabbitmq.url("admin", self.vhost), timeout=5)
        async with connection:
            yield await connection.channel()

    async def start(self, names: Sequence[str] = SERVICES) -> None:
        """Start these services and wait until they are ready and attached to the broker."""
        for name in names:
            self.services[name].spawn()
        await self.until_ready(names)

    async def until_ready(self, names: Sequence[str] = SERVICES) -> None:
        """Wait until these services answer and receive from the broker, even after restarts. Raises ServerFailed with the end of a log."""
        for name in names:
            try:
                async with asyncio.timeout(READY_SECONDS):
                    while not await self._is_ready(name):
                        await asyncio.sleep(0.1)
            except TimeoutError:
                raise ServerFailed(f"{name} is not ready after {READY_SECONDS:.0f} s:\n{self.services[name].tail()}") from None

    async def _is_ready(self, name: str) -> bool:
        service = self.services[name]
        try:
            answer = (await self.http.get(f"{service.url}/readyz", timeout=3)).json()
        except (httpx2.HTTPError, ValueError):
            return False
        return answer["ready"] and answer["bus"] == "ok" and service.is_running and answer["pid"] == service.pid

    async def until_alive(self, process: Process) -> None:
        """Wait until a process answers. Raises TimeoutError."""
        async with asyncio.timeout(READY_SECONDS):
            while True:
                with contextlib.suppress(httpx2.HTTPError):
                    if (await self.http.get(f"{process.url}/livez", timeout=3)).is_success:
                        return
                await asyncio.sleep(0.1)

    async def stop(self, names: Sequence[str] = SERVICES) -> None:
        """Stop these services in order: requests in progress are answered first."""
        await asyncio.gather(*(self.services[name].stop() for name in names))

    async def plain_again(self) -> None:
        """Heal every connection, and restart without fault each service that runs with one."""
        for way in self.ways.values():
            way.heal()
        names = [name for name, service in self.services.items() if not service.is_plain]
        await self.stop(names)
        for name in names:
            self.services[name].prepare()
        await self.start(names)

    async def arm(self, name: str, point: str, passes: int, *, defect: str | None = None, skew: float = 0.0) -> None:
        """Restart `name` so that it kills itself when it passes a fault point for the n-th time."""
        await self.stop([name])
        self.services[name].prepare(environment={"FAULTPOINT": f"{point}:{passes}"}, defect=defect, skew=skew)
        self.services[name].spawn()

    async def watch(self) -> None:
        """Restart services that have died, without their fault, until cancelled."""
        while True:
            for service in self.services.values():
                if service.is_wanted and not service.is_running:
                    service.deaths += 1
                    service.prepare()
                    service.spawn()
            await asyncio.sleep(WATCHED_EVERY)


@asynccontextmanager
async def cluster_on(
    servers: LocalServers, nursery: Nursery, database: Database, vhost: str, *, is_clock_simulated: bool = False
) -> AsyncIterator[Cluster]:
    """Processes and proxies for a provisioned database and a virtual host. No service is started yet; all are stopped at the end."""
    keys = Keys(servers.directory / "keys")
    tokens = Tokens(keys)
    ports = {name: free_port() for name in SERVICES}
    async with AsyncExitStack() as stack:
        ways: dict[tuple[str, str], Proxy] = {}
        for name in SERVICES:
            ways[name, "postgres"] = await stack.enter_async_context(proxy_to(servers.postgres_admin_url))
            ways[name, "rabbitmq"] = await stack.enter_async_context(proxy_to(servers.amqp_url(name, vhost)))
            ways["feeds", name] = await stack.enter_async_context(Proxy("127.0.0.1", ports[name]))
        letters = stack.enter_context(Letters(servers.directory / "letters" / database.name))
        services: dict[str, Process] = {}
        for name in SERVICES:
            around = Surroundings(
                database=replace(database, admin_url=ways[name, "postgres"].through(database.admin_url)),
                amqp_url=lambda user, name=name: ways[name, "rabbitmq"].through(servers.amqp_url(user, vhost)),
                service_urls={each: f"http://127.0.0.1:{ways['feeds', each].port}" for each in SERVICES},
                keys=keys,
                public_key_file=keys.public_file,
                vault_key_file=keys.vault_file,
                is_clock_simulated=is_clock_simulated,
                are_rates_lifted=True,
                smtp_url=letters.url,
            )
            environment = program_environment() | service_environment(name, around) | {"GUANGCAI_SERVICE_TOKEN": tokens.of_service(name)}
            services[name] = Process(nursery, Start(name, ports[name], environment, str(servers.directory / "log" / f"{name}.log")))
        http = await stack.enter_async_context(httpx2.AsyncClient(trust_env=False, verify=False, limits=LIMITS))
        cluster = Cluster(servers, database, vhost, keys, tokens, services, ways, http, letters, is_clock_simulated)
        try:
            async with background(cluster.watch()):
                yield cluster
        finally:
            await cluster.stop()


@asynccontextmanager
async def background(work: Coroutine[Any, Any, Any]) -> AsyncIterator[asyncio.Task[Any]]:
    """Run a coroutine in the background of the block."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def copy_database(database: Database, name: str) -> Database:
    """Copy roles, schemas and data to a new database. Requires that nobody is connected to `database`."""
    connection = await asyncpg.connect(database.admin_url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{database.name}"')
    finally:
        await connection.close()
    return await provision(database.admin_url, database.password, name)  # grants on the database itself are not copied
