"""One connection per process for LISTEN and NOTIFY: a district's log has grown, or another process has moved a checkpoint.

A notification is only a hint: every waiter also polls, so a lost notification costs time and nothing else.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Self

from shared.eventlog.database import Database, is_passing
from shared.eventlog.stopping import raise_if_stopping

logger = logging.getLogger(__name__)

RECONNECT_AFTER = 0.5
CHECK_EVERY = 5.0
GATHER = 0.005  # seconds in which moves of checkpoints share one notification
# Without a flush to disk: nothing is lost with a notification.
SET_UP = "SET synchronous_commit = off"
TELL = "SELECT pg_notify($1, district) FROM unnest($2::text[]) AS told (district)"  # nobody: checks the connection


class Bell:
    """Rings when events are appended to the log of `service`. Run `run()` as a task; `wait()` from anywhere."""

    def __init__(self, database: Database, service: str, on_read: Callable[[str], None] | None = None) -> None:
        """`database` is only used for one dedicated connection. `on_read(district)` is called when a process has moved a checkpoint."""
        self._database = database
        self._channel, self._reads = f"log_{service}", f"read_{service}"
        self._on_read = on_read
        self._told: set[str] = set()
        self._has_told = asyncio.Event()
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
            if self._on_read is not None:
                await connection.add_listener(self._reads, self._read)
            await connection.execute(SET_UP)
            self.ring("*")
            while not connection.is_closed():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_EVERY):
                        await self._has_told.wait()
                        await asyncio.sleep(GATHER)
                told, self._told = sorted(self._told), set()
                self._has_told.clear()
                await connection.execute(TELL, self._reads, told)  # fails on a half-open connection
        finally:
            connection.terminate()

    def _notified(self, _connection: object, _pid: int, _channel: str, district: object) -> None:
        self.ring(str(district))

    def _read(self, _connection: object, _pid: int, _channel: str, district: object) -> None:
        if self._on_read is not None:
            self._on_read(str(district))

    def tell_read(self, district: str) -> None:
        """Tell every process of the service that a checkpoint of `district` has moved."""
        self._told.add(district)
        self._has_told.set()

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
