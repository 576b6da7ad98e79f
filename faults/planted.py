"""Realistic defects, each planted in one service process by replacing a function before its application is built.

Production code has no switch for this: a patch is applied in a child of the nursery and ends with it.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import aiormq
import asyncpg
import orjson

from shared import messaging
from shared.eventlog import consume, database, lease, relay
from shared.eventlog.commands import Commands, GroupCommit, StaleVersion
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.envelope import Recorded
from shared.eventlog.feeds import Feeds
from shared.eventlog.log import Accepted, Append, EventLog, Mark, Outcome
from shared.eventlog.relay import Relay
from shared.eventlog.start_over import Lane
from shared.http import endpoints as web
from shared.messaging import RabbitPublisher, routing_key
from shared.runtime import operations, service

PATIENCE = 60.0  # a far too generous timeout in seconds
LEAKED = 30  # connections
EVERY = 5


def cursor_before_confirm() -> None:
    """The relay moves its cursor before it publishes."""

    async def relay_page(self: Relay, connection: asyncpg.Connection, cursors: dict[str, int], district: str) -> bool:
        position = cursors[district]
        rows = await connection.fetch(relay.PAGE, district, position, self._page)
        cursors[district] = rows[-1]["sequence"]
        await connection.fetchval(relay.ADVANCE, relay.JOB, self._lease.holder, district, position, cursors[district])
        relay.reach("relay.read")
        await self._publisher.publish(district, [relay.Outgoing(*row.values()) for row in rows])
        return True

    Relay._relay_page = relay_page


def unroutable_is_sent() -> None:
    """An unroutable message counts as confirmed."""

    async def one(self: RabbitPublisher, channel: Any, district: str, each: relay.Outgoing) -> None:
        properties = aiormq.spec.Basic.Properties(message_id=f"{self._service}/{district}/{each.sequence}")
        key = routing_key(self._service, district, each.type)
        await channel.basic_publish(each.body, exchange=self._topology.events, routing_key=key, properties=properties, mandatory=False)

    RabbitPublisher._one = one


def bytes_made_again() -> None:
    """The relay re-serialises events instead of publishing the stored bytes."""
    publish = RabbitPublisher.publish

    async def made_again(self: RabbitPublisher, district: str, page: Sequence[relay.Outgoing]) -> int:
        again = [each._replace(body=orjson.dumps(orjson.loads(each.body), option=orjson.OPT_SORT_KEYS)) for each in page]
        return await publish(self, district, again)

    RabbitPublisher.publish = made_again


def cursor_goes_back() -> None:
    """Now and then the relay moves its cursor back by a few events with an UPDATE, to be on the safe side."""
    page, pages = Relay._relay_page, [0]

    async def relay_page(self: Relay, connection: asyncpg.Connection, cursors: dict[str, int], district: str) -> bool:
        has_moved = await page(self, connection, cursors, district)
        pages[0] += 1
        if pages[0] % EVERY == 0:
            async with connection.transaction():
                await connection.execute("SELECT set_config('guangcai.district', $1, true)", district)
                update = "UPDATE relay_cursor SET position = greatest(0, position - 3) WHERE district = $1 RETURNING position"
                cursors[district] = await connection.fetchval(update, district)
        return has_moved

    Relay._relay_page = relay_page


def relay_gives_up() -> None:
    """The relay's task ends at its first error."""

    async def run(self: Relay) -> None:
        await self._lead(await self._database.dedicated())

    Relay.run = run


def connections_leak() -> None:
    """Every round of the relay opens a connection and never closes it."""
    round_, leaked = Relay._round, []

    async def leaking(self: Relay, connection: asyncpg.Connection, cursors: dict[str, int]) -> bool:
        if len(leaked) < LEAKED:
            leaked.append(await self._database.dedicated())
        return await round_(self, connection, cursors)

    Relay._round = leaking


def checkpoint_apart() -> None:
    """The checkpoint is committed before the rows, in a separate transaction."""
    from services.evaluation.app import FEATURES  # noqa: PLC0415 - this defect only

    projections = [each.projections for each in FEATURES]

    def writes(event: Recorded) -> Iterator[Any]:
        if data := event.data:
            for listed in projections:
                if projection := listed.get(type(data)):
                    yield from projection(event, data)

    async def apply(self: OrderedConsumer, lane: Lane, mark: Mark, run: Sequence[Recorded]) -> Mark:
        async with self._database.district(lane[1]) as tx:
            await self._begin(tx, lane, mark, run)
        if any(any(writes(event)) for event in run):  # die only where rows would be lost
            consume.reach("consumer.before_commit")
        async with self._database.district(lane[1]) as tx:
            await self._effects(tx, run)
        return await self._moved(lane, run)

    OrderedConsumer._apply = apply


def gaps_are_skipped() -> None:
    """The consumer applies any event with a higher sequence, without looking for gaps."""

    async def advance(self: OrderedConsumer, lane: Lane, events: dict[int, Recorded]) -> None:
        mark = await self._mark(lane)
        run = [events[sequence] for sequence in sorted(events) if sequence > mark.sequence]
        if run:
            async with self._database.district(lane[1]) as tx:
                await self._begin(tx, lane, mark, run)
                await self._effects(tx, run)
            await self._moved(lane, run)

    OrderedConsumer._advance = advance


def time_tells_duplicates() -> None:
    """An event whose time is not later than the last one's counts as a duplicate."""
    effects, newest = OrderedConsumer._effects, {}

    async def younger(self: OrderedConsumer, tx: asyncpg.Connection, run: Sequence[Recorded]) -> None:
        fresh: list[Recorded] = []
        for event in run:
            last: datetime | None = newest.get((event.service, event.district))
            if last is None or event.time > last:
                newest[event.service, event.district] = event.time
                fresh.append(event)
        if fresh:
            await effects(self, tx, fresh)

    OrderedConsumer._effects = younger


def poison_is_swallowed() -> None:
    """An event that cannot be applied is dropped instead of parked."""
    consume.PARK = "SELECT $1::text, $2::text, $3::bigint, $4::text, $5::text, $6::bytea"


def garbage_is_acknowledged() -> None:
    """A message that is no event is acknowledged instead of dead-lettered."""
    delivery_of = messaging.delivery_of

    def kindly(message: Any) -> consume.Delivery:
        delivery = delivery_of(message)
        return consume.Delivery(delivery.body, delivery.acknowledge, delivery.acknowledge)

    messaging.delivery_of = kindly


def keys_are_ignored() -> None:
    """The idempotency key of a request is ignored; every attempt becomes a new command."""

    class Renamed:
        def __init__(self, app: Any) -> None:
            self._app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                kept = [header for header in scope["headers"] if header[0] != b"idempotency-key"]
                scope["headers"] = [*kept, (b"idempotency-key", str(uuid4()).encode())]
            await self._app(scope, receive, send)

    _wrap_application(Renamed)


def answered_before_commit() -> None:
    """A command is answered when it is queued for the log, before the commit."""
    append, tasks = GroupCommit.append, set()

    async def queued(self: GroupCommit, command: Append) -> Outcome:
        async def later() -> None:
            await asyncio.sleep(0.3)  # as if the batch took longer
            await append(self, command)

        tasks.add(task := asyncio.create_task(later()))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return Accepted(1)

    GroupCommit.append = queued


def refused_after_commit() -> None:
    """Now and then the expected version is checked only after the commit, and the command is refused."""
    handle, handled = Commands.handle, [0]

    async def late(self: Commands, *arguments: Any, **options: Any) -> Any:
        result = await handle(self, *arguments, **options)
        handled[0] += 1
        if handled[0] % EVERY == 0:
            raise StaleVersion(result.version, result.version - 1)
        return result

    Commands.handle = late


def waits_for_ever() -> None:
    """Timeouts are so generous that requests hang instead of failing."""
    for constructor, option in ((Database.__init__, "timeout"), (Commands.__init__, "within")):
        constructor.__kwdefaults__ = (constructor.__kwdefaults__ or {}) | {option: PATIENCE}
    web.READ_WITHIN = PATIENCE


def feed_shows_everything() -> None:
    """The feed checks the role but not the district."""
    may_read = operations.may_read_feed

    def of_any_district(request: web.Request) -> str:
        may_read(request)
        return "*"

    operations.may_read_feed = of_any_district


def places_are_not_counted() -> None:
    """A post accepts two more claims than it has places."""
    from services.activities.posts import post  # noqa: PLC0415 - this defect only
    from services.activities.posts.state import Open  # noqa: PLC0415 - this defect only

    claim = post.claim

    def roomy(command: Any, state: Any) -> Any:
        if isinstance(state, Open):
            state = replace(state, terms=state.terms.model_copy(update={"capacity": state.terms.capacity + 2}))
        return claim(command, state)

    post.claim = roomy


def notices_have_new_names() -> None:
    """The id of a notice is random, so that performing its intent again creates another notice."""
    from services.notifications import reactions  # noqa: PLC0415 - this defect only

    reactions.notification_id = lambda _command: uuid4()


def leases_never_end() -> None:
    """A process leads until it ends, as with a lock of its session."""
    lease.LEASE = 3600.0


def checkpoints_are_not_fenced() -> None:
    """A consumer moves the checkpoint wherever another process has left it."""
    consume.BEGIN_RUN = consume.BEGIN_RUN.replace(
        "WHERE checkpoints.position = $3 AND checkpoints.leaf_hash = $6", "WHERE $3 >= 0 AND $6::bytea IS NOT NULL"
    )


def loss_is_not_noticed() -> None:
    """A consumer takes it for granted that the event at its checkpoint is still in the log."""

    async def has(self: Feeds, lane: Lane, mark: Mark) -> bool:
        del self, lane, mark
        return True

    Feeds.has = has


def seen_events_are_forgotten() -> None:
    """A process appends behind what it remembers of a stream, without a look whether the log still has it."""

    def learn(self: EventLog, district: str, mark: Mark, epoch: int) -> None:
        del self, district, mark, epoch

    EventLog._learn = learn


def intents_wait_in_memory() -> None:
    """What events cause is stored a second later, apart from the checkpoint: a kill forgets it."""
    store, tasks = consume.store_intents, set()

    async def effects(self: OrderedConsumer, tx: asyncpg.Connection, run: Sequence[Recorded]) -> None:
        await self._project(tx, run)
        by_district = {event.district: [] for event in run}
        for event in run:
            by_district[event.district] += [(event, intent) for intent in self._react(event)] if self._react else []

        async def later(district: str, intents: list[Any]) -> None:
            await asyncio.sleep(1)
            async with self._database.district(district) as later_tx:
                await store(later_tx, intents)
            self._on_intents()

        tasks.update(asyncio.create_task(later(*each)) for each in by_district.items() if each[1])

    OrderedConsumer._effects = effects


def full_disk_is_unforeseen() -> None:
    """A full disk counts as a mistake in the statement, not as a state that passes."""
    database._PASSING_CLASSES = tuple(each for each in database._PASSING_CLASSES if each != "53")


def broker_errors_are_ignored() -> None:
    """The relay counts what the broker did not take as sent."""
    publish = RabbitPublisher.publish

    async def careless(self: RabbitPublisher, district: str, page: Sequence[relay.Outgoing]) -> int:
        try:
            return await publish(self, district, page)
        except messaging.BROKER_ERRORS:
            return len(page)

    RabbitPublisher.publish = careless


def letters_are_sent_again() -> None:
    """A letter is marked as being sent only after it has been sent."""
    from services.notifications import letters  # noqa: PLC0415 - this defect only

    async def begin(_call: Any, _notice: Any) -> bool:
        return True

    conclude = letters._conclude

    async def begun_and_concluded(outcome: Any, notices: Any, call: Any, step: str) -> None:
        await letters._record_all(call, notices, letters.BeginAttempt(), step)
        await conclude(outcome, notices, call, step)

    letters._begin, letters._conclude = begin, begun_and_concluded


def _wrap_application(middleware: type[Any]) -> None:
    build_app: Callable[..., Any] = service.build_app

    def wrapped(*arguments: Any, **options: Any) -> Any:
        app = build_app(*arguments, **options)
        app.add_middleware(middleware)
        return app

    for module in list(sys.modules.values()):
        if getattr(module, "build_app", None) is build_app:
            module.build_app = wrapped  # pyright: ignore[reportAttributeAccessIssue]  # a module that imported it


PLANTED: Mapping[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        cursor_before_confirm,
        unroutable_is_sent,
        bytes_made_again,
        cursor_goes_back,
        relay_gives_up,
        connections_leak,
        checkpoint_apart,
        gaps_are_skipped,
        time_tells_duplicates,
        poison_is_swallowed,
        garbage_is_acknowledged,
        keys_are_ignored,
        answered_before_commit,
        refused_after_commit,
        waits_for_ever,
        feed_shows_everything,
        places_are_not_counted,
        notices_have_new_names,
        leases_never_end,
        checkpoints_are_not_fenced,
        loss_is_not_noticed,
        seen_events_are_forgotten,
        intents_wait_in_memory,
        full_disk_is_unforeseen,
        broker_errors_are_ignored,
        letters_are_sent_again,
    )
}
