"""The report of a run: a table of scenarios, one of planted defects, the violations as text, and everything as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from faults.trial import Outcome

COMMANDS = ("sent", "acknowledged", "refused", "unknown")
SPELLED_OUT = 6  # violations per scenario


@dataclass(frozen=True, slots=True)
class Planted:
    """Result of one planted defect."""

    name: str
    service: str
    expected: tuple[str, ...]
    outcome: Outcome

    @property
    def by(self) -> list[str]:
        return self.outcome.broken

    @property
    def is_found(self) -> bool:
        """Whether one of the intended invariants found it; an accidental violation of another does not count."""
        return bool(set(self.by) & set(self.expected))


def line(outcome: Outcome) -> str:
    """Summary of one scenario in one line."""
    return f"{outcome.name}: {', '.join(outcome.broken) or 'held'}, {outcome.seconds:.0f} s"


def show(console: Console, outcomes: Sequence[Outcome], planted: Sequence[Planted]) -> None:
    """Print everything."""
    if outcomes:
        console.print(_scenarios(outcomes))
    for outcome in outcomes:
        for violation in outcome.violations[:SPELLED_OUT]:
            console.print(f"  {outcome.name}: {violation}", style="red", markup=False, highlight=False, soft_wrap=True)
        for what, by in outcome.figures.get("tampering", {}).items():
            console.print(f"  {outcome.name}: {what}: {', '.join(by) or 'not found'}", highlight=False)
        if promoted := outcome.figures.get("promoted"):
            lost = f"{promoted['lost']} acknowledged commands lost with the primary, e.g. {'; '.join(promoted['named'])}"
            console.print(f"  {outcome.name}: {lost}", highlight=False)
        for who, said in outcome.figures.get("restored", {}).items():
            console.print(f"  {outcome.name}: {who} says: {said}", highlight=False)
    if planted:
        console.print(_defects(planted))


def content(outcomes: Sequence[Outcome], planted: Sequence[Planted]) -> dict[str, Any]:
    """The content of the JSON file."""
    scenarios = {
        each.name: {**each.figures, "seconds": round(each.seconds, 1), "violations": list(map(str, each.violations[:SPELLED_OUT]))}
        for each in outcomes
    }
    defects = {
        each.name: {"service": each.service, "found": each.is_found, "by": each.by, "says": list(map(str, each.outcome.violations[:2]))}
        for each in planted
    }
    return {"scenarios": scenarios, "planted": defects}


def _scenarios(outcomes: Sequence[Outcome]) -> Table:
    table = Table(
        Column("scenario", no_wrap=True),
        "sent",
        "acknowledged",
        "refused",
        "unknown",
        "lost",
        "twice",
        "lag 0 after",
        "broken",
        "took",
        title="Faults",
    )
    for outcome in outcomes:
        broken, took = ", ".join(outcome.broken), f"{outcome.seconds:.0f} s"
        if not (figures := outcome.figures):
            table.add_row(outcome.name, *["–"] * 7, f"[red]{broken}[/]", took)
            continue
        seconds = figures["seconds_to_lag_0"]
        table.add_row(
            outcome.name,
            *(str(figures["commands"][each]) for each in COMMANDS),
            str(figures["lost"]),
            str(figures["duplicated_effects"]),
            f"{seconds:.1f} s" if seconds is not None else "–" if "restored" in figures else "never",
            f"[red]{broken}[/]" if broken else "[green]none[/]",
            took,
        )
    return table


def _defects(planted: Sequence[Planted]) -> Table:
    table = Table(Column("planted defect", no_wrap=True), "in", "found", "by", "as in", title="Planted defects")
    for each in planted:
        said = next((one.what for one in each.outcome.violations if one.invariant in each.expected), "")
        table.add_row(each.name, each.service, "[green]yes[/]" if each.is_found else "[red]no[/]", ", ".join(each.by), said[:90])
    return table
