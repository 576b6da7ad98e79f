"""Full disks (F10), without a small file system, which ordinary users cannot mount: a limit on the size of files (RLIMIT_FSIZE).

PostgreSQL gets a short write at the limit, as on a disk with less than a page left, and reports "disk full" (53100); a write behind the
limit fails, and for its write-ahead log that is a PANIC, as on a full disk. The broker cannot write its log any more and ends or stalls.
"""

import asyncio
import contextlib
import pwd
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

import asyncpg

from faults.trial import Trial
from faults.world import lags
from ops.servers import ServerFailed
from ops.servers.postgres import PrivatePostgres
from ops.servers.processes import descendants, nobody_when_root
from ops.servers.rabbitmq import PrivateRabbit

PAGE: Final = 8192
TABLE: Final = "activities.events"
# Rows that are rolled back make the table longer than a segment of the write-ahead log, which must still fit below the limit.
BALLAST: Final = """
INSERT INTO activities.events (district, sequence, stream, streamversion, command_id, command_ord, type, body)
SELECT 'ballast', n, 'ballast/' || n, 1, gen_random_uuid(), 0, 'ballast', convert_to(repeat(md5(n::text), 50), 'UTF8')
FROM generate_series(1, $1::int) AS n
"""
ROWS: Final = 14_000  # of 1.7 KB
FULL_FOR: Final = 8.0  # seconds


async def table_full(trial: Trial) -> None:
    """F10: the log of activities cannot grow: its commands are answered 503, everything else goes on, and nothing needs a restart."""
    postgres = private_postgres(trial)
    async with trial.cluster.superuser() as connection:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(f"ALTER TABLE {TABLE} SET (autovacuum_enabled = off)")  # it would shorten the table again
        with contextlib.suppress(_Undone):
            async with connection.transaction():
                await connection.execute(BALLAST, ROWS)
                raise _Undone
        size = await connection.fetchval(f"SELECT pg_relation_size('{TABLE}')")
        async with _limited(postgres.pid, size + PAGE // 2):
            await _fill(connection)
            began = monotonic()
            await asyncio.sleep(FULL_FOR)
            trial.outage("disk", began, service="activities")
        await connection.execute(f"ALTER TABLE {TABLE} RESET (autovacuum_enabled)")
    _happened(trial, began)


async def log_full(trial: Trial) -> None:
    """F10: PostgreSQL cannot write its write-ahead log: it ends with a PANIC, and is started again when there is space."""
    postgres = private_postgres(trial)
    limit(postgres.pid, PAGE)
    async with asyncio.timeout(20):
        while postgres.is_running:
            await asyncio.sleep(0.05)
    began = monotonic()
    await asyncio.sleep(3)
    trial.outage("database", began)
    await asyncio.to_thread(postgres.kill)  # forget the process that ended
    postgres.spawn()  # in the main thread; without the limit
    await asyncio.to_thread(postgres.wait_ready)


async def broker_full(trial: Trial) -> None:
    """F10: the broker cannot write its log; commands succeed meanwhile. It is started again when there is space."""
    broker = trial.cluster.servers.rabbitmq
    if not isinstance(broker, PrivateRabbit):
        raise ServerFailed("a full disk of the broker needs a private RabbitMQ; unset GUANGCAI_RABBITMQ_URL")
    await trial.broker_settled()
    limit(broker.pid, PAGE)
    began = monotonic()
    await asyncio.sleep(13)  # longer than the relay waits for confirms
    trial.outage("broker", began)
    if broker.is_running and not any("relay" in each for each in await lags(trial.cluster)):
        raise ServerFailed("the broker goes on taking events: its disk is not full")
    await asyncio.to_thread(broker.kill)
    broker.spawn()  # in the main thread
    await asyncio.to_thread(broker.wait_ready)


class _Undone(Exception):
    """Rolls the ballast back."""


async def _fill(connection: asyncpg.Connection) -> None:
    """Use up the last pages of the table. Raises ServerFailed when that does not end in "disk full"."""
    with contextlib.suppress(asyncpg.DiskFullError):
        for _ in range(100):
            with contextlib.suppress(_Undone):
                async with connection.transaction():
                    await connection.execute(BALLAST, 3)
                    raise _Undone
        raise ServerFailed("the table grows beyond the limit: the disk is not full")


def _happened(trial: Trial, began: float) -> None:
    failed = [each for call in trial.history.calls for each in call.attempts if (each.status or 0) >= 500 and each.started > began]
    if not failed:
        raise ServerFailed("every command was answered: nobody noticed the full disk")


@asynccontextmanager
async def _limited(pid: int, size: int) -> AsyncIterator[None]:
    limit(pid, size)
    try:
        yield
    finally:
        limit(pid, None)


def limit(pid: int, size: int | None) -> None:
    """No file of this process and all below it, or of those that they start, grows beyond `size` bytes; None: without limit again."""
    user = nobody_when_root()  # only who owns a process may do that, not even root in a container
    soft = "unlimited" if size is None else str(size)
    every = [str(each) for each in (pid, *descendants(pid))]
    command = ["sh", "-c", f'for pid; do prlimit --pid "$pid" --fsize={soft}: || [ ! -e "/proc/$pid" ] || exit 1; done', "limit", *every]
    group = pwd.getpwnam(user).pw_gid if user else None
    run = subprocess.run(command, user=user, group=group, capture_output=True, text=True, cwd="/", check=False)
    if run.returncode:
        raise ServerFailed(f"the size of files cannot be limited here: {run.stderr}")


def private_postgres(trial: Trial) -> PrivatePostgres:
    """The PostgreSQL of the run. Raises ServerFailed when it is not ours."""
    postgres = trial.cluster.servers.postgres
    if not isinstance(postgres, PrivatePostgres):
        raise ServerFailed("this fault needs a private PostgreSQL; unset GUANGCAI_POSTGRES_URL")
    return postgres
