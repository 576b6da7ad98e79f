"""The figures of a run and what survived, as lines and as a part of docs/testing.md."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mutation.command import counted, kept, rate, reasons
from mutation.mutants import ROOT

DOCUMENT: Final = ROOT / "docs" / "testing.md"
BEGINS, ENDS = "<!-- mutation: written by ./guangcai mutate --record -->", "<!-- end of mutation -->"

Results = Mapping[str, Sequence[tuple[str, str]]]


def survivors(results: Results) -> Iterator[str]:
    """One line per mutant that no test has noticed, with the reason if one is known."""
    known = reasons()
    for group in results.values():
        for name, outcome in group:
            if outcome in ("survived", "no test", "fails with"):
                yield f"{outcome}: {name} – {known.get(name, 'no reason yet')}"


def figures() -> str:
    """The table and the survivors of the latest run of every group, in Markdown."""
    lines = ["| what | seed | mutants | killed | survived | no test | not planted |", "|---|---|---|---|---|---|---|"]
    survived: list[str] = []
    for title, (seed, group) in kept().items():
        counts = Counter(outcome for _, outcome in group)
        share = f"{counts['killed']} ({rate(counts):.1%})"
        numbers = (share, counts["survived"], counts["no test"], counts["not planted"])
        lines.append(f"| {title} | {seed} | {counted(counts)} | {' | '.join(map(str, numbers))} |")
        survived += [name for name, outcome in group if outcome in ("survived", "no test")]
    known = reasons()
    lines += ["", "Mutants that survive, and why they may (`mutation/reasons.toml`):", ""]
    lines += [f"- `{name.removeprefix('services/')}`: {known.get(name, '**no reason yet**')}" for name in survived]
    return "\n".join(lines)


def record() -> None:
    """Replace the generated part of the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    DOCUMENT.write_text(f"{before}{BEGINS}\n\n{figures()}\n\n{ENDS}{after}", encoding="utf-8")
