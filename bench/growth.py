"""growth: appends and commands on a log of ten thousand events beside one of three million, on the same server."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

import asyncpg

from bench.append import CALLERS, callers
from bench.events import DISTRICT, PAYLOAD, START, in_order_of_time
from bench.harness import Bench, Result
from shared.contracts.event import Event
from shared.decider import Command, Decider, no_reservations
from shared.eventlog.commands import Commands, GroupCommit
from shared.eventlog.database import Database
from shared.eventlog.envelope import Context
from shared.eventlog.log import EventLog

SERVICE = "activities"
SMALL, LARGE, LARGE_WHEN_QUICK = 10_000, 3_000_000, 100_000
PER_FILL = 100_000
# Ids in the order of time, as the product's are (UUIDv7): a millisecond of the past year per event.
FILL = """
INSERT INTO activities.events (district, sequence, stream, streamversion, command_id, command_ord, type, body)
SELECT $1, n, 'activity/' || overlay(gen_random_uuid()::text PLACING head FROM 1 FOR 15), 1,
       overlay(gen_random_uuid()::text PLACING head FROM 1 FOR 15)::uuid, 0, $4, $5
FROM generate_series($2::bigint, $3::bigint) AS n,
     LATERAL (SELECT regexp_replace(lpad(to_hex(1750000000000 + n), 12, '0'), '^(.{8})(.{4})$', '\\1-\\2-7') AS head) AS moment
"""

Contender = Callable[[float], Awaitable[float]]


class Confirm(Command):
    """Confirm one record."""


def _decide(_command: Confirm, _state: int) -> tuple[Event, ...]:
    return (PAYLOAD,)


def _evolve(state: int, _event: Event) -> int:
    return state + 1


DECIDER: Decider[Confirm, int] = Decider("activity", 0, _decide, _evolve, no_reservations)


async def run(bench: Bench) -> Result:
    """Appends and commands per second; the ratio is the worse of the two."""
    large = LARGE_WHEN_QUICK if bench.is_quick else LARGE
    pools = {"at_10k": await _filled(bench, SMALL), "at_3m": await _filled(bench, large)}
    async with pools["at_10k"], pools["at_3m"]:
        logs = {name: EventLog(pool, SERVICE) for name, pool in pools.items()}
        appends = await bench.alternate({name: _appends(log) for name, log in logs.items()})
        commands = await bench.alternate({name: _commands(log) for name, log in logs.items()})
    values = {name: figure.median for name, figure in appends.items()} | {
        f"commands_{name}": figure.median for name, figure in commands.items()
    }
    values["ratio"] = min(values["at_3m"] / values["at_10k"], values["commands_at_3m"] / values["commands_at_10k"])
    figures = appends | {f"commands {name}": figure for name, figure in commands.items()}
    return Result("growth", "events/s", figures, values | {"events": large}, {"ratio": 0.9})


def _appends(log: EventLog) -> Contender:
    commit = GroupCommit(log)

    async def rate(seconds: float) -> float:
        return await callers(commit, seconds, [])

    return rate


def _commands(log: EventLog) -> Contender:
    commands = Commands(log)

    async def rate(seconds: float) -> float:
        began, handled = perf_counter(), 0

        async def caller() -> None:
            nonlocal handled
            while perf_counter() - began < seconds:
                await commands.handle(DECIDER, in_order_of_time(), Confirm(), Context(DISTRICT, in_order_of_time(), START, "secretary"))
                handled += 1

        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        return handled / (perf_counter() - began)

    return rate


async def _filled(bench: Bench, events: int) -> Database:
    """A log of so many events, written by the server itself: only their number and size matter here."""
    database, pool = await bench.migrated(SERVICE)
    body = b"{}" + b" " * (len(PAYLOAD.model_dump_json()) + 300)
    connection = await asyncpg.connect(database.superuser_url)
    try:
        for first in range(1, events + 1, PER_FILL):
            bench.step(f"filling a log, {first - 1:,} of {events:,}")
            await connection.execute(FILL, DISTRICT, first, min(first + PER_FILL - 1, events), PAYLOAD.type_name(), body)
        await connection.execute("INSERT INTO activities.log_head (district, size) VALUES ($1, $2)", DISTRICT, events)
        await connection.execute("VACUUM ANALYZE activities.events")
        await connection.execute("CHECKPOINT")  # what filling left to be written is not part of what is measured
    finally:
        await connection.close()
    return pool
