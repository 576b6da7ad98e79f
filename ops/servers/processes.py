"""Child processes that never outlive this one, on loopback ports that no client connection can occupy by accident.

Invariant: every child ends with the process that started it, even after SIGKILL (`setpriv --pdeathsig`).
"""

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

POLL_SECONDS = 0.02


class ServerFailed(Exception):
    """A local server could not be found, started or reached; the message says what to do."""


class Child:
    """One server process with its log file. It runs in its own session: Ctrl-C reaches only the parent, which stops it in order."""

    def __init__(self, name: str, log: Path, *, user: str | None = None, last_signal: str = "KILL") -> None:
        """`last_signal` is sent by the kernel when our process ends; `user` drops privileges first (only root can)."""
        self.name = name
        self.log = log
        self._user = user
        self._last_signal = last_signal
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ServerFailed(f"{self.name} was not started")
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def spawn(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        """Start the process and return at once; the caller polls for readiness."""
        if self.is_alive():
            raise ServerFailed(f"{self.name} is running already (pid {self.pid})")
        if threading.current_thread() is not threading.main_thread():
            # The kernel sends the parent-death signal when the *thread* that forked ends, so a pool thread would take the server with it.
            raise ServerFailed(f"{self.name} must be started from the main thread; wait for it in another one if you like")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the command is built by this package
                [*_leash(self._last_signal), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd="/" if self._user else None,
                start_new_session=True,
                user=self._user,
                group=_group_of(self._user),
                extra_groups=() if self._user else None,
            )

    def stop(self, stop_signal: signal.Signals = signal.SIGTERM, deadline: float = 10.0) -> None:
        """Send SIGTERM, wait up to `deadline` seconds, then kill. Does nothing when the process has ended already."""
        if not self.is_alive():
            return
        family = [self.pid, *descendants(self.pid)]
        os.kill(self.pid, stop_signal)
        self._end(family, deadline)

    def kill(self) -> None:
        """SIGKILL, as a crash would; returns when the process and everything below it is gone."""
        if not self.is_alive():
            return
        family = [self.pid, *descendants(self.pid)]
        os.kill(self.pid, signal.SIGKILL)
        self._end(family, 0.0)

    def _end(self, family: Iterable[int], patience: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pid in family:
            if not _is_gone(pid):
                _kill_quietly(pid)
        wait_until(lambda: all(_is_gone(pid) for pid in family), 5.0, f"{self.name} to end")
        self._process = None

    def wait_ready(self, is_ready: Callable[[], bool], deadline: float) -> None:
        """Poll `is_ready` until true; raise with the tail of the log when the process ends or the deadline passes first."""
        end = time.monotonic() + deadline
        while not is_ready():
            if not self.is_alive():
                raise ServerFailed(f"{self.name} ended while starting. Its log ({self.log}) ends with:\n{self.tail()}")
            if time.monotonic() > end:
                raise ServerFailed(f"{self.name} was not ready after {deadline:.0f} s. Its log ({self.log}) ends with:\n{self.tail()}")
            time.sleep(POLL_SECONDS)

    def tail(self, lines: int = 20) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def wait_until(condition: Callable[[], bool], deadline: float, what: str) -> None:
    """Poll until true; after the deadline raise ServerFailed naming what was awaited."""
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            raise ServerFailed(f"waited {deadline:.0f} s in vain for {what}")
        time.sleep(POLL_SECONDS)


_given: set[int] = set()  # ports given out by this process, perhaps not bound yet


def free_port() -> int:
    """A free loopback port below the kernel's ephemeral range, never the same one twice.

    In that range a client reconnecting to a stopped server can get the server's port as its source port, and then talks to itself.
    """
    low = _ephemeral_start()
    candidates = random.SystemRandom()
    for _ in range(200):
        port = candidates.randrange(max(10_000, low - 16_000), low)
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    raise ServerFailed(f"found no free loopback port below {low}")


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def descendants(pid: int) -> list[int]:
    """Every process below `pid`, found in /proc; empty where there is none."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found: list[int] = []
    queue = [pid]
    while queue:
        below = children.get(queue.pop(), [])
        found.extend(below)
        queue.extend(below)
    return found


def nobody_when_root() -> str | None:
    """The account of the servers: PostgreSQL refuses to run as root, and a broker need not."""
    return "nobody" if os.geteuid() == 0 else None


def can_reach(directory: Path, user: str | None) -> bool:
    """Whether `user` may enter every parent of `directory`; True for our own account."""
    if user is None:
        return True
    return all(parent.stat().st_mode & 0o001 for parent in directory.absolute().parents if parent.exists())


def _ephemeral_start() -> int:
    try:
        first = re.match(r"\d+", Path("/proc/sys/net/ipv4/ip_local_port_range").read_text())
    except OSError:
        first = None
    start = int(first[0]) if first else 32_768
    return start if start >= 12_000 else 32_768


def _leash(last_signal: str) -> list[str]:
    setpriv = shutil.which("setpriv")  # util-linux, part of every Debian; elsewhere Ctrl-C still stops everything in order
    if setpriv is None:
        return []
    # A parent that dies before the signal is armed triggers none: after arming it, the child checks once that we are still its parent.
    return [setpriv, "--pdeathsig", last_signal, "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', str(os.getpid())]


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd  # noqa: PLC0415 - not on every platform, needed by root only

    return pwd.getpwnam(user).pw_gid


def _is_gone(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"  # a zombie has ended and only waits to be reaped


def _kill_quietly(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
