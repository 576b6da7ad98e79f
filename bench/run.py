"""Runs benchmarks one after the other on private servers and shows each figure beside its reference."""

import gc
import os
import platform
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
import uvloop
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench import append, bulk, consume, footprint, growth, http, live, rebuild, relay, roster
from bench.bus import forget_queues
from bench.chart import draw
from bench.harness import Bench, Result
from ops.servers import ServerOptions, local_servers

BENCHMARKS: dict[str, Callable[[Bench], Coroutine[Any, Any, Result]]] = {
    each.__name__.removeprefix("bench."): each.run
    for each in (append, bulk, relay, consume, live, rebuild, http, growth, footprint, roster)
}


def main(names: Sequence[str], *, json_file: Path | None, is_quick: bool, directory: Path, console: Console) -> int:
    """Run `names` (default: all); exit code 1 when one fails or a ratio falls short of its target."""
    seconds, rounds = (0.5, 2) if is_quick else (3.0, 4)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    wanted, results = list(names or BENCHMARKS), list[Result]()
    began = monotonic()
    with (
        local_servers(directory, ServerOptions("./guangcai bench", is_fresh=True), console.print) as servers,
        Progress(*columns) as progress,
    ):
        for name in wanted:
            task = progress.add_task(name, total=None)
            bench = Bench(
                servers, seconds, rounds, is_quick, lambda step, task=task, name=name: progress.update(task, description=f"{name}: {step}")
            )
            try:
                results.append(uvloop.run(_alone(BENCHMARKS[name], bench)))  # the loop of the services; references use it, too
            except Exception:  # noqa: BLE001 - one failure must not discard the results of the others
                console.print_exception()
            progress.stop_task(task)
            if not console.is_terminal:  # without a terminal there is no progress display
                console.print(f"{name}: {progress.tasks[task].elapsed or 0:.0f} s", highlight=False)
    console.print(_table(results))
    console.print(_verdicts(results))
    for result in results:
        console.print(f"chart: {draw(result, directory)}", highlight=False, soft_wrap=True)
    if json_file is not None:
        machine = {"platform": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count()}
        machine |= {"is_quick": is_quick, "seconds": round(monotonic() - began, 1)}
        json_file.write_bytes(
            orjson.dumps({"machine": machine} | {each.name: dict(each.values) for each in results}, option=orjson.OPT_INDENT_2)
        )
    return 0 if len(results) == len(wanted) and all(each.is_reached for each in results) else 1


async def _alone(benchmark: Callable[[Bench], Coroutine[Any, Any, Result]], bench: Bench) -> Result:
    await forget_queues(bench.servers.amqp_admin_url)
    gc.collect()
    gc.freeze()  # as a service does after its start; references run in the same process and gain as much
    return await benchmark(bench)


def _table(results: Sequence[Result]) -> Table:
    table = Table("benchmark", "contender", "median", "lowest – highest", title="Rates within one run")
    for result in results:
        for name, figure in result.figures.items():
            table.add_row(result.name, name, f"{figure.median:,.0f} {result.unit}", f"{figure.low:,.0f} – {figure.high:,.0f}")
        table.add_section()
    return table


def _verdicts(results: Sequence[Result]) -> Table:
    table = Table("benchmark", "ratio", "value", "at least", title="What has to hold")
    for result in results:
        for name, least in result.targets.items():
            colour = "green" if result.values[name] >= least else "red"
            table.add_row(result.name, name, f"[{colour}]{result.values[name]:.2f}[/]", f"{least:.1f}")
    return table
