"""A TCP proxy that injects faults: latency, a cut, a cut in one direction, resets. One is between every service and each server.

Bytes are delayed, never lost or reordered: that is how a bad network looks through TCP.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Flag, auto
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from ops.servers.processes import free_port

CHUNK = 65536


class Direction(Flag):
    """Direction of flow: requests go there, answers come back."""

    THERE = auto()
    BACK = auto()
    BOTH = THERE | BACK


class Proxy:
    """Forwards connections on `port` to `target`. Use it with `async with`; faults can be changed at any time."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self.port = free_port()
        self.latency = 0.0  # seconds, each way
        self._held: dict[Direction, asyncio.Event] = {Direction.THERE: asyncio.Event(), Direction.BACK: asyncio.Event()}
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.heal()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=CHUNK)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self.reset()
        for task in list(self._tasks):
            task.cancel()

    def through(self, url: str) -> str:
        """The same URL through this proxy."""
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{self.port}"))

    def cut(self, direction: Direction = Direction.BOTH) -> None:
        """Block this direction; connections stay open and hang, as behind a dead switch."""
        for each in direction:
            self._held[each].clear()

    def heal(self) -> None:
        """Forward everything without delay again, including the bytes held back."""
        self.latency = 0.0
        for event in self._held.values():
            event.set()

    def reset(self) -> None:
        """Break every connection with a RST."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            server, request = await asyncio.open_connection(*self._target, limit=CHUNK)
        except OSError:
            answer.transport.abort()
            return
        self._writers |= {answer, request}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(client, request, Direction.THERE))
                group.create_task(self._pump(server, answer, Direction.BACK))
        except* (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # cancelled only when the proxy closes; asyncio's stream callback would report a cancelled task as an error
        finally:
            self._writers -= {answer, request}
            answer.transport.abort()
            request.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, direction: Direction) -> None:
        """Forward with a constant delay per chunk; chunks in flight do not delay later ones."""
        loop = asyncio.get_running_loop()
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)

        async def receive() -> None:
            while data := await source.read(CHUNK):
                await on_the_way.put((loop.time() + self.latency, data))
            await on_the_way.put((0.0, b""))

        async with asyncio.TaskGroup() as group:
            group.create_task(receive())
            while True:
                due, data = await on_the_way.get()
                if (wait := due - loop.time()) > 0:
                    await asyncio.sleep(wait)
                await self._held[direction].wait()
                if not data:
                    break
                sink.write(data)
                await sink.drain()
            with contextlib.suppress(OSError):
                if sink.can_write_eof():
                    sink.write_eof()


@asynccontextmanager
async def proxy_to(url: str) -> AsyncIterator[Proxy]:
    """A proxy to the server that `url` names."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    async with Proxy(parts.hostname, parts.port) as proxy:
        yield proxy
