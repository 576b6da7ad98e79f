"""Puts one service together: pool, log, commands, relay, ordered consumer, performer, feed, probes, metrics.

A service states what it is in a ServiceDefinition; everything here is the same for all of them.
"""

import asyncio
import gc
import json
import logging
import secrets
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import httpx2
from fastapi import FastAPI

from shared.eventlog.bell import Bell
from shared.eventlog.commands import Commands
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.feed import FeedClient
from shared.eventlog.feeds import Source
from shared.eventlog.intents import Pending, Performer
from shared.eventlog.log import EventLog
from shared.eventlog.migrate import migrate
from shared.eventlog.relay import Relay
from shared.http.door import Doors
from shared.http.endpoints import Call, Clock, Runtime
from shared.http.openapi import describe_for_clients
from shared.http.problems import install_problems
from shared.identity import Principal, Role, TokenVerifier
from shared.messaging import RabbitPublisher, Receiver, Topology
from shared.observability import Metrics, configure_logging, configure_tracing
from shared.runtime.definition import ServiceDefinition
from shared.runtime.operations import operations_router
from shared.runtime.parts import Parts
from shared.runtime.settings import Settings

logger = logging.getLogger(__name__)

FEED_TIMEOUT = 10.0


def utc_now() -> datetime:
    """The system clock: the only place outside tests where a service reads it."""
    return datetime.now(UTC)


def build_app(
    definition: ServiceDefinition, settings: Settings, *, clock: Clock = utc_now, source: Source | None = None, in_background: bool = True
) -> FastAPI:
    """The ASGI application of one service. Tests replace the feeds of other services by `source`, and move the consumer and the
    performer themselves (`in_background` False).

    Nothing connects before the application starts; while it runs, a missing database or broker is waited out and shown in /readyz.
    """
    configure_tracing(definition.name, settings.otlp_endpoint)
    metrics = Metrics(definition.name)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        configure_logging(definition.name, settings.log_level)
        async with AsyncExitStack() as stack:
            parts = await _assemble(stack, app, definition, settings, clock, source)
            app.state.parts = parts
            if definition.resources is not None:
                await stack.enter_async_context(definition.resources(app, settings))
            await stack.enter_async_context(_running(_tasks(parts) if in_background else ()))
            if in_background:
                gc.freeze()  # what is there at the start stays: a full collection went through all of it, 130 ms in activities
            yield

    # The routes themselves: an included router keeps a second description of each (6 MB in activities) and matches every path anew.
    routes = [*definition.routes, *operations_router(definition.name, metrics).routes]
    doors = Doors(settings.limits, monotonic)
    app = FastAPI(
        title=definition.title,
        version="1",
        description=settings.limits.described(),
        lifespan=lifespan,
        routes=doors.before(routes),
        separate_input_output_schemas=False,
    )
    app.state.definition = definition
    app.state.metrics = metrics
    describe_for_clients(app, definition.name)
    install_problems(app, definition.name)
    app.add_middleware(metrics.asgi_middleware)
    return app


async def _assemble(
    stack: AsyncExitStack, app: FastAPI, definition: ServiceDefinition, settings: Settings, clock: Clock, source: Source | None
) -> Parts:
    if settings.migration_database_url is not None:
        await migrate(settings.migration_database_url.get_secret_value(), definition.name, definition.folder)
    name = definition.name
    database = await stack.enter_async_context(
        Database(
            settings.database_url.get_secret_value(), search_path=f"{name}_read,{name}", size=settings.pool_size, name=f"guangcai {name}"
        )
    )
    log = EventLog(database, name)
    if source is None:
        client = await stack.enter_async_context(httpx2.AsyncClient(timeout=FEED_TIMEOUT))
        token = settings.service_token.get_secret_value() if settings.service_token else ""
        source = FeedClient(client, settings.feed_urls, token, own=log)
    commands = Commands(log)

    def wake() -> None:
        parts.performer.wake()  # put together further down

    consumer = OrderedConsumer(database, source, definition.sources, definition.project, definition.react, on_intents=wake)
    if settings.simulated_clock:
        consumer.on_time = wake  # a simulated day begins with an event, not with the clock's next tick
    runtime = Runtime(
        service=name,
        commands=commands,
        database=database,
        consumer=consumer,
        verifier=TokenVerifier(json.loads(settings.token_public_key.read_text())),
        clock=clock,
        is_clock_simulated=settings.simulated_clock,
        command_key=_command_key(settings),
        resources=app.state,
        member_rows=definition.member_rows,
    )
    app.state.runtime = runtime
    parts = Parts(settings, definition, database, log, _bell(database, name, consumer), commands, consumer, _performer(definition, runtime))
    _attach_bus(parts)
    return parts


def _bell(database: Database, name: str, consumer: OrderedConsumer) -> Bell:
    bell = Bell(database, name, on_read=consumer.wake)
    consumer.on_move = bell.tell_read
    return bell


def _command_key(settings: Settings) -> bytes:
    if settings.command_key is not None:
        return settings.command_key.get_secret_value().encode()
    logger.warning("no GUANGCAI_COMMAND_KEY: a retry that reaches another process, or comes after a restart, is refused")
    return secrets.token_bytes(32)


def _performer(definition: ServiceDefinition, runtime: Runtime) -> Performer:
    async def perform(pending: Pending) -> None:
        principal = Principal(f"service:{definition.name}", pending.district, frozenset({Role.SERVICE}))
        # The due time, not the clock: every attempt then makes the same events at the same business time.
        call = Call(
            runtime=runtime,
            principal=principal,
            district=pending.district,
            now=pending.intent.due,
            key=pending.command_id,
            causation_id=pending.event_id,
        )
        await definition.perform(pending.intent, call)

    return Performer(
        runtime.database,
        perform,
        districts=lambda: {district for _, district in runtime.consumer.progress.heads},
        business_now=runtime.business_now,
        now=runtime.clock,
    )


def _attach_bus(parts: Parts) -> None:
    settings, definition = parts.settings, parts.definition
    if settings.amqp_url is None:
        return
    url, topology = settings.amqp_url.get_secret_value(), Topology(settings.amqp_prefix)
    parts.relay = Relay(parts.database, definition.name, RabbitPublisher(url, definition.name, topology), parts.bell)
    parts.receiver = Receiver(
        url, definition.name, definition.sources, topology, lambda: definition.broker(url, topology), parts.consumer.offer
    )


def _tasks(parts: Parts) -> Sequence[Coroutine[Any, Any, None]]:
    tasks = [parts.bell.run(), parts.consumer.run(), parts.performer.run()]
    if parts.relay is not None and parts.receiver is not None:
        tasks += [parts.relay.run(), parts.receiver.run()]
    return tasks


@asynccontextmanager
async def _running(coroutines: Sequence[Coroutine[Any, Any, None]]) -> AsyncGenerator[None]:
    """Run the background tasks; a task that ends is a defect and is logged as one (readiness shows the lag)."""
    tasks = [asyncio.create_task(each, name=each.__qualname__) for each in coroutines]
    for task in tasks:
        task.add_done_callback(_report)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("background task ended", exc_info=task.exception(), extra={"kind": task.get_name()})
