"""A tiny service for tests of the log: accounts that count. Uses the registration schemas of a fresh database."""

from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID, uuid5

import asyncpg

from ops.provision import Database as Provisioned
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError, Release, Reservation, Reserve
from shared.eventlog.database import Database
from shared.eventlog.envelope import Context, Recorded
from shared.eventlog.intents import Intent
from shared.eventlog.log import Append, EventLog, Mark, Page, StreamVersion
from shared.eventlog.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SCHEMA = "registration"
SERVICE = "ledger"
START = datetime(2026, 1, 1, tzinfo=UTC)
SPACE = UUID("6f9b1a5e-32b1-5a3c-8f0e-b2c6a6c1f001")


class Counted(Event):
    """Something was counted."""

    TYPE: ClassVar[str] = "guangcai.ledger.Counted"
    VERSION: ClassVar[int] = 1
    amount: int


class Named(Event):
    """The account took a name; at most two accounts share one."""

    TYPE: ClassVar[str] = "guangcai.ledger.Named"
    VERSION: ClassVar[int] = 1
    name: str
    is_released: bool = False


class NameTaken(DomainError):
    """Two others have this name."""


class TooMuch(DomainError):
    """An account counts to 100."""


class Count(Command):
    """Count more."""

    amount: int


class TakeName(Command):
    """Take a name."""

    name: str


def decide(command: Command, total: int) -> tuple[Event, ...]:
    match command:
        case Count(amount=0):
            return ()
        case Count(amount=amount):
            if total + amount > 100:
                raise TooMuch(total=total)
            return (Counted(amount=amount),)
        case TakeName(name=name):
            return (Named(name=name),)
        case _:
            raise AssertionError(command)


def evolve(total: int, event: Event) -> int:
    return total + event.amount if isinstance(event, Counted) else total


def reservations(event: Event) -> tuple[Reservation, ...]:
    match event:
        case Named(name=name, is_released=False):
            return (Reserve("name", name, NameTaken, limit=2),)
        case Named(name=name):
            return (Release("name", name),)
        case _:
            return ()


ACCOUNT: Decider[Command, int] = Decider("account", 0, decide, evolve, reservations)


def uuid(name: object) -> UUID:
    return uuid5(SPACE, str(name))


def context(command: object, district: str = "north", minutes: int = 0) -> Context:
    return Context(district, uuid(command), START + timedelta(minutes=minutes), "tester")


def count(command: object, account: object, after: int, *amounts: int, district: str = "north") -> Append:
    """Append `amounts` to the stream of `account` behind version `after`."""
    events = [Counted(amount=each) for each in amounts]
    return Append(context(command, district), StreamVersion(f"account/{uuid(account)}", after), events)


TABLES = """
CREATE TABLE totals (
    district text NOT NULL, stream text NOT NULL, total bigint NOT NULL, versions integer[] NOT NULL, PRIMARY KEY (district, stream)
);
"""
ADD = """
INSERT INTO totals VALUES ($1, $2, $3, ARRAY[$4::int])
ON CONFLICT (district, stream) DO UPDATE SET total = totals.total + $3, versions = totals.versions || $4::int
"""
POISON = 66


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """Sums per stream; the versions applied are kept so that tests see order and repetition. 66 is poison."""
    for event in batch:
        if isinstance(event.data, Counted):
            if event.data.amount == POISON:
                message = "cannot digest this"
                raise ValueError(message)
            await tx.execute(ADD, event.district, event.stream, event.data.amount, event.stream_version)


async def versions(store: Database, district: str) -> dict[str, list[int]]:
    async with store.district(district) as tx:
        return {row["stream"]: row["versions"] for row in await tx.fetch("SELECT stream, versions FROM totals")}


def react(event: Recorded) -> tuple[Intent, ...]:
    if isinstance(event.data, Named):
        return (Intent(f"greet/{event.id}", "greet", {"name": event.data.name}, event.time),)
    return ()


@dataclass
class LogSource:
    """The feed of the ledger, read directly."""

    log: EventLog

    async def heads(self, _service: str) -> dict[str, Mark]:
        return await self.log.heads()

    async def read(self, _service: str, district: str, after: int, limit: int) -> Page:
        return await self.log.page(district, after, limit)


def folder(tmp: Path) -> Path:
    """The ledger's package folder: just its read tables."""
    (tmp / "read_tables.sql").write_text(TABLES)
    return tmp


@asynccontextmanager
async def opened(provisioned: Provisioned, tmp: Path) -> "AsyncIterator[Database]":
    """The migrated ledger, as its service role."""
    await migrate(provisioned.url(f"{SCHEMA}_owner"), SCHEMA, folder(tmp))
    async with Database(provisioned.url(SCHEMA), search_path=f"{SCHEMA}_read,{SCHEMA}", size=20) as database:
        yield database


async def lose(provisioned: Provisioned, district: str, keep: int) -> None:
    """What a failover to a standby that lacks the end of the log does: only the first `keep` events are left."""
    owner: asyncpg.Connection = await asyncpg.connect(provisioned.url(f"{SCHEMA}_owner"), server_settings={"search_path": SCHEMA})
    try:
        async with owner.transaction():
            await owner.execute("SELECT set_config('guangcai.district', $1, true)", district)
            await owner.execute("ALTER TABLE events DISABLE TRIGGER USER")
            await owner.execute("DELETE FROM events WHERE sequence > $1", keep)
            await owner.execute("UPDATE log_head SET size = $1", keep)
            await owner.execute("ALTER TABLE events ENABLE TRIGGER USER")
    finally:
        await owner.close()
