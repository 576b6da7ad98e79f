"""One LISTEN connection per process, which wakes the process's waiters when a district's log has grown.

A notification is only a hint: every waiter also polls, so a lost notification costs time and nothing else.
"""

import asyncio
import logging
from collections import defaultdict
from typing import Self

from shared.eventlog.database import Database, is_passing
from shared.eventlog.stopping import raise_if_stopping

logger = logging.getLogger(__name__)

RECONNECT_AFTER = 0.5
CHECK_EVERY = 5.0


class Bell:
    """Rings when events are appended to the log of `service`. Run `run()` as a task; `wait()` from anywhere."""

    def __init__(self, database: Database, service: str) -> None:
        """`database` is only used for one dedicated connection."""
        self._database = database
        self._channel = f"log_{service}"
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    async def run(self) -> None:
        """Listen until cancelled, reconnecting when the connection is lost."""
        while True:
            try:
                await self._listen()
            except Exception as error:
                raise_if_stopping()
                if not is_passing(error):
                    raise
                logger.warning("bell lost its connection", extra={"code": type(error).__name__})
            self.ring("*")  # notifications may have been missed while the connection was down
            await asyncio.sleep(RECONNECT_AFTER)

    async def _listen(self) -> None:
        connection = await self._database.dedicated()
        try:
            await connection.add_listener(self._channel, self._notified)
            self.ring("*")
            while not connection.is_closed():
                await asyncio.sleep(CHECK_EVERY)
                await connection.execute("SELECT 1")  # fails on a half-open connection
        finally:
            connection.terminate()

    def _notified(self, _connection: object, _pid: int, _channel: str, district: object) -> None:
        self.ring(str(district))

    def ring(self, district: str) -> None:
        """Wake the waiters of `district` ("*": of all)."""
        names = list(self._waiting) if district == "*" else [district, "*"]
        for name in names:
            for event in self._waiting.get(name, ()):
                event.set()

    def ringing(self, district: str = "*") -> "Ringing":
        """Listen for `district` ("*": any). Begin *before* reading the log, so that no append between reading and waiting is missed."""
        return Ringing(self._waiting[district])


class Ringing:
    """One waiter: `with bell.ringing() as ear: read the log; await ear.wait(timeout)`."""

    def __init__(self, waiting: set[asyncio.Event]) -> None:
        """Made by Bell.ringing."""
        self._waiting = waiting
        self._event = asyncio.Event()

    def __enter__(self) -> Self:
        """Start listening."""
        self._waiting.add(self._event)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._waiting.discard(self._event)

    async def wait(self, timeout: float) -> bool:
        """True when the bell rang within `timeout` seconds since the last wait."""
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
