"""What an operator can do about parked events: retry, skip or replace them. Every decision is an event of the service's own log.

Invariant: only the events that a decision names are left out or changed; those behind them in their stream are applied. A decision holds
at rebuilds, too, wherever in the order it is heard.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast
from uuid import UUID

import asyncpg
import orjson
from pydantic import ValidationError

from shared.contracts import event as registry
from shared.contracts import notifications
from shared.contracts.activities import parked as of_activities
from shared.contracts.evaluation import parked as of_evaluation
from shared.contracts.event import Event
from shared.contracts.parked import Decided, ParkedDecision, ParkedEvent
from shared.contracts.registration import parked as of_registration
from shared.decider import Command, Decider, DomainError
from shared.eventlog.database import Database
from shared.eventlog.envelope import Recorded, decode
from shared.identifiers import content_id

COLUMNS: Final = "SELECT source, sequence, stream, error, body FROM parked"
LIST: Final = f"{COLUMNS} WHERE district = $1 ORDER BY source, sequence LIMIT $2"
OF_STREAM: Final = f"{COLUMNS} WHERE district = $1 AND source = $2 AND stream = $3 ORDER BY sequence"
COUNT: Final = "SELECT count(*) FROM parked WHERE district = $1"
# In the words of its index (migrations/0002_parked_decisions.sql).
DECISIONS: Final = "SELECT body FROM events WHERE district = $1 AND type LIKE '%.ParkedEventsDecided.v1' ORDER BY sequence"
# The consumer updates this row in every transaction, so locking it keeps new events of the stream from being parked meanwhile.
HOLD: Final = "SELECT position FROM checkpoints WHERE district = $1 AND source = $2 FOR UPDATE"
TAKE: Final = "DELETE FROM parked WHERE district = $1 AND source = $2 AND stream = $3 RETURNING sequence, body"
PARK: Final = "INSERT INTO parked (district, source, sequence, stream, error, body) VALUES ($1, $2, $3, $4, $5, $6)"
BEHIND: Final = "an earlier event of this stream is parked"

# Imported, so that every service knows the class of its own.
PUBLISHED: Final = tuple(each.ParkedEventsDecided for each in (of_registration, of_activities, of_evaluation, notifications))

Attempt = Callable[[asyncpg.Connection, Recorded], Awaitable[str | None]]  # apply one event; what is wrong with it, or None


class NothingParked(DomainError):
    """No such event of this stream is parked."""


class DecideParked(Command):
    """Decide about parked events of one stream; `events` are those that the decision names."""

    service: str
    source: str
    stream: str
    decision: ParkedDecision
    events: tuple[ParkedEvent, ...]
    texts: dict[str, str]
    reason: str


def decide(command: DecideParked, _state: None) -> tuple[Event, ...]:
    """One event of the service that decides."""
    cls = registry.find(f"guangcai.{command.service}.ParkedEventsDecided.v1")
    if cls is None or not command.events:
        raise NothingParked
    return (cls.model_validate(command.model_dump(exclude={"service"})),)


def evolve(state: None, _event: Event) -> None:
    """Nothing depends on earlier decisions."""
    return state


PARKED_STREAM: Final = Decider(category="operator", initial=None, decide=decide, evolve=evolve)


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that could not be applied, and why."""

    source: str
    sequence: int
    stream: str
    error: str
    body: bytes

    @property
    def event(self) -> ParkedEvent:
        """Its position and kind."""
        return ParkedEvent(sequence=self.sequence, type=decode(self.body).type)


@dataclass(frozen=True, slots=True)
class Repairs:
    """All decisions of one district, as the log has them: what is left out, what is changed."""

    decisions: frozenset[bytes] = frozenset()
    skipped: frozenset[tuple[str, int]] = frozenset()
    texts: Mapping[tuple[str, int], Mapping[str, str]] = field(default_factory=dict[tuple[str, int], Mapping[str, str]])

    @classmethod
    def of(cls, bodies: Sequence[bytes]) -> "Repairs":
        """Read the decisions in the order of the log: the last one about an event holds."""
        last: dict[tuple[str, int], Decided] = {}
        for body in bodies:
            data = decode(body).data
            if isinstance(data, Decided):
                last |= {(data.source, each.sequence): data for each in data.events}
        return cls(
            frozenset(bodies),
            frozenset(key for key, data in last.items() if data.decision is ParkedDecision.SKIPPED),
            {key: data.texts for key, data in last.items() if data.decision is ParkedDecision.REPLACED},
        )

    def concern(self, run: Iterable[Recorded]) -> bool:
        """Whether an event of the run is left out, changed, or a decision itself."""
        return bool(self.decisions) and any(
            (event.service, event.sequence) in self.skipped or (event.service, event.sequence) in self.texts or event.body in self.decisions
            for event in run
        )

    def is_skipped(self, event: Recorded) -> bool:
        """Whether it is left out for good."""
        return (event.service, event.sequence) in self.skipped

    def corrected(self, event: Recorded) -> Recorded:
        """The event with the texts that were decided, in its place in the log."""
        texts = self.texts.get((event.service, event.sequence))
        return event if texts is None else with_texts(event, texts)


def with_texts(event: Recorded, texts: Mapping[str, str]) -> Recorded:
    """The event with other texts in its data. Raises LookupError for a path that leads to no text."""
    cls = registry.find(event.type)
    data: Any = orjson.loads(event.body).get("data")
    for path, text in texts.items():
        _put(data, path.split("."), text)
    if cls is None:
        return event
    try:
        return event._replace(data=cls.model_validate(data), problem=None)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, each["loc"])) or each.get("ctx", {}).get("where", "data") for each in error.errors())
        return event._replace(data=None, problem=f"{event.type} does not fit its contract: {fields}")


def _put(value: Any, path: Sequence[str], text: str) -> None:
    match value:
        case dict():
            place: Any = path[0]
        case list() if path[0].isdecimal():
            place = int(path[0])
        case _:
            raise LookupError(path)
    match cast("Any", value)[place]:
        case str() if len(path) == 1:
            value[place] = text
        case inner if len(path) > 1:
            _put(inner, path[1:], text)
        case _:
            raise LookupError(path)


async def parked(database: Database, district: str, limit: int = 200) -> list[Parked]:
    """Parked events of `district`, oldest first."""
    async with database.district(district, readonly=True) as tx:
        return [Parked(*row) for row in await tx.fetch(LIST, district, limit)]


async def parked_of(database: Database, district: str, source: str, stream: str) -> list[Parked]:
    """Parked events of one stream in their order; only the first of them has a fault of its own."""
    async with database.district(district, readonly=True) as tx:
        return [Parked(*row) for row in await tx.fetch(OF_STREAM, district, source, stream)]


async def count(database: Database, districts: Iterable[str]) -> dict[str, int]:
    """Number of parked events by district, where there are any."""
    found: dict[str, int] = {}
    for district in sorted(districts):
        async with database.district(district, readonly=True) as tx:
            if number := cast("int", await tx.fetchval(COUNT, district)):
                found[district] = number
    return found


async def decisions(database: Database, district: str) -> list[Recorded]:
    """Every decision of this service in `district`, in the order of its log."""
    async with database.district(district, readonly=True) as tx:
        return [decode(row["body"]) for row in await tx.fetch(DECISIONS, district)]


async def settle(tx: asyncpg.Connection, decision: Recorded, repairs: Repairs, attempt: Attempt) -> set[str]:
    """Apply what is parked of the stream that the decision is about, in order, up to the first event that still cannot be. Returns the
    stream if nothing of it is parked any more.
    """
    about = cast("Decided", decision.data)
    await tx.fetchval(HOLD, decision.district, about.source)
    rows = await tx.fetch(TAKE, decision.district, about.source, about.stream)
    problem: str | None = None
    for row in sorted(rows, key=lambda row: row["sequence"]):
        event = decode(row["body"])
        if repairs.is_skipped(event):
            continue
        if problem is not None:
            problem = BEHIND
        else:
            event = repairs.corrected(event)
            problem = event.problem or await attempt(tx, event)
        if problem is not None:
            await tx.execute(PARK, decision.district, about.source, row["sequence"], about.stream, problem[:500], row["body"])
    return {about.stream} if problem is None else set()


def stream_id_of(source: str, stream: str) -> UUID:
    """The stream of the decisions about one stream."""
    return content_id(f"parked|{source}|{stream}".encode())
