"""What an operator can do about parked streams: list, retry, or skip with a reason. Retries and skips are recorded for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from shared.eventlog.consume import Project, React
from shared.eventlog.database import Database
from shared.eventlog.envelope import Recorded, decode
from shared.eventlog.intents import store_intents

LIST = "SELECT source, sequence, stream, error FROM parked WHERE district = $1 ORDER BY source, sequence LIMIT $2"
# The consumer updates this row in every transaction, so locking it keeps new events of the stream from being parked meanwhile.
HOLD = "SELECT position FROM checkpoints WHERE district = $1 AND source = $2 FOR UPDATE"
TAKE = """
WITH taken AS (DELETE FROM parked WHERE district = $1 AND source = $2 AND stream = $3 RETURNING sequence, body)
SELECT sequence, body FROM taken ORDER BY sequence
"""
RECORD = "INSERT INTO operator_decisions VALUES ($1, $2, $3, $4, $5, $6, $7)"


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that could not be applied, and why."""

    source: str
    sequence: int
    stream: str
    error: str


@dataclass(frozen=True, slots=True)
class Decision:
    """An operator's decision about a parked stream: who, when and why. Auditors see `reason`."""

    district: str
    source: str
    stream: str
    reason: str
    actor: str
    at: datetime


async def parked(database: Database, district: str, limit: int = 200) -> list[Parked]:
    """Parked events of `district`, oldest first."""
    async with database.district(district, readonly=True) as tx:
        return [Parked(*row) for row in await tx.fetch(LIST, district, limit)]


async def retry(database: Database, decision: Decision, project: Project, react: React) -> int:
    """Apply the events of a parked stream in order, all or none; returns their number. Raises what the projection raises."""
    async with database.district(decision.district) as tx:
        events = await _take(tx, decision, "retried")
        for event in events:
            await project(tx, [event])
        await store_intents(tx, [(event, intent) for event in events for intent in react(event)])
        return len(events)


async def skip(database: Database, decision: Decision) -> int:
    """Skip the parked events of a stream for good, in rebuilds too; returns their number."""
    async with database.district(decision.district) as tx:
        return len(await _take(tx, decision, "skipped"))


async def _take(tx: asyncpg.Connection, decision: Decision, kind: str) -> Sequence[Recorded]:
    await tx.fetchval(HOLD, decision.district, decision.source)
    rows = await tx.fetch(TAKE, decision.district, decision.source, decision.stream)
    await tx.executemany(
        RECORD, [(decision.district, decision.source, row["sequence"], kind, decision.reason, decision.actor, decision.at) for row in rows]
    )
    return [decode(row["body"]) for row in rows]
