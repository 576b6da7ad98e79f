"""Failover (F21): a standby that lacks the last events is promoted, and services find it among the hosts of their database URL.

With asynchronous replication the commands acknowledged last are lost; they are counted and named. What must not happen: that anybody
keeps, or builds on, an event that the log has lost. Invariant: every read model is the fold of the logs as they are after the promotion.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Final

import asyncpg
import httpx2

from faults.cluster import background
from faults.disks import private_postgres
from faults.history import Call
from faults.invariants import CHECKS, Violation
from faults.proxy import proxy_to
from faults.trial import Fault, Trial
from faults.world import Logs, World, definition, gather_tables
from ops.provision import VAULT, Database, on_hosts
from ops.servers import ServerFailed
from ops.servers.definitions import SERVICES
from ops.servers.postgres import PrivatePostgres
from shared.eventlog.rebuild import rebuild

WITHIN: Final = 40.0  # seconds to notice and to fold anew
SLOW: Final = 0.2  # seconds each way
APPLIED_WITHIN: Final = 15.0  # seconds
QUIET: Final = 3.0  # seconds without another event
NAMED: Final = 3  # lost commands that the report names


def promoted(services: Sequence[str], *, planted_in: str = "", defect: str | None = None) -> Fault:
    """F21: these services lose their primary, and with it the events that its standby has not received; the others keep theirs."""

    async def fault(trial: Trial) -> None:
        cluster = trial.cluster
        async with _standby(trial) as standby:
            after = replace(cluster.database, admin_url=standby.admin_url)
            async with proxy_to(cluster.database.admin_url) as way:  # the primary as it is seen before it is lost
                several = replace(cluster.database, admin_url=on_hosts(way.through(cluster.database.admin_url), standby.admin_url))
                await cluster.stop(SERVICES)
                for name in SERVICES:
                    environment = _urls(name, several) if name in services else {}
                    cluster.services[name].prepare(environment=environment, defect=defect if name == planted_in else None)
                await cluster.start()
                await trial.commands(15)
                cut = monotonic()
                await _stop_following(trial, standby)
                await trial.commands(30)
                await _applied(cluster.database, after, services)
            lost_at = monotonic()
            for name in services:
                cluster.ways["feeds", name].latency = SLOW  # so that folding anew takes long enough to be seen on /readyz
            async with _superuser(after) as connection:
                await connection.execute("SELECT pg_promote()")
            told: dict[str, str] = {}
            async with background(_listen(trial, told)):
                await trial.commands(30)
                trial.load.stop()
                databases = {name: after if name in services else cluster.database for name in SERVICES}
                trial.verdict = await _verdict(trial, databases)
            lost, broken = await _lost(trial, databases, cut, lost_at)
            trial.verdict += broken
            trial.expected["restored"] = told
            trial.expected["promoted"] = {"lost": len(lost), "named": [str(each) for each in lost[:NAMED]]}
            if not lost:
                raise ServerFailed("the promoted standby lacks no acknowledged command: the fault did not happen")
            if set(SERVICES) - set(services) and not told:
                trial.verdict.append(Violation("I4", "nobody said that a log has lost its end"))
            await cluster.stop(SERVICES)  # before their database goes
        for name in SERVICES:
            cluster.services[name].prepare()
        await cluster.start()

    return fault


@asynccontextmanager
async def _standby(trial: Trial) -> AsyncIterator[PrivatePostgres]:
    """A standby that follows the primary by asynchronous streaming replication."""
    primary = private_postgres(trial)
    async with _superuser(trial.cluster.database) as connection:
        await connection.execute("SELECT pg_backup_start('standby', true)")
        standby = await asyncio.to_thread(primary.standby, trial.directory / f"standby-{trial.cluster.database.name}")
        standby.follow(primary, await connection.fetchval("SELECT labelfile FROM pg_backup_stop(false)"))
        standby.spawn()  # in the main thread
        try:
            await asyncio.to_thread(standby.wait_ready)
            async with asyncio.timeout(20):
                while await connection.fetchval(FOLLOWS) is None:
                    await asyncio.sleep(0.1)
            yield standby
        finally:
            await asyncio.to_thread(standby.kill)


FOLLOWS: Final = "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"


def _urls(name: str, database: Database) -> Mapping[str, str]:
    """The settings of a service that name its database."""
    urls = {"GUANGCAI_DATABASE_URL": database.url(name), "GUANGCAI_MIGRATION_DATABASE_URL": database.url(f"{name}_owner")}
    return urls | ({"GUANGCAI_VAULT_DATABASE_URL": database.url(VAULT)} if name == "registration" else {})


async def _stop_following(trial: Trial, standby: PrivatePostgres) -> None:
    """Let the standby receive nothing any more."""
    async with _superuser(replace(trial.cluster.database, admin_url=standby.admin_url)) as connection:
        await connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
        await connection.execute("SELECT pg_reload_conf()")
        async with asyncio.timeout(10):
            while await connection.fetchval("SELECT 1 FROM pg_stat_wal_receiver"):
                await asyncio.sleep(0.05)


async def _applied(primary: Database, standby: Database, services: Sequence[str]) -> None:
    """Wait until every reader that stays on the primary has applied an event that the standby lacks."""
    pairs = [(reader, source) for reader in set(SERVICES) - set(services) for source in set(definition(reader).sources) & set(services)]
    async with _superuser(primary) as here, _superuser(standby) as there, asyncio.timeout(APPLIED_WITHIN):
        for reader, source in pairs:
            rows = await there.fetch(f"SELECT district, size FROM {source}.log_head")
            kept = {row["district"]: row["size"] for row in rows}
            while True:
                marks = await here.fetch(CHECKPOINTS.format(reader=reader))
                if any(row["source"] == source and row["position"] > kept.get(row["district"], 0) for row in marks):
                    break
                await asyncio.sleep(0.1)


async def _listen(trial: Trial, told: dict[str, str]) -> None:
    """Write down which districts each service calls lost or folded anew, until cancelled."""
    while True:
        for name, url in trial.cluster.urls.items():
            with contextlib.suppress(httpx2.HTTPError, ValueError, KeyError):
                state = (await trial.cluster.http.get(f"{url}/readyz", timeout=5)).json()
                if state["rebuilding"]:
                    told[name] = ", ".join(f"{district}: {why}" for district, why in state["rebuilding"].items())
        await asyncio.sleep(0.05)


async def _verdict(trial: Trial, databases: Mapping[str, Database]) -> list[Violation]:
    """Wait until every reader is at the heads of the logs as they are now, then fold them all from event 1."""
    ends = monotonic() + WITHIN
    settled, since = None, monotonic()
    heads, apart = await _apart(databases)
    while monotonic() < min(ends, since + QUIET):
        await asyncio.sleep(0.2)
        heads, apart = await _apart(databases)
        if apart or heads != settled:  # the last commands and what they cause are still on their way
            settled, since = heads, monotonic()
    world = await _logs(trial, databases)
    logs, broken = Logs(world), [Violation("I4", each) for each in apart]
    for name, database in databases.items():
        owner, role = database.url(f"{name}_owner"), database.url(name)
        outcome = await rebuild(definition(name).read_model(), logs, owner_url=owner, service_url=role, swap=False)
        if not outcome.is_equal:
            broken.append(Violation("I5", f"{name}: the live read model is not the fold of {outcome.events} events"))
    return broken + [Violation("I2", each) for each in CHECKS["I2"](world)]


async def _logs(trial: Trial, databases: Mapping[str, Database]) -> World:
    """The log of each service from the database that it has now."""
    world, by_database = World(trial.history, []), {each.admin_url: World(trial.history, []) for each in databases.values()}
    for database in databases.values():
        async with _superuser(database) as connection:
            await gather_tables(connection, by_database[database.admin_url])
    for name, database in databases.items():
        found = by_database[database.admin_url]
        world.log[name] = found.log[name]
        world.heads |= {key: size for key, size in found.heads.items() if key[0] == name}
    return world


Heads = dict[str, dict[str, tuple[int, bytes]]]  # service → district → size and leaf hash of the last event


async def _apart(databases: Mapping[str, Database]) -> tuple[Heads, list[str]]:
    """The heads of the logs; checkpoints that are not at them, and districts that are being folded anew."""
    heads: Heads = {}
    for source, database in databases.items():
        async with _superuser(database) as connection:
            heads[source] = {
                row["district"]: (row["size"], row["leaf_hash"]) for row in await connection.fetch(HEADS.format(source=source))
            }
    apart: list[str] = []
    for reader, database in databases.items():
        async with _superuser(database) as connection:
            rows = await connection.fetch(CHECKPOINTS.format(reader=reader))
            folding = await connection.fetch(FOLDING.format(reader=reader))
        marks = {(row["source"], row["district"]): (row["position"], row["leaf_hash"]) for row in rows}
        apart += [f"{reader} folds {row['district']} anew" for row in folding]
        for source in definition(reader).sources:
            for district, head in heads[source].items():
                if marks.get((source, district)) != head:
                    apart.append(f"the checkpoint of {reader} is not at the last event of {source}/{district}")
    return heads, apart


HEADS: Final = """
SELECT h.district, h.size, e.leaf_hash FROM {source}.log_head AS h
JOIN {source}.events AS e ON e.district = h.district AND e.sequence = h.size
"""
CHECKPOINTS: Final = "SELECT source, district, position, leaf_hash FROM {reader}_read.checkpoints"
FOLDING: Final = "SELECT DISTINCT district FROM {reader}_read.rebuilding"


async def _lost(trial: Trial, databases: Mapping[str, Database], cut: float, lost_at: float) -> tuple[list[Call], list[Violation]]:
    """Acknowledged commands that are in no log: those between cut and loss are the price of asynchronous replication, others a defect."""
    world = await _logs(trial, databases)
    kept = {str(event.id) for service in SERVICES for event in world.events(service)}
    lost: list[Call] = []
    broken: list[Violation] = []
    for call in trial.history.calls:
        if call.acknowledged is None or kept.issuperset(call.acknowledged["event_ids"]):
            continue
        if cut <= call.answers[0].ended and call.answers[0].started <= lost_at:
            lost.append(call)
        else:
            broken.append(Violation("I1", f"{call} was acknowledged while nothing was lost, and is not in the log"))
    return lost, broken


@asynccontextmanager
async def _superuser(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection: asyncpg.Connection = await asyncpg.connect(database.superuser_url, timeout=5)
    try:
        yield connection
    finally:
        await connection.close(timeout=5)
