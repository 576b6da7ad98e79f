"""consume: quorum queue → facts and checkpoint committed; reference: aio-pika receives the same messages, acknowledging every 100."""

import asyncio
from time import perf_counter

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from bench.bus import RAW, SERVICE, SilentFeed, fill, publish, quorum_queue
from bench.events import DISTRICT
from bench.harness import Bench, Result
from services.evaluation.app import SERVICE as EVALUATION
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.log import EventLog
from shared.messaging import PREFETCH, Receiver, Topology

PER_SECOND = 4_000  # messages prepared per second of a round, about as many as it takes
EVERY = 100  # messages per acknowledgement of the reference
WITHIN = 60.0  # seconds for a round; a consumer that does not get there counts as 0


async def run(bench: Bench) -> Result:
    """Rates in events per second from the first message on. Each contender reads the same messages from its own quorum queue."""
    url, topology = bench.servers.amqp_admin_url, Topology()
    _, writer = await bench.migrated(SERVICE)
    _, reader = await bench.migrated(EVALUATION.name)
    async with writer, reader, quorum_queue(url, topology, EVALUATION.name) as (channel, _):
        log, head, page = EventLog(writer, SERVICE), 0, 0
        await _declare_raw(channel, topology)

        async def ours(seconds: float) -> float:
            nonlocal head, page
            await fill(log, int(PER_SECOND * seconds))
            head, page = await publish(channel, topology, log, head), -head
            page += head
            consumer = OrderedConsumer(reader, SilentFeed(), EVALUATION.sources, EVALUATION.project, EVALUATION.react)
            receiver = Receiver(
                url, EVALUATION.name, EVALUATION.sources, topology, lambda: EVALUATION.broker(url, topology), consumer.offer
            )
            tasks = [asyncio.create_task(each) for each in (receiver.run(), consumer.run())]
            while not receiver.received:  # noqa: ASYNC110 - a round takes a thousand times as long as a poll
                await asyncio.sleep(0.001)
            began = perf_counter()
            is_there = await consumer.wait_for((SERVICE, DISTRICT), head, WITHIN)
            elapsed = perf_counter() - began
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return page / elapsed if is_there else 0.0

        figures = await bench.alternate({"ours": ours, "raw": lambda _seconds: _raw(url, page)})
    ratio = figures["ours"].median / figures["raw"].median
    values = {"ours": figures["ours"].median, "raw": figures["raw"].median, "ratio": ratio}
    return Result("consume", "events/s", figures, values, {"ratio": 0.6})


async def _declare_raw(channel: AbstractChannel, topology: Topology) -> None:
    queue = await channel.declare_queue(RAW, durable=True, arguments=topology.queue_arguments())
    await queue.bind(topology.events, f"{SERVICE}.#")
    await queue.purge()


async def _raw(url: str, count: int) -> float:
    taken, began, done = 0, 0.0, asyncio.Event()

    async def take(message: AbstractIncomingMessage) -> None:
        nonlocal taken, began
        taken += 1
        began = began or perf_counter()
        if taken % EVERY == 0 or taken == count:
            await message.ack(multiple=True)
        if taken == count:
            done.set()

    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await channel.get_queue(RAW, ensure=False)
        await queue.consume(take)
        async with asyncio.timeout(WITHIN):
            await done.wait()
        return count / (perf_counter() - began)
