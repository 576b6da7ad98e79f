"""The observed state after a run: the logs row by row, the history stream, cursors and checkpoints, reactions, queues, processes.

Gathered once as a superuser, bypassing the services; invariants only read it.
"""

import asyncio
import importlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import aio_pika
import asyncpg

from faults.cluster import Cluster
from faults.history import Caller, History
from ops.servers.definitions import SERVICES
from shared.eventlog.envelope import Malformed, Recorded, decode
from shared.eventlog.log import Mark, Page
from shared.eventlog.rebuild import Rebuilt, rebuild
from shared.eventlog.start_over import Lane
from shared.identity import EVERY_DISTRICT, Role
from shared.messaging import Topology
from shared.runtime.definition import ServiceDefinition
from shared.testing.harness import mark_of, page_of

TOPOLOGY = Topology()
QUIET_WITHIN = 3.0  # seconds without a message after which the history stream counts as read to its end

EVENTS = """
SELECT district, sequence, stream, streamversion, command_id, command_ord, type, body, leaf_hash
FROM {service}.events ORDER BY district, sequence
"""
HEADS = "SELECT district, size FROM {service}.log_head"
CURSORS = "SELECT district, position FROM {service}.relay_cursor"
CHECKPOINTS = "SELECT district, source, position FROM {service}_read.checkpoints"
PARKED = "SELECT district, source, sequence, stream FROM {service}_read.parked"
INTENTS = "SELECT district, key, kind, state, event_id FROM {service}.intents"
OPEN = """
SELECT count(*) FROM {service}.intents AS i WHERE state = 'open'
AND due <= (SELECT greatest($1, max(newest)) FROM {service}_read.checkpoints AS c WHERE c.district = i.district)
"""
MOVES = "SELECT service, district, source, was, becomes FROM faults.moves"
CONNECTIONS = "SELECT application_name, count(*) AS number FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
TABLES = """
SELECT n.nspname AS schema, c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'district'
WHERE c.relkind = 'r' AND n.nspname = ANY($1) ORDER BY 1, 2
"""
# A trigger records every move of a cursor or checkpoint in the moving transaction, unnoticed by the services.
WATCH = """
CREATE SCHEMA IF NOT EXISTS faults;
CREATE TABLE IF NOT EXISTS faults.moves (service text, district text, source text, was bigint, becomes bigint);
CREATE OR REPLACE FUNCTION faults.note_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO faults.moves VALUES (TG_ARGV[0], OLD.district,
        CASE TG_ARGV[1] WHEN 'relay' THEN 'relay' ELSE to_jsonb(OLD) ->> 'source' END,
        OLD.position, CASE TG_OP WHEN 'DELETE' THEN 0 ELSE (to_jsonb(NEW) ->> 'position')::bigint END);
    RETURN NULL;
END $$;
GRANT USAGE ON SCHEMA faults TO PUBLIC;
"""
WATCH_TABLE = """
CREATE OR REPLACE TRIGGER note_move AFTER UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION faults.note_move('{service}', '{kind}')
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an events table."""

    district: str
    sequence: int
    stream: str
    version: int
    command_id: UUID
    command_ord: int
    type: str
    body: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Reaction:
    """One row of an intents table."""

    kind: str
    state: str
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Move:
    """A cursor or checkpoint moved; source "relay" for cursors."""

    service: str
    district: str
    source: str
    was: int
    becomes: int


@dataclass(slots=True)
class World:
    """The observed state, and the history that it has to match."""

    history: History
    districts: Sequence[str]
    seconds_to_lag_0: float | None = 0.0  # None: lags remained
    log: dict[str, list[Row]] = field(default_factory=dict)  # by service
    heads: dict[tuple[str, str], int] = field(default_factory=dict)  # (service, district)
    cursors: dict[tuple[str, str], int] = field(default_factory=dict)
    checkpoints: dict[tuple[str, str, str], int] = field(default_factory=dict)  # (service, district, source)
    parked: dict[tuple[str, str, str, int], str] = field(default_factory=dict)  # (service, district, source, sequence) → stream
    reactions: dict[tuple[str, str, str], Reaction] = field(default_factory=dict)  # (service, district, key)
    moves: list[Move] = field(default_factory=list)
    stream: dict[tuple[str, str, int], list[bytes]] = field(default_factory=dict)  # (service, district, sequence) → bodies
    feeds: dict[tuple[str, str], list[bytes]] = field(default_factory=dict)
    leaked: list[str] = field(default_factory=list)  # what a district could read of another one
    rebuilt: dict[str, Rebuilt] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)  # (table, district) → every row as text
    queues: dict[str, int] = field(default_factory=dict)
    dead_letters: int = 0
    letters: Mapping[str, int] = field(default_factory=dict[str, int])  # deliveries to the mail server, by Message-ID
    connections: dict[str, int] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)  # MB by service
    expected: dict[str, Any] = field(default_factory=dict)  # what the scenario expects, e.g. the number of dead letters

    def events(self, service: str) -> list[Recorded]:
        """The log of a service, decoded, without events that cannot be decoded (I2 reports these)."""
        return [event for row in self.log[service] if (event := decoded(row.body)) is not None]


@lru_cache(maxsize=200_000)
def decoded(body: bytes) -> Recorded | None:
    """The event in these bytes, None when they are no event."""
    try:
        return decode(body)
    except Malformed:
        return None


@lru_cache
def definition(service: str) -> ServiceDefinition:
    """The definition of a service; imported late, because that takes seconds."""
    return importlib.import_module(f"services.{service}.app").SERVICE


class Logs:
    """The gathered logs as the source of a rebuild: the fold starts at event 1 and reads only the stored bytes."""

    def __init__(self, world: World) -> None:
        self._bodies: defaultdict[Lane, list[bytes]] = defaultdict(list)
        for service, rows in world.log.items():
            for row in rows:
                self._bodies[service, row.district].append(row.body)

    async def heads(self, service: str) -> dict[str, Mark]:
        return {district: mark_of(bodies) for (name, district), bodies in self._bodies.items() if name == service}

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        return page_of(self._bodies[service, district], after, limit)


class Stream:
    """Reads the history stream of the broker, continuing where it stopped."""

    def __init__(self) -> None:
        self._next = 0
        self.bodies: defaultdict[tuple[str, str, int], list[bytes]] = defaultdict(list)

    async def read(self, cluster: Cluster, wanted: set[tuple[str, str, int]], *, within: float = 60.0) -> None:
        """Read on until everything `wanted` has arrived and no more messages come, at most `within` seconds."""
        ends = monotonic() + within
        news = asyncio.Event()

        async def look(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            if int(str(message.headers["x-stream-offset"])) >= self._next:
                self._next = int(str(message.headers["x-stream-offset"])) + 1
                service, district, sequence = str(message.message_id).split("/")
                self.bodies[service, district, int(sequence)].append(message.body)
            await message.ack()
            news.set()

        async with cluster.broker() as channel:
            await channel.set_qos(500)
            queue = await channel.get_queue(TOPOLOGY.history, ensure=False)
            await queue.consume(look, arguments={"x-stream-offset": self._next})
            while monotonic() < ends:
                news.clear()
                try:
                    await asyncio.wait_for(news.wait(), 0.3 if wanted <= self.bodies.keys() else QUIET_WITHIN)
                except TimeoutError:
                    return


async def install_watch(cluster: Cluster) -> None:
    """Record every move of a cursor or checkpoint from now on."""
    async with cluster.superuser() as connection, connection.transaction():
        await connection.execute(WATCH)
        for service in SERVICES:
            for table, kind in ((f"{service}.relay_cursor", "relay"), (f"{service}_read.checkpoints", "consumer")):
                await connection.execute(WATCH_TABLE.format(table=table, service=service, kind=kind))
        await connection.execute("TRUNCATE faults.moves")


async def lags(cluster: Cluster) -> dict[str, int]:
    """Numbers of events not relayed, events not applied, and due reactions not performed, by what lags."""
    found: dict[str, int] = {}
    now = datetime.min.replace(tzinfo=UTC) if cluster.is_clock_simulated else datetime.now(UTC)
    async with cluster.superuser() as connection:
        heads = {(service, *row): row["size"] for service in SERVICES for row in await connection.fetch(HEADS.format(service=service))}
        sizes = {(service, district): size for service, district, size in heads}
        for service in SERVICES:
            cursors = {row["district"]: row["position"] for row in await connection.fetch(CURSORS.format(service=service))}
            checkpoints = {
                (row["source"], row["district"]): row["position"] for row in await connection.fetch(CHECKPOINTS.format(service=service))
            }
            for (source, district), size in sizes.items():
                if source == service and (behind := size - cursors.get(district, 0)):
                    found[f"{service} relay {district}"] = behind
                if source in definition(service).sources and (behind := size - checkpoints.get((source, district), 0)):
                    found[f"{service} ← {source} {district}"] = behind
            if waiting := await connection.fetchval(OPEN.format(service=service), now):
                found[f"{service} reactions"] = waiting
    return found


async def gather(cluster: Cluster, world: World, stream: Stream) -> None:
    """Fill `world` with the current state."""
    async with cluster.superuser() as connection:
        await gather_tables(connection, world)
        await _texts(connection, world)
        world.connections = {row["application_name"]: row["number"] for row in await connection.fetch(CONNECTIONS)}
    since: Mapping[tuple[str, str], int] = world.expected["stream_since"]
    wanted = {
        (service, row.district, row.sequence)
        for service, rows in world.log.items()
        for row in rows
        if since.get((service, row.district), 0) < row.sequence <= world.cursors.get((service, row.district), 0)
    }
    await stream.read(cluster, wanted)
    world.stream = dict(stream.bodies)
    await _queues(cluster, world)
    await _feeds(cluster, world)
    world.letters = dict(cluster.letters.ids)
    world.memory = {name: _resident(service.pid) for name, service in cluster.services.items() if service.is_running}
    await _rebuild(cluster, world)


async def gather_tables(connection: asyncpg.Connection, world: World) -> None:
    """Read the tables of logs and consumers on this connection."""
    for service in SERVICES:
        world.log[service] = [Row(*row) for row in await connection.fetch(EVENTS.format(service=service))]
        world.heads |= {(service, row["district"]): row["size"] for row in await connection.fetch(HEADS.format(service=service))}
        world.cursors |= {(service, row["district"]): row["position"] for row in await connection.fetch(CURSORS.format(service=service))}
        for row in await connection.fetch(CHECKPOINTS.format(service=service)):
            world.checkpoints[service, row["district"], row["source"]] = row["position"]
        for row in await connection.fetch(PARKED.format(service=service)):
            world.parked[service, row["district"], row["source"], row["sequence"]] = row["stream"]
        for row in await connection.fetch(INTENTS.format(service=service)):
            world.reactions[service, row["district"], row["key"]] = Reaction(row["kind"], row["state"], row["event_id"])
    world.moves = [Move(*row) for row in await connection.fetch(MOVES)]


async def _texts(connection: asyncpg.Connection, world: World) -> None:
    """Every row of every table with a district, as text, to search for ids of other districts."""
    schemas = [f"{service}_read" for service in SERVICES] + list(SERVICES)
    for table in await connection.fetch(TABLES, schemas):
        if table["name"] == "events":
            continue  # I8 checks these event by event
        name = f"{table['schema']}.{table['name']}"
        query = f"SELECT district, string_agg(t::text, E'\\n') AS rows FROM {table['schema']}.\"{table['name']}\" AS t GROUP BY district"
        for row in await connection.fetch(query):
            world.texts[name, row["district"]] = row["rows"]


async def _queues(cluster: Cluster, world: World) -> None:
    async with cluster.broker() as channel:
        for service in SERVICES:
            queue = await channel.declare_queue(TOPOLOGY.queue(service), passive=True)
            world.queues[service] = queue.declaration_result.message_count or 0
        dead = await channel.declare_queue(TOPOLOGY.dead, passive=True)
        world.dead_letters = dead.declaration_result.message_count or 0


async def _feeds(cluster: Cluster, world: World) -> None:
    """Read the feeds as an auditor of all districts, and check whether one district's auditor can read another's."""
    everything = {"Authorization": f"Bearer {cluster.tokens[Caller(EVERY_DISTRICT, 'auditor', Role.AUDITOR)]}"}
    for service, url in cluster.urls.items():
        for district in world.districts:
            bodies: list[bytes] = []
            while True:
                path = f"{url}/feed/{district}?after={len(bodies)}&limit=2000"
                page = (await cluster.http.get(path, headers=everything, timeout=10)).content.splitlines()
                bodies += page
                if not page:
                    break
            world.feeds[service, district] = bodies
            other = world.districts[world.districts.index(district) - 1]
            own = {"Authorization": f"Bearer {cluster.tokens[Caller(other, 'auditor', Role.AUDITOR)]}"}
            shown = (await cluster.http.get(f"{url}/feed/{district}?limit=5", headers=own, timeout=10)).content.splitlines()
            heads = (await cluster.http.get(f"{url}/feed", headers=own, timeout=10)).json()["districts"]
            if shown or set(heads) - {other}:
                world.leaked.append(
                    f"feed of {service}: an auditor of {other} gets {len(shown)} events of {district}, heads of {sorted(heads)}"
                )


async def _rebuild(cluster: Cluster, world: World) -> None:
    """Fold every log from event 1 into a shadow of each live read model and compare digests."""
    logs = Logs(world)

    async def fold(service: str) -> None:
        owner, role = cluster.database.url(f"{service}_owner"), cluster.database.url(service)
        world.rebuilt[service] = await rebuild(definition(service).read_model(), logs, owner_url=owner, service_url=role, swap=False)

    await asyncio.gather(*map(fold, SERVICES))


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6
