"""The log of one service on PostgreSQL: append batches of commands, read pages, streams and heads.

Invariants: per district the sequence is 1..n without gaps in commit order; the constraints of 0001_log.sql are the authority.
Nothing is appended or folded by a process that knows an event which the log has lost (ADR 20).
"""

import logging
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, cast
from uuid import UUID

import asyncpg

from shared.contracts.event import Event
from shared.decider import Reservation, Reserve
from shared.eventlog.database import Database
from shared.eventlog.envelope import Context, Recorded, decode, tail_of
from shared.identifiers import derive

logger = logging.getLogger(__name__)

APPEND = """
SELECT base, outcomes, last, last_hash
FROM append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
"""
READ_LOG = "SELECT sequence, body, previous FROM read_log($1, $2, $3)"
READ_STREAM = "SELECT mine, body, fingerprint FROM read_stream($1, $2, $3, $4, $5, $6)"
LOG_HEADS = "SELECT district, size, leaf_hash FROM log_heads()"
LOST = "GC004"


class LogLostEvents(Exception):
    """The log lacks events that this process has seen: a failover or a restore has cut its end. What was folded from them is void."""


class Mark(NamedTuple):
    """A place in a log: a sequence, and the leaf hash of the event there; 0 and empty before the first."""

    sequence: int = 0
    leaf_hash: bytes = b""


class Page(NamedTuple):
    """Events in sequence order, and the leaf hash of the event before the first one; None when there are no events."""

    previous: bytes | None
    bodies: list[bytes]

    def events(self) -> list[Recorded]:
        """The events, decoded."""
        return [decode(body, None if number else self.previous) for number, body in enumerate(self.bodies)]


class StreamVersion(NamedTuple):
    """A stream and the version at which it was read; version 0 means that it does not exist."""

    stream: str
    version: int


class Append(NamedTuple):
    """The events of one command, to be appended to one stream directly after version `after`.

    `after.version` must come from a read. The streams in `unchanged` must still be at the versions at which they were read.
    """

    context: Context
    after: StreamVersion
    events: Sequence[Event]
    reservations: Sequence[Sequence[Reservation]] = ()
    unchanged: Sequence[StreamVersion] = ()

    def event_id(self, ord_: int) -> UUID:
        """Id of the command's event number `ord_` (from 0): derived, so that a retry makes the same event."""
        return derive(self.context.command_id, f"event/{ord_}", self.context.time)


class Accepted(NamedTuple):
    """The events are in the log at sequences `first` … ."""

    first: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Optimistic concurrency conflict: another command wrote to one of the streams first. Nothing was written; read and decide again."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The command id is in the log already. Nothing was written; `read_stream` gives the first result."""


@dataclass(frozen=True, slots=True)
class Reused:
    """The caller's key belongs to another request. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """No place was left for `reservation`; nothing was written."""

    reservation: Reserve


Outcome = Accepted | Conflict | Duplicate | Reused | Reserved


class StreamPage(NamedTuple):
    """A stream behind a version, and the events that a command has already written (usually none), with the fingerprint of its request."""

    mine: list[Recorded]
    fingerprint: bytes | None
    news: list[Recorded]


@dataclass(slots=True)
class _Columns:
    """A batch as the array arguments of append(); events are numbered from 1."""

    events: list[tuple[str, int, UUID, int, str, bytes, bytes | None]] = field(default_factory=list)
    keys: list[tuple[int, UUID, bytes]] = field(default_factory=list)
    reservations: list[tuple[int, Reservation, str]] = field(default_factory=list)
    conditions: list[tuple[int, StreamVersion]] = field(default_factory=list)

    def add(self, command: Append) -> None:
        context = command.context
        for ord_, event in enumerate(command.events):
            tail = tail_of(event, event_id=command.event_id(ord_), stream=command.after.stream, context=context)
            version = command.after.version + ord_ + 1
            row = (command.after.stream, version, context.command_id, ord_, event.type_name(), tail, context.fingerprint)
            self.events.append(row)
            if ord_ < len(command.reservations):
                self.reservations += [(len(self.events), each, each.holder or command.after.stream) for each in command.reservations[ord_]]
            if ord_ == 0:
                if context.fingerprint is not None and context.key != context.command_id:
                    self.keys.append((len(self.events), context.key, context.fingerprint))
                self.conditions += [(len(self.events), each) for each in command.unchanged]

    def arguments(self) -> list[list[object]]:
        events: list[list[object]] = [list(column) for column in zip(*self.events, strict=True)]
        keys: list[list[object]] = [[each[place] for each in self.keys] for place in range(3)]
        reservations: list[list[object]] = [
            [number for number, _, _ in self.reservations],
            [each.kind for _, each, _ in self.reservations],
            [each.key for _, each, _ in self.reservations],
            [holder for _, _, holder in self.reservations],
            [each.limit if isinstance(each, Reserve) else 0 for _, each, _ in self.reservations],
        ]
        conditions: list[list[object]] = [
            [number for number, _ in self.conditions],
            [each.stream for _, each in self.conditions],
            [each.version for _, each in self.conditions],
        ]
        return [*events, *keys, *reservations, *conditions]


class EventLog:
    """Append to and read the log of `service`; one per process, shared between its tasks.

    Keeps the newest event that it has seen of each district. Every append and every read of a stream makes the database look for it.
    """

    def __init__(self, database: Database, service: str) -> None:
        """`database` connects as the service's role with its schema on the search path."""
        self._database = database
        self.service = service
        self._seen: dict[str, Mark] = {}
        self.losses: Counter[str] = Counter()  # by district: how often its log was found to have lost events

    async def append(self, district: str, commands: Sequence[Append]) -> list[Outcome]:
        """Append the commands in one round trip and one transaction, each of them all or nothing; one outcome per command, in order.

        A conflict, a duplicate or a missing place affects only its own command. On an error of asyncpg it is unknown whether the batch
        was written; sending it again is safe, because command ids are unique. Raises LogLostEvents; nothing was written then.
        """
        columns = _Columns()
        for command in commands:
            columns.add(command)
        mark, epoch = self._seen.get(district, Mark()), self.losses[district]
        with self._detecting_loss(district, epoch):
            async with self._database.connection() as connection:
                row = cast("asyncpg.Record", await connection.fetchrow(APPEND, self.service, district, *mark, *columns.arguments()))
        self._learn(district, Mark(row["last"], row["last_hash"] or b""), epoch)
        return _outcomes(commands, columns, row)

    async def read_log(self, district: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Up to `limit` (sequence, body) behind `after`, in sequence order, undecoded."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(READ_LOG, district, after, limit)
        return [(row["sequence"], row["body"]) for row in rows]

    async def page(self, district: str, after: int, limit: int) -> Page:
        """Up to `limit` events behind `after`."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(READ_LOG, district, after, limit)
        return Page(rows[0]["previous"] if rows else None, [row["body"] for row in rows])

    async def read_stream(self, district: str, stream: str, after: int, command_id: UUID) -> StreamPage:
        """The events that `command_id` has already written, and the stream's events behind version `after`. Raises LogLostEvents."""
        mark, epoch = self._seen.get(district, Mark()), self.losses[district]
        with self._detecting_loss(district, epoch):
            async with self._database.connection() as connection:
                rows = await connection.fetch(READ_STREAM, district, *mark, stream, after, command_id)
        page = StreamPage([], rows[0]["fingerprint"] if rows else None, [])
        for row in rows:
            (page.mine if row["mine"] else page.news).append(decode(row["body"]))
        if page.news and page.news[-1].sequence > mark.sequence:
            self._learn(district, Mark(page.news[-1].sequence, page.news[-1].leaf_hash), epoch)
        return page

    async def heads(self) -> dict[str, Mark]:
        """The last event of each district; its sequence is the size of the log."""
        async with self._database.connection() as connection:
            return {row["district"]: Mark(row["size"], row["leaf_hash"]) for row in await connection.fetch(LOG_HEADS)}

    @contextmanager
    def _detecting_loss(self, district: str, epoch: int) -> Generator[None]:
        try:
            yield
        except asyncpg.PostgresError as error:
            if error.sqlstate != LOST:
                raise
            if self.losses[district] == epoch:
                self.losses[district] += 1
                self._seen.pop(district, None)
                logger.error("the log has lost events", extra={"district": district})  # noqa: TRY400 - a traceback would add nothing
            raise LogLostEvents from error

    def _learn(self, district: str, mark: Mark, epoch: int) -> None:
        if self.losses[district] == epoch and mark.sequence > self._seen.get(district, Mark()).sequence:
            self._seen[district] = mark


def _outcomes(commands: Sequence[Append], columns: _Columns, row: asyncpg.Record) -> list[Outcome]:
    if row["outcomes"] is None:
        outcomes: list[Outcome] = []
        first: int = row["base"] + 1
        for command in commands:
            outcomes.append(Accepted(first))
            first += len(command.events)
        return outcomes
    return [_outcome(verdict, columns) for verdict in row["outcomes"]]


def _outcome(verdict: dict[str, int | str], columns: _Columns) -> Outcome:
    match verdict:
        case {"outcome": "accepted", "sequence": int(first)}:
            return Accepted(first)
        case {"outcome": "duplicate"}:
            return Duplicate()
        case {"outcome": "conflict"}:
            return Conflict()
        case {"outcome": "reused"}:
            return Reused()
        case {"outcome": "reserved", "reservation": int(number)}:
            return Reserved(cast("Reserve", columns.reservations[number - 1][1]))  # only a Reserve can find no place
        case _:
            message = f"append() answered {verdict!r}"
            raise AssertionError(message)
