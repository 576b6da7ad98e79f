"""http: POST that confirms an activity over 32 connections; reference: a bare FastAPI route that validates the same body and returns.

Each runs as one uvicorn process, one after the other, once all earlier work has been processed; the load comes from this process over
persistent connections.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from time import perf_counter
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aio_pika
import httptools
import httpx2

from bench.events import COMMUNITY, DISTRICT, START, uuid
from bench.harness import ROOT, Bench, Result, percentile
from ops.demo.client import connected
from ops.servers.processes import Child, free_port
from ops.stack import Stack, StackOptions, running_services
from shared.contracts.activities.codes import Attendance
from shared.contracts.activities.records import ActivityLogged, ActivityPlanned, ActivityPublished, ActivitySignedUp, AttendanceRecorded
from shared.contracts.event import Event
from shared.eventlog.database import Database
from shared.eventlog.envelope import Context
from shared.eventlog.log import Append, EventLog, StreamVersion
from shared.identity import Principal, Role
from shared.messaging import Topology
from shared.testing.samples import sample

CONNECTIONS = 32
LOOK = 0.1  # seconds between polls of the inboxes
PER_SECOND = 200  # activities prepared per second of a round; the round ends early when all are confirmed
PER_CALL = 100
BODY = b"{}"


async def run(bench: Bench) -> Result:
    """Requests per second; p99 of ours in milliseconds."""
    database = await bench.database()
    log = bench.servers.directory / "log" / "bare.log"
    options = StackOptions("./guangcai bench", is_clock_simulated=True, are_rates_lifted=True)
    with running_services(bench.servers, database, options) as stack:
        port = free_port()
        bare = Child("bare", log)
        bare.spawn(
            [sys.executable, "-P", "-m", "uvicorn", "bench.bare:app", "--port", str(port), "--no-access-log"], {"PYTHONPATH": str(ROOT)}
        )
        try:
            bare.wait_ready(lambda: _answers(f"http://127.0.0.1:{port}/openapi.json"), 30)
            async with Database(database.url("activities"), search_path="activities_read,activities", size=4, timeout=30) as pool:
                return await _measure(bench, stack, EventLog(pool, "activities"), f"http://127.0.0.1:{port}")
        finally:
            bare.stop(deadline=5)


async def _measure(bench: Bench, stack: Stack, log: EventLog, bare: str) -> Result:
    secretary = Principal("secretary", DISTRICT, frozenset({Role.COMMUNITY_SECRETARY}), frozenset({COMMUNITY}))
    token = stack.keys.token(secretary)
    latencies: list[float] = []

    async def ours(seconds: float) -> float:
        paths = [f"/activities/{each}/confirm" for each in await _prepare(log, int(PER_SECOND * seconds))]
        await _settled(stack)
        latencies.clear()
        return await _load(stack.urls["activities"], paths, token, seconds, latencies)

    async def plain(seconds: float) -> float:
        await _settled(stack)  # before the reference, too: reactions of our round may still be running
        return await _load(bare, ["/activities/00000000-0000-0000-0000-000000000000/confirm"] * 100_000, token, seconds, [])

    figures = await bench.alternate({"ours": ours, "bare": plain})
    ratio = figures["ours"].median / figures["bare"].median
    values = {"ours": figures["ours"].median, "bare": figures["bare"].median, "ratio": ratio, "p99_ms": percentile(latencies) * 1000}
    return Result("http", "requests/s", figures, values, {"ratio": 0.4})


async def _settled(stack: Stack) -> None:
    """Wait until no earlier work competes with the measurement: all events are applied and the queues are empty."""
    async with connected(stack.urls, stack.keys, DISTRICT) as client:
        await client.settle(START)
    topology = Topology()
    async with await aio_pika.connect(stack.servers.amqp_admin_url) as connection:
        channel = await connection.channel()
        for name in stack.services:
            while (await channel.declare_queue(topology.queue(name), passive=True)).declaration_result.message_count:  # noqa: ASYNC110 - RabbitMQ has no notification for this
                await asyncio.sleep(LOOK)


async def _prepare(log: EventLog, count: int) -> list[UUID]:
    """Append activities of one member each, logged but not confirmed, directly to the log."""
    activities = [uuid4() for _ in range(count)]
    for first in range(0, count, PER_CALL):
        commands = [
            Append(Context(DISTRICT, uuid4(), START, "clerk"), StreamVersion(f"activity/{each}", 0), _story(each))
            for each in activities[first : first + PER_CALL]
        ]
        await log.append(DISTRICT, commands)
    return activities


def _story(activity_id: UUID) -> Sequence[Event]:
    member_id = uuid(activity_id)
    whose = {"activity_id": activity_id, "community_id": COMMUNITY}
    return (
        sample(ActivityPlanned, **whose, starts_at=START, ends_at=START.replace(hour=3), capacity=20, waiting_list_limit=0),
        sample(ActivityPublished, **whose),
        sample(ActivitySignedUp, **whose, member_id=member_id, assisted_consent=None),
        sample(AttendanceRecorded, **whose, member_id=member_id, attendance=Attendance.ATTENDED, recorder="clerk"),
        sample(
            ActivityLogged,
            **whose,
            record_id=uuid(activity_id, "record"),
            member_id=member_id,
            recorder="clerk",
            flags=(),
            starts_at=START,
            ends_at=START.replace(hour=3),
            minutes=90,
            served_on=START.date(),
            outcomes=(),
        ),
    )


class _Connection(asyncio.Protocol):
    """A persistent connection with one request at a time."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        self._parser = httptools.HttpResponseParser(self)
        self.answer.set_result(status)

    async def ask(self, request: bytes) -> int:
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)  # pyright: ignore[reportAttributeAccessIssue]  # TCP transports write
        return await self.answer


async def _load(url: str, paths: Sequence[str], token: str, seconds: float, latencies: list[float]) -> float:
    address = urlsplit(url)
    loop, queue = asyncio.get_running_loop(), iter(paths)
    began = perf_counter()
    answers: list[int] = []

    async def client(mine: Iterator[str]) -> None:
        transport, connection = await loop.create_connection(_Connection, address.hostname or "", address.port or 0)
        for path in mine:
            if perf_counter() - began > seconds:
                break
            asked = perf_counter()
            answers.append(await connection.ask(_request(path, address.netloc, token)))
            latencies.append(perf_counter() - asked)
        transport.close()

    await asyncio.gather(*(client(queue) for _ in range(CONNECTIONS)))
    elapsed = perf_counter() - began
    if wrong := [each for each in answers if each != httpx2.codes.OK]:
        message = f"{len(wrong)} of {len(answers)} requests were answered {sorted(set(wrong))}"
        raise RuntimeError(message)
    return len(answers) / elapsed


def _request(path: str, host: str, token: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {uuid4()}\r\n"
        f"Guangcai-Time: {START.replace(day=30).isoformat()}\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    return head.encode() + BODY


def _answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=2, trust_env=False).status_code == httpx2.codes.OK
    except httpx2.HTTPError:
        return False
