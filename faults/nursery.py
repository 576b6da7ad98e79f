"""Starts service processes quickly: one process imports the four applications once and forks a child for every start.

A child runs the same as in production (`python -m shared.runtime.serving <name>`), in its own session and environment; only the
seconds of importing are saved. Invariant: when the nursery ends, its children end.
"""

import ctypes
import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from faults.planted import PLANTED
from ops.stack import program_environment
from shared.eventlog import faultpoint

SERVICES = ("registration", "activities", "evaluation", "notifications")
SET_DEATH_SIGNAL = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Start:
    """How to start a child: environment, output file, planted defect, clock skew in seconds."""

    name: str
    port: int
    environment: Mapping[str, str]
    log: str
    defect: str | None = None
    skew: float = 0.0


class Nursery:
    """The harness' side: `start` returns a process id. Use it with `with`, in the main thread."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "faults.nursery"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=program_environment(),
                start_new_session=True,
            )
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def start(self, start: Start) -> int:
        """Fork a child; returns its process id."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps(start) + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _serve() -> None:
    for name in SERVICES:
        importlib.import_module(f"services.{name}.app")
    import uvicorn  # noqa: PLC0415 - the children's program

    importlib.import_module("shared.runtime.serving")

    _die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    for line in sys.stdin.buffer:
        start = Start(**orjson.loads(line))
        pid = os.fork()
        if pid == 0:
            _become(start, uvicorn.run)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become(start: Start, run: Callable[..., Any]) -> None:
    """Never returns."""
    os.setsid()
    _die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(start.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor, replaced in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, replaced)
    os.environ.clear()
    os.environ.update(start.environment)
    try:
        _rearm()
        if start.defect is not None:
            PLANTED[start.defect]()
        from shared.runtime.serving import server_options  # noqa: PLC0415 - the children's program
        from shared.runtime.settings import Settings  # noqa: PLC0415

        options = server_options(start.name, Settings().limits)  # pyright: ignore[reportCallIssue]  # from the environment
        run(_application(start), factory=True, host="127.0.0.1", port=start.port, timeout_graceful_shutdown=3, **options)
    finally:
        os._exit(1)


def _application(start: Start) -> str | Callable[[], Any]:
    if not start.skew:
        return f"services.{start.name}.app:create"
    from datetime import timedelta  # noqa: PLC0415 - only for children with clock skew

    from shared.runtime.service import build_app, utc_now  # noqa: PLC0415
    from shared.runtime.settings import Settings  # noqa: PLC0415

    service = importlib.import_module(f"services.{start.name}.app").SERVICE
    return lambda: build_app(service, Settings(), clock=lambda: utc_now() + timedelta(seconds=start.skew))  # pyright: ignore[reportCallIssue]  # from the environment


def _rearm() -> None:
    """Fault points read FAULTPOINT at import, which happened before the fork, so replace them."""
    setting = os.environ.get("FAULTPOINT")
    reach = faultpoint._armed(setting) if setting else faultpoint._unarmed
    for module in list(sys.modules.values()):
        if getattr(module, "reach", None) is faultpoint._unarmed:
            module.reach = reach  # pyright: ignore[reportAttributeAccessIssue]  # a module that imported it


def _die_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(SET_DEATH_SIGNAL, signal.SIGKILL)


if __name__ == "__main__":
    _serve()
