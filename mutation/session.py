"""Pytest plugin: instead of running the collected tests once, runs those of a module once per mutant, each time in a forked child.

Everything is imported once, in the parent, which runs no test itself. A mutant is killed when a test fails or takes far too long.
"""

import json
import os
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mutation.mutants import ROOT, CannotBePlanted, Mutant, plant
from ops.servers import ServerOptions, local_servers
from ops.servers.directory import remove
from shared.testing.given_servers import SERVERS

PLAN: Final = "GUANGCAI_MUTATION_PLAN"
ON_SERVERS: Final = frozenset({"servers", "new_database", "database"})
KILLED, SURVIVED, UNTESTED, NOT_PLANTED = 1, 0, 3, 4
NAMES: Final = {KILLED: "killed", SURVIVED: "survived", UNTESTED: "no test", NOT_PLANTED: "not planted"}
LONGEST: Final = 3.0  # times as long as the tests take without a defect
PATIENCE: Final = 10.0  # seconds on top


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run does: `on_servers` takes the tests that need PostgreSQL, otherwise those that need none."""

    mutants: list[Mutant]
    results: str
    jobs: int
    on_servers: bool
    title: str

    def write(self, path: Path) -> None:
        """For the pytest process."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """What `write` wrote."""
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**content, "mutants": [Mutant(**each) for each in content["mutants"]]})


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the plan in the place of the tests."""
    plan = Plan.read(Path(os.environ[PLAN]))
    items = [item for item in session.items if bool(ON_SERVERS & set(getattr(item, "fixturenames", ()))) is plan.on_servers]
    with ExitStack() as stack:
        if plan.on_servers:
            directory = ROOT / "var" / f"mutate-{os.getpid()}"
            stack.callback(remove, directory)
            options = ServerOptions("./guangcai mutate", durable=False)
            session.config.stash[SERVERS] = stack.enter_context(local_servers(directory, options, _quiet))
        seconds = _baseline(items)
        outcomes = _run(plan, items, seconds)
    Path(plan.results).write_text(json.dumps(outcomes), encoding="utf-8")
    return True


def _quiet(_line: str) -> None:
    """Servers say nothing while the bar is shown."""


def tests_of(path: str, items: Sequence[pytest.Item], seconds: dict[str, float]) -> list[pytest.Item]:
    """The tests of the module at `path`: those of the folder that mirrors its own, then those of the whole service; quick ones first."""
    parts = Path(path).parts  # services, name, feature, module
    mirrored = ROOT / "tests" / parts[1] / (parts[2] if len(parts) > len(("services", "name", "module.py")) else "")
    own = [item for item in items if item.nodeid in seconds and item.path.is_relative_to(mirrored)]
    common = [item for item in items if item.nodeid in seconds and item not in own and item.path.parent == ROOT / "tests" / parts[1]]
    return [*sorted(own, key=lambda item: seconds[item.nodeid]), *sorted(common, key=lambda item: seconds[item.nodeid])]


def _baseline(items: Sequence[pytest.Item]) -> dict[str, float]:
    """Seconds of every test that passes without a defect."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _silence()
        os.close(reading)
        seconds: dict[str, float] = {}
        for number, item in enumerate(items):
            started = time.monotonic()
            if _passes(item, items[number + 1] if number + 1 < len(items) else None):
                seconds[item.nodeid] = time.monotonic() - started
        with os.fdopen(writing, "w") as pipe:
            json.dump(seconds, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        seconds = json.load(pipe)
    os.waitpid(pid, 0)
    return seconds


def _run(plan: Plan, items: Sequence[pytest.Item], seconds: dict[str, float]) -> list[tuple[str, str]]:
    by_module = {path: tests_of(path, items, seconds) for path in {each.path for each in plan.mutants}}
    outcomes: dict[str, int] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(plan.title, total=len(plan.mutants), counts="")
        waiting, running = list(reversed(plan.mutants)), dict[int, tuple[Mutant, int, float]]()  # pidfd → mutant, pid, when it is too late
        while waiting or running:
            while waiting and len(running) < plan.jobs:
                mutant = waiting.pop()
                tests = by_module[mutant.path]
                pid = _forked(mutant, tests)
                too_late = time.monotonic() + LONGEST * sum(seconds[item.nodeid] for item in tests) + PATIENCE
                running[os.pidfd_open(pid)] = (mutant, pid, too_late)
            for mutant, code in _ended(running):
                outcomes[mutant.name] = code
                counts[NAMES[code]] += 1
                said = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))
                progress.update(task, advance=1, counts=said)
    return [(mutant.name, NAMES[outcomes[mutant.name]]) for mutant in plan.mutants]


def _ended(running: dict[int, tuple[Mutant, int, float]]) -> list[tuple[Mutant, int]]:
    poll = select.poll()
    for each in running:
        poll.register(each, select.POLLIN)
    ready = {descriptor for descriptor, _ in poll.poll(500)}
    found: list[tuple[Mutant, int]] = []
    for descriptor, (mutant, pid, too_late) in list(running.items()):
        is_late = descriptor not in ready and time.monotonic() > too_late
        if is_late:
            os.kill(pid, signal.SIGKILL)
        if is_late or descriptor in ready:
            _, status = os.waitpid(pid, 0)
            os.close(descriptor)
            del running[descriptor]
            found.append((mutant, os.WEXITSTATUS(status) if os.WIFEXITED(status) else KILLED))
    return found


def _forked(mutant: Mutant, tests: Sequence[pytest.Item]) -> int:
    pid = os.fork()
    if pid:
        return pid
    _silence()
    code = KILLED
    try:
        if not tests:
            code = UNTESTED
        else:
            plant(mutant)
            code = _first_failure(tests)
    except CannotBePlanted:
        code = NOT_PLANTED
    finally:
        os._exit(code)


def _first_failure(tests: Sequence[pytest.Item]) -> int:
    for item, following in zip(tests, [*tests[1:], None], strict=True):
        if not _passes(item, following):
            return KILLED
    return SURVIVED


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (sys.stdin.fileno() if sys.stdin else 0, 1, 2):
        os.dup2(null, descriptor)
