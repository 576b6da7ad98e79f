"""Regenerates the tables of docs/reliability.md from docs/reliability.json, the only source of its figures.

./guangcai faults --json docs/reliability.json && python -m faults.document
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from faults.planted import PLANTED
from faults.scenarios import SCENARIOS
from ops.documents import fill, table

DOCS = Path(__file__).parents[1] / "docs"
FIGURES = {
    "lost": "lost",
    "duplicated_effects": "duplicated effects",
    "order_violations": "order violations",
    "duplicate_messages": "duplicated messages",
}
COMMANDS = ("acknowledged", "refused", "unknown")


def main() -> None:
    """Fill the document."""
    fill(DOCS / "reliability.md", parts(orjson.loads((DOCS / "reliability.json").read_bytes())))


def parts(found: Mapping[str, Any]) -> dict[str, str]:
    """Markdown by name of its placeholder."""
    scenarios, planted, machine = found["scenarios"], found["planted"], found["machine"]
    acknowledged = sum(each["commands"]["acknowledged"] for each in scenarios.values() if "commands" in each)
    is_found = sum(each["found"] for each in planted.values())
    tampering = next((each["tampering"] for each in scenarios.values() if "tampering" in each), {})
    reported = next((each["restored"] for each in scenarios.values() if "restored" in each), {})
    promotions = {name: each["promoted"] for name, each in scenarios.items() if "promoted" in each}
    where = f"{machine['processors']} processors, {machine['platform']}, Python {machine['python']}"
    what = f"{len(scenarios)} scenarios, {acknowledged:,} acknowledged commands; {is_found} of {len(planted)} planted defects found."
    defects = [
        (f"`{name}`", PLANTED[name].__doc__, each["service"], "yes" if each["found"] else "**no**", ", ".join(each["by"]))
        for name, each in planted.items()
    ]
    changes = [(name, ", ".join(by) or "**not found**") for name, by in tampering.items() if name != "nothing"]
    return {
        "run": f"Seed {found['seed']}; {where}; {found['seconds']:.0f} s. {what}",
        "scenarios": table(("scenario", "fault", *COMMANDS, *FIGURES.values(), "lag 0 after", "broken"), _scenarios(scenarios)),
        "defects": table(("defect", "what it does", "in", "found", "by"), defects),
        "tampering": table(("tampering", "found by"), changes),
        "promoted": "\n".join(
            f"- {name}: {each['lost']} acknowledged commands lost, e.g. {'; '.join(each['named'])}" for name, each in promotions.items()
        ),
        "reported": "\n".join(f"- {name}: “{report}”" for name, report in reported.items()),
    }


def _scenarios(scenarios: Mapping[str, Any]) -> Iterable[Sequence[object]]:
    titles = {each.name: each.title for each in SCENARIOS}
    for name, each in scenarios.items():
        if "commands" not in each:
            yield (name, titles[name], *["–"] * 8, each["violations"][0])
            continue
        seconds = each["seconds_to_lag_0"]
        lag = "–" if seconds is None else f"{seconds:.1f} s"
        figures = [*(each["commands"][key] for key in COMMANDS), *(each[key] for key in FIGURES)]
        yield (name, titles[name], *figures, lag, ", ".join(each["invariants_broken"]) or "none")


if __name__ == "__main__":
    main()
