"""Two processes of one service: who waits hears of the other's work, and who stands still holds up nobody."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from uuid import uuid4

import aio_pika
import asyncpg
import pytest

from ops.provision import Database as Provisioned
from ops.servers import LocalServers
from shared.eventlog.bell import Bell
from shared.eventlog.consume import Delivery, OrderedConsumer
from shared.eventlog.database import Database, is_passing
from shared.eventlog.lease import LEASE, Lease, LeaseLost
from shared.eventlog.log import EventLog, Page
from shared.eventlog.relay import ADVANCE, JOB, Outgoing, Relay
from shared.messaging import Topology
from tests.shared.eventlog.ledger import SCHEMA, SERVICE, LogSource, count, project, react
from tests.shared.eventlog.test_relay import caught_up, receive, relay_process

HOLDER = "SELECT holder FROM leases WHERE job = $1"


async def append(log: EventLog, district: str, *numbers: int) -> None:
    for number in numbers:
        await log.append(district, [count(f"{district}/{number}", f"{district}/{number}", 0, 1, district=district)])


def consuming(store: Database, log: EventLog) -> OrderedConsumer:
    return OrderedConsumer(store, LogSource(log), [SERVICE], project, react)


@asynccontextmanager
async def belled(store: Database, consumer: OrderedConsumer) -> AsyncIterator[None]:
    """The consumer with the bell of its process."""
    bell = Bell(store, SERVICE, on_read=consumer.wake)
    consumer.on_move = bell.tell_read
    task = asyncio.create_task(bell.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_who_does_not_consume_sees_at_once_what_another_process_has_applied(store: Database, log: EventLog) -> None:
    active, idle = consuming(store, log), consuming(store, log)
    await append(log, "seen", 1, 2)
    await active.catch_up()
    began = monotonic()
    assert await idle.wait_for((SERVICE, "seen"), 2, 5.0)
    assert monotonic() - began < 1


async def test_who_does_not_consume_is_told_when_another_process_applies_it(
    store: Database, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.eventlog.consume.LOOK_EVERY", 60.0)  # only a notification can wake it
    active, idle = consuming(store, log), consuming(store, log)
    async with belled(store, active), belled(store, idle):
        waiting = asyncio.create_task(idle.wait_for((SERVICE, "told"), 1, 20.0))
        await append(log, "told", 1)
        while not waiting.done():  # until the bells listen, notifications are lost: move once more
            await active.catch_up()
            await asyncio.wait([waiting], timeout=0.2)
            active.on_move("told")
        assert await waiting


async def test_a_position_that_nobody_reaches_is_given_up(store: Database, log: EventLog) -> None:
    assert not await consuming(store, log).wait_for((SERVICE, "never"), 1, 0.1)


async def test_an_interruption_does_not_overstate_the_lag(store: Database, log: EventLog) -> None:
    consumer, district = consuming(store, log), "interrupted"
    await append(log, district, 1, 2, 3)
    await consumer.catch_up()
    running = asyncio.create_task(consumer.run())

    async def fail() -> None:
        raise OSError("broken")

    body = (await log.page(district, 0, 1)).bodies[0]
    await consumer.offer(Delivery(body, fail, fail))
    while consumer._marks:  # noqa: ASYNC110 - cleared by the interruption, which tells nobody
        await asyncio.sleep(0.01)
    assert consumer.progress.lag() == 0
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class ForeignFeed(LogSource):
    """The feed refuses one district, which is not one of its own."""

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        if district == "foreign":
            raise OSError("404")
        return await super().read(service, district, after, limit)


async def test_a_lone_foreign_message_holds_up_no_other_district(
    store: Database, log: EventLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr("shared.eventlog.consume.POLL", 0.1)
    district = "native"
    consumer = OrderedConsumer(store, ForeignFeed(log), [SERVICE], project, react)
    await append(log, district, 1)
    body = (await log.page(district, 0, 1)).bodies[0].replace(b"/districts/native/", b"/districts/foreign/")
    running = asyncio.create_task(consumer.run())
    await consumer.offer(Delivery(body, _nothing, _nothing))
    await append(log, district, 2, 3)
    assert await consumer.wait_for((SERVICE, district), 3, 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def _nothing() -> None: ...


@pytest.mark.parametrize("name", ["../north", "North", "a'b", "x" * 65, "a%2Fb", "é"])
async def test_a_message_of_what_can_be_no_district_is_dead_lettered(store: Database, log: EventLog, name: str) -> None:
    await append(log, "odd", *([1] if not (await log.heads()).get("odd") else []))
    body = (await log.page("odd", 0, 1)).bodies[0].replace(b"/districts/odd/", f"/districts/{name}/".encode())
    settled: list[str] = []

    async def acknowledge() -> None:
        settled.append("acknowledged")

    async def reject() -> None:
        settled.append("rejected")

    await consuming(store, log).take([Delivery(body, acknowledge, reject)])
    assert settled == ["rejected"]


# Leases


async def test_a_lease_is_taken_over_only_when_its_holder_stands_still(store: Database) -> None:
    first, second = Lease("job"), Lease("job")
    async with store.connection() as one, store.connection() as two:
        assert await first.take(one)
        assert not await second.take(two)
        await asyncio.sleep(0)
        await one.execute("SELECT set_config('guangcai.district', '*', false)")
        await one.execute("UPDATE leases SET until = clock_timestamp() - interval '1 second' WHERE job = 'job'")
        await one.execute("SELECT set_config('guangcai.district', '', false)")
        assert await second.take(two)
        with pytest.raises(LeaseLost):
            await first.renew(one)


async def test_long_work_keeps_its_lease_and_loses_it_with_the_connection(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.eventlog.lease.LEASE", 0.3)
    first, second = Lease("long"), Lease("long")
    async with store.connection() as one, store.connection() as two:
        assert await first.take(one)
        work = asyncio.create_task(first.during(one, asyncio.sleep(1.0, "done")))
        while not work.done():
            assert not await second.take(two)
            await asyncio.wait([work], timeout=0.05)
        assert work.result() == "done"
        with pytest.raises(ZeroDivisionError):
            await first.during(one, _failing())


async def _failing() -> None:
    raise ZeroDivisionError


async def test_the_cursor_moves_only_for_the_leader(store: Database, log: EventLog) -> None:
    await append(log, "led", 1, 2)
    async with store.connection() as connection:
        leader, other = uuid4(), uuid4()
        assert await connection.fetchval("SELECT try_lead($1, $2, $3)", "fence", leader, 60.0)
        assert not await connection.fetchval(ADVANCE, "fence", other, "led", 0, 1)
        assert await connection.fetchval(ADVANCE, "fence", leader, "led", 0, 1)
        assert not await connection.fetchval(ADVANCE, "fence", leader, "led", 0, 2)


class Stuck:
    """A broker that never confirms."""

    async def publish(self, _district: str, _page: Sequence[Outgoing]) -> int:
        await asyncio.Event().wait()
        return 0


async def test_every_process_measures_the_lag(store: Database, log: EventLog) -> None:
    bell = Bell(store, SERVICE)
    relays = [Relay(store, SERVICE, Stuck(), bell, poll=0.05) for _ in range(2)]
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    await append(log, "lagging", 1, 2, 3)
    async with asyncio.timeout(20):
        while any(relay.lag < 3 for relay in relays if not relay.is_leading) or not any(relay.is_leading for relay in relays):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_frozen_leader_of_the_relay_is_replaced(
    store: Database, log: EventLog, database: Provisioned, servers: LocalServers, vhost: str
) -> None:
    district, url = "frozen", servers.amqp_url(SCHEMA, vhost)
    async with await aio_pika.connect(url) as connection:
        await Topology().declare(await connection.channel(), SCHEMA, [SERVICE])
    relays = [await relay_process(database.url(SCHEMA), url) for _ in range(2)]
    try:
        received: list[bytes] = []
        await append(log, district, 1, 2)
        async with asyncio.timeout(30):
            await receive(url, district, received, 2)
        async with store.connection() as admin:
            await admin.execute("SELECT set_config('guangcai.district', '*', false)")
            holders = [await admin.fetchval(HOLDER, JOB)]
            # Which of the two processes it is, only freezing tells: freeze one after the other, at most one of them leads.
            for relay in relays:
                os.kill(relay.pid, signal.SIGSTOP)
                await append(log, district, *range(100 * relay.pid, 100 * relay.pid + 3))
                async with asyncio.timeout(LEASE + 20):
                    await receive(url, district, received, len(set(received)) + 3)
                os.kill(relay.pid, signal.SIGCONT)
                holders.append(await admin.fetchval(HOLDER, JOB))
            await admin.execute("SELECT set_config('guangcai.district', '', false)")
        assert len(set(received)) == 8
        assert len(set(holders)) == 2
        await caught_up(store, district, 8)
    finally:
        for relay in relays:
            relay.kill()
            await relay.wait()


# Transactions of a process that stands still


async def test_an_idle_transaction_releases_its_locks(store: Database) -> None:
    async with store.connection() as connection:
        assert await connection.fetchval("SHOW idle_in_transaction_session_timeout") == "10s"
    assert is_passing(asyncpg.IdleInTransactionSessionTimeoutError("too long"))
