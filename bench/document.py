"""Regenerates the table of docs/performance.md from docs/performance.json, the only source of its figures.

./guangcai bench --json docs/performance.json && python -m bench.document
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ops.documents import fill, table

DOCS = Path(__file__).parents[1] / "docs"


class Line(NamedTuple):
    """One line of the table; texts are format strings for the values of the benchmark. `asked` is the target for the value `ratio`."""

    name: str
    title: str
    ours: str
    reference: str
    ratio: str
    asked: float
    is_most: bool = False


LINES = (
    Line("append", "append, 64 callers", "{ours:,.0f}/s (p99 {p99_ms:.1f} ms)", "raw commits on 16: {raw:,.0f}/s", "ratio_raw", 2.0),
    Line("append", "", "", "`eventsourcing` on 16: {eventsourcing:,.0f}/s", "ratio_eventsourcing", 20.0),
    Line("bulk", "bulk", "{ours:,.0f}/s", "COPY: {copy:,.0f}/s", "ratio", 0.4),
    Line("relay", "relay", "{ours:,.0f}/s", "aio-pika, 500 in flight: {raw:,.0f}/s", "ratio", 0.8),
    Line("consume", "consume", "{ours:,.0f}/s", "aio-pika, receiving only: {raw:,.0f}/s", "ratio", 0.6),
    Line("live", "live, sustained", "{sustained:,.0f}/s", "hand-written chain: {raw_sustained:,.0f}/s", "ratio_sustained", 0.6),
    Line(
        "live",
        "live, lag at 200/s",
        "p99 {lag_p99_ms:.0f} ms (p50 {lag_p50_ms:.1f} ms)",
        "p99 {raw_p99_ms:.0f} ms",
        "ratio_lag",
        4.0,
        is_most=True,
    ),
    Line(
        "rebuild",
        "rebuild to statements",
        "{events_per_s:,.0f}/s (facts {facts_per_s:,.0f}/s, statements {statements_per_s:,.0f}/s)",
        "keyset read and decode: {raw:,.0f}/s",
        "ratio_raw",
        0.2,
    ),
    Line("rebuild", "", "", "`eventsourcing` projection: {eventsourcing:,.0f}/s", "ratio_eventsourcing", 10.0),
    Line("rebuild", "rebuild, memory in MB", "", "", "peak_mb", 600.0, is_most=True),
    Line("http", "http, 32 connections", "{ours:,.0f}/s (p99 {p99_ms:,.0f} ms)", "bare FastAPI route: {bare:,.0f}/s", "ratio", 0.4),
    Line(
        "growth",
        "growth, 10 k to 3 M events",
        "appends {at_3m:,.0f}/s, commands {commands_at_3m:,.0f}/s",
        "appends {at_10k:,.0f}/s, commands {commands_at_10k:,.0f}/s",
        "ratio",
        0.9,
    ),
    *(Line("footprint", f"footprint in MB: {name}", "", "", name, 120.0, True) for name in ("registration", "activities", "evaluation")),
    Line("footprint", "footprint in MB: notifications", "", "", "notifications", 120.0, is_most=True),
)


def main() -> None:
    """Fill the document."""
    fill(DOCS / "performance.md", parts(orjson.loads((DOCS / "performance.json").read_bytes())))


def parts(found: Mapping[str, Any]) -> dict[str, str]:
    """Markdown by name of its placeholder."""
    machine = found["machine"]
    where = f"{machine['processors']} processors, {machine['platform']}, Python {machine['python']}"
    lines = (_cells(line, found[line.name]) for line in LINES if line.name in found)
    return {
        "run": f"{where}; {machine['seconds'] / 60:.1f} minutes.",
        "figures": table(("benchmark", "ours", "reference", "ratio", "target"), lines),
    }


def _cells(line: Line, values: Mapping[str, float]) -> Iterable[str]:
    value = values[line.ratio]
    is_reached = value <= line.asked if line.is_most else value >= line.asked
    yield line.title
    yield line.ours.format_map(values)
    yield line.reference.format_map(values)
    yield f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
    yield f"at {'most' if line.is_most else 'least'} {line.asked:g}{'' if is_reached else ', **missed**'}"


if __name__ == "__main__":
    main()
