"""What an operator decides about parked events: an event of the log, applied by the consumer, and by every rebuild in the same way."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.event import Event
from shared.contracts.parked import Decided, ParkedDecision, ParkedEvent
from shared.eventlog import parking
from shared.eventlog.commands import Commands
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.envelope import Recorded
from shared.eventlog.log import Append, EventLog, StreamVersion
from shared.eventlog.start_over import start_over
from tests.shared.eventlog.ledger import POISON, SERVICE, LogSource, Named, context, count, project, react, uuid, versions

RETRIED, SKIPPED, REPLACED = ParkedDecision


class ParkedEventsDecided(Decided, Event):
    """An operator of the ledger decided."""

    TYPE: ClassVar[str] = "guangcai.ledger.ParkedEventsDecided"
    VERSION: ClassVar[int] = 1


@dataclass
class Projection:
    """The ledger's, with names that it refuses until it is mended."""

    refused: set[str] = field(default_factory=lambda: {"bad"})
    heard: list[tuple[str, Any]] = field(default_factory=list)

    async def __call__(self, tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
        for event in batch:
            if isinstance(event.data, Named) and event.data.name in self.refused:
                message = "cannot hold this name"
                raise ValueError(message)
        await project(tx, batch)
        self.heard += [(event.stream, event.data) for event in batch]


@dataclass
class Ledger:
    """The log of one district, its operator and its consumer."""

    store: Database
    log: EventLog
    district: str
    projection: Projection = field(default_factory=Projection)
    number: int = 0

    def __post_init__(self) -> None:
        self.consumer = OrderedConsumer(self.store, LogSource(self.log), [SERVICE], self.projection, react)

    async def counted(self, account: str, after: int, *amounts: int) -> None:
        self.number += 1
        await self.log.append(self.district, [count(f"{self.district}{self.number}", account, after, *amounts, district=self.district)])

    async def decide(self, decision: ParkedDecision, *, only: int = 1, texts: dict[str, str] | None = None) -> None:
        """About the first stream with parked events; without applying it yet."""
        first = (await parking.parked(self.store, self.district))[0]
        waiting = await parking.parked_of(self.store, self.district, first.source, first.stream)
        command = parking.DecideParked(
            service=SERVICE,
            source=first.source,
            stream=first.stream,
            decision=decision,
            events=tuple(each.event for each in waiting[:only]),
            texts=texts or {},
            reason="looked into",
        )
        self.number += 1
        stream_id = parking.stream_id_of(first.source, first.stream)
        await Commands(self.log).handle(parking.PARKED_STREAM, stream_id, command, context(f"{self.district}{self.number}", self.district))

    async def rows(self) -> tuple[dict[str, list[int]], list[tuple[int, str]]]:
        await self.consumer.catch_up()
        parked = [(each.sequence, each.error) for each in await parking.parked(self.store, self.district)]
        return await versions(self.store, self.district), parked

    async def fold_anew(self) -> tuple[dict[str, list[int]], list[tuple[int, str]]]:
        """From the first event, with today's projection."""
        lane = (SERVICE, self.district)
        mark = await self.consumer._mark(lane)
        assert await start_over(self.store, lane, mark)
        self.consumer = OrderedConsumer(self.store, LogSource(self.log), [SERVICE], self.projection, react)
        return await self.rows()


@pytest_asyncio.fixture(loop_scope="session")
async def ledger(store: Database, log: EventLog, request: pytest.FixtureRequest) -> AsyncIterator[Ledger]:
    yield Ledger(store, log, "d" + uuid(request.node.name).hex[:12])


async def test_a_skip_leaves_out_what_it_names_and_nothing_of_others(ledger: Ledger) -> None:
    await ledger.counted("bad", 0, 2, POISON, 3, 4)
    assert [sequence for sequence, _ in (await ledger.rows())[1]] == [2, 3, 4]
    await ledger.decide(SKIPPED)
    assert await ledger.rows() == ({f"account/{uuid('bad')}": [1, 3, 4]}, [])
    [decision] = await parking.decisions(ledger.store, ledger.district)
    assert isinstance(decision.data, Decided)
    assert decision.data.events == (ParkedEvent(sequence=2, type="guangcai.ledger.Counted.v1"),)
    assert await ledger.fold_anew() == ({f"account/{uuid('bad')}": [1, 3, 4]}, [])


async def test_the_next_poison_of_a_stream_waits_for_the_next_decision(ledger: Ledger) -> None:
    await ledger.counted("bad", 0, POISON, 2, POISON, 3)
    await ledger.rows()
    await ledger.decide(SKIPPED)
    rows, parked = await ledger.rows()
    assert rows == {f"account/{uuid('bad')}": [2]}
    assert parked == [(3, "ValueError: cannot digest this"), (4, parking.BEHIND)]
    assert await ledger.fold_anew() == (rows, parked)


async def test_a_retry_applies_what_can_be_applied_and_never_fails(ledger: Ledger) -> None:
    await ledger.log.append(ledger.district, [named(ledger, "bad")])
    await ledger.counted("a", 1, 5)
    _, before = await ledger.rows()
    await ledger.decide(RETRIED, only=2)
    assert await ledger.rows() == ({}, before)
    assert [error for _, error in before] == ["ValueError: cannot hold this name", parking.BEHIND]
    ledger.projection.refused.clear()
    await ledger.decide(RETRIED, only=2)
    assert await ledger.rows() == ({f"account/{uuid('a')}": [2]}, [])


async def test_a_replacement_is_applied_in_place_of_the_text_now_and_at_a_rebuild(ledger: Ledger) -> None:
    await ledger.log.append(ledger.district, [named(ledger, "bad")])
    await ledger.counted("a", 1, 5)
    await ledger.rows()
    await ledger.decide(REPLACED, texts={"name": "good"})
    applied = ({f"account/{uuid('a')}": [2]}, [])
    assert await ledger.rows() == applied
    assert await ledger.fold_anew() == applied
    assert [data.name for _, data in ledger.projection.heard if isinstance(data, Named)] == ["good", "good"]
    assert b'"bad"' in (await ledger.log.read_log(ledger.district, 0, 1))[0][1], "the log keeps what was said"


async def test_a_decision_is_heard_with_events_of_the_same_stream_around_it(ledger: Ledger) -> None:
    await ledger.counted("bad", 0, POISON)
    await ledger.rows()
    await ledger.counted("bad", 1, 2)
    await ledger.decide(SKIPPED)
    await ledger.counted("bad", 2, 3)
    assert await ledger.rows() == ({f"account/{uuid('bad')}": [2, 3]}, [])


async def test_nothing_is_decided_about_a_stream_without_parked_events() -> None:
    command = parking.DecideParked(service=SERVICE, source=SERVICE, stream="a/b", decision=SKIPPED, events=(), texts={}, reason="why")
    with pytest.raises(parking.NothingParked):
        parking.decide(command, None)


JSON = st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@settings(max_examples=200)
@given(JSON, st.lists(st.text(max_size=3) | st.sampled_from(["0", "1"]), min_size=1, max_size=3))
def test_a_path_leads_to_a_text_or_is_refused(data: Any, path: list[str]) -> None:
    try:
        parking._put(data, path, "new")
    except LookupError:
        return
    for name in path:
        data = data[int(name) if isinstance(data, list) else name]
    assert data == "new"


def named(ledger: Ledger, name: str) -> Append:
    """The first event of account a."""
    return Append(context(f"name {ledger.district}", ledger.district), StreamVersion(f"account/{uuid('a')}", 0), [Named(name=name)])
