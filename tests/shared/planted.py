"""Defects that the simulation must find: relays and consumers that each violate one guarantee."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg

from shared.eventlog.consume import Delivery, OrderedConsumer
from shared.eventlog.envelope import Recorded
from shared.eventlog.log import Mark
from shared.eventlog.parking import Repairs
from shared.eventlog.relay import ADVANCE, JOB, PAGE, Outgoing, Publisher, Relay
from shared.eventlog.start_over import Lane


class CursorBeforeConfirm(Relay):
    """Moves the cursor, then publishes the page."""

    async def _relay_page(self, connection: asyncpg.Connection, cursors: dict[str, int], district: str) -> bool:
        position = cursors[district]
        rows = await connection.fetch(PAGE, district, position, self._page)
        cursors[district] = rows[-1]["sequence"]
        await connection.fetchval(ADVANCE, JOB, self._lease.holder, district, position, cursors[district])
        await self._publisher.publish(district, [Outgoing(*row.values()) for row in rows])
        return True


class SentIsConfirmed(Relay):
    """Does not wait for the broker's confirm."""

    def __init__(self, database: Any, service: str, publisher: Publisher, bell: Any, **options: Any) -> None:
        super().__init__(database, service, Hopeful(publisher), bell, **options)


@dataclass
class Hopeful:
    inner: Publisher

    async def publish(self, district: str, page: Sequence[Outgoing]) -> int:
        with contextlib.suppress(OSError, TimeoutError):
            await self.inner.publish(district, page)
        return len(page)


class AckBeforeCommit(OrderedConsumer):
    async def take(self, held: Sequence[Delivery]) -> None:
        async def nothing() -> None: ...

        for delivery in held:
            await delivery.acknowledge()
        await super().take([replace(delivery, acknowledge=nothing) for delivery in held])


class Unchecked(OrderedConsumer):
    """Applies everything it is given, without checking sequences."""

    async def _apply(self, lane: Lane, mark: Mark, run: Sequence[Recorded]) -> Mark:
        async with self._database.district(lane[1]) as tx:
            await self._one_by_one(tx, run, *await self._begin(tx, lane, mark, run))
        return await self._moved(lane, run)


class CheckpointWithoutRows(OrderedConsumer):
    """Commits checkpoint and rows in two transactions instead of one."""

    async def _apply(self, lane: Lane, mark: Mark, run: Sequence[Recorded]) -> Mark:
        async with self._database.district(lane[1]) as tx:
            begun = await self._begin(tx, lane, mark, run)
        async with self._database.district(lane[1]) as tx:
            await self._one_by_one(tx, run, *begun)
        return await self._moved(lane, run)


class GapSkipped(Unchecked):
    """Assumes that the broker delivers every event."""

    async def _advance(self, lane: Lane, events: dict[int, Recorded]) -> None:
        mark = await self._mark(lane)
        if news := [events[sequence] for sequence in sorted(events) if sequence > mark.sequence]:
            await self._apply(lane, mark, news)


class DuplicateApplied(Unchecked):
    """Assumes that every delivered event is new."""

    async def _advance(self, lane: Lane, events: dict[int, Recorded]) -> None:
        mark = await self._mark(lane)
        if seen := [events[sequence] for sequence in sorted(events) if sequence <= mark.sequence]:
            async with self._database.district(lane[1]) as tx:
                await self._one_by_one(tx, seen, set(), Repairs())
        await super()._advance(lane, events)


class OutcomeAssumed(OrderedConsumer):
    """Keeps its position after an error, although the commit may have happened or another process may have moved on."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._marks = Sticky()


class Sticky(dict[Lane, Mark]):
    def clear(self) -> None:
        pass


class PoisonParkedAlone(OrderedConsumer):
    """Continues a stream that has a parked event."""

    async def _begin(self, tx: asyncpg.Connection, lane: Lane, old: Mark, run: Sequence[Recorded]) -> tuple[set[str], Repairs]:
        _, repairs = await super()._begin(tx, lane, old, run)
        return set(), repairs
