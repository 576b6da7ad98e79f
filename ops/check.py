"""The static gates: format, lint, types, import contracts. Every run executes all of them and ends with one summary."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
TOOLS = Path(sys.executable).parent

# Name, command, and what to do when it fails.
GATES = (
    ("format", ("ruff", "format", "--check", "."), ".venv/bin/ruff format ."),
    ("lint", ("ruff", "check", "."), ".venv/bin/ruff check --fix . repairs what is safe to repair"),
    ("types", ("basedpyright",), "fix what it names"),
    ("imports", ("lint-imports",), "see [tool.importlinter] in pyproject.toml for why a contract exists"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one gate."""

    name: str
    has_passed: bool
    seconds: float
    output: str
    advice: str


def run_checks(console: Console) -> int:
    """Run every gate, show the output of those that fail, then the summary. Returns the exit code."""
    with console.status("checking"), ThreadPoolExecutor(2) as pool:
        # The type checker takes as long as all others together, so it starts first and runs in parallel.
        order = sorted(GATES, key=lambda gate: gate[0] != "types")
        outcomes = {outcome.name: outcome for outcome in pool.map(_run, order)}
    table = Table("gate", "result", "seconds", "what to do")
    for name, *_ in GATES:
        outcome = outcomes[name]
        if not outcome.has_passed:
            console.rule(name)
            console.print(outcome.output.strip(), markup=False, highlight=False, soft_wrap=True)
        result = "[green]passed[/green]" if outcome.has_passed else "[red]failed[/red]"
        table.add_row(name, result, f"{outcome.seconds:.1f}", "" if outcome.has_passed else outcome.advice)
    console.print(table)
    return 0 if all(outcome.has_passed for outcome in outcomes.values()) else 1


def _run(gate: tuple[str, tuple[str, ...], str]) -> Outcome:
    name, (tool, *arguments), advice = gate
    started = time.monotonic()
    command = [str(TOOLS / tool), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - the gates above
    return Outcome(name, run.returncode == 0, time.monotonic() - started, run.stdout + run.stderr, advice)
