"""The figures of a run and what survived, as lines and as a part of docs/testing.md."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mutation.command import counted, rate, reasons
from mutation.mutants import ROOT

DOCUMENT: Final = ROOT / "docs" / "testing.md"
BEGINS, ENDS = "<!-- mutation: written by ./guangcai mutate --record -->", "<!-- end of mutation -->"

Results = Mapping[str, Sequence[tuple[str, str]]]


def survivors(results: Results) -> Iterator[str]:
    """One line per mutant that no test has noticed, with the reason if one is known."""
    known = reasons()
    for group in results.values():
        for name, outcome in group:
            if outcome in ("survived", "no test"):
                yield f"{outcome}: {name} – {known.get(name, 'no reason yet')}"


def figures(results: Results, seed: int) -> str:
    """The table and the survivors, in Markdown."""
    lines = [f"Seed {seed}.", "", "| what | mutants | killed | survived | no test | not planted |", "|---|---|---|---|---|---|"]
    for title, group in results.items():
        counts = Counter(outcome for _, outcome in group)
        share = f"{counts['killed']} ({rate(counts):.1%})"
        lines.append(f"| {title} | {counted(counts)} | {share} | {counts['survived']} | {counts['no test']} | {counts['not planted']} |")
    known = reasons()
    lines += ["", "Mutants that survive, and why they may (`mutation/reasons.toml`):", ""]
    for name in (name for group in results.values() for name, outcome in group if outcome in ("survived", "no test")):
        lines.append(f"- `{name.replace('`', '´')}`: {known.get(name, '**no reason yet**')}")
    return "\n".join(lines)


def record(results: Results, seed: int) -> None:
    """Replace the generated part of the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    DOCUMENT.write_text(f"{before}{BEGINS}\n\n{figures(results, seed)}\n\n{ENDS}{after}", encoding="utf-8")
