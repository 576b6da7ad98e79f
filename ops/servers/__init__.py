"""Real PostgreSQL and RabbitMQ for one data directory: given by URL, in containers, or as private child processes.

`local_servers` is the only way in. Invariant: nothing it started is left when its block or its process ends.
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

__all__ = ["LocalServers", "PostgresServer", "RabbitServer", "ServerFailed", "ServerWishes", "local_servers"]


class PostgresServer(Protocol):
    """One PostgreSQL. `spawn` returns at once and belongs to the main thread; `start` also waits; `kill` is a crash."""

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
    """One RabbitMQ; the same verbs as PostgresServer, and a URL per user."""

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
    """Both servers, running, and the passwords that go with them."""

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
        """The password of a database role. On a given server it follows from its URL, so that two stacks there agree on it."""
        if isinstance(self.postgres, choice.GivenPostgres):
            return hashlib.sha256(f"{self.postgres_admin_url}/{role}".encode()).hexdigest()
        return self.credentials.password(role)

    @property
    def ways(self) -> tuple[str, str]:
        """One line per server: which way it was taken."""
        return f"PostgreSQL: {self.postgres.how}", f"RabbitMQ: {self.rabbitmq.how}"


@dataclass(frozen=True, slots=True)
class ServerWishes:
    """How the servers should be.

    `purpose` names the holder to a second stack that wants the same directory; `durable` False turns fsync off and ends them by a kill;
    `is_fresh` deletes first what earlier runs left; without `is_rabbitmq_awaited` the slow one may still be starting, and the caller
    waits for it when it likes (`rabbitmq.wait_ready`); without `needs_rabbitmq` it is not started at all (who only reads the logs).
    """

    purpose: str
    durable: bool = True
    vhosts: tuple[str, ...] = (VHOST,)
    is_fresh: bool = False
    is_rabbitmq_awaited: bool = True
    needs_rabbitmq: bool = True


@contextmanager
def local_servers(directory: Path, wishes: ServerWishes, say: Callable[[str], None] = lambda _line: None) -> Iterator[LocalServers]:
    """Start both servers on `directory` (kept for the next time) and stop them at the end; from the main thread.

    `say` gets progress lines. Raises ServerFailed with what to do.
    """
    directory = directory.absolute()
    with held(directory, wishes.purpose):
        if wishes.is_fresh:
            empty(directory)
            docker.remove_volumes(server_directory(directory))
        credentials = Credentials(directory)
        wanted = choice.Wanted(credentials.password(SUPERUSER), credentials.passwords(ADMIN, *SERVICES), wishes.vhosts, wishes.durable)
        servers = LocalServers(directory, credentials, *choice.choose(_home(directory, credentials, say), wanted, say))
        try:
            if wishes.needs_rabbitmq:
                servers.rabbitmq.spawn()  # the slow one first: both come up side by side
            servers.postgres.spawn()
            servers.postgres.wait_ready()
            if wishes.needs_rabbitmq and wishes.is_rabbitmq_awaited:
                servers.rabbitmq.wait_ready()
            for line in servers.ways:
                say(line)
            yield servers
        finally:
            for server in (servers.postgres, servers.rabbitmq):
                if wishes.durable or isinstance(server, choice.GivenPostgres | choice.GivenRabbit):
                    server.stop()
                else:
                    server.kill()  # nobody will read this data again


def _home(directory: Path, credentials: Credentials, say: Callable[[str], None]) -> Path:
    """Where the servers' files go; refuses to touch data that no password opens any more."""
    home = server_directory(directory)
    if home != directory:
        say(f"server data in {home}: the account “nobody” cannot enter {directory}")
        home.mkdir(mode=0o755, exist_ok=True)
    if credentials.is_new and (home / "postgres").exists():
        raise ServerFailed(f"{home} holds data whose passwords are lost. Run ./guangcai reset to start over.")
    return home
