"""A log that has lost its last events, while services run: nobody builds on what is gone, and every read model becomes its fold again."""

from dataclasses import dataclass, field
from uuid import uuid4

import asyncpg
import pytest

from ops.provision import Database as Provisioned
from shared.eventlog.commands import Commands, StaleVersion
from shared.eventlog.consume import Delivery, OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.envelope import leaf_hash
from shared.eventlog.log import EventLog, LogLostEvents, Mark, Page
from shared.eventlog.relay import ADVANCE, CURSOR, JOB
from shared.eventlog.start_over import REBUILDING, REFUSE_REBUILDING, start_over
from tests.shared.eventlog.ledger import (
    ACCOUNT,
    POISON,
    SCHEMA,
    SERVICE,
    Count,
    LogSource,
    TooMuch,
    context,
    count,
    lose,
    project,
    react,
    uuid,
)


async def counted(commands: Commands, district: str, *amounts: int, account: str = "account") -> None:
    for amount in amounts:
        await commands.handle(ACCOUNT, uuid(account), Count(amount=amount), context(uuid4(), district))


async def totals(store: Database, district: str) -> dict[str, tuple[int, list[int]]]:
    async with store.district(district) as tx:
        return {row["stream"]: (row["total"], row["versions"]) for row in await tx.fetch("SELECT * FROM totals")}


def stream(account: str = "account") -> str:
    return f"account/{uuid(account)}"


async def settle() -> None: ...


# Commands


async def test_the_next_command_is_decided_on_what_is_left(store: Database, log: EventLog, database: Provisioned) -> None:
    district, commands = "left", Commands(EventLog(store, SERVICE))
    await counted(commands, district, 40, 50)
    await lose(database, district, 1)
    with pytest.raises(TooMuch):
        await counted(commands, district, 61)  # 40 are left
    done = await commands.handle(ACCOUNT, uuid("account"), Count(amount=60), context("left/60", district))
    assert (done.version, done.state) == (2, 100)
    assert [each.stream_version for each in (await log.page(district, 0, 9)).events()] == [1, 2]


@pytest.mark.parametrize("regrown", [1, 2, 3])
async def test_a_process_that_writes_past_the_lost_end_does_not_hide_it(store: Database, database: Provisioned, regrown: int) -> None:
    district, commands = f"past-{regrown}", Commands(EventLog(store, SERVICE))
    await counted(commands, district, 10, 10, 10)
    await lose(database, district, 1)
    await counted(Commands(EventLog(store, SERVICE)), district, *[1] * regrown, account="another")  # has never seen what is lost
    done = await commands.handle(ACCOUNT, uuid("account"), Count(amount=5), context(f"past/{regrown}", district))
    assert (done.version, done.state) == (2, 15)


async def test_states_are_read_anew_and_old_versions_are_stale(store: Database, database: Provisioned) -> None:
    district, commands = "states", Commands(EventLog(store, SERVICE))
    await counted(commands, district, 10, 10)
    await lose(database, district, 0)
    folded = await commands.state(ACCOUNT, uuid("account"), context("states/1", district))
    assert (folded.version, folded.state) == (0, 0)
    with pytest.raises(StaleVersion):
        await commands.handle(ACCOUNT, uuid("account"), Count(amount=1), context("states/2", district), expected_version=2)


async def test_a_batch_decided_on_lost_events_is_refused_as_a_whole_and_only_in_its_district(
    store: Database, database: Provisioned
) -> None:
    log = EventLog(store, SERVICE)
    for district in ("batch-lost", "batch-kept"):
        await log.append(
            district, [count(f"{district}/1", "a", 0, 1, district=district), count(f"{district}/2", "b", 0, 1, district=district)]
        )
    await lose(database, "batch-lost", 1)
    for district in ("batch-lost", "batch-kept"):
        batch = [count(f"{district}/3", "a", 1, 1, district=district), count(f"{district}/4", "c", 0, 1, district=district)]
        if district == "batch-kept":
            await log.append(district, batch)
        else:
            with pytest.raises(LogLostEvents):
                await log.append(district, batch)
    assert {name: (await log.heads())[name].sequence for name in ("batch-lost", "batch-kept")} == {"batch-lost": 1, "batch-kept": 4}
    assert dict(log.losses) == {"batch-lost": 1}


# Read models


def consuming(store: Database, log: EventLog) -> OrderedConsumer:
    return OrderedConsumer(store, LogSource(log), [SERVICE], project, react)


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize(("keep", "regrown"), [(3, 0), (3, 1), (3, 2), (1, 1), (1, 3), (0, 0), (0, 4), (0, 7)])
async def test_a_read_model_becomes_the_fold_of_what_is_left(
    store: Database, log: EventLog, database: Provisioned, keep: int, regrown: int, is_restarted: bool
) -> None:
    district = f"fold-{keep}-{regrown}-{is_restarted}".lower()
    await counted(Commands(EventLog(store, SERVICE)), district, 1, 2, 4, 8)
    consumer = consuming(store, log)
    await consumer.catch_up()
    await lose(database, district, keep)
    if regrown:
        await counted(Commands(EventLog(store, SERVICE)), district, *[14] * regrown, account="another")
    if is_restarted:
        consumer = consuming(store, log)
    await consumer.catch_up()
    expected = {stream(): (sum([1, 2, 4, 8][:keep]), list(range(1, keep + 1)))} if keep else {}
    if regrown:
        expected[stream("another")] = (14 * regrown, list(range(1, regrown + 1)))
    assert await totals(store, district) == expected
    assert consumer.progress.rebuilding == {}
    async with store.district(district, readonly=True, first=REFUSE_REBUILDING):
        pass


async def test_a_read_model_that_lost_its_own_end_with_its_checkpoint_is_brought_up_to_the_log(
    store: Database, log: EventLog, database: Provisioned
) -> None:
    district, consumer = "behind", consuming(store, log)
    await counted(Commands(log), district, 1, 2)
    await consumer.catch_up()
    at_two = await checkpoint(store, district)
    await counted(Commands(log), district, 4)
    await consumer.catch_up()
    connection = await asyncpg.connect(database.superuser_url)  # as after a failover: the event is kept, its application is not
    await connection.execute(f"UPDATE {SCHEMA}_read.totals SET total = 3, versions = '{{1,2}}' WHERE district = $1", district)
    await connection.execute(f"UPDATE {SCHEMA}_read.checkpoints SET position = $2, leaf_hash = $3 WHERE district = $1", district, *at_two)
    await connection.close()
    await consumer.catch_up()
    assert await totals(store, district) == {stream(): (7, [1, 2, 3])}
    assert consumer.progress.rebuilding == {}


async def checkpoint(store: Database, district: str) -> tuple[int, bytes]:
    async with store.district(district, readonly=True) as tx:
        return tuple(await tx.fetchrow("SELECT position, leaf_hash FROM checkpoints WHERE district = $1", district))


async def test_events_of_the_bus_are_not_applied_on_top_of_lost_ones(store: Database, log: EventLog, database: Provisioned) -> None:
    district, consumer = "bus-lost", consuming(store, log)
    await counted(Commands(EventLog(store, SERVICE)), district, 1, 2, 4)
    await consumer.catch_up()
    await lose(database, district, 2)
    await counted(Commands(EventLog(store, SERVICE)), district, 8, 16, account="another")
    page = await log.page(district, 3, 9)
    assert page.previous is not None
    await consumer.take([Delivery(page.bodies[0], settle, settle, page.previous)])  # sequence 4; 3 is another event than the one applied
    await consumer.catch_up()
    assert await totals(store, district) == {stream(): (3, [1, 2]), stream("another"): (24, [1, 2])}


async def test_a_late_message_of_the_lost_end_is_undone(store: Database, log: EventLog, database: Provisioned) -> None:
    district, consumer = "late", consuming(store, log)
    await counted(Commands(EventLog(store, SERVICE)), district, 1, 2)
    page = await log.page(district, 1, 1)
    await lose(database, district, 1)
    await consumer.catch_up()
    await consumer.take([Delivery(page.bodies[0], settle, settle, page.previous)])
    await consumer.catch_up()
    assert await totals(store, district) == {stream(): (1, [1])}


async def test_other_districts_and_their_readers_notice_nothing(store: Database, log: EventLog, database: Provisioned) -> None:
    consumer = consuming(store, log)
    for district in ("hurt", "whole"):
        await counted(Commands(EventLog(store, SERVICE)), district, 1, 2)
    await consumer.catch_up()
    await lose(database, "hurt", 1)
    mark = await consumer._mark((SERVICE, "hurt"))
    assert await start_over(store, (SERVICE, "hurt"), mark)
    with pytest.raises(asyncpg.PostgresError) as refused:
        async with store.district("hurt", readonly=True, first=REFUSE_REBUILDING):
            pass
    assert refused.value.sqlstate == REBUILDING
    async with store.district("whole", readonly=True, first=REFUSE_REBUILDING) as tx:
        assert await tx.fetchval("SELECT count(*) FROM totals") == 1
    assert not await start_over(store, (SERVICE, "hurt"), mark)  # another process has begun already


async def test_two_consumers_fold_the_district_anew_together(store: Database, log: EventLog, database: Provisioned) -> None:
    district, one, two = "together", consuming(store, log), consuming(store, log)
    await counted(Commands(EventLog(store, SERVICE)), district, 1, 2, 4)
    for consumer in (one, two):
        await consumer.catch_up()
    await lose(database, district, 1)
    await counted(Commands(EventLog(store, SERVICE)), district, 8, 16, account="another")
    await one.catch_up()
    await two.catch_up()
    assert await totals(store, district) == {stream(): (1, [1]), stream("another"): (24, [1, 2])}


async def test_what_was_parked_of_the_lost_end_is_forgotten(store: Database, log: EventLog, database: Provisioned) -> None:
    district, consumer = "lost-poison", consuming(store, log)
    await log.append(district, [count("lp", "account", 0, 1, POISON, district=district)])
    await consumer.catch_up()
    await lose(database, district, 1)
    await consumer.catch_up()
    async with store.district(district) as tx:
        assert await tx.fetchval("SELECT count(*) FROM parked") == 0


@dataclass
class HalfAway(LogSource):
    """Two producing services: the ledger, and one that can be out of reach."""

    asked: list[str] = field(default_factory=list[str])
    is_away: bool = True

    async def heads(self, service: str) -> dict[str, Mark]:
        if service == "elsewhere":
            if self.is_away:
                raise OSError(service)
            return {}
        return await super().heads(service)


async def test_a_district_is_shown_again_only_when_all_its_sources_were_folded(
    store: Database, log: EventLog, database: Provisioned
) -> None:
    district, source = "half-away", HalfAway(log)
    consumer = OrderedConsumer(store, source, ["elsewhere", SERVICE], project, react)
    await counted(Commands(EventLog(store, SERVICE)), district, 1, 2)
    await consumer.catch_up()
    assert await totals(store, district) == {stream(): (3, [1, 2])}  # a source out of reach stops no other
    await lose(database, district, 1)
    await consumer.catch_up()
    assert consumer.progress.rebuilding == {district: SERVICE}
    source.is_away = False
    await consumer.catch_up()
    assert consumer.progress.rebuilding == {}


# Feed and relay


async def test_pages_and_heads_name_the_event_before(store: Database, log: EventLog) -> None:
    district = "named"
    await counted(Commands(EventLog(store, SERVICE)), district, 1, 2, 4)
    bodies = (await log.page(district, 0, 9)).bodies
    hashes = [b"", *map(leaf_hash, bodies)]
    for after in range(3):
        assert await log.page(district, after, 9) == Page(hashes[after], bodies[after:])
    assert await log.page(district, 3, 9) == Page(None, [])
    assert (await log.heads())[district] == Mark(3, hashes[3])
    assert [event.previous for event in Page(b"x", bodies).events()] == [b"x", None, None]


async def test_the_relay_publishes_what_took_the_place_of_lost_events(store: Database, log: EventLog, database: Provisioned) -> None:
    district, holder = "relayed", uuid4()
    await counted(Commands(EventLog(store, SERVICE)), district, 1, 2, 4)
    async with store.connection() as connection:
        assert await connection.fetchval("SELECT try_lead($1, $2, $3)", JOB, holder, 0.0)
        assert await connection.fetchval(ADVANCE, JOB, holder, district, 0, 3)
        await lose(database, district, 2)
        assert await connection.fetchval(CURSOR, district) == 0
        await counted(Commands(EventLog(store, SERVICE)), district, 8, 16, account="another")
        assert not await connection.fetchval(ADVANCE, JOB, holder, district, 3, 4)  # the leader does not know yet
        assert await connection.fetchval(ADVANCE, JOB, holder, district, 0, 4)
        assert await connection.fetchval(CURSOR, district) == 4
