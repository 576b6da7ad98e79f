"""Real PostgreSQL and RabbitMQ for one data directory: given by URL, in containers, or as private child processes.

`local_servers` is the entry point. Invariant: everything that it starts ends with its block or its process.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ops.credentials import Credentials
from ops.servers import choice, docker
from ops.servers.definitions import ADMIN, SERVICES, VHOST
from ops.servers.directory import empty, held, server_directory
from ops.servers.postgres import SUPERUSER
from ops.servers.processes import ServerFailed

__all__ = ["LocalServers", "PostgresServer", "RabbitServer", "ServerFailed", "ServerOptions", "local_servers"]


class PostgresServer(Protocol):
    """One PostgreSQL. `spawn` returns at once and must run in the main thread; `start` also waits; `kill` acts like a crash."""

    how: str

    @property
    def admin_url(self) -> str: ...
    @property
    def is_running(self) -> bool: ...
    def spawn(self) -> None: ...
    def wait_ready(self) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...


class RabbitServer(Protocol):
    """One RabbitMQ; the same methods as PostgresServer, and a URL per user."""

    how: str

    @property
    def admin_url(self) -> str: ...
    def url(self, user: str, vhost: str = VHOST) -> str: ...
    @property
    def is_running(self) -> bool: ...
    def spawn(self) -> None: ...
    def wait_ready(self) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...


@dataclass(frozen=True, slots=True)
class LocalServers:
    """Both servers, running, and their passwords."""

    directory: Path
    credentials: Credentials
    postgres: PostgresServer
    rabbitmq: RabbitServer

    @property
    def postgres_admin_url(self) -> str:
        return self.postgres.admin_url

    @property
    def amqp_admin_url(self) -> str:
        return self.rabbitmq.admin_url

    def amqp_url(self, user: str, vhost: str = VHOST) -> str:
        """The URL for one of the four services (its own user) on a virtual host."""
        return self.rabbitmq.url(user, vhost)

    def role_password(self, role: str) -> str:
        """The password of a database role. On a server given by URL it is derived from the URL, so that two stacks there agree on it."""
        if isinstance(self.postgres, choice.GivenPostgres):
            return hashlib.sha256(f"{self.postgres_admin_url}/{role}".encode()).hexdigest()
        return self.credentials.password(role)

    @property
    def ways(self) -> tuple[str, str]:
        """One line per server: where it came from."""
        return f"PostgreSQL: {self.postgres.how}", f"RabbitMQ: {self.rabbitmq.how}"


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Options of the local servers.

    `purpose` is shown to a second stack that wants the same directory. `durable` False turns fsync off and ends the servers by SIGKILL.
    `is_fresh` deletes data of earlier runs first. Without `is_rabbitmq_awaited` RabbitMQ may still be starting; the caller waits for it
    (`rabbitmq.wait_ready`). Without `needs_rabbitmq` RabbitMQ is not started at all, for callers that only read the logs.
    """

    purpose: str
    durable: bool = True
    vhosts: tuple[str, ...] = (VHOST,)
    is_fresh: bool = False
    is_rabbitmq_awaited: bool = True
    needs_rabbitmq: bool = True


@contextmanager
def local_servers(directory: Path, options: ServerOptions, say: Callable[[str], None] = lambda _line: None) -> Iterator[LocalServers]:
    """Start both servers on `directory` (kept for the next time) and stop them at the end; from the main thread.

    `say` gets progress lines. Raises ServerFailed with what to do.
    """
    directory = directory.absolute()
    with held(directory, options.purpose):
        if options.is_fresh:
            empty(directory)
            docker.remove_volumes(server_directory(directory))
        credentials = Credentials(directory)
        wanted = choice.Wanted(credentials.password(SUPERUSER), credentials.passwords(ADMIN, *SERVICES), options.vhosts, options.durable)
        servers = LocalServers(directory, credentials, *choice.choose(_home(directory, credentials, say), wanted, say))
        try:
            if options.needs_rabbitmq:
                servers.rabbitmq.spawn()  # the slower one first: both start in parallel
            servers.postgres.spawn()
            servers.postgres.wait_ready()
            if options.needs_rabbitmq and options.is_rabbitmq_awaited:
                servers.rabbitmq.wait_ready()
            for line in servers.ways:
                say(line)
            yield servers
        finally:
            for server in (servers.postgres, servers.rabbitmq):
                if options.durable or isinstance(server, choice.GivenPostgres | choice.GivenRabbit):
                    server.stop()
                else:
                    server.kill()  # this data will not be read again


def _home(directory: Path, credentials: Credentials, say: Callable[[str], None]) -> Path:
    """Where the servers' files go. Raises ServerFailed for existing data whose passwords are lost."""
    home = server_directory(directory)
    if home != directory:
        say(f"server data in {home}: the account “nobody” cannot enter {directory}")
        home.mkdir(mode=0o755, exist_ok=True)
    if credentials.is_new and (home / "postgres").exists():
        raise ServerFailed(f"{home} holds data whose passwords are lost. Run ./guangcai reset to start over.")
    return home
