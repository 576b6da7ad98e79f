"""The relay between real PostgreSQL and real RabbitMQ: killed anywhere, it repeats and never loses or reorders."""

import asyncio
import os
import signal
import sys

import aio_pika
import pytest

from ops.provision import Database as Provisioned
from ops.servers import LocalServers
from shared.eventlog.database import Database
from shared.eventlog.envelope import decode
from shared.eventlog.log import EventLog
from shared.eventlog.relay import Outgoing
from shared.messaging import RabbitPublisher, Topology
from tests.shared.eventlog.ledger import SCHEMA, SERVICE, count

EVENTS = 200


async def relay_process(database_url: str, amqp_url: str, faultpoint: str = "") -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.shared.eventlog.relay_process", database_url, amqp_url, env=os.environ | {"FAULTPOINT": faultpoint}
    )


async def receive(amqp_url: str, district: str, bodies: list[bytes], enough: int) -> None:
    """Read the queue until `enough` distinct bodies of `district` have come."""
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=500)
        queue = await channel.get_queue(Topology().queue(SCHEMA), ensure=False)
        async with queue.iterator(no_ack=False) as messages:
            async for message in messages:
                await message.ack()
                if decode(message.body).district == district:
                    bodies.append(message.body)
                if len(set(bodies)) >= enough:
                    return


async def cursor_of(store: Database, district: str) -> int:
    async with store.district(district) as tx:
        return await tx.fetchval("SELECT position FROM relay_cursor WHERE district = $1", district)


async def caught_up(store: Database, district: str, position: int) -> None:
    """Wait until the relay's cursor is there. Killed before, it would leave events for the relay of the next test to publish."""
    while await cursor_of(store, district) < position:  # noqa: ASYNC110 - another process moves it
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("point", ["relay.read:2", "relay.confirmed:2", "relay.moved:2"])
async def test_killed_between_confirm_and_cursor_it_repeats_and_loses_nothing(
    store: Database, log: EventLog, database: Provisioned, servers: LocalServers, vhost: str, point: str
) -> None:
    district = point.replace(".", "-").replace(":", "-")
    url = servers.amqp_url(SCHEMA, vhost)
    connection = await aio_pika.connect(url)
    async with connection:
        await Topology().declare(await connection.channel(), SCHEMA, [SERVICE])
    await log.append(district, [count(f"{district}/{number}", f"{district}/{number}", 0, 1, district=district) for number in range(EVENTS)])

    killed = await relay_process(database.url(SCHEMA), url, point)
    assert await asyncio.wait_for(killed.wait(), 20) == -signal.SIGKILL
    assert await cursor_of(store, district) == (100 if point == "relay.moved:2" else 50)

    survivor = await relay_process(database.url(SCHEMA), url)
    received: list[bytes] = []
    try:
        async with asyncio.timeout(20):
            await receive(url, district, received, EVENTS)
            await caught_up(store, district, EVENTS)
    finally:
        survivor.kill()
        await survivor.wait()
    sequences = [decode(body).sequence for body in received]
    first_seen = list(dict.fromkeys(sequences))
    assert first_seen == list(range(1, EVENTS + 1))
    repeated = len(sequences) - EVENTS
    assert repeated == (50 if point == "relay.confirmed:2" else 0)
    assert [body for _, body in await log.read_log(district, 0, EVENTS)] == list(dict.fromkeys(received))


async def test_an_unroutable_message_is_not_a_success(servers: LocalServers, vhost: str) -> None:
    url = servers.amqp_url(SCHEMA, vhost)
    connection = await aio_pika.connect(servers.amqp_url(SCHEMA, vhost))
    publisher = RabbitPublisher(url, SERVICE, Topology())
    async with connection:
        channel = await connection.channel()
        await Topology().declare(channel, SCHEMA, [SERVICE])
        await Topology().keep_history(channel)
        exchange = Topology().events
        assert await publisher.publish("north", [Outgoing(1, "guangcai.ledger.Counted.v1", b"{}", b"")]) == 1
        await (await channel.get_queue(Topology().history, ensure=False)).unbind(exchange, "#")
        await (await channel.get_queue(Topology().queue(SCHEMA), ensure=False)).unbind(exchange, f"{SERVICE}.#")
        with pytest.raises(aio_pika.exceptions.PublishError):
            await publisher.publish("north", [Outgoing(2, "guangcai.ledger.Counted.v1", b"{}", b"")])
    await publisher.close()
