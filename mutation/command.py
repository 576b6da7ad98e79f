"""`./guangcai mutate`: samples mutants, runs them service by service, and prints how many the tests have killed."""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from mutation.mutants import ROOT, Mutant, mutants, sampled, shown
from mutation.session import PLAN, Plan
from mutation.taken_out import NOTHING, TakenOut, things

SERVICES: Final = ("registration", "activities", "evaluation", "notifications")
EDGES: Final = frozenset({"projections.py", "reactions.py"})
REASONS: Final = ROOT / "mutation" / "reasons.toml"
KEPT: Final = ROOT / "var" / "mutate"
# Made-up facts for the example that a rule set is explained with: no decision, and any other facts would do.
NO_DECISIONS: Final = frozenset({"services/evaluation/scoring/example.py"})


@dataclass(frozen=True, slots=True)
class Request:
    """What to run: `deciding` mutants per service in aggregates and scoring, `writing` ones in projections and reactions."""

    modules: Sequence[str]
    deciding: int
    writing: int
    seed: int
    jobs: int


def deciding_modules(service: str) -> list[str]:
    """Aggregates and scoring: the modules of features that touch nothing outside."""
    from tests.architecture.house import is_pure  # noqa: PLC0415 - the tests know what is pure
    from tests.architecture.source_tree import sources  # noqa: PLC0415 - likewise

    names = [each.name for each in sources(f"services/{service}") if is_pure(each) and each.path.name != "__init__.py"]
    return [each for each in names if each not in NO_DECISIONS]


def writing_modules(service: str) -> list[str]:
    """Projections and reactions."""
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "services" / service).rglob("*.py") if path.name in EDGES)


def run(request: Request, console: Console) -> dict[str, list[tuple[str, str]]]:
    """Results by group, e.g. "activities decides": name of the mutant, and what became of it."""
    results: dict[str, list[tuple[str, str]]] = {}
    for service in SERVICES:
        for kind, modules, size in (
            ("decides", deciding_modules(service), request.deciding),
            ("writes", writing_modules(service), request.writing // len(SERVICES)),
        ):
            chosen = [each for each in modules if not request.modules or any(each.startswith(wanted) for wanted in request.modules)]
            found = sampled([mutant for path in chosen for mutant in mutants(path)], size, request.seed)
            if found:
                title = f"{service} {kind}"
                results[title] = _run(title, found, request.jobs, on_servers=kind == "writes")
                if {*chosen} == {*modules}:
                    keep(title, request.seed, results[title])
                console.print(_summary(title, results[title]), highlight=False)
    return results


def take_out(wanted: Sequence[str], jobs: int, console: Console) -> list[tuple[str, str]]:
    """What became of everything that docs/coverage.md names, taken out: all rows, or those of which the id begins so.

    Rows of which the tests fail alone are done again behind the other tests of their files.
    """
    found = [each for each in things() if not wanted or each.row.startswith(tuple(wanted))]
    outcomes = _taken_out(found, jobs)
    alone = {each.tests for each, outcome in outcomes.items() if each.thing == NOTHING and outcome == "killed"}
    again = [replace(each, is_after_others=True) for each in found if each.tests in alone]
    outcomes = {each: outcome for each, outcome in outcomes.items() if each.tests not in alone} | (_taken_out(again, jobs) if again else {})
    broken = {each.name: "fails with" for each, outcome in outcomes.items() if each.thing == NOTHING and outcome == "killed"}
    results = [*broken.items(), *((each.name, outcome) for each, outcome in outcomes.items() if each.thing != NOTHING)]
    if not wanted:
        keep("coverage rows", 0, results)
    console.print(_summary("coverage rows", results), highlight=False)
    return results


def _taken_out(found: Sequence[TakenOut], jobs: int) -> dict[TakenOut, str]:
    plan = partial(Plan, [], list(found), jobs=jobs, on_servers=None, title="rows of the coverage table")
    outcomes = _tested(plan, sorted({test.partition("::")[0] for each in found for test in each.tests}))
    return {each: outcome for each, (_, outcome) in zip(found, outcomes, strict=True)}


def _run(title: str, found: Sequence[Mutant], jobs: int, *, on_servers: bool) -> list[tuple[str, str]]:
    return _tested(partial(Plan, list(found), [], jobs=jobs, on_servers=on_servers, title=title), [f"tests/{title.partition(' ')[0]}"])


def _tested(planned: Callable[..., Plan], paths: Sequence[str]) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        plan, results = Path(folder) / "plan.json", Path(folder) / "results.json"
        planned(results=str(results)).write(plan)
        environment = {**os.environ, PLAN: str(plan), "GUANGCAI_HYPOTHESIS": "mutation"}
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-p", "mutation.session", *paths]
        ended = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        if not results.exists():
            raise RuntimeError(f"the tests of {', '.join(paths)} could not be run:\n{ended.stdout[-3000:]}")
        return [(name, outcome) for name, outcome in json.loads(results.read_text(encoding="utf-8"))]


def keep(title: str, seed: int, results: Sequence[tuple[str, str]]) -> None:
    """Keep what a whole group came to, for ./guangcai mutate --record."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{title}.json").write_text(json.dumps({"seed": seed, "results": results}), encoding="utf-8")


def kept() -> dict[str, tuple[int, list[tuple[str, str]]]]:
    """The latest results of every whole group: seed, and what became of each mutant."""
    read = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(KEPT.glob("*.json"))}
    return {title: (each["seed"], [(name, outcome) for name, outcome in each["results"]]) for title, each in read.items()}


def _summary(title: str, results: Iterable[tuple[str, str]]) -> str:
    counts = Counter(outcome for _, outcome in results)
    return f"{title}: {rate(counts):.1%} of {counted(counts)} killed ({', '.join(f'{n} {name}' for name, n in sorted(counts.items()))})"


def counted(counts: Mapping[str, int]) -> int:
    """Mutants that count: those that could be planted."""
    return sum(counts.values()) - counts.get("not planted", 0)


def rate(counts: Mapping[str, int]) -> float:
    """Share of them that some test has noticed."""
    return counts.get("killed", 0) / max(1, counted(counts))


def table(results: Mapping[str, Sequence[tuple[str, str]]]) -> Table:
    """Per module: mutants and how many were killed; the worst first."""
    by_module: dict[str, Counter[str]] = {}
    for name, outcome in (each for group in results.values() for each in group):
        by_module.setdefault(name.partition("::")[0], Counter())[outcome] += 1
    made = Table("module", "mutants", "killed", "survived", "no test")
    for path, counts in sorted(by_module.items(), key=lambda each: rate(each[1])):
        made.add_row(path, str(counted(counts)), f"{rate(counts):.0%}", str(counts["survived"]), str(counts["no test"]))
    return made


def reasons() -> dict[str, str]:
    """Why a mutant may survive, by its name."""
    return tomllib.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}


def find(name: str) -> Mutant:
    """The mutant of this name, or of which the name begins so. Raises LookupError."""
    found = [each for each in mutants(name.partition("::")[0]) if each.name.startswith(name)]
    if not found:
        raise LookupError(f"no mutant is called {name}")
    return found[0]


def show(name: str, console: Console) -> None:
    """Print one mutant as a diff."""
    console.print(shown(find(name)), markup=False, highlight=False, soft_wrap=True)
