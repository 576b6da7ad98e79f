"""A private RabbitMQ from installed or unpacked files: the Erlang machine and its port mapper as child processes, all ports on loopback.

Invariant: it shares nothing with an installed broker: home, cookie, node name, ports, data and configuration are its own.
"""

import contextlib
import shutil
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from ops.servers.definitions import ADMIN, VHOST, definitions_json
from ops.servers.processes import Child, free_port, nobody_when_root

READY_SECONDS = 120.0
PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"

CONFIGURATION = """\
listeners.tcp.local = 127.0.0.1:{port}
load_definitions = {definitions}
loopback_users = none
log.console = true
log.console.level = info
log.file = false
# The write-ahead log of quorum queues rolls over at 512 MB by default: far more than a machine for one district needs.
raft.wal_max_size_bytes = 64000000
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
"""


@dataclass(frozen=True, slots=True)
class RabbitFiles:
    """Where a broker's files are: `server` is sbin/rabbitmq-server, `epmd` the port mapper, `environment` for relocated files."""

    server: Path
    epmd: Path
    how: str
    environment: Mapping[str, str] = field(default_factory=dict)


class PrivateRabbit:
    """Start, stop, kill and start again on the same ports and data. `how` says where the files came from."""

    def __init__(self, files: RabbitFiles, directory: Path, passwords: Mapping[str, str], vhosts: Iterable[str] = (VHOST,)) -> None:
        self.how = files.how
        self._files = files
        self._directory = directory
        self._passwords = passwords
        self._vhosts = tuple(vhosts)
        self._port, self._dist_port, self._epmd_port = free_port(), free_port(), free_port()
        user = nobody_when_root()
        self._epmd = Child("epmd", directory / "epmd.log", user=user)
        self._broker = Child("RabbitMQ", directory / "log", user=user)

    @property
    def admin_url(self) -> str:
        return self.url(ADMIN)

    def url(self, user: str, vhost: str = VHOST) -> str:
        return f"amqp://{user}:{quote(self._passwords[user], safe='')}@127.0.0.1:{self._port}/{quote(vhost, safe='')}"

    @property
    def is_running(self) -> bool:
        return self._broker.is_alive()

    @property
    def pid(self) -> int:
        return self._broker.pid

    def start(self) -> None:
        """Spawn, then wait until it answers: 5–7 s."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Start without waiting (from the main thread)."""
        self._write_configuration()
        if not self._epmd.is_alive():
            self._epmd.spawn([self._files.epmd, "-address", "127.0.0.1", "-port", str(self._epmd_port)], self._environment())
            # A broker without a port mapper starts one itself, as a daemon that outlives all other processes.
            self._epmd.wait_ready(lambda: _answers(self._epmd_port), 10.0)
        self._broker.spawn([self._files.server], self._environment())

    def wait_ready(self) -> None:
        self._broker.wait_ready(lambda: speaks_amqp(self._port), READY_SECONDS)

    def stop(self) -> None:
        """Shut down in order: the broker closes its queues, then the port mapper ends."""
        self._broker.stop(deadline=20.0)
        self._epmd.kill()

    def kill(self) -> None:
        """As a crash would: SIGKILL to the Erlang machine and everything below it."""
        self._broker.kill()
        self._epmd.kill()

    def _write_configuration(self) -> None:
        directory = self._directory
        (directory / "mnesia").mkdir(parents=True, exist_ok=True)
        definitions = directory / "definitions.json"
        _write_private(definitions, definitions_json(self._passwords, self._vhosts))
        _write_private(directory / "rabbitmq.conf", CONFIGURATION.format(port=self._port, definitions=definitions))
        _write_private(directory / "enabled_plugins", "[].\n")
        _write_private(directory / "environment.conf", "")
        _write_private(directory / "advanced.config", "[].\n")
        if user := nobody_when_root():
            for path in (directory, directory / "mnesia", *(path for path in directory.iterdir() if path.is_file())):
                shutil.chown(path, user)

    def _environment(self) -> dict[str, str]:
        directory = str(self._directory)
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": directory,
            # Makes the start script exec the Erlang machine, so that our pid and the parent-death signal belong to the broker itself.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_NODENAME": "guangcai@localhost",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            # No busy waiting: on a small machine the schedulers would occupy the cores that the services need.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
            "RABBITMQ_MNESIA_BASE": f"{directory}/mnesia",
            "RABBITMQ_LOG_BASE": directory,
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": f"{directory}/pid",
            "RABBITMQ_CONFIG_FILE": f"{directory}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{directory}/advanced.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{directory}/enabled_plugins",
            "RABBITMQ_CONF_ENV_FILE": f"{directory}/environment.conf",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": "0",
            **self._files.environment,
        }


def speaks_amqp(port: int) -> bool:
    """The broker opens its port last: an answer to the protocol header means that users and queues exist."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2.0) as connection:
        connection.sendall(PROTOCOL_HEADER)
        return connection.recv(1) == b"\x01"
    return False


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2.0):
        return True
    return False


def _write_private(path: Path, text: str) -> None:
    if path.exists() and path.read_text() == text:
        return
    path.touch(mode=0o600)
    path.write_text(text)
