"""What the bus benchmarks share: a RabbitMQ connection, a quorum queue as the product declares it, and a filled log."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractQueue

from bench.events import DISTRICT, append
from shared.eventlog.log import EventLog
from shared.messaging import Topology

SERVICE = "activities"
PER_CALL = 500


async def fill(log: EventLog, events: int) -> None:
    """Bring the log to at least `events` more events."""
    for _ in range(0, events, PER_CALL):
        await log.append(DISTRICT, [append(uuid4()) for _ in range(PER_CALL)])


@asynccontextmanager
async def quorum_queue(url: str, topology: Topology) -> AsyncGenerator[tuple[AbstractChannel, AbstractQueue]]:
    """A channel with confirms and the service's queue, bound to its own events and empty."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await topology.declare(channel, SERVICE, [SERVICE])
        queue = await channel.get_queue(topology.queue(SERVICE), ensure=False)
        await queue.purge()
        yield channel, queue
