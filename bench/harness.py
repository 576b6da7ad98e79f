"""Rounds that alternate between contenders, medians and spreads, and the environment of a benchmark.

Machines are noisy: a figure is meaningful only beside a reference measured in the same minutes, so nothing is measured alone.
"""

import os
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from ops.provision import Database as Provisioned
from ops.provision import provision
from ops.servers import LocalServers
from shared.eventlog.database import Database
from shared.eventlog.migrate import migrate

ROOT = Path(__file__).parents[1]
PERCENTILE = 0.99


@dataclass(frozen=True, slots=True)
class Figure:
    """Result of one contender in units per second: the median, the lowest and the highest round."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Result:
    """Outcome of one benchmark: figures by contender, the JSON values, and the ratios with their targets."""

    name: str
    unit: str
    figures: Mapping[str, Figure]
    values: Mapping[str, float]
    targets: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def is_reached(self) -> bool:
        """Whether every ratio is at least its target."""
        return all(self.values[key] >= least for key, least in self.targets.items())


@dataclass(slots=True)
class Bench:
    """One run: durable servers, length and number of rounds, and where to report progress."""

    servers: LocalServers
    seconds: float
    rounds: int
    is_quick: bool
    step: Callable[[str], None]
    _databases: int = 0

    async def database(self) -> Provisioned:
        """A fresh provisioned database."""
        self._databases += 1
        return await provision(
            self.servers.postgres_admin_url, self.servers.role_password, f"bench_{self._databases}_{int(perf_counter())}"
        )

    async def migrated(self, service: str) -> tuple[Provisioned, Database]:
        """A fresh database with the schema of `service`, and a pool as its role (to be opened with `async with`)."""
        fresh = await self.database()
        await migrate(fresh.url(f"{service}_owner"), service, ROOT / "services" / service)
        return fresh, Database(fresh.url(service), search_path=f"{service}_read,{service}", size=20, timeout=10)

    async def alternate(self, contenders: Mapping[str, Callable[[float], Awaitable[float]]]) -> dict[str, Figure]:
        """Run the contenders in turn for `seconds` each: one warm-up round, then `rounds` rounds. A contender returns units per second."""
        rates: dict[str, list[float]] = {name: [] for name in contenders}
        for number in range(self.rounds + 1):
            for name, run in contenders.items():
                self.step(f"{name}, {'warm-up' if number == 0 else f'round {number} of {self.rounds}'}")
                rate = await run(self.seconds if number else self.seconds / 2)
                if number:
                    rates[name].append(rate)
        return {name: summary(values) for name, values in rates.items()}


def summary(values: Sequence[float]) -> Figure:
    """Median, lowest and highest."""
    return Figure(statistics.median(values), min(values), max(values))


def percentile(values: Sequence[float], share: float = PERCENTILE) -> float:
    """The `share` quantile of `values`; 0 without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def library_environment(database: Provisioned, connections: int = 5) -> dict[str, str]:
    """Settings of the `eventsourcing` library for a database."""
    url = urlsplit(database.superuser_url)
    os.environ["EVENTSOURCING_DISABLE_REDEFINITION_CHECK"] = (
        "1"  # its classes are defined in functions, so that only benchmarks import the library
    )
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": url.path.lstrip("/"),
        "POSTGRES_HOST": url.hostname or "",
        "POSTGRES_PORT": str(url.port),
        "POSTGRES_USER": url.username or "",
        "POSTGRES_PASSWORD": url.password or "",
        "POSTGRES_POOL_SIZE": str(connections),
    }
