"""The faults, numbered as in the fault model: each happens under load, heals or is healed, and states what to expect."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from faults.bus import disk_alarm, disorderly_messages, lost_bindings, lost_messages, memory_alarm, strange_messages
from faults.disks import broker_full, log_full, table_full
from faults.kills import random_kills
from faults.past import old_backup, tampering
from faults.promotion import promoted
from faults.proxy import Direction
from faults.store import (
    backends_killed,
    database_away,
    killed,
    locks_held,
    poison_in_the_log,
    stopped,
    stopped_at_once,
)
from faults.trial import Fault, Trial
from faults.twins import all_twice, both_busy, frozen
from faults.world import install_watch
from ops.provision import roles
from ops.servers import ServerFailed
from ops.servers.definitions import SERVICES
from ops.stack import STATE, program_environment
from services.notifications.timing import due
from shared.contracts.notifications import Channel, Timing

DEATH_WITHIN = 40.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One fault with its number; `is_short`: part of the selection for every test run."""

    name: str
    title: str
    fault: Fault
    is_short: bool = False
    is_last: bool = False  # the cluster is unusable afterwards, so it runs on a separate copy


def kill(service: str, point: str, passes: int, *, defect: str | None = None) -> Fault:
    """F1: SIGKILL when `service` (with or without a planted defect) passes a named point for about the n-th time."""

    async def fault(trial: Trial) -> None:
        await trial.cluster.arm(service, point, trial.chance.randint(1, passes), defect=defect)
        await died(trial, service)

    return fault


def sender_killed(point: str, defect: str | None = None) -> Fault:
    """F1: notifications is killed while it sends a letter. Its clock is set forward when letters would wait until the morning."""

    async def fault(trial: Trial) -> None:
        now = datetime.now(UTC)
        skew = due(Channel.LETTER, Timing.IMMEDIATE, now) - now
        await trial.cluster.arm("notifications", point, trial.chance.randint(1, 2), defect=defect, skew=skew.total_seconds())
        await died(trial, "notifications")

    return fault


def rebuild_killed(point: str) -> Fault:
    """F1: a rebuild is killed right before or after the commit of its swap; then another rebuild completes."""

    async def fault(trial: Trial) -> None:
        await _rebuild(trial, {"FAULTPOINT": point})
        await trial.commands(15)
        await _rebuild(trial, {})
        await install_watch(trial.cluster)  # the new tables do not have the triggers yet

    return fault


async def _rebuild(trial: Trial, environment: Mapping[str, str]) -> None:
    """Run the rebuild as an operator does, on this cluster."""
    cluster, directory = trial.cluster, trial.directory
    (directory / STATE).write_text(
        json.dumps({"services": cluster.urls, "databases": {role: cluster.database.url(role) for role in roles()}})
    )
    command = [sys.executable, "-m", "ops.cli", "rebuild", "activities", "--var", str(directory)]
    surroundings = {**program_environment(), **environment}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env=surroundings, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
    output, _ = await process.communicate()
    (directory / STATE).unlink()
    if process.returncode != (-signal.SIGKILL if environment else 0):
        raise ServerFailed(f"rebuild ended with {process.returncode}: {output.decode()[-2000:]}")


async def nothing(trial: Trial) -> None:
    """No fault: some defects show without one."""
    await trial.commands(10)


async def died(trial: Trial, service: str) -> None:
    """Wait until the service has died and was restarted."""
    process = trial.cluster.services[service]
    ends = monotonic() + DEATH_WITHIN
    while not process.deaths:
        if monotonic() > ends:
            raise ServerFailed(f"{service} never passed its fault point: the fault did not happen")
        await asyncio.sleep(0.05)
    process.deaths = 0
    await trial.cluster.until_ready([service])


def broker_away(seconds: float, *, is_killed: bool) -> Fault:
    """F3: the broker is killed or stopped, and restarted after a while."""

    async def fault(trial: Trial) -> None:
        broker = trial.cluster.servers.rabbitmq
        await trial.broker_settled()
        began = monotonic()
        await asyncio.to_thread(broker.kill if is_killed else broker.stop)
        await asyncio.sleep(seconds)
        trial.outage("broker", began)  # the restart slows commands on a small machine, but is not part of the outage
        broker.spawn()  # in the main thread
        await asyncio.to_thread(broker.wait_ready)

    return fault


async def cut_from_database(trial: Trial) -> None:
    """F7: the network between activities and PostgreSQL is cut silently."""
    way = trial.cluster.ways["activities", "postgres"]
    way.cut()
    began = monotonic()
    await asyncio.sleep(6)
    trial.outage("database", began, service="activities")
    way.heal()


async def answers_of_broker_cut(trial: Trial) -> None:
    """F7: activities reaches the broker, but answers do not come back: confirms are lost, not events."""
    way = trial.cluster.ways["activities", "rabbitmq"]
    way.cut(Direction.BACK)
    began = monotonic()
    await asyncio.sleep(13)  # longer than the relay waits for confirms
    trial.outage("broker", began, service="activities")
    way.heal()


async def slow_ways(trial: Trial) -> None:
    """F7: a round trip of 300 ms between every service and both servers."""
    ways = [*trial.cluster.proxies("postgres"), *trial.cluster.proxies("rabbitmq")]
    for way in ways:
        way.latency = 0.15
    await trial.commands(25, within=12)
    for way in ways:
        way.heal()


async def reset_storm(trial: Trial) -> None:
    """F7: every connection of every service is reset, ten times."""
    for _ in range(10):
        for way in trial.cluster.ways.values():
            way.reset()
        await asyncio.sleep(0.4)


async def skewed_clocks(trial: Trial) -> None:
    """F14: the services' clocks are fast or slow by an hour, and time is not simulated."""
    cluster = trial.cluster
    for name, hours in SKEWS.items():
        await cluster.services[name].stop()
        cluster.services[name].prepare(skew=hours * 3600.0)
    await cluster.start(tuple(SKEWS))
    trial.expected["are_clocks_skewed"] = True
    await trial.commands(60)
    trial.load.stop()
    await asyncio.sleep(3)


SKEWS: Mapping[str, float] = {"registration": 1, "activities": -1, "evaluation": 1, "notifications": -1}
KILLS: Mapping[str, tuple[str, int, bool]] = {
    "append.before": ("activities", 6, False),
    "append.after": ("activities", 6, True),
    "relay.read": ("activities", 6, False),
    "relay.confirmed": ("activities", 6, False),
    "relay.published": ("activities", 40, False),
    "relay.moved": ("registration", 2, False),
    "consumer.before_commit": ("evaluation", 6, False),
    "consumer.committed": ("notifications", 6, False),
    "intent.performed": ("notifications", 6, False),
}
SCENARIOS = (
    *(
        Scenario(f"F1 {point}", f"{service} is killed at this point", kill(service, point, passes), is_short)
        for point, (service, passes, is_short) in KILLS.items()
    ),
    *(
        Scenario(f"F1 {point}", "notifications is killed at this point", sender_killed(point))
        for point in ("letter.begun", "letter.handed_over")
    ),
    Scenario("F1 rebuild.before_commit", "a rebuild is killed at this point", rebuild_killed("rebuild.before_commit")),
    Scenario("F1 rebuild.committed", "a rebuild is killed at this point", rebuild_killed("rebuild.committed")),
    Scenario("F2", "services, PostgreSQL and the broker are killed at random times", random_kills()),
    Scenario("F3 kill", "the broker is killed", broker_away(5, is_killed=True)),
    Scenario("F5 kill", "PostgreSQL is killed", database_away(2, killed), is_short=True),
    Scenario("F5 backends", "backends are killed", backends_killed),
    Scenario("F5 immediate", "PostgreSQL shuts down immediately", database_away(1, stopped_at_once)),
    Scenario("F7 cut", "activities is cut off from PostgreSQL", cut_from_database),
    Scenario("F7 one way", "answers of the broker do not reach activities", answers_of_broker_cut),
    Scenario("F7 latency", "300 ms to both servers", slow_ways),
    Scenario("F7 resets", "every connection is reset, ten times", reset_storm),
    Scenario("F8 bindings", "all bindings of the exchange are deleted", lost_bindings),
    Scenario("F8 lost", "messages do not reach the queues for a while", lost_messages),
    Scenario("F8 disorder", "messages reordered, duplicated, dropped, replayed", disorderly_messages, is_short=True),
    Scenario("F9 messages", "messages that are not our events", strange_messages),
    Scenario("F9 log", "unknown and invalid events in a log", poison_in_the_log),
    Scenario("F10 table", "the log of activities cannot grow: disk full", table_full),
    Scenario("F10 write-ahead log", "PostgreSQL cannot write its write-ahead log: disk full", log_full),
    Scenario("F10 broker", "the broker cannot write: disk full", broker_full),
    Scenario("F12 memory", "memory alarm of the broker", memory_alarm),
    Scenario("F12 disk", "disk alarm of the broker", disk_alarm),
    Scenario("F13 activities", "of two processes of activities each stands still", frozen("activities")),
    Scenario("F13 evaluation", "of two processes of evaluation each stands still", frozen("evaluation")),
    Scenario("F14", "clocks an hour fast and slow", skewed_clocks),
    Scenario("F15", "open transactions and a locked head row", locks_held),
    Scenario("F19", "tampering as superuser", tampering),
    Scenario("F20 activities", "two processes of activities, one is killed again and again", both_busy()),
    Scenario("F20 all", "two processes of every service, one stands still, one is killed", all_twice),
    Scenario("F3 away", "no broker for 60 s", broker_away(60, is_killed=False)),
    Scenario("F5 away", "no PostgreSQL for 60 s", database_away(60, stopped)),
    Scenario("F16", "activities is restored from an old backup", old_backup, is_last=True),
    Scenario("F21 all", "all services reach a promoted standby that lacks the last events", promoted(SERVICES), is_last=True),
    Scenario(
        "F21 activities", "activities alone reaches a promoted standby that lacks its last events", promoted(("activities",)), is_last=True
    ),
)
