"""Rebuild a read model from the feeds into a shadow schema, compare digests, swap in one transaction, keep the old one for rollback.

Invariant: the shadow stops exactly at the live checkpoints while these are locked, so both digests cover the same events.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from shared.eventlog.consume import OrderedConsumer, Project
from shared.eventlog.database import Database
from shared.eventlog.faultpoint import reach
from shared.eventlog.feeds import Source
from shared.eventlog.garbage import rarely_collected
from shared.eventlog.migrate import create_read_schema
from shared.eventlog.start_over import Lane

POSITIONS = "SELECT source, position FROM checkpoints WHERE district = $1"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND relname <> 'read_model' ORDER BY relname"


@dataclass(frozen=True, slots=True)
class ReadModel:
    """How to build a read model: the service, its package folder, its sources and its projection."""

    service: str
    folder: Path
    sources: tuple[str, ...]
    project: Project


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Outcome: digests (SHA-256, hex) of the live and the rebuilt read model at the same positions, and the number of events read."""

    digest_live: str
    digest_rebuilt: str
    events: int
    is_swapped: bool

    @property
    def is_equal(self) -> bool:
        """Whether the live read model was the fold of the log."""
        return self.digest_live == self.digest_rebuilt


async def rebuild(
    model: ReadModel,
    source: Source,
    *,
    owner_url: str,
    service_url: str,
    swap: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Rebuilt:
    """Build `{service}_read` anew from the feeds, without reactions.

    `owner_url` may create schemas, `service_url` is the role that projects. `progress(done, total)` counts events. With `swap` the new
    read model replaces the live one, which stays as `{service}_read_old`; without it the shadow is dropped.
    Raises OSError when a feed is out of reach; the live read model is unchanged then.
    """
    live, shadow = f"{model.service}_read", f"{model.service}_read_new"
    owner: asyncpg.Connection = await asyncpg.connect(owner_url)
    try:
        await owner.execute(f"DROP SCHEMA IF EXISTS {shadow} CASCADE")
        await owner.execute(f"CREATE SCHEMA {shadow}")
        await create_read_schema(owner, model.service, shadow, model.folder)
        async with (
            Database(service_url, search_path=f"{shadow},{model.service}", size=4, name=f"{model.service} rebuild") as database,
            Database(service_url, search_path=f"{live},{model.service}", size=2, name=f"{model.service} rebuild") as live_database,
        ):
            consumer = OrderedConsumer(database, source, model.sources, model.project, None)
            districts = await _districts(model, source)
            with rarely_collected():
                await _fill(consumer, await _positions(live_database, districts), progress)
            async with owner.transaction():
                await owner.execute(f"LOCK TABLE {live}.checkpoints IN EXCLUSIVE MODE")
                positions = await _positions(live_database, districts)
                await consumer.catch_up(positions)
                digest_live = await digest(live_database, live, districts)
                digest_rebuilt = await digest(database, shadow, districts)
                if swap:
                    await _swap(owner, live, shadow)
                reach("rebuild.before_commit")
            reach("rebuild.committed")
        if not swap:
            await owner.execute(f"DROP SCHEMA {shadow} CASCADE")
        return Rebuilt(digest_live, digest_rebuilt, sum(positions.values()), swap)
    finally:
        await owner.close()


async def _districts(model: ReadModel, source: Source) -> list[str]:
    return sorted({district for service in model.sources for district in await source.heads(service)})


async def _fill(consumer: OrderedConsumer, goal: dict[Lane, int], progress: Callable[[int, int], None]) -> None:
    total = sum(goal.values())
    filling = asyncio.create_task(consumer.catch_up(goal))
    while not filling.done():
        progress(sum(consumer.progress.positions.values()), total)
        await asyncio.wait([filling], timeout=0.2)
    filling.result()
    progress(total, total)


async def _positions(database: Database, districts: list[str]) -> dict[Lane, int]:
    positions: dict[Lane, int] = {}
    for district in districts:
        async with database.district(district, readonly=True) as tx:
            for row in await tx.fetch(POSITIONS, district):
                positions[row["source"], district] = row["position"]
    return positions


async def _swap(owner: asyncpg.Connection, live: str, shadow: str) -> None:
    await owner.execute(f"DROP SCHEMA IF EXISTS {live}_old CASCADE")
    await owner.execute(f"ALTER SCHEMA {live} RENAME TO {live}_old")
    await owner.execute(f"ALTER SCHEMA {shadow} RENAME TO {live}")


async def digest(database: Database, schema: str, districts: list[str]) -> str:
    """SHA-256 (hex) over every row of every table of `schema` in `districts`, in a canonical order. Reads through row-level security."""
    hasher = hashlib.sha256()
    for district in districts:
        async with database.district(district, readonly=True) as tx:
            for table in await tx.fetch(TABLES, schema):
                name = table["relname"]
                hasher.update(f"{district}/{name}\n".encode())
                lines = f'SELECT t::text AS line FROM {schema}."{name}" t ORDER BY t::text COLLATE "C"'  # noqa: S608 - names from pg_class
                async for row in tx.cursor(lines):
                    hasher.update(row["line"].encode() + b"\n")
    return hasher.hexdigest()
