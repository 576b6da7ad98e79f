"""The whole chain on real servers: append → relay → RabbitMQ → receiver → ordered consumer, also without the broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
import pytest
from yarl import URL

from ops.servers import LocalServers
from shared.eventlog.bell import Bell
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.log import EventLog, Mark
from shared.eventlog.relay import Relay
from shared.messaging import BROKER_ERRORS, RabbitPublisher, Receiver, Topology, connect, make_broker
from tests.shared.eventlog.ledger import SCHEMA, SERVICE, LogSource, count, project, react

WITHIN = 20.0


class SilentFeed(LogSource):
    """A feed whose heads are out of reach, so that events can arrive only by the bus."""

    async def heads(self, _service: str) -> dict[str, Mark]:
        raise OSError("out of reach")


@asynccontextmanager
async def running(store: Database, url: str, source: LogSource) -> AsyncIterator[tuple[OrderedConsumer, Receiver]]:
    """Everything a service runs for its events."""
    topology, bell = Topology(), Bell(store, SERVICE)
    consumer = OrderedConsumer(store, source, [SERVICE], project, react)
    relay = Relay(store, SERVICE, RabbitPublisher(url, SERVICE, topology), bell)
    receiver = Receiver(url, SCHEMA, [SERVICE], topology, lambda: make_broker(url, SCHEMA, topology), consumer.offer)
    tasks = [asyncio.create_task(each.run()) for each in (bell, consumer, relay, receiver)]
    try:
        yield consumer, receiver
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.timeout(120)
async def test_events_arrive_by_the_bus_and_catch_up_after_the_broker_was_away(
    store: Database, log: EventLog, servers: LocalServers, vhost: str
) -> None:
    district, lane = "bus", (SERVICE, "bus")
    async with running(store, servers.amqp_url(SCHEMA, vhost), SilentFeed(log)) as (consumer, receiver):
        async with asyncio.timeout(WITHIN):
            while not receiver.is_attached:  # noqa: ASYNC110 - polled with a deadline
                await asyncio.sleep(0.05)
        for number in range(30):
            await log.append(district, [count(f"bus/{number}", f"bus/{number % 3}", number // 3, 1, district=district)])
        assert await consumer.wait_for(lane, 30, WITHIN)
        assert consumer.progress.gaps == 0
        # Stopped in order, because RabbitMQ 3.10 loses queues when it is killed within seconds of declaring them (docs/runbook.md).
        await asyncio.to_thread(servers.rabbitmq.stop)
        await log.append(district, [count("away", "bus/0", 10, 1, 1, 1, district=district)])  # commands do not need the broker
        servers.rabbitmq.spawn()
        await asyncio.to_thread(servers.rabbitmq.wait_ready)
        assert await consumer.wait_for(lane, 33, WITHIN * 2)
    async with store.district(district) as tx:
        applied = [row["versions"] for row in await tx.fetch("SELECT versions FROM totals ORDER BY stream")]
    assert sorted(applied) == sorted([list(range(1, 14)), list(range(1, 11)), list(range(1, 11))])


async def test_without_any_broker_the_feed_brings_everything(store: Database, log: EventLog) -> None:
    district, lane = "nobus", (SERVICE, "nobus")
    async with running(store, "amqp://nobody:nothing@127.0.0.1:1/", LogSource(log)) as (consumer, _):
        await log.append(district, [count("n", "n", 0, 1, 2, district=district)])
        assert await consumer.wait_for(lane, 2, WITHIN)


async def test_a_connection_that_cannot_be_made_is_closed_and_leaves_nothing_to_its_finaliser(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[aio_pika.Connection] = []

    class Noted(aio_pika.Connection):
        def __init__(self, url: URL) -> None:
            super().__init__(url)
            made.append(self)

    monkeypatch.setattr(aio_pika, "Connection", Noted)
    with pytest.raises(BROKER_ERRORS):
        await connect("amqp://nobody:nothing@127.0.0.1:1/")
    assert [each.is_closed for each in made] == [True]
