"""live: commit → projected fact visible, at 200 events a second and at full speed; reference: a hand-written chain of the same parts.

Both run in one process: ours is log, relay, receiver and ordered consumer of the product; the reference is the obvious chain
commit → publish with confirm → consume → upsert → acknowledge, one event at a time.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from uuid import UUID, uuid4

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage

from bench.bus import CHAIN, SERVICE, SilentFeed
from bench.events import DISTRICT, PAYLOAD, append, in_order_of_time
from bench.harness import Bench, Result, percentile
from services.evaluation.app import SERVICE as EVALUATION
from shared.eventlog.bell import Bell
from shared.eventlog.commands import GroupCommit
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.log import Accepted, EventLog
from shared.eventlog.relay import Relay
from shared.messaging import PREFETCH, RabbitPublisher, Receiver, Topology

PER_SECOND = 200
CALLERS = 64
WITHIN = 30.0
CHAIN_TABLES = """
CREATE TABLE chain_log (id uuid PRIMARY KEY, body bytea NOT NULL);
CREATE TABLE chain_facts (id uuid PRIMARY KEY, body bytea NOT NULL)
"""

Send = Callable[[], Awaitable[None]]  # one event; returns when it is visible


async def run(bench: Bench) -> Result:
    """Lags in milliseconds; sustained rates in events per second."""
    lags: dict[str, list[float]] = {}
    async with _product(bench) as ours, _chain(bench) as raw:
        for name, send in (("ours", ours), ("raw", raw)) * (bench.rounds + 1):
            is_warm = name in lags
            bench.step(f"{name}, {PER_SECOND} events a second{'' if is_warm else ', warm-up'}")
            measured = await _paced(send, bench.seconds)
            lags[name] = [*lags[name], *measured] if is_warm else []
        figures = await bench.alternate(
            {"ours": lambda seconds: _sustained(ours, seconds), "raw": lambda seconds: _sustained(raw, seconds)}
        )
    values = {
        "lag_p50_ms": percentile(lags["ours"], 0.5) * 1000,
        "lag_p99_ms": percentile(lags["ours"]) * 1000,
        "raw_p99_ms": percentile(lags["raw"]) * 1000,
        "sustained": figures["ours"].median,
        "raw_sustained": figures["raw"].median,
        "ratio_sustained": figures["ours"].median / figures["raw"].median,
    }
    values["ratio_lag"] = values["lag_p99_ms"] / values["raw_p99_ms"]
    values["share_of_allowed_lag"] = 4 / values["ratio_lag"]  # the lag may be four times that of the chain
    return Result("live", "events/s", figures, values, {"ratio_sustained": 0.6, "share_of_allowed_lag": 1.0})


async def _paced(send: Send, seconds: float) -> list[float]:
    lags: list[float] = []

    async def one() -> None:
        began = perf_counter()
        await send()
        lags.append(perf_counter() - began)

    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(PER_SECOND * seconds)):
            await asyncio.sleep(max(0, began + number / PER_SECOND - perf_counter()))
            group.create_task(one())
    return lags


async def _sustained(send: Send, seconds: float) -> float:
    began, sent = perf_counter(), 0

    async def caller() -> None:
        nonlocal sent
        while perf_counter() - began < seconds:
            await send()
            sent += 1

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return sent / (perf_counter() - began)


@asynccontextmanager
async def _product(bench: Bench) -> AsyncGenerator[Send]:
    url, topology = bench.servers.amqp_admin_url, Topology()
    _, writer = await bench.migrated(SERVICE)
    _, reader = await bench.migrated(EVALUATION.name)
    async with writer, reader:
        log, bell = EventLog(writer, SERVICE), Bell(writer, SERVICE)
        commit = GroupCommit(log)
        consumer = OrderedConsumer(reader, SilentFeed(), EVALUATION.sources, EVALUATION.project, EVALUATION.react)
        receiver = Receiver(url, EVALUATION.name, EVALUATION.sources, topology, lambda: EVALUATION.broker(url, topology), consumer.offer)
        relay = Relay(writer, SERVICE, RabbitPublisher(url, SERVICE, topology), bell)
        tasks = [asyncio.create_task(each.run()) for each in (bell, relay, receiver, consumer)]

        async def send() -> None:
            outcome = await commit.append(append(in_order_of_time()))
            assert isinstance(outcome, Accepted)
            if not await consumer.wait_for((SERVICE, DISTRICT), outcome.first, WITHIN):
                raise TimeoutError

        await _until_attached(receiver)
        try:
            yield send
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _until_attached(receiver: Receiver) -> None:
    async with asyncio.timeout(WITHIN):
        while not receiver.is_attached:  # noqa: ASYNC110 - polled with a deadline
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _chain(bench: Bench) -> AsyncGenerator[Send]:
    database = await bench.database()
    body = PAYLOAD.model_dump_json().encode()
    visible: dict[UUID, asyncio.Future[None]] = {}
    async with (
        asyncpg.create_pool(database.superuser_url, max_size=20) as pool,
        await aio_pika.connect(bench.servers.amqp_admin_url) as bus,
    ):
        await pool.execute(CHAIN_TABLES)
        publishing, consuming = await bus.channel(publisher_confirms=True), await bus.channel()
        await consuming.set_qos(prefetch_count=PREFETCH)
        queue = await consuming.declare_queue(CHAIN, durable=True, arguments={"x-queue-type": "quorum"})

        async def take(message: AbstractIncomingMessage) -> None:
            id_ = UUID(message.message_id)
            await pool.execute(
                "INSERT INTO chain_facts VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body", id_, message.body
            )
            await message.ack()
            visible.pop(id_).set_result(None)

        async def send() -> None:
            id_ = uuid4()
            visible[id_] = asyncio.get_running_loop().create_future()
            await pool.execute("INSERT INTO chain_log VALUES ($1, $2)", id_, body)
            message = aio_pika.Message(body, message_id=str(id_), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            seen = visible[id_]
            await publishing.default_exchange.publish(message, CHAIN)
            await seen

        await queue.consume(take)
        yield send
