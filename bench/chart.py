"""One chart per benchmark: the contenders as bars, the spread of their rounds, and the targets of the ratios."""

from pathlib import Path

import matplotlib as mpl

from bench.harness import Result

OURS, REFERENCE = "#b3261e", "#9aa5b1"


def draw(result: Result, directory: Path) -> Path:
    """Write `{name}.png` into `directory` and return its path."""
    mpl.use("Agg")  # no display
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice above

    figure, axes = plt.subplots(figsize=(7, 1.2 + 0.6 * len(result.figures)), layout="constrained")
    names = list(result.figures)
    medians = [each.median for each in result.figures.values()]
    spread = [[each.median - each.low for each in result.figures.values()], [each.high - each.median for each in result.figures.values()]]
    colours = [REFERENCE if name in {"raw", "copy", "bare", "eventsourcing"} else OURS for name in names]
    axes.barh(names, medians, xerr=spread, color=colours, ecolor="#333333", capsize=3)
    axes.invert_yaxis()
    axes.set_xlabel(result.unit)
    asked = ", ".join(f"{name} {result.values[name]:.2f} (at least {least:g})" for name, least in result.targets.items())
    axes.set_title(f"{result.name}: {asked}", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{result.name}.png"
    figure.savefig(path, dpi=150)
    plt.close(figure)
    return path
