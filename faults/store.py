"""Faults of PostgreSQL: it ends in several ways (F5), a log holds unreadable events (F9), transactions and locks stay open (F15)."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import monotonic
from typing import ClassVar
from uuid import uuid4

import asyncpg

from faults.history import Caller
from faults.trial import Fault, Trial
from ops.servers.postgres import PrivatePostgres
from shared.contracts.event import Event
from shared.contracts.registration.registrations import MemberRegistered
from shared.eventlog.database import Database
from shared.eventlog.envelope import Context
from shared.eventlog.log import Accepted, Append, EventLog, StreamVersion
from shared.identity import Role

PARKED_WITHIN = 8.0
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def database_away(seconds: float, stop: Callable[[Trial], Awaitable[None]]) -> Fault:
    """F5: PostgreSQL ends in one of several ways and is restarted after a while."""

    async def fault(trial: Trial) -> None:
        postgres = trial.cluster.servers.postgres
        await stop(trial)
        began = monotonic()
        await asyncio.sleep(seconds)
        trial.outage("database", began)
        postgres.spawn()  # in the main thread
        await asyncio.to_thread(postgres.wait_ready)

    return fault


async def killed(trial: Trial) -> None:
    await asyncio.to_thread(trial.cluster.servers.postgres.kill)


async def stopped(trial: Trial) -> None:
    await asyncio.to_thread(trial.cluster.servers.postgres.stop)


async def stopped_at_once(trial: Trial) -> None:
    """SIGQUIT: PostgreSQL's immediate shutdown, with recovery at the next start."""
    postgres = trial.cluster.servers.postgres
    if isinstance(postgres, PrivatePostgres):
        os.kill(postgres.pid, signal.SIGQUIT)
        while postgres.is_running:
            await asyncio.sleep(0.05)
    await asyncio.to_thread(postgres.kill)


async def backends_killed(trial: Trial) -> None:
    """F5: all connections of the services are terminated in the middle of their work, five times."""
    for _ in range(5):
        async with trial.cluster.superuser() as connection:
            await connection.execute(TERMINATE)
        await trial.commands(10, within=3)


class SomethingNew(Event):
    """A type that no service knows."""

    TYPE: ClassVar[str] = "guangcai.registration.SomethingNew"
    VERSION: ClassVar[int] = 1


class MemberRegisteredV99(Event):
    """A version that no service knows."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberRegistered"
    VERSION: ClassVar[int] = 99


async def poison_in_the_log(trial: Trial) -> None:
    """F9: unknown types and versions are ignored; an event that breaks its contract parks its stream, and an operator skips it."""
    place = trial.ground.districts[0].name
    misfit = f"registration/{uuid4()}"
    for stream, event in (
        (f"novelty/{uuid4()}", SomethingNew()),
        (f"registration/{uuid4()}", MemberRegisteredV99()),
        (misfit, MemberRegistered.model_construct()),
    ):
        await _append(trial, place, stream, event)
    await trial.commands(20)
    operator = {"Authorization": f"Bearer {trial.cluster.tokens[Caller(place, 'operator', Role.SYSTEM_ADMIN)]}"}
    for service, url in trial.cluster.urls.items():
        sequence = await _parked(trial, service, misfit)
        if sequence is not None:
            decision = {"source": "registration", "stream": misfit, "reason": "planted by the faults harness"}
            answer = await trial.cluster.http.post(
                f"{url}/operations/parked/skip", json=decision, headers=operator | {"Idempotency-Key": str(uuid4())}, timeout=10
            )
            answer.raise_for_status()
            trial.ground.skipped.add((service, place, "registration", sequence))


async def _append(trial: Trial, district: str, stream: str, event: Event) -> None:
    context = Context(district, uuid4(), datetime.now(UTC), "faults")
    trial.ground.keys.add(str(context.command_id))
    async with Database(trial.cluster.database.url("registration"), search_path="registration_read,registration", size=1) as database:
        outcome = (await EventLog(database, "registration").append(district, [Append(context, StreamVersion(stream, 0), [event])]))[0]
    assert isinstance(outcome, Accepted)


async def _parked(trial: Trial, service: str, stream: str) -> int | None:
    """The sequence at which the stream is parked; None when that does not happen in time."""
    ends = monotonic() + PARKED_WITHIN
    query = f"SELECT sequence FROM {service}_read.parked WHERE stream = $1"
    async with trial.cluster.superuser() as connection:
        while (sequence := await connection.fetchval(query, stream)) is None and monotonic() < ends:
            await asyncio.sleep(0.1)
    return sequence


async def locks_held(trial: Trial) -> None:
    """F15: transactions stay open in this and another database, and a session locks the head row of one district."""
    place = trial.ground.districts[0].name
    elsewhere: asyncpg.Connection = await asyncpg.connect(trial.cluster.database.admin_url)
    async with (
        trial.cluster.superuser() as idle,
        trial.cluster.superuser() as locking,
        elsewhere.transaction(),
        idle.transaction(isolation="repeatable_read"),
    ):
        for connection in (elsewhere, idle):
            await connection.execute("SELECT pg_current_xact_id()")
        await trial.commands(20)
        async with locking.transaction():
            await locking.execute("SELECT 1 FROM activities.log_head WHERE district = $1 FOR UPDATE", place)
            await _nobody_else_notices(trial, place)
        await trial.commands(20)
    await elsewhere.close()


async def _nobody_else_notices(trial: Trial, place: str) -> None:
    began = monotonic()
    await asyncio.sleep(7)
    trial.outage("database", began, service="activities", district=place)
    for other in trial.ground.districts[1:]:
        trial.outage("nothing of theirs", began, service="activities", district=other.name)
