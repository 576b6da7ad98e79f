"""One trial: run the load, inject one fault, wait until nothing lags, check all invariants. The same for scenarios and planted defects."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import asyncpg

from faults.cluster import SETTLED_AFTER, Cluster, background
from faults.history import History, Outage, Recorder
from faults.invariants import CHECKS, LAG_0_WITHIN, Violation, check
from faults.load import District, Load
from faults.world import Stream, World, gather, install_watch, lags
from ops.servers.processes import ServerFailed

WARM_UP, AFTERWARDS = 15, 15  # commands answered before and after the fault
WITHIN = 12.0  # seconds for each of the two
PATIENCE = 25.0  # seconds for which clients go on retrying after the load has ended
LOOK_EVERY = 0.2
TRIAL_WITHIN = 240.0  # timeout of a trial in seconds
NOT_TRIED = "not tried"


@dataclass(slots=True)
class Ground:
    """What trials on one cluster share: the districts, all command ids sent so far, and the position in the history stream."""

    districts: Sequence[District]
    keys: set[str]
    stream_since: dict[tuple[str, str], int]  # earlier events were published on another virtual host
    stream: Stream = field(default_factory=Stream)
    began: float = field(default_factory=monotonic)
    dead_letters: int = 0  # expected so far
    skipped: set[tuple[str, str, str, int]] = field(default_factory=set)  # (service, district, source, sequence), skipped by an operator


@dataclass(slots=True)
class Trial:
    """What a fault can use."""

    cluster: Cluster
    ground: Ground
    chance: Random
    load: Load
    history: History
    directory: Path
    expected: dict[str, Any] = field(default_factory=dict)  # what the scenario tells the invariants
    verdict: list[Violation] | None = None  # set by a fault that removes events on purpose and checks the result itself

    async def broker_settled(self) -> None:
        """Wait until the broker's queues would survive a SIGKILL."""
        await asyncio.sleep(max(0.0, self.ground.began + SETTLED_AFTER - monotonic()))

    async def commands(self, number: int, within: float = WITHIN) -> None:
        """Wait until `number` more commands have been answered."""
        await self.load.until(number, within)

    def outage(self, server: str, began: float, *, service: str | None = None, district: str | None = None) -> None:
        """Record that a server was away from `began` until now."""
        self.history.outages.append(Outage(server, began, monotonic(), service, district))


Fault = Callable[[Trial], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one trial, as in the JSON."""

    name: str
    figures: dict[str, Any]
    violations: tuple[Violation, ...]
    seconds: float

    @property
    def broken(self) -> list[str]:
        """The violated invariants, in order."""
        return [name for name in (*CHECKS, NOT_TRIED) if any(each.invariant == name for each in self.violations)]


async def run_trial(
    cluster: Cluster, ground: Ground, name: str, fault: Fault, chance: Random, *, patience: float = LAG_0_WITHIN
) -> Outcome:
    """Run one fault under load, then check the invariants. A fault that did not happen or a failed check counts as a violation."""
    started = monotonic()
    try:
        async with asyncio.timeout(TRIAL_WITHIN):
            figures, violations = await _tried(cluster, ground, fault, chance, patience)
    except (ServerFailed, OSError, AssertionError, asyncpg.PostgresError) as error:
        figures, violations = {}, [Violation(NOT_TRIED, f"{type(error).__name__}: {error}")]
    return Outcome(name, figures, tuple(violations), monotonic() - started)


async def _tried(cluster: Cluster, ground: Ground, fault: Fault, chance: Random, patience: float) -> tuple[dict[str, Any], list[Violation]]:
    await install_watch(cluster)
    recorder = Recorder(cluster.http, cluster.urls, cluster.tokens, chance)
    load = Load(ground.districts, recorder, chance)
    trial = Trial(cluster, ground, chance, load, recorder.history, cluster.servers.directory)
    try:
        async with background(load.run()) as people:
            await load.until(WARM_UP, WITHIN)
            await fault(trial)
            await load.until(AFTERWARDS, WITHIN)
            load.stop()
            recorder.deadline = monotonic() + PATIENCE
            await people
    finally:  # even when the fault did not happen: the next trial finds these commands in the logs
        ground.keys |= {str(call.key) for call in recorder.history.calls}
    world = World(recorder.history, [each.name for each in ground.districts], expected=trial.expected)
    world.expected |= {
        "keys": ground.keys,
        "stream_since": ground.stream_since,
        "skipped": ground.skipped,
        "dead_letters": ground.dead_letters,
    }
    world.seconds_to_lag_0 = await _quiet(cluster, world, patience) if trial.verdict is None else None
    if trial.verdict is None:
        await gather(cluster, world, ground.stream)
    violations = check(world) if trial.verdict is None else trial.verdict
    return _figures(world, violations), violations


async def _quiet(cluster: Cluster, world: World, patience: float) -> float | None:
    """Seconds until nothing lags in two polls in a row; None when something still does."""
    started, looks = monotonic(), 0
    while looks < 2:
        try:
            world.expected["lags"] = remaining = await lags(cluster)
        except OSError as error:
            raise ServerFailed(f"the database is not back: {error}") from error
        looks = 0 if remaining else looks + 1
        if monotonic() - started > patience:
            return None
        await asyncio.sleep(LOOK_EVERY)
    return monotonic() - started


def _figures(world: World, violations: Sequence[Violation]) -> dict[str, Any]:
    found = {name: sum(each.invariant == name for each in violations) for name in CHECKS}
    twice = ("took effect", "notices of", "letters of")
    duplicates = sum(len(bodies) - 1 for bodies in world.stream.values())
    seconds = world.seconds_to_lag_0
    return {
        "commands": world.history.count(),
        "attempts": sum(len(call.attempts) for call in world.history.calls),
        "lost": sum("not in the log" in each.what or "never reached" in each.what for each in violations),
        "duplicated_effects": sum(any(word in each.what for word in twice) for each in violations),
        "order_violations": found["I2"] + found["I10"],
        "duplicate_messages": duplicates,
        "seconds_to_lag_0": None if seconds is None else round(seconds, 2),
        "events": sum(map(len, world.log.values())),
        **{name: world.expected[name] for name in ("tampering", "restored", "promoted") if name in world.expected},
        "invariants_checked": list(CHECKS) if world.log else ["told"],
        "invariants_broken": [name for name, number in found.items() if number],
    }
