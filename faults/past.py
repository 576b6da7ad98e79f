"""Lost or altered history: a service is restored from an old backup (F16), a superuser tampers with its data (F19)."""

import asyncio
from collections.abc import Mapping
from time import monotonic

import asyncpg

from faults.invariants import CHECKS, Violation
from faults.trial import Trial
from faults.world import Logs, World, definition, gather_tables
from shared.eventlog.rebuild import rebuild

# The tables in the backup of one service: its write side with the log, and its read model.
BACKED_UP = """
SELECT n.nspname AS schema, c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = ANY($1) AND c.relname NOT IN ('schema_migrations', 'read_model')
"""
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


async def old_backup(trial: Trial) -> None:
    """F16: the database of activities is restored from a backup some minutes old, while the other services have moved on."""
    cluster = trial.cluster
    await _copy_tables(trial, restore=False)
    await trial.commands(60)
    trial.load.stop()
    await asyncio.sleep(4)
    await cluster.services["activities"].stop()
    await _copy_tables(trial, restore=True)
    cluster.services["activities"].prepare()
    cluster.services["activities"].spawn()
    told: dict[str, str] = {}
    ends = monotonic() + WITHIN
    readers = ("evaluation", "notifications")
    while monotonic() < ends and (len(told) < len(readers) or any([await _differences(trial, name) for name in readers])):
        for name in readers:
            state = (await cluster.http.get(f"{cluster.urls[name]}/readyz", timeout=5)).json()
            if state["rebuilding"]:
                told[name] = ", ".join(f"{district}: {why}" for district, why in state["rebuilding"].items())
        await asyncio.sleep(0.05)
    trial.expected["restored"] = told
    trial.verdict = [Violation("I4", each) for name in readers for each in await _differences(trial, name)]
    await trial.commands(20)


async def _differences(trial: Trial, reader: str) -> list[str]:
    """Districts in which `reader` is not folded from the log as it is now."""
    async with trial.cluster.superuser() as connection:
        rows = await connection.fetch(DIFFERENT.format(reader=reader))
    return [f"{reader} is not the fold of the log that was restored: {dict(row)}" for row in rows]


async def _copy_tables(trial: Trial, *, restore: bool) -> None:
    async with trial.cluster.superuser() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("CREATE SCHEMA IF NOT EXISTS backup")
        for row in await connection.fetch(BACKED_UP, ["activities", "activities_read"]):
            table, copy = f'{row["schema"]}."{row["name"]}"', f'backup."{row["schema"]}_{row["name"]}"'
            columns = await connection.fetchval(COLUMNS, table)
            if restore:
                await connection.execute(f"TRUNCATE {table}")
                await connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {copy}")
            else:
                await connection.execute(f"CREATE TABLE {copy} AS SELECT {columns} FROM {table}")


WITHIN = 40.0  # seconds to notice and to fold anew
DIFFERENT = """
SELECT h.district, h.size, c.position, e.sequence, r.source FROM activities.log_head AS h
LEFT JOIN {reader}_read.checkpoints AS c ON c.district = h.district AND c.source = 'activities'
LEFT JOIN activities.events AS e ON e.district = h.district AND e.sequence = h.size AND e.leaf_hash = c.leaf_hash
LEFT JOIN {reader}_read.rebuilding AS r ON r.district = h.district
WHERE h.size > 0 AND (c.position <> h.size OR e.sequence IS NULL) OR r.source IS NOT NULL
"""

# Tampering by a superuser, each tried in a transaction that is rolled back, to record which invariants detect it.
OWN = "district = 'east'"
LAST = f"(SELECT max(sequence) FROM activities.events WHERE {OWN})"
TAMPERING: Mapping[str, str] = {
    "an event changed": "UPDATE activities.events SET body = convert_to(replace(convert_from(body, 'UTF8'), '北门', '南门'), 'UTF8')"
    f" WHERE {OWN}",
    "an event deleted": f"DELETE FROM activities.events WHERE {OWN} AND sequence = 2",
    "the last events deleted": f"DELETE FROM activities.events WHERE {OWN} AND sequence > {LAST} - 3;"
    f"UPDATE activities.log_head SET size = size - 3 WHERE {OWN}",
    "two events swapped": f"UPDATE activities.events AS e SET body = o.body FROM activities.events AS o"
    f" WHERE e.{OWN} AND o.{OWN} AND e.sequence + o.sequence = 5 AND e.sequence IN (2, 3)",
    "an event inserted": "INSERT INTO activities.events (district, sequence, stream, streamversion, command_id, command_ord, type, body)"
    f" SELECT district, sequence + 1, 'need/' || gen_random_uuid(), 1, gen_random_uuid(), 0, type, body FROM activities.events WHERE {OWN}"
    f" AND sequence = {LAST}; UPDATE activities.log_head SET size = size + 1 WHERE {OWN}",
    "the log emptied": f"DELETE FROM activities.events WHERE {OWN}; UPDATE activities.log_head SET size = 0 WHERE {OWN}",
    "a cursor moved on": f"UPDATE activities.relay_cursor SET position = position + 100 WHERE {OWN}",
    "a checkpoint moved on": f"UPDATE evaluation_read.checkpoints SET position = position + 100 WHERE {OWN} AND source = 'activities'",
    "a checkpoint moved back": f"UPDATE evaluation_read.checkpoints SET position = position - 2 WHERE {OWN} AND source = 'activities'",
}


async def tampering(trial: Trial) -> None:
    """F19: changes by a superuser in the log, its cursors and checkpoints, and in a row of a read model."""
    await trial.commands(20)
    trial.load.stop()
    await asyncio.sleep(5)
    await trial.ground.stream.read(trial.cluster, set())
    found: dict[str, list[str]] = {}
    async with trial.cluster.superuser() as connection:
        found["nothing"] = await _noticed(trial, connection)
        for name, statements in TAMPERING.items():
            transaction = connection.transaction(isolation="repeatable_read")
            await transaction.start()
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute(statements)
            found[name] = await _noticed(trial, connection)
            await transaction.rollback()
        found["a row of a read model changed"] = await _row_changed(trial, connection)
    trial.expected["tampering"] = found


async def _noticed(trial: Trial, connection: asyncpg.Connection) -> list[str]:
    world = World(trial.history, [], expected={"stream_since": trial.ground.stream_since, "keys": set(), "skipped": trial.ground.skipped})
    await gather_tables(connection, world)
    world.stream = dict(trial.ground.stream.bodies)
    return [name for name in ("I2", "I3", "I4") if any(CHECKS[name](world))]


async def _row_changed(trial: Trial, connection: asyncpg.Connection) -> list[str]:
    await connection.execute("UPDATE notifications_read.title SET title = title || '!' WHERE district = 'east'")
    owner, role = trial.cluster.database.url("notifications_owner"), trial.cluster.database.url("notifications")
    world = World(trial.history, [])
    await gather_tables(connection, world)
    outcome = await rebuild(definition("notifications").read_model(), Logs(world), owner_url=owner, service_url=role, swap=False)
    await connection.execute("UPDATE notifications_read.title SET title = left(title, -1) WHERE district = 'east'")
    return [] if outcome.is_equal else ["I5"]
