"""Shared by the bus benchmarks: a quorum queue as the product declares it, a filled log, and its events published to queues."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractQueue

from bench.events import DISTRICT, append, in_order_of_time
from ops.servers.definitions import SERVICES
from shared.eventlog.envelope import leaf_hash
from shared.eventlog.log import EventLog, Mark, Page
from shared.messaging import PREVIOUS, Topology, routing_key

SERVICE = "activities"
TYPE = "guangcai.activities.ActivityConfirmed.v1"
RAW = "bench.raw"  # queue of the reference of consume
CHAIN = "bench.chain"  # queue of the hand-written chain
PER_CALL = 500


class SilentFeed:
    """A feed out of reach: everything that a consumer applies came through the broker."""

    async def heads(self, service: str) -> dict[str, Mark]:
        """Raises OSError."""
        raise OSError(service)

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        """Raises OSError."""
        raise OSError(service, district, after, limit)


async def fill(log: EventLog, events: int) -> None:
    """Append at least `events` events to the log."""
    for _ in range(0, events, PER_CALL):
        await log.append(DISTRICT, [append(in_order_of_time()) for _ in range(PER_CALL)])


async def forget_queues(url: str) -> None:
    """Delete queues that an earlier benchmark may have left bound: they would be filled again and their messages taken for new ones."""
    topology = Topology()
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        for name in (*map(topology.queue, SERVICES), topology.dead, topology.history, RAW, CHAIN):
            await channel.queue_delete(name)


@asynccontextmanager
async def quorum_queue(url: str, topology: Topology, consumer: str = SERVICE) -> AsyncGenerator[tuple[AbstractChannel, AbstractQueue]]:
    """A channel with confirms and the queue of `consumer`, bound to the events of SERVICE and empty."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await topology.declare(channel, consumer, [SERVICE])
        queue = await channel.get_queue(topology.queue(consumer), ensure=False)
        await queue.purge()
        yield channel, queue


async def publish(channel: AbstractChannel, topology: Topology, log: EventLog, after: int) -> int:
    """Publish the log behind `after` in order to all bound queues; returns the position of its end."""
    exchange = await channel.get_exchange(topology.events, ensure=False)
    while (page := await log.page(DISTRICT, after, PER_CALL)).bodies:
        before = [page.previous or b"", *map(leaf_hash, page.bodies)]
        messages = (
            aio_pika.Message(body, headers={PREVIOUS: previous.hex()}, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            for body, previous in zip(page.bodies, before, strict=False)
        )
        await asyncio.gather(*(exchange.publish(message, routing_key(SERVICE, DISTRICT, TYPE)) for message in messages))
        after += len(page.bodies)
    return after
