"""footprint: memory of the four idle services after the demo's year; with --quick after their start."""

import time
from pathlib import Path

from rich.console import Console

from bench.harness import Bench, Figure, Result
from ops.demo import make_roster
from ops.demo.letters import Letters
from ops.demo.run import tell
from ops.provision import Database as Provisioned
from ops.stack import Stack, StackOptions, run_apart, running_services

IDLE_SECONDS = 5.0
MOST_MB = 120.0


async def run(bench: Bench) -> Result:
    """Resident memory in megabytes per service; `ratio` is the limit divided by the memory of the largest."""
    bench.step("starting the services" if bench.is_quick else "playing the demo's year")
    megabytes = _after_the_demo(bench, await bench.database(), make_roster.MEMBERS)
    figures = {name: Figure(value, value, value) for name, value in megabytes.items()}
    values = dict(megabytes) | {"ratio": MOST_MB / max(megabytes.values())}
    return Result("footprint", "MB", figures, values, {"ratio": 1.0})


def _after_the_demo(bench: Bench, database: Provisioned, members: int) -> dict[str, float]:
    with Letters(bench.servers.directory / "letters") as letters:
        options = StackOptions("./guangcai bench", is_clock_simulated=True, are_rates_lifted=True, smtp_url=letters.url)
        with running_services(bench.servers, database, options) as stack:  # not in a thread: only the main thread may spawn
            if not bench.is_quick:
                run_apart(_tell(stack, make_roster.workbook(bench.servers.directory, members), members))
            time.sleep(IDLE_SECONDS)
            return {name: _resident(service.pid) for name, service in stack.services.items()}


async def _tell(stack: Stack, roster: bytes, members: int) -> None:
    await tell(stack, roster, members, Console(quiet=True))


def _resident(pid: int | None) -> float:
    """Resident memory of a process in megabytes, including shared libraries."""
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024
