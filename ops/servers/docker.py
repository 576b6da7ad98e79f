"""PostgreSQL and RabbitMQ in containers, through testcontainers, when a Docker engine answers.

Ports are published on loopback only. testcontainers' reaper ends the containers after this process has ended; data is in named volumes.
"""

import contextlib
import hashlib
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ops.servers.definitions import ADMIN, VHOST, definitions_json
from ops.servers.postgres import SUPERUSER
from ops.servers.processes import free_port, wait_until
from ops.servers.rabbitmq import speaks_amqp

POSTGRES_IMAGE = "postgres:17-bookworm"
RABBITMQ_IMAGE = "rabbitmq:4.1"
PING_SECONDS = 2
READY_SECONDS = 120.0


def engine_answers() -> bool:
    """Whether a Docker engine answers within two seconds; a client without an engine does not count."""
    if not os.environ.get("DOCKER_HOST") and not Path("/var/run/docker.sock").exists():
        return False  # without importing the client
    import docker  # noqa: PLC0415 - takes a third of a second, needed only with an engine

    with contextlib.suppress(Exception):  # any error of the client means no engine
        return bool(docker.from_env(timeout=PING_SECONDS).ping())
    return False


class Container:
    """One container that can be stopped, killed and started again on the same port and volume."""

    def __init__(self, image: str, port: int, volume: str, data: str) -> None:
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415 - slow to import, see engine_answers

        self.port = free_port()
        self._container: Any = DockerContainer(image).with_volume_mapping(volume, data, "rw")
        self._container.ports = {f"{port}/tcp": ("127.0.0.1", self.port)}
        self._is_created = False
        self.is_running = False

    def configure(self, name: str, value: str) -> None:
        self._container.with_env(name, value)

    def mount(self, file: Path, target: str) -> None:
        self._container.with_volume_mapping(str(file), target, "ro")

    def spawn(self) -> None:
        if self._is_created:
            self._container.get_wrapped_container().start()
        else:
            self._container.start()
            self._is_created = True
        self.is_running = True

    def stop(self) -> None:
        if self.is_running:
            self._container.get_wrapped_container().stop(timeout=20)
            self.is_running = False

    def kill(self) -> None:
        if self.is_running:
            self._container.get_wrapped_container().kill()
            self.is_running = False


class ContainerPostgres(Container):
    """PostgreSQL in a container."""

    def __init__(self, home: Path, password: str) -> None:
        super().__init__(POSTGRES_IMAGE, 5432, _volume(home, "postgres"), "/var/lib/postgresql/data")
        self.how = f"container {POSTGRES_IMAGE}"
        self._password = password
        self.configure("POSTGRES_PASSWORD", password)

    @property
    def admin_url(self) -> str:
        return f"postgresql://{SUPERUSER}:{quote(self._password, safe='')}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self.spawn()
        self.wait_ready()

    def wait_ready(self) -> None:
        """During set-up the image runs a server on a Unix socket only, so an answer over TCP comes from the real server."""
        wait_until(lambda: _speaks_postgres(self.port), READY_SECONDS, self.how)


class ContainerRabbit(Container):
    """RabbitMQ in a container, with the same definitions as the private one."""

    def __init__(self, home: Path, passwords: Mapping[str, str], vhosts: tuple[str, ...]) -> None:
        super().__init__(RABBITMQ_IMAGE, 5672, _volume(home, "rabbitmq"), "/var/lib/rabbitmq")
        self.how = f"container {RABBITMQ_IMAGE}"
        self._passwords = passwords
        directory = home / "rabbitmq"
        directory.mkdir(parents=True, exist_ok=True)
        definitions, configuration = directory / "definitions.json", directory / "container.conf"
        definitions.write_text(definitions_json(passwords, vhosts))
        configuration.write_text("load_definitions = /etc/rabbitmq/definitions.json\nloopback_users = none\n")
        self.mount(definitions, "/etc/rabbitmq/definitions.json")
        self.mount(configuration, "/etc/rabbitmq/conf.d/90-guangcai.conf")
        self._container.with_kwargs(hostname="guangcai")  # the node's name, and with it its data directory, follow the host name

    @property
    def admin_url(self) -> str:
        return self.url(ADMIN)

    def url(self, user: str, vhost: str = VHOST) -> str:
        return f"amqp://{user}:{quote(self._passwords[user], safe='')}@127.0.0.1:{self.port}/{quote(vhost, safe='')}"

    def start(self) -> None:
        self.spawn()
        self.wait_ready()

    def wait_ready(self) -> None:
        wait_until(lambda: speaks_amqp(self.port), READY_SECONDS, self.how)


def remove_volumes(home: Path) -> None:
    """Delete the volumes that belong to a data directory; nothing to do without an engine."""
    if not engine_answers():
        return
    import docker  # noqa: PLC0415 - see engine_answers
    from docker.errors import NotFound  # noqa: PLC0415 - see engine_answers

    client = docker.from_env()
    for name in ("postgres", "rabbitmq"):
        with contextlib.suppress(NotFound):
            client.volumes.get(_volume(home, name)).remove()


def _volume(home: Path, server: str) -> str:
    return f"guangcai-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}-{server}"


def _speaks_postgres(port: int) -> bool:
    """An SSLRequest is answered by one byte, S or N, from the first moment a server listens (PostgreSQL documentation, 55.2.11)."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2.0) as connection:
        connection.sendall(bytes.fromhex("0000000804d2162f"))
        return connection.recv(1) in {b"S", b"N"}
    return False
