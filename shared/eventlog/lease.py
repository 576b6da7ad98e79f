"""A lease: which process of a service does a job that only one may do. A process that stands still loses it after LEASE seconds.

Invariant: a lease only saves work. What its holder writes is safe without it: the relay's cursor is fenced, reactions have one effect.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar
from uuid import uuid4

import asyncpg

T = TypeVar("T")

TRY_LEAD: Final = "SELECT try_lead($1, $2, $3)"
LEASE: Final = 3.0  # seconds


class LeaseLost(OSError):
    """Another process has taken the lease."""


class Lease:
    """The lease of one job, as seen by one process."""

    def __init__(self, job: str) -> None:
        """`job` is unique in the service."""
        self.job = job
        self.holder = uuid4()

    async def take(self, connection: asyncpg.Connection) -> bool:
        """Take or renew the lease; False when another process has it."""
        return await connection.fetchval(TRY_LEAD, self.job, self.holder, LEASE)

    async def renew(self, connection: asyncpg.Connection) -> None:
        """Renew the lease. Raises LeaseLost."""
        if not await self.take(connection):
            message = f"another process leads {self.job}"
            raise LeaseLost(message)

    async def during(self, connection: asyncpg.Connection, work: Coroutine[Any, Any, T]) -> T:
        """Do `work`, which must not use `connection`, and renew the lease as long as it takes. Raises LeaseLost after cancelling `work`."""
        task = asyncio.create_task(work)
        try:
            while not (await asyncio.wait([task], timeout=LEASE / 3))[0]:
                await self.renew(connection)
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
