"""Founds three districts once, tries every scenario on them, then every planted defect on a copy; shows a table and writes JSON."""

import asyncio
import platform
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from faults.cluster import Cluster, cluster_on, copy_database
from faults.history import Recorder
from faults.load import DISTRICTS, District, found
from faults.scenarios import SCENARIOS, Scenario
from faults.trial import Ground, Outcome, run_trial
from faults.world import definition, lags
from ops.provision import Database, provision
from ops.servers import LocalServers, ServerWishes, local_servers
from ops.servers.definitions import SERVICES

VHOSTS = tuple(f"faults-{number:02}" for number in range(24))


@dataclass(frozen=True, slots=True)
class Founded:
    """A database in which three districts live, to be copied."""

    database: Database
    districts: Sequence[District]
    keys: frozenset[str]
    heads: dict[tuple[str, str], int]


def main(names: Sequence[str], *, seed: int, json_file: Path | None, is_short: bool, directory: Path, console: Console) -> int:
    """Exit code: 0 when every invariant held and every planted defect was found."""
    scenarios = [each for each in SCENARIOS if _is_wanted(each.name, names) and (each.is_short or not is_short)]
    console.print(f"seed {seed}", highlight=False)
    wishes = ServerWishes("./guangcai faults", vhosts=VHOSTS, is_fresh=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    started = monotonic()
    with local_servers(directory, wishes, console.print) as servers, Progress(*columns, console=console) as progress:
        run = Run(servers, seed, progress, console)
        outcomes = asyncio.run(run.everything(scenarios))
    console.print(_table(outcomes))
    for outcome in outcomes:
        for violation in outcome.violations[:8]:
            console.print(f"  {outcome.name}: {violation}", style="red", markup=False, highlight=False, soft_wrap=True)
    if json_file is not None:
        content = {
            "seed": seed,
            "machine": {"platform": platform.platform(), "python": platform.python_version(), "is_short": is_short},
            "seconds": round(monotonic() - started, 1),
            "scenarios": {each.name: {"seed": seed, **each.figures, "seconds": round(each.seconds, 1)} for each in outcomes},
        }
        json_file.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    return int(any(each.violations for each in outcomes))


def _is_wanted(name: str, names: Sequence[str]) -> bool:
    """A name selects what is called so, or begins so: F1, "F1 relay.read"."""
    return not names or any(name == each or name.split(maxsplit=1)[0] == each for each in names)


@dataclass(slots=True)
class Run:
    """One run on its servers."""

    servers: LocalServers
    seed: int
    progress: Progress
    console: Console
    _vhosts: int = 0

    async def everything(self, scenarios: Sequence[Scenario]) -> list[Outcome]:
        """Found, then all scenarios one after the other on one cluster."""
        task = self.progress.add_task("founding three districts", total=len(scenarios))
        founded = await self._found()
        outcomes: list[Outcome] = []
        async with self._ground(founded) as (cluster, ground):
            for scenario in scenarios:
                self.progress.update(task, description=f"{scenario.name}: {scenario.title}")
                outcomes.append(await run_trial(cluster, ground, scenario.name, scenario.fault, Random(f"{self.seed} {scenario.name}")))
                self.progress.advance(task)
        return outcomes

    def _vhost(self) -> str:
        self._vhosts += 1
        return VHOSTS[self._vhosts - 1]

    async def _found(self) -> Founded:
        database = await provision(self.servers.postgres_admin_url, self.servers.role_password, "faults")
        districts = [District(name) for name in DISTRICTS]
        log = self.servers.directory / "log"
        async with cluster_on(self.servers, database, self._vhost(), log, is_clock_simulated=True) as cluster:
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
    async def _ground(self, founded: Founded) -> AsyncIterator[tuple[Cluster, Ground]]:
        """A cluster of its own on a copy of what was founded, started."""
        vhost = self._vhost()
        database = await copy_database(founded.database, vhost.replace("-", "_"))
        districts = [District(each.name, each.communities, each.units, each.members, each.period) for each in founded.districts]
        async with cluster_on(self.servers, database, vhost, self.servers.directory / "log") as cluster:
            await cluster.start()
            yield cluster, Ground(districts, set(founded.keys), founded.heads)


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(
        "scenario", "sent", "acknowledged", "refused", "unknown", "lost", "twice", "lag 0 after", "broken", "took", title="Faults"
    )
    for outcome in outcomes:
        figures, commands = outcome.figures, outcome.figures["commands"]
        seconds = figures["seconds_to_lag_0"]
        table.add_row(
            outcome.name,
            *(str(commands[each]) for each in ("sent", "acknowledged", "refused", "unknown")),
            str(figures["lost"]),
            str(figures["duplicated_effects"]),
            "never" if seconds is None else f"{seconds:.1f} s",
            "[green]none[/]" if not outcome.broken else f"[red]{', '.join(outcome.broken)}[/]",
            f"{outcome.seconds:.0f} s",
        )
    return table
