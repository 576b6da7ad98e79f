"""The log is the outbox: read pages in sequence order, publish them, move the cursor over the events that the broker confirmed.

Invariants: one leader per service (a lease; the cursor moves only for its holder and only from where it is in the database);
a crash or a pause anywhere causes duplicates, never gaps.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import asyncpg

from shared.eventlog.bell import Bell
from shared.eventlog.database import Database, is_passing
from shared.eventlog.faultpoint import reach
from shared.eventlog.lease import Lease
from shared.eventlog.log import LOG_HEADS
from shared.eventlog.stopping import raise_if_stopping

logger = logging.getLogger(__name__)

JOB: Final = "relay"
LAG = "SELECT relay_lag()"
CURSOR = "SELECT relay_position($1)"
PAGE = "SELECT sequence, type, body, previous FROM read_log($1, $2, $3)"
ADVANCE = "SELECT relay_advance($1, $2, $3, $4, $5)"


class Outgoing(NamedTuple):
    """One event to publish; `previous` is the leaf hash of the event before it, empty for the first of a log."""

    sequence: int
    type: str
    body: bytes
    previous: bytes


class Publisher(Protocol):
    """Where the relay sends events; shared.messaging implements it for RabbitMQ."""

    async def publish(self, district: str, page: Sequence[Outgoing]) -> int:
        """Publish in order; returns how many leading ones are confirmed. Raises when the broker is out of reach."""
        ...


class Relay:
    """Publishes the log of one service. Run `run()` as a task in every process: one of them leads."""

    def __init__(self, database: Database, service: str, publisher: Publisher, bell: Bell, *, page: int = 500, poll: float = 1.0) -> None:
        """`page`: events published before confirms are awaited; `poll`: seconds between reads of the log without a notification."""
        self._database = database
        self._service = service
        self._publisher = publisher
        self._bell = bell
        self._page = page
        self._poll = poll
        self._lease = Lease(JOB)
        self.is_leading = False
        self.published = 0  # events confirmed since the start of this process
        self.lag = 0  # events in the log that are not confirmed yet, over all districts

    async def run(self) -> None:
        """Publish whenever this process leads, until cancelled. Failures of the database or the broker are retried."""
        while True:
            try:
                connection = await self._database.dedicated()
                try:
                    await self._lead(connection)
                finally:
                    self.is_leading = False
                    connection.terminate()
            except Exception as error:
                raise_if_stopping()
                level = logging.WARNING if is_passing(error) else logging.ERROR
                logger.log(level, "relay interrupted", exc_info=level == logging.ERROR, extra={"code": type(error).__name__})
            await asyncio.sleep(self._poll)

    async def _lead(self, connection: asyncpg.Connection) -> None:
        while not await self._lease.take(connection):
            self.lag = await connection.fetchval(LAG)
            await asyncio.sleep(self._poll)
        self.is_leading = True
        cursors: dict[str, int] = {}
        with self._bell.ringing() as ear:
            while True:
                await self._lease.renew(connection)
                if not await self._round(connection, cursors):
                    await ear.wait(self._poll)

    async def _round(self, connection: asyncpg.Connection, cursors: dict[str, int]) -> bool:
        """Publish one page of every district with new events; True when a cursor moved."""
        heads = {row["district"]: row["size"] for row in await connection.fetch(LOG_HEADS)}
        has_moved = False
        for district, head in heads.items():
            if district not in cursors:
                cursors[district] = await connection.fetchval(CURSOR, district)
            if cursors[district] < head:
                has_moved |= await self._relay_page(connection, cursors, district)
        self.lag = sum(max(0, head - cursors[district]) for district, head in heads.items())
        return has_moved

    async def _relay_page(self, connection: asyncpg.Connection, cursors: dict[str, int], district: str) -> bool:
        position = cursors[district]
        rows = await connection.fetch(PAGE, district, position, self._page)
        reach("relay.read")
        page = [Outgoing(row["sequence"], row["type"], row["body"], row["previous"]) for row in rows]
        confirmed = await self._lease.during(connection, self._publisher.publish(district, page))
        reach("relay.confirmed")
        if not confirmed:
            message = f"the broker confirmed nothing behind {position}"
            raise OSError(message)
        last: int = rows[confirmed - 1]["sequence"]
        if not await connection.fetchval(ADVANCE, JOB, self._lease.holder, district, position, last):
            message = f"the cursor of {district} is not at {position}: somebody else leads, or the log has lost events"
            raise OSError(message)
        cursors[district] = last
        self.published += confirmed
        reach("relay.moved")
        return True
