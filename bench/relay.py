"""relay: log → confirmed in a quorum queue, in order; reference: aio-pika publishes the same bytes with 500 confirms in flight."""

import asyncio
from time import perf_counter

import aio_pika

from bench.bus import SERVICE, TYPE, fill, quorum_queue
from bench.events import DISTRICT
from bench.harness import Bench, Result
from shared.eventlog.bell import Bell
from shared.eventlog.log import EventLog
from shared.eventlog.relay import Relay
from shared.messaging import RabbitPublisher, Topology, routing_key

IN_FLIGHT = 500


async def run(bench: Bench) -> Result:
    """Rates in confirmed events per second."""
    url = bench.servers.amqp_url(SERVICE)
    topology = Topology()
    _, pool = await bench.migrated(SERVICE)
    async with pool, quorum_queue(url, topology) as (channel, queue):
        log = EventLog(pool, SERVICE)
        exchange = await channel.get_exchange(topology.events, ensure=False)
        await fill(log, IN_FLIGHT)
        bodies = [body for _, body in await log.read_log(DISTRICT, 0, IN_FLIGHT)]

        async def ours(seconds: float) -> float:
            relay = Relay(pool, SERVICE, RabbitPublisher(url, SERVICE, topology), Bell(pool, SERVICE))
            await fill(log, int(12_000 * seconds))
            task = asyncio.create_task(relay.run())
            first, began = await _after(relay, 0)  # measure from a connected state, like the reference
            last, ended = first, began
            while ended - began < seconds:
                last, ended = await _after(relay, last)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await queue.purge()
            return (last - first) / (ended - began)

        async def raw(seconds: float) -> float:
            began, published = perf_counter(), 0
            while perf_counter() - began < seconds:
                messages = (aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT) for body in bodies)
                key = routing_key(SERVICE, DISTRICT, TYPE)
                await asyncio.gather(*(exchange.publish(message, key, mandatory=True) for message in messages))
                published += IN_FLIGHT
            elapsed = perf_counter() - began
            await queue.purge()
            return published / elapsed

        figures = await bench.alternate({"ours": ours, "raw": raw})
    ratio = figures["ours"].median / figures["raw"].median
    return Result(
        "relay", "events/s", figures, {"ours": figures["ours"].median, "raw": figures["raw"].median, "ratio": ratio}, {"ratio": 0.8}
    )


async def _after(relay: Relay, published: int) -> tuple[int, float]:
    """Wait for the next confirmed page; returns the total of confirmed events and the time."""
    while relay.published == published:  # noqa: ASYNC110 - a page takes hundreds of milliseconds, a poll one
        await asyncio.sleep(0.001)
    return relay.published, perf_counter()
