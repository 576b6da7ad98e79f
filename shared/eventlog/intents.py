"""Intents: what reactions decided to do. Stored in the projection's transaction, performed afterwards at least once.

Invariant: one intent per (district, key). Performing it twice has one effect, because its command id is derived from the key.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import orjson

from shared.decider import DomainError
from shared.eventlog.database import Database
from shared.eventlog.envelope import Recorded
from shared.eventlog.faultpoint import reach
from shared.eventlog.lease import Lease
from shared.eventlog.stopping import raise_if_stopping

logger = logging.getLogger(__name__)

STORE = """
INSERT INTO intents (district, key, kind, payload, due, event_id)
SELECT $1, key, kind, payload::jsonb, due, event_id
FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[]) AS decided (key, kind, payload, due, event_id)
ON CONFLICT (district, key) DO NOTHING
"""
# An intent that is due at its event's time is due at once, even when this machine's clock is behind the event's.
# A back-off longer than LONGEST_WAIT was written before the clock was put back: it is ignored.
DUE = """
SELECT key, kind, payload, due, event_id, attempts FROM intents
WHERE district = $1 AND state = 'open' AND (not_before <= $3 OR not_before > $5)
AND due <= greatest($2, (SELECT max(newest) FROM checkpoints WHERE district = $1)) ORDER BY due, key LIMIT $4
"""
SETTLE = """
UPDATE intents SET state = ended.state, outcome = ended.outcome, not_before = ended.not_before, attempts = attempts + 1
FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) AS ended (key, state, outcome, not_before)
WHERE district = $1 AND intents.key = ended.key
"""

MOST_ATTEMPTS = 20
LONGEST_WAIT = timedelta(minutes=5)  # between two attempts
IN_FLIGHT = 16
PAGE = 200
POLL = 1.0  # seconds
GATHER = 0.03  # seconds after a wake-up, so that one look finds the reactions of several commits
NAMESPACE = UUID("7b1b6f0e-6f0c-5d0e-9d3a-6a7f5a0f2c11")


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing to do. `key` is unique per district; `payload` is JSON; `due` is business time (aware)."""

    key: str
    kind: str
    payload: Mapping[str, Any]
    due: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """An intent to perform, with the event that caused it."""

    district: str
    intent: Intent
    event_id: UUID

    @property
    def command_id(self) -> UUID:
        """The same id for every attempt, so that repeated attempts have one effect."""
        return uuid5(NAMESPACE, f"{self.district}/{self.intent.key}")


Perform = Callable[[Pending], Awaitable[None]]


async def store_intents(tx: asyncpg.Connection, intents: Sequence[tuple[Recorded, Intent]]) -> None:
    """Insert the intents of one district in the transaction that applies their events; one that exists already is left as it is."""
    if not intents:
        return
    rows = [(each.key, each.kind, orjson.dumps(dict(each.payload), default=str).decode(), each.due, event.id) for event, each in intents]
    await tx.execute(STORE, intents[0][0].district, *zip(*rows, strict=True))


class Performer:
    """Performs the due intents of one service. Every process may run it; one of them leads."""

    def __init__(
        self,
        database: Database,
        perform: Perform,
        *,
        districts: Callable[[], set[str]],
        business_now: Callable[[str], Awaitable[datetime]],
        now: Callable[[], datetime],
    ) -> None:
        """`districts`: which to serve; `business_now(district)` is compared with `due`, `now` with the back-off."""
        self._database = database
        self._lease = Lease("intents")
        self._perform = perform
        self._districts = districts
        self._business_now = business_now
        self._now = now
        self._news = asyncio.Event()
        self.is_idle = False

    def wake(self) -> None:
        """Look for due intents now rather than at the next poll."""
        self.is_idle = False
        self._news.set()

    async def run(self) -> None:
        """Perform intents whenever this process leads, until cancelled."""
        while True:
            try:
                connection = await self._database.dedicated()
                try:
                    await self._lead(connection)
                finally:
                    connection.terminate()
            except Exception as error:  # noqa: BLE001 - must outlive the database
                raise_if_stopping()
                logger.warning("performer interrupted", extra={"code": type(error).__name__})
            await asyncio.sleep(POLL)

    async def _lead(self, connection: asyncpg.Connection) -> None:
        while not await self._lease.take(connection):  # noqa: ASYNC110 - the lease is in PostgreSQL, no event to await
            await asyncio.sleep(POLL)
        while True:
            await asyncio.sleep(GATHER)
            self._news.clear()
            await self._lease.renew(connection)
            performed = 0
            for district in sorted(self._districts()):
                performed += await self._lease.during(connection, self.perform_due(district))
            if performed:
                continue
            self.is_idle = not self._news.is_set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._news.wait()

    async def perform_due(self, district: str) -> int:
        """Perform one page of due intents of `district`; returns how many were attempted."""
        business_now = await self._business_now(district)
        async with self._database.district(district, readonly=True) as tx:
            now = self._now()
            rows = await tx.fetch(DUE, district, business_now, now, PAGE, now + LONGEST_WAIT)
        slots = asyncio.Semaphore(IN_FLIGHT)
        ended = await asyncio.gather(*(self._attempt(district, row, slots) for row in rows))
        if ended:
            reach("intent.performed")
            async with self._database.district(district) as tx:
                await tx.execute(SETTLE, district, *zip(*ended, strict=True))
        return len(rows)

    async def _attempt(self, district: str, row: asyncpg.Record, slots: asyncio.Semaphore) -> tuple[str, str, str | None, datetime]:
        """Perform one intent; returns its row for SETTLE."""
        intent = Intent(row["key"], row["kind"], row["payload"], row["due"])
        state, outcome = "done", None
        async with slots:
            try:
                await self._perform(Pending(district, intent, row["event_id"]))
            except DomainError as refused:
                state, outcome = "refused", refused.code()
            except Exception as error:  # noqa: BLE001 - any failure is retried with back-off
                state, outcome = "failed" if row["attempts"] + 1 >= MOST_ATTEMPTS else "open", type(error).__name__
                logger.warning("intent postponed", extra={"kind": intent.kind, "attempt": row["attempts"] + 1, "code": outcome})
        return (intent.key, state, outcome, self._now() + backoff(row["attempts"]))


def backoff(attempts: int) -> timedelta:
    """Wait after failed attempt number `attempts` (from 0): 0.5 s, doubled each time, at most LONGEST_WAIT."""
    return min(timedelta(seconds=0.5 * 2**attempts), LONGEST_WAIT)
