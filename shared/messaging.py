"""RabbitMQ: topology, publishing with confirms, and the FastStream broker that receives with manual acknowledgement.

Invariants: nothing counts as sent before the broker has confirmed it, an unroutable message is an error, and no message is settled
before the transaction that covers it has committed (the ordered consumer settles, never the framework).
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, cast

import aio_pika
import aiormq
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import AMQPError
from aiormq.exceptions import AMQPError as WireError
from aiormq.exceptions import ChannelInvalidStateError
from faststream import AckPolicy
from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitMessage, RabbitQueue

from shared.contracts.catalogue import published_events
from shared.docstrings import docstring
from shared.eventlog.consume import Delivery
from shared.eventlog.envelope import CONTENT_TYPE
from shared.eventlog.faultpoint import reach
from shared.eventlog.relay import Outgoing
from shared.eventlog.stopping import raise_if_stopping

logger = logging.getLogger(__name__)

# ChannelInvalidStateError: aiormq derives it from RuntimeError, not from its AMQPError.
BROKER_ERRORS = (AMQPError, WireError, ChannelInvalidStateError, OSError, asyncio.TimeoutError)
CONFIRM_WITHIN = 10.0
CONNECT_WITHIN = 5.0
HEARTBEAT = 10
PREFETCH = 1000
DELIVERY_LIMIT = 20
WATCH_EVERY = 5.0
LOOKS = 2  # checks in a row without a message before the consumer counts as gone
HISTORY_BYTES = 20_000_000_000
PREVIOUS = "previous"  # header: leaf hash (hex) of the event before this one in its log


class Topology:
    """Names and arguments of all exchanges and queues, limited to what RabbitMQ 3.10 and 4.x both support."""

    def __init__(self, prefix: str = "guangcai") -> None:
        """`prefix` separates several installations on one vhost."""
        self.events = f"{prefix}.events"
        self.dead = f"{prefix}.dead"
        self.history = f"{prefix}.history"
        self._prefix = prefix

    def queue(self, service: str) -> str:
        """The one queue of a consuming service."""
        return f"{self._prefix}.{service}"

    def queue_arguments(self) -> dict[str, Any]:
        """A quorum queue with a single active consumer; rejected or too often redelivered messages are dead-lettered at least once."""
        return {
            "x-queue-type": "quorum",
            "x-single-active-consumer": True,
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": self.dead,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }

    async def declare(self, channel: AbstractChannel, service: str | None = None, sources: Iterable[str] = ()) -> None:
        """Declare the exchanges and dead letters, and the queue of `service` bound to all of its `sources`."""
        exchange = await channel.declare_exchange(self.events, aio_pika.ExchangeType.TOPIC, durable=True)
        dead = await channel.declare_exchange(self.dead, aio_pika.ExchangeType.TOPIC, durable=True)
        dead_letters = await channel.declare_queue(self.dead, durable=True, arguments={"x-queue-type": "quorum"})
        await dead_letters.bind(dead, "#")
        if service is not None:
            queue = await channel.declare_queue(self.queue(service), durable=True, arguments=self.queue_arguments())
            for source in sources:
                await queue.bind(exchange, f"{source}.#")

    async def keep_history(self, channel: AbstractChannel) -> None:
        """Declare the stream that keeps all events for other systems."""
        arguments = {"x-queue-type": "stream", "x-max-length-bytes": HISTORY_BYTES}
        history = await channel.declare_queue(self.history, durable=True, arguments=cast("Any", arguments))
        await history.bind(self.events, "#")


async def connect(url: str) -> AbstractConnection:
    """Open a connection; the caller closes it. Raises one of BROKER_ERRORS when that fails.

    A failed connection is closed, too: otherwise aio-pika closes it in a finaliser, in any thread that happens to collect garbage.
    """
    connection = aio_pika.Connection(aio_pika.connection.make_url(url, heartbeat=HEARTBEAT))
    try:
        await connection.connect(timeout=CONNECT_WITHIN)
    except BaseException:
        await drop(connection)
        raise
    return connection


async def drop(connection: AbstractConnection) -> None:
    """Close within two seconds, even when the broker does not answer."""
    with contextlib.suppress(*BROKER_ERRORS):
        async with asyncio.timeout(2):
            await connection.close()
    await connection.close()  # after a failed close this sends nothing, but without it aio-pika does not count the connection as closed


def routing_key(service: str, district: str, type_name: str) -> str:
    """`{service}.{district}.{EventName}`; never personal data."""
    return f"{service}.{district}.{type_name.split('.')[2]}"


class RabbitPublisher:
    """Publishes pages of the log: persistent, mandatory, confirmed, in order on one channel. Reconnects after any failure."""

    def __init__(self, url: str, service: str, topology: Topology) -> None:
        """Connects at the first page."""
        self._url = url
        self._service = service
        self._topology = topology
        self._connection: AbstractConnection | None = None
        self._channel: aiormq.Channel | None = None

    async def publish(self, district: str, page: Sequence[Outgoing]) -> int:
        """Publish and await all confirms (up to len(page) in flight); returns how many leading events were confirmed.

        Raises OSError, TimeoutError or an error of aio-pika when not even the first was confirmed.
        """
        try:
            async with asyncio.timeout(CONFIRM_WITHIN):
                channel = await self._open()
                results = await asyncio.gather(*(self._one(channel, district, each) for each in page), return_exceptions=True)
        except BaseException:
            await self.close()
            raise
        for number, result in enumerate(results):
            if isinstance(result, BaseException):
                await self.close()
                if number == 0:
                    raise result
                return number
        return len(results)

    async def _one(self, channel: aiormq.Channel, district: str, each: Outgoing) -> None:
        properties = aiormq.spec.Basic.Properties(
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=f"{self._service}/{district}/{each.sequence}",
            message_type=each.type,
            app_id="guangcai",
            headers={PREVIOUS: each.previous.hex()},
        )
        key = routing_key(self._service, district, each.type)
        # `wait` concerns flushing the socket, not the confirm. Exchange.publish of aio-pika would flush once per message.
        await channel.basic_publish(
            each.body, exchange=self._topology.events, routing_key=key, properties=properties, mandatory=True, wait=False
        )
        reach("relay.published")  # this event is confirmed, others of the page are not yet

    async def _open(self) -> aiormq.Channel:
        if self._channel is None:
            self._connection = await connect(self._url)
            channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            await self._topology.declare(channel)
            await self._topology.keep_history(channel)
            self._channel = cast("aiormq.Channel", await channel.get_underlay_channel())
        return self._channel

    async def close(self) -> None:
        """Drop the connection; the next page opens a new one."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            await drop(connection)


Offer = Callable[[Delivery], Awaitable[None]]


def make_broker(url: str, service: str, topology: Topology) -> RabbitBroker:
    """The FastStream broker of one service, with its inbox and its events for AsyncAPI; it does not connect yet.

    The inbox has manual acknowledgement; `Receiver` reads it straight from the queue (ADR 0013). `Topology.declare` declares everything
    beforehand, so FastStream declares nothing.
    """
    broker = RabbitBroker(
        url,
        default_channel=Channel(prefetch_count=PREFETCH),
        logger=None,
        graceful_timeout=2.0,
        apply_types=False,
        specification_url="amqp://localhost:5672",  # not the real URL, which holds a password
    )
    exchange = RabbitExchange(topology.events, type=ExchangeType.TOPIC, durable=True, declare=False)

    @broker.subscriber(
        inbox(topology, service),
        exchange,
        ack_policy=AckPolicy.MANUAL,
        title=f"{service}.inbox",
        description="Every event of the service's sources",
    )
    async def on_event(message: RabbitMessage) -> None:
        await message.nack()  # this subscriber is never started; should a message arrive all the same, it returns to the queue

    del on_event
    for event in published_events(service):
        key = routing_key(service, "*", event.type_name())
        broker.publisher(exchange=exchange, routing_key=key, title=event.__name__, schema=event, description=docstring(event))
    return broker


def inbox(topology: Topology, service: str) -> RabbitQueue:
    """The one queue of `service` for FastStream; `Topology.declare` declares it."""
    return RabbitQueue(topology.queue(service), queue_type=QueueType.QUORUM, durable=True, declare=False, routing_key="#")


def delivery_of(message: aiormq.abc.DeliveredMessage) -> Delivery:
    """A received message in the form of the ordered consumer.

    Settling on a lost connection does nothing, because the broker redelivers the message.
    """
    channel, tag = message.channel, cast("int", message.delivery_tag)

    async def acknowledge() -> None:
        with contextlib.suppress(*BROKER_ERRORS):
            await channel.basic_ack(tag, multiple=True)

    async def reject() -> None:
        with contextlib.suppress(*BROKER_ERRORS):
            await channel.basic_reject(tag, requeue=False)

    return Delivery(message.body, acknowledge, reject, _previous(message))


def _previous(message: aiormq.abc.DeliveredMessage) -> bytes | None:
    try:
        return bytes.fromhex(cast("str", (message.header.properties.headers or {})[PREVIOUS]))
    except (KeyError, TypeError, ValueError):
        return None  # a message of somebody else: the feed is asked


class Receiver:
    """Keeps a queue consumed through a FastStream broker: declares the topology, connects, and reconnects when messages stop arriving.

    After a reconnect a consumer can be gone while its queue fills. The feeds bring the events even then; the watchdog restores the bus.
    """

    def __init__(
        self, url: str, service: str, sources: Sequence[str], topology: Topology, make: Callable[[], RabbitBroker], offer: Offer
    ) -> None:
        """`make` builds a new broker; the messages of the service's inbox go to `offer` in the order of arrival."""
        self._url = url
        self._service = service
        self._sources = sources
        self._topology = topology
        self._make = make
        self._offer = offer
        self.received = 0  # messages since the start of this process
        self.is_attached = False

    async def _receive(self, message: aiormq.abc.DeliveredMessage) -> None:
        self.received += 1
        await self._offer(delivery_of(message))

    async def run(self) -> None:
        """Consume until cancelled."""
        while True:
            broker = self._make()
            try:
                connection = await connect(self._url)
                try:
                    await self._consume(connection, broker)
                finally:
                    await drop(connection)
            except Exception as error:  # noqa: BLE001 - whatever the client library raises, reconnect
                raise_if_stopping()
                logger.warning("receiver interrupted", extra={"code": type(error).__name__})
            finally:
                self.is_attached = False
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(5):
                        await broker.stop()
            await asyncio.sleep(1)

    async def _consume(self, connection: AbstractConnection, broker: RabbitBroker) -> None:
        channel = await connection.channel()
        await self._topology.declare(channel, self._service, self._sources)
        await broker.connect()
        queue = await broker.declare_queue(inbox(self._topology, self._service))
        # One layer below aio-pika's message objects: only body and delivery tag are needed (ADR 0013).
        wire = await queue.channel.get_underlay_channel()
        await wire.basic_consume(queue.name, self._receive)
        self.is_attached = True
        await self._watch(channel)

    async def _watch(self, channel: AbstractChannel) -> None:
        """Return when the queue holds messages but none has arrived between LOOKS checks in a row."""
        seen, silent = -1, 0
        while silent < LOOKS:
            await asyncio.sleep(WATCH_EVERY)
            queue = await channel.declare_queue(self._topology.queue(self._service), passive=True, durable=True)
            is_waiting = bool(queue.declaration_result.message_count)
            silent = silent + 1 if is_waiting and self.received == seen else 0
            seen = self.received
        logger.warning("queue holds messages and none arrives: consuming anew", extra={"count": seen})
