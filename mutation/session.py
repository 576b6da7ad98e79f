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
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from _pytest.runner import runtestprotocol
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mutation.mutants import ROOT, CannotBePlanted, Mutant, plant
from mutation.taken_out import TakenOut
from ops.provision import roles
from ops.servers import ServerOptions, local_servers
from ops.servers.directory import remove
from shared.testing.given_servers import SERVERS

PLAN: Final = "GUANGCAI_MUTATION_PLAN"
ON_SERVERS: Final = frozenset({"servers", "new_database", "database"})
KILLED, SURVIVED, UNTESTED, NOT_PLANTED = 1, 0, 3, 4
NAMES: Final = {KILLED: "killed", SURVIVED: "survived", UNTESTED: "no test", NOT_PLANTED: "not planted"}
LONGEST: Final = 3.0  # times as long as the tests take without a defect
PATIENCE: Final = {True: 90.0, False: 10.0}  # seconds on top; on servers what tests share is set up anew in each child


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run does: `on_servers` takes the tests that need PostgreSQL, otherwise those that need none; None takes all."""

    mutants: list[Mutant]
    things: list[TakenOut]
    results: str
    jobs: int
    on_servers: bool | None
    title: str

    def write(self, path: Path) -> None:
        """For the pytest process."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """What `write` wrote."""
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        things = [TakenOut(**{**each, "tests": tuple(each["tests"])}) for each in content["things"]]
        return cls(**{**content, "mutants": [Mutant(**each) for each in content["mutants"]], "things": things})

    def defects(self, items: Sequence[pytest.Item], seconds: dict[str, float]) -> list["Defect"]:
        """What to plant, with the tests that should notice."""
        tests = {path: tests_of(path, items, seconds) for path in {each.path for each in self.mutants}}
        passing = [item for item in items if item.nodeid in seconds]
        return [
            *(Defect(each.name, partial(plant, each), tests[each.path], lambda _: True) for each in self.mutants),
            *(Defect(each.name, each.plant, each.tests_among(passing), each.is_named) for each in self.things),
        ]


class Defect(NamedTuple):
    """One defect: how to plant it in this process, which tests to run, and which of them should notice."""

    name: str
    plant: Callable[[], None]
    tests: list[pytest.Item]
    should_notice: Callable[[pytest.Item], bool]


class Running(NamedTuple):
    """A child with the defect of this number, and the time after which it is killed."""

    number: int
    pid: int
    too_late: float


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the plan in the place of the tests."""
    plan = Plan.read(Path(os.environ[PLAN]))
    items = [item for item in session.items if plan.on_servers in (None, _is_on_servers(item))]
    with ExitStack() as stack:
        if plan.on_servers is not False:
            directory = ROOT / "var" / f"mutate-{os.getpid()}"
            stack.callback(remove, directory)
            options = ServerOptions("./guangcai mutate", durable=False)
            servers = session.config.stash[SERVERS] = stack.enter_context(local_servers(directory, options, _quiet))
            for role in roles():  # passwords are made on first use, and children must agree on them
                servers.role_password(role)
        seconds = _baseline(items)
        outcomes = _run(plan, plan.defects(items, seconds), seconds)
    Path(plan.results).write_text(json.dumps(outcomes), encoding="utf-8")
    return True


def _is_on_servers(item: pytest.Item) -> bool:
    return bool(ON_SERVERS & set(getattr(item, "fixturenames", ())))


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


def _run(plan: Plan, defects: list[Defect], seconds: dict[str, float]) -> list[tuple[str, str]]:
    outcomes = [SURVIVED] * len(defects)
    counts: defaultdict[str, int] = defaultdict(int)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(plan.title, total=len(defects), counts="")
        waiting, running = list(reversed(range(len(defects)))), dict[int, Running]()  # running: by pidfd
        while waiting or running:
            while waiting and len(running) < plan.jobs:
                number = waiting.pop()
                pid = _forked(defects[number])
                too_late = (
                    time.monotonic()
                    + LONGEST * sum(seconds[item.nodeid] for item in defects[number].tests)
                    + PATIENCE[plan.on_servers is not False]
                )
                running[os.pidfd_open(pid)] = Running(number, pid, too_late)
            for number, code in _ended(running):
                outcomes[number] = code
                counts[NAMES[code]] += 1
                said = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))
                progress.update(task, advance=1, counts=said)
    return [(defect.name, NAMES[code]) for defect, code in zip(defects, outcomes, strict=True)]


def _ended(running: dict[int, Running]) -> list[tuple[int, int]]:
    poll = select.poll()
    for each in running:
        poll.register(each, select.POLLIN)
    ready = {descriptor for descriptor, _ in poll.poll(500)}
    found: list[tuple[int, int]] = []
    for descriptor, (number, pid, too_late) in list(running.items()):
        is_late = descriptor not in ready and time.monotonic() > too_late
        if is_late:
            os.kill(pid, signal.SIGKILL)
        if is_late or descriptor in ready:
            _, status = os.waitpid(pid, 0)
            os.close(descriptor)
            del running[descriptor]
            found.append((number, os.WEXITSTATUS(status) if os.WIFEXITED(status) else KILLED))
    return found


def _forked(defect: Defect) -> int:
    pid = os.fork()
    if pid:
        return pid
    _silence()
    code = KILLED
    try:
        if not defect.tests:
            code = UNTESTED
        else:
            defect.plant()
            code = _first_failure(defect)
    except CannotBePlanted:
        code = NOT_PLANTED
    finally:
        os._exit(code)


def _first_failure(defect: Defect) -> int:
    for item, following in zip(defect.tests, [*defect.tests[1:], None], strict=True):
        if not _passes(item, following) and defect.should_notice(item):
            return KILLED
    return SURVIVED


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (sys.stdin.fileno() if sys.stdin else 0, 1, 2):
        os.dup2(null, descriptor)
