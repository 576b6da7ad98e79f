"""The four services as child processes on private servers: provisioned, started, waited for, and stopped in order.

Invariant: a stack runs completely or not at all. When one part does not start, the others are stopped and the error names the log to read.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from ops.environment import Surroundings, service_environment
from ops.keys import Keys
from ops.provision import Database, provision, roles
from ops.servers import LocalServers, ServerFailed, ServerOptions, local_servers
from ops.servers.definitions import SERVICES, VHOST
from ops.servers.processes import Child, free_port, is_free, wait_until

ROOT = Path(__file__).parents[1]
PORTS = {"registration": 8101, "activities": 8102, "evaluation": 8103, "notifications": 8104}
READY_SECONDS = 60.0
STOP_SECONDS = 10.0
STATE = "stack.json"  # what commands in a second terminal need to know about a running stack
# The only variables taken over from the caller's environment: settings come from here, never from a forgotten export.
PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONPYCACHEPREFIX"),
    *("GUANGCAI_LOG_LEVEL", "GUANGCAI_OTLP_ENDPOINT"),
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StackOptions:
    """Options of a stack. `ports` empty: any free ones. `is_clock_simulated`: requests carry their own time (demo and tests).

    `are_rates_lifted` turns off the limits of requests per second, for load and demo.
    `is_fresh` deletes data of earlier runs first. With `is_port_strict` a port in use is an error, otherwise a free one is used instead.
    `key_seed` makes the keys the same in every run (ops/keys.py); for invented data only.
    """

    purpose: str
    ports: Mapping[str, int] = field(default_factory=dict)
    is_clock_simulated: bool = False
    are_rates_lifted: bool = False
    smtp_url: str | None = None
    durable: bool = True
    is_fresh: bool = False
    is_port_strict: bool = True
    key_seed: str | None = None


class ServiceProcess:
    """One service: `shared.runtime.serving` in a child process, its log in a file."""

    def __init__(self, name: str, port: int, log: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self._port = port
        self._environment = environment
        self._child = Child(name, log)

    @property
    def is_running(self) -> bool:
        return self._child.is_alive()

    @property
    def pid(self) -> int | None:
        """Process id of the current process."""
        return self._child.pid

    def spawn(self) -> None:
        """Start without waiting (from the main thread)."""
        command = [sys.executable, "-P", "-m", "shared.runtime.serving", self.name, "--port", str(self._port), "--stop-within", "3"]
        self._child.spawn(command, self._environment)

    def wait_ready(self) -> None:
        self._child.wait_ready(self._is_ready, READY_SECONDS)

    def start(self) -> None:
        self.spawn()
        self.wait_ready()

    def stop(self) -> None:
        """Stop in order: requests in progress are answered first."""
        self._child.stop(deadline=STOP_SECONDS)

    def kill(self) -> None:
        """Kill it, as in a crash."""
        self._child.kill()

    def tail(self) -> str:
        return self._child.tail()

    def has_bus(self) -> bool:
        """Whether it receives from RabbitMQ. Not part of readiness, because commands work without it."""
        answer = self._probe()
        return answer is not None and answer.json()["bus"] == "ok"

    def _is_ready(self) -> bool:
        # Compare process ids: a stack started at the same moment may have taken the port after we checked it.
        answer = self._probe()
        return answer is not None and answer.status_code == httpx2.codes.OK and answer.json()["pid"] == self._child.pid

    def _probe(self) -> httpx2.Response | None:
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=3.0, trust_env=False)
        except httpx2.HTTPError:
            return None


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack: both servers, the database, the keys, and the services by name."""

    servers: LocalServers
    database: Database
    keys: Keys
    services: dict[str, ServiceProcess]
    vhost: str = VHOST

    @property
    def urls(self) -> dict[str, str]:
        """Base URL by service."""
        return {name: service.url for name, service in self.services.items()}


@contextmanager
def local_stack(directory: Path, options: StackOptions, say: Callable[[str], None] = lambda _line: None) -> Iterator[Stack]:
    """Start everything on `directory`, yield it, and stop it at the end; main thread only. Raises ServerFailed with what to do."""
    of_servers = ServerOptions(options.purpose, durable=options.durable, is_fresh=options.is_fresh, is_rabbitmq_awaited=False)
    with local_servers(directory, of_servers, say) as servers:
        say("provisioning the database")
        database = run_apart(provision(servers.postgres_admin_url, servers.role_password))
        with running_services(servers, database, options, say=say) as stack, _state_written(servers.directory / STATE, stack):
            yield stack


@contextmanager
def running_services(
    servers: LocalServers, database: Database, options: StackOptions, *, vhost: str = VHOST, say: Callable[[str], None] = lambda _line: None
) -> Iterator[Stack]:
    """Run the four services on existing servers (RabbitMQ may still be starting), a provisioned database and a virtual host."""
    keys = Keys(servers.directory / "keys", options.key_seed)
    ports = {name: _port(name, options) for name in SERVICES}
    around = Surroundings(
        database=database,
        amqp_url=lambda user: servers.amqp_url(user, vhost),
        service_urls={name: f"http://127.0.0.1:{port}" for name, port in ports.items()},
        keys=keys,
        public_key_file=keys.public_file,
        vault_key_file=keys.vault_file,
        is_clock_simulated=options.is_clock_simulated,
        are_rates_lifted=options.are_rates_lifted,
        smtp_url=options.smtp_url,
    )
    logs = servers.directory / "log"
    services = {
        name: ServiceProcess(name, port, logs / f"{name}.log", program_environment() | service_environment(name, around))
        for name, port in ports.items()
    }
    try:
        for service in services.values():
            service.spawn()
        servers.rabbitmq.wait_ready()  # the services start meanwhile; they wait for the broker by themselves
        for service in services.values():
            service.wait_ready()
            say(f"{service.name} is ready on {service.url}")
        wait_until(lambda: all(service.has_bus() for service in services.values()), READY_SECONDS, "the services to attach to RabbitMQ")
        yield Stack(servers, database, keys, services, vhost)
    finally:
        with ThreadPoolExecutor(len(services)) as pool:
            list(pool.map(ServiceProcess.stop, services.values()))


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a separate event loop, so that callers inside a loop can use it, too."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def _port(name: str, options: StackOptions) -> int:
    port = options.ports.get(name)
    if port is None:
        return free_port()
    if not is_free(port):
        if not options.is_port_strict:
            return free_port()
        raise ServerFailed(f"port {port} (for {name}) is in use. Stop what uses it, or run with --free-ports.")
    return port


def program_environment() -> dict[str, str]:
    """The environment variables common to all our programs, with nothing else of the caller's environment."""
    passed_on = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    return passed_on | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def running_state(directory: Path) -> dict[str, Any]:
    """Services and databases of the stack that runs on `directory`. Raises ServerFailed when none runs."""
    try:
        return json.loads((directory / STATE).read_text())
    except FileNotFoundError:
        raise ServerFailed(f"no stack is running on {directory}: start ./guangcai up in another terminal") from None


@contextmanager
def _state_written(file: Path, stack: Stack) -> Iterator[None]:
    state = {"services": stack.urls, "databases": {role: stack.database.url(role) for role in roles()}}
    file.touch(mode=0o600)  # it holds passwords
    file.write_text(json.dumps(state, indent=1))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
