"""Measures whether the working tree is slower than a commit: benchmarks of both alternate in one run on the same servers.

A round measures both trees, in alternating order, and gives one ratio. The verdict is by the median of the ratios.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from ops.servers import LocalServers, ServerFailed, ServerOptions, local_servers
from ops.stack import ROOT, program_environment

# Without growth, which compares a log with itself.
COMPARED = ("append", "bulk", "relay", "consume", "live", "rebuild", "http", "footprint")
USUAL = ("append", "live", "http", "footprint")
FOOTPRINT = "footprint"  # the only one where less is better
ROUNDS = 5
LEAST = 0.95
NEW, OLD = "present", "commit"
TAIL = 2000  # characters of a log


@dataclass(frozen=True, slots=True)
class Round:
    """The results of one benchmark in both trees: units per second, or megabytes for footprint."""

    new: float
    old: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rounds of one benchmark. A ratio above 1 means that the working tree is better, whatever the unit."""

    name: str
    rounds: Sequence[Round]

    @property
    def ratios(self) -> list[float]:
        return [each.old / each.new if self.name == FOOTPRINT else each.new / each.old for each in self.rounds]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def is_no_worse(self) -> bool:
        return self.ratio >= LEAST


@dataclass(frozen=True, slots=True)
class Tree:
    """A directory of sources, and the Python interpreter that has their dependencies."""

    label: str
    root: Path
    python: Path


def main(commit: str, names: Sequence[str], *, json_file: Path | None, directory: Path, console: Console) -> int:
    """Compare the benchmarks. Exit code 0 when no median ratio is below LEAST, otherwise 1. Raises ServerFailed."""
    full = resolve(commit)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    options = ServerOptions("./guangcai bench --against", is_fresh=True)
    with local_servers(directory, options, console.print) as servers, checked_out(full, directory / OLD / "tree", console.print) as old:
        trees = (Tree(NEW, ROOT, Path(sys.executable)), old)
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("", total=len(names) * ROUNDS * len(trees))

            def measured(name: str, number: int, tree: Tree) -> float:
                progress.update(task, description=f"{name}, round {number + 1} of {ROUNDS}: {tree.label}")
                figure = _measure(servers, tree, name)
                progress.advance(task)
                return figure

            verdicts = [Verdict(name, rounds(name, trees, measured)) for name in names]
    console.print(table(verdicts, full))
    if json_file is not None:
        figures = {each.name: {"ratio": each.ratio, "rounds": [[one.new, one.old] for one in each.rounds]} for each in verdicts}
        json_file.write_bytes(orjson.dumps({"commit": full, **figures}, option=orjson.OPT_INDENT_2))
    return 0 if all(each.is_no_worse for each in verdicts) else 1


def rounds(name: str, trees: tuple[Tree, Tree], measured: Callable[[str, int, Tree], float]) -> list[Round]:
    """Measure both trees in every round, in alternating order."""
    found: list[Round] = []
    for number in range(ROUNDS):
        figures = {tree.label: measured(name, number, tree) for tree in (trees if number % 2 == 0 else reversed(trees))}
        found.append(Round(*(figures[tree.label] for tree in trees)))
    return found


def table(verdicts: Sequence[Verdict], commit: str) -> Table:
    """Medians, ratios and verdicts."""
    shown = Table("benchmark", NEW, OLD, "ratio", "lowest – highest", "", title=f"The present tree and {commit[:12]}, {ROUNDS} rounds")
    for each in verdicts:
        unit = "MB" if each.name == FOOTPRINT else "/s"
        new, old = (statistics.median(values) for values in zip(*((one.new, one.old) for one in each.rounds), strict=True))
        verdict = "[green]no worse[/]" if each.is_no_worse else "[red]worse[/]"
        spread = f"{min(each.ratios):.2f} – {max(each.ratios):.2f}"
        shown.add_row(each.name, f"{new:,.0f} {unit}", f"{old:,.0f} {unit}", f"{each.ratio:.3f}", spread, verdict)
    return shown


def resolve(commit: str) -> str:
    """The full id of a commit. Raises ServerFailed."""
    try:
        return _git("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
    except ServerFailed:
        raise ServerFailed(f"there is no commit {commit!r} in the repository of {ROOT}; git log lists the commits") from None


@contextmanager
def checked_out(commit: str, root: Path, say: Callable[[str], None]) -> Iterator[Tree]:
    """A worktree of the commit. It uses our environment if its locked dependencies are the same; otherwise one is created for it."""
    _git("worktree", "add", "--force", "--detach", str(root), commit)  # force: a killed run may have left its worktree registered
    try:
        python = Path(sys.executable)
        if (root / "uv.lock").read_bytes() != (ROOT / "uv.lock").read_bytes():
            say(f"{commit[:12]} locks other dependencies: creating an environment for it")
            _run([root / "guangcai", "bench", "--help"], dict(os.environ), root.parent / "environment.log", "its environment")
            python = root / ".venv/bin/python"
        yield Tree(OLD, root, python)
    finally:
        _git("worktree", "remove", "--force", str(root))


def _measure(servers: LocalServers, tree: Tree, name: str) -> float:
    """Run one benchmark of one tree in a separate process: the rate of our contender, or the total memory of the services."""
    directory = servers.directory / tree.label
    file = directory / f"{name}.json"
    file.unlink(missing_ok=True)
    environment = program_environment() | {
        "PYTHONPATH": str(tree.root),
        "GUANGCAI_POSTGRES_URL": servers.postgres_admin_url,
        "GUANGCAI_RABBITMQ_URL": servers.amqp_admin_url,
    }
    command = [tree.python, "-P", ROOT / "bench/alone.py", name, directory, file]
    _run(command, environment, directory / f"{name}.log", f"{name} of the {tree.label}")
    return figure(name, orjson.loads(file.read_bytes()))


def figure(name: str, medians: Mapping[str, float]) -> float:
    """The compared figure: the rate of our contender, or for footprint the sum over the services."""
    return sum(medians.values()) if name == FOOTPRINT else medians["ours"]


def _run(command: Sequence[str | Path], environment: Mapping[str, str], log: Path, what: str) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        ran = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False)
    if ran.returncode != 0:
        raise ServerFailed(f"{what} failed. Its log ({log}) ends with:\n{log.read_text(errors='replace')[-TAIL:]}")


def _git(*arguments: str) -> str:
    try:
        ran = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ServerFailed("git was not found; comparing with a commit needs git and a clone") from None
    if ran.returncode != 0:
        raise ServerFailed(f"git {arguments[0]} failed: {ran.stderr.strip()}")
    return ran.stdout.strip()
