"""Sets up three districts once, runs every scenario on them, then every planted defect on a copy; shows tables and writes JSON."""

import asyncio
import os
import platform
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from faults import report
from faults.cluster import Cluster, cluster_on, copy_database
from faults.defects import DEFECTS, Defect
from faults.history import Recorder
from faults.invariants import Violation
from faults.load import DISTRICTS, District, found
from faults.nursery import Nursery
from faults.scenarios import SCENARIOS, Scenario
from faults.trial import NOT_TRIED, Ground, Outcome, run_trial
from faults.world import definition, lags
from ops.provision import Database, provision
from ops.servers import LocalServers, ServerFailed, ServerOptions, local_servers
from ops.servers.definitions import SERVICES

VHOSTS = tuple(f"faults-{number:02}" for number in range(32))
PATIENCE_WITH_DEFECTS = 12.0  # seconds; a healthy system needs two
DEFECTS_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Founded:
    """A database with three districts, to be copied."""

    database: Database
    districts: Sequence[District]
    keys: frozenset[str]
    heads: dict[tuple[str, str], int]


def main(names: Sequence[str], *, seed: int, json_file: Path | None, is_short: bool, directory: Path, console: Console) -> int:
    """Exit code: 0 when every invariant held and every planted defect was found."""
    scenarios = [each for each in SCENARIOS if _is_wanted(each.name, names) and (each.is_short or not is_short)]
    defects = {name: each for name, each in DEFECTS.items() if _is_wanted(name, names) and (each.is_short or not is_short)}
    console.print(f"seed {seed}", highlight=False)
    options = ServerOptions("./guangcai faults", vhosts=VHOSTS, is_fresh=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    started = monotonic()
    with (
        local_servers(directory, options, lambda line: console.print(line, highlight=False)) as servers,
        Nursery(servers.directory / "log" / "nursery.log") as nursery,
        Progress(*columns, console=console) as progress,
    ):
        run = Run(servers, nursery, seed, progress)
        asyncio.run(run.everything(scenarios, defects))
    report.show(console, run.outcomes, run.planted)
    if json_file is not None:
        content = report.content(run.outcomes, run.planted)
        machine = {"platform": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count()}
        figures = {"seed": seed, "is_short": is_short, "machine": machine, "seconds": round(monotonic() - started, 1), **content}
        json_file.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))
    return int(any(each.violations for each in run.outcomes) or not all(each.is_found for each in run.planted))


def known_names() -> set[str]:
    """The names that can be selected: faults with and without variant, and planted defects."""
    return {name for each in SCENARIOS for name in (each.name, each.name.split(maxsplit=1)[0])} | set(DEFECTS)


def _is_wanted(name: str, names: Sequence[str]) -> bool:
    """A name selects everything that equals it or begins with it as a word: F1, "F1 relay.read"."""
    return not names or any(name == each or name.split(maxsplit=1)[0] == each for each in names)


@dataclass(slots=True)
class Run:
    """One run on its servers."""

    servers: LocalServers
    nursery: Nursery
    seed: int
    progress: Progress
    outcomes: list[Outcome] = field(default_factory=list)
    planted: list[report.Planted] = field(default_factory=list)
    _vhosts: int = 0
    _copying: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def everything(self, scenarios: Sequence[Scenario], defects: Mapping[str, Defect]) -> None:
        """Set up the districts; run the scenarios one after the other on one cluster, then every defect on a copy of the set-up."""
        task = self.progress.add_task("founding three districts", total=len(scenarios) + len(defects))
        founded = await self._found()
        await self._try_all([each for each in scenarios if not each.is_last], founded, task)
        for scenario in scenarios:
            if scenario.is_last:
                await self._try_all([scenario], founded, task)
        self.progress.update(task, description="planted defects")
        for is_alone in (False, True):
            places = asyncio.Semaphore(1 if is_alone else DEFECTS_AT_ONCE)
            group = {name: each for name, each in defects.items() if each.is_alone == is_alone}
            self.planted += await asyncio.gather(*(self._try_defect(*each, founded, places, task) for each in group.items()))

    async def _try_defect(self, name: str, defect: Defect, founded: Founded, places: asyncio.Semaphore, task: TaskID) -> report.Planted:
        """Try one defect. Most faults used here do not affect what clusters share, so several run at once."""
        try:
            async with places, self._ground(founded, defect.service, name) as (cluster, ground):
                outcome = await run_trial(cluster, ground, name, defect.fault, self._chance(name), patience=PATIENCE_WITH_DEFECTS)
        except ServerFailed as error:  # go on with the others
            outcome = Outcome(name, {}, (Violation(NOT_TRIED, str(error)),), 0.0)
        self.progress.advance(task)
        return report.Planted(name, defect.service, defect.found_by, outcome)

    async def _try_all(self, scenarios: Sequence[Scenario], founded: Founded, task: TaskID) -> None:
        if not scenarios:
            return
        async with self._ground(founded) as (cluster, ground):
            for scenario in scenarios:
                self.progress.update(task, description=f"{scenario.name}: {scenario.title}")
                self.outcomes.append(await run_trial(cluster, ground, scenario.name, scenario.fault, self._chance(scenario.name)))
                await cluster.plain_again()
                if not self.progress.console.is_terminal:  # without a terminal there is no progress bar
                    self.progress.console.print(report.line(self.outcomes[-1]), highlight=False)
                for violation in self.outcomes[-1].violations[:3]:
                    self.progress.console.print(f"{scenario.name}: {violation}", style="red", markup=False, highlight=False)
                self.progress.advance(task)

    def _chance(self, name: str) -> Random:
        """A random generator that depends only on the seed and the name, not on what else is run."""
        return Random(f"{self.seed} {name}")

    def _vhost(self) -> str:
        self._vhosts += 1
        return VHOSTS[self._vhosts - 1]

    async def _found(self) -> Founded:
        database = await provision(self.servers.postgres_admin_url, self.servers.role_password, "faults")
        districts = [District(name) for name in DISTRICTS]
        async with cluster_on(self.servers, self.nursery, database, self._vhost(), is_clock_simulated=True) as cluster:
            await asyncio.gather(cluster.start(), asyncio.to_thread(lambda: [definition(name) for name in SERVICES]))
            recorder = Recorder(cluster.http, cluster.urls, cluster.tokens, Random(f"{self.seed} founding"))

            async def settle() -> None:
                async with asyncio.timeout(60):
                    while await lags(cluster):
                        await asyncio.sleep(0.05)

            today = datetime.now(UTC).date()
            await asyncio.gather(*(found(each, recorder, settle, today) for each in districts))
            async with cluster.superuser() as connection:
                heads = {
                    (service, row["district"]): row["size"]
                    for service in cluster.services
                    for row in await connection.fetch(f"SELECT district, size FROM {service}.log_head")
                }
        return Founded(database, districts, frozenset(str(call.key) for call in recorder.history.calls), heads)

    @asynccontextmanager
    async def _ground(self, founded: Founded, planted_in: str = "", defect: str | None = None) -> AsyncIterator[tuple[Cluster, Ground]]:
        """A separate, started cluster on a copy of the set-up, optionally with a defect in one service."""
        vhost = self._vhost()
        async with self._copying:
            database = await copy_database(founded.database, vhost.replace("-", "_"))
        districts = [District(each.name, each.communities, each.units, each.members, each.period) for each in founded.districts]
        async with cluster_on(self.servers, self.nursery, database, vhost) as cluster:
            if defect is not None:
                cluster.services[planted_in].prepare(defect=defect)
            await cluster.start()
            yield cluster, Ground(districts, set(founded.keys), founded.heads)
