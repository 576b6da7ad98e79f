"""Connections of hostile clients: half a request, an endless one, thousands at once, answers that nobody reads."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import uvicorn

from shared.http.limits import KIB, Limits
from shared.runtime.serving import server_options
from tests.shared.http.service_of_doors import Guarded

QUICK = Limits().without_rates().model_copy(update={"head_seconds": 0.4, "body_seconds": 0.6, "idle_seconds": 0.3, "connections": 50})
GET = b"GET /probe HTTP/1.1\r\nHost: service\r\n\r\n"


@dataclass
class Served:
    port: int
    server: uvicorn.Server

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def ask(self, *parts: bytes) -> tuple[int, str]:
        """Send these parts; status and code of everything that comes until the server closes."""
        async with self.connected() as (reader, writer), asyncio.timeout(5):
            with contextlib.suppress(OSError):
                for part in parts:
                    writer.write(part)
                    await writer.drain()
            return said(await everything(reader))


async def everything(reader: asyncio.StreamReader) -> bytes:
    """All bytes until the server closes or resets the connection."""
    got = b""
    with contextlib.suppress(OSError):
        while part := await reader.read(65536):
            got += part
    return got


def said(answer: bytes) -> tuple[int, str]:
    if not answer:
        return 0, ""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    if b"application/problem+json" not in head:
        return status, ""
    return status, json.loads(body[: body.rindex(b"}") + 1])["code"]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - uvicorn signals nothing
            await asyncio.sleep(0.02)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(Guarded(QUICK).app, lifespan="off", log_config=None, **server_options("activities", QUICK))
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started)
        yield Served(listening.getsockname()[1], server)
        server.should_exit = True
        await running


async def answers(served: Served) -> None:
    """Other clients are served meanwhile."""
    async with served.connected() as (reader, writer), asyncio.timeout(1):
        writer.write(GET)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_a_request_is_answered_on_a_connection_that_stays_open_without_a_banner(served: Served) -> None:
    async with served.connected() as (reader, writer), asyncio.timeout(5):
        for _ in range(3):
            writer.write(GET)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert b"server:" not in head.lower()
            assert await reader.readexactly(len(b'"/probe"')) == b'"/probe"'
        assert await reader.read() == b"", "idle, it is closed"


async def test_two_requests_at_once_are_answered_in_order(served: Served) -> None:
    async with served.connected() as (reader, writer), asyncio.timeout(5):
        writer.write(GET + b"GET /nowhere HTTP/1.1\r\nHost: s\r\n\r\n" + GET[:10])
        got = await everything(reader)
    assert [got.count(b"HTTP/1.1 200"), got.count(b"HTTP/1.1 404")] == [1, 1]


@pytest.mark.parametrize("part", [b"", GET[:-2], GET[:5], GET + GET[:10]])
async def test_half_a_request_is_not_waited_for(served: Served, part: bytes) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await served.ask(part)
    assert loop.time() - began < 2


async def test_headers_that_come_byte_by_byte_end_in_time(served: Served) -> None:
    async with served.connected() as (reader, writer), asyncio.timeout(3):
        with contextlib.suppress(OSError):
            for byte in GET[:-2] + b"X-Slow: " + b"x" * 1000:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.02)
                if reader.at_eof():
                    break
        assert said(await everything(reader)) in {(408, "too_slow"), (0, "")}


@pytest.mark.parametrize("start", [b"GET /" + b"x" * 40 * KIB, GET[:-2] + b"X-Long: ", GET[:-2] + b"X: y\r\n" * 8000])
async def test_endless_headers_are_refused_where_they_pass_the_limit(served: Served, start: bytes) -> None:
    sent = 0
    async with served.connected() as (reader, writer), asyncio.timeout(5):
        with contextlib.suppress(OSError):
            writer.write(start)
            while sent < 200 * 1024 * KIB and not reader.at_eof():
                writer.write(b"x" * 64 * KIB)
                await writer.drain()
                sent += 64 * KIB
                await asyncio.sleep(0)
        assert said(await everything(reader)) in {(431, "too_large"), (0, "")}
    assert sent < 32 * 1024 * KIB
    await answers(served)


async def test_headers_of_just_the_limit_are_taken_and_of_more_refused(served: Served) -> None:
    room = QUICK.head_bytes - len(GET) - 100
    for size, expected in ((room, (200, "")), (room + 200, (431, "too_large"))):
        assert await served.ask(GET[:-2] + b"X: " + b"y" * size + b"\r\n\r\n") == expected


@pytest.mark.parametrize(
    "rest",
    [b"", b"1\r\n{\r\n", b"1;" + b"x" * 40 * KIB, b"1\r\n{\r\n0\r\nX: " + b"y" * 40 * KIB, b"not a size\r\n"],
    ids=lambda rest: rest[:12],
)
async def test_a_body_that_does_not_come_is_not_waited_for(served: Served, rest: bytes) -> None:
    head = b"POST /districts/zhanqian/ratings HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
    assert (await served.ask(head, rest))[0] in {400, 408, 431}
    await answers(served)


async def test_a_chunked_body_is_cut_off_where_it_passes_the_limit(served: Served) -> None:
    head = b"POST /districts/zhanqian/ratings HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    assert await served.ask(head, *[chunk] * 100) in {(413, "too_large"), (0, "")}


async def test_an_announced_body_that_is_too_large_is_refused_before_it_comes(served: Served) -> None:
    head = b"POST /districts/zhanqian/ratings HTTP/1.1\r\nHost: s\r\nContent-Length: 12000000\r\nContent-Type: application/json\r\n\r\n"
    async with served.connected() as (reader, writer), asyncio.timeout(0.4):
        writer.write(head)
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")


async def test_more_connections_than_allowed_are_turned_away_and_later_there_is_room(served: Served) -> None:
    held = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(QUICK.connections)]
    assert await served.ask() == (503, "too_many_connections")
    for reader, writer in held:
        async with asyncio.timeout(5):
            await everything(reader)
        writer.close()
    await answers(served)


async def test_a_connection_whose_answer_nobody_reads_is_aborted(served: Served) -> None:
    async with served.connected() as (reader, writer):
        transport = writer.transport
        transport.pause_reading()
        with contextlib.suppress(OSError):
            for _ in range(2000):
                writer.write(b"GET /openapi.json HTTP/1.1\r\nHost: s\r\n\r\n")
        await until(lambda: not served.server.server_state.connections)
        assert reader
