"""The log on real PostgreSQL: outcomes per command, order without gaps, stable bytes, append-only tables."""

import asyncio
import hashlib
import random

import asyncpg
import orjson
import pytest

from ops.provision import Database as Provisioned
from shared.eventlog.database import Database
from shared.eventlog.envelope import decode
from shared.eventlog.log import Accepted, Append, Conflict, Duplicate, EventLog, Reserved, StreamVersion
from tests.shared.eventlog.ledger import Counted, Named, NameTaken, context, count, reservations, uuid


def named(command: object, account: object, name: str, *, released: bool = False, after: int = 0, district: str = "north") -> Append:
    event = Named(name=name, is_released=released)
    return Append(context(command, district), StreamVersion(f"account/{uuid(account)}", after), [event], [reservations(event)])


async def test_a_stored_event_is_a_cloudevent_with_its_positions_stamped(log: EventLog) -> None:
    district = "stamped"
    [outcome] = await log.append(district, [count("s1", "s", 0, 1, 2, district=district)])
    assert outcome == Accepted(1)
    [(one, first), (two, second)] = await log.read_log(district, 0, 10)
    raw = orjson.loads(second)
    assert (one, two) == (1, 2)
    assert raw["specversion"] == "1.0"
    assert raw["sequence"] == "000000000002"
    assert raw["streamversion"] == 2
    assert raw["source"] == "/districts/stamped/ledger"
    assert raw["type"] == "guangcai.ledger.Counted.v1"
    assert raw["data"] == {"amount": 2}
    assert b"\n" not in first
    assert decode(first).id != decode(second).id


async def test_every_command_of_a_batch_gets_its_own_outcome(log: EventLog) -> None:
    district = "outcomes"
    await log.append(district, [count("a", "x", 0, 1, district=district), named("n1", "n1", "Wang", district=district)])
    batch = [
        count("b", "y", 0, 1, 1, district=district),
        count("late", "x", 0, 9, district=district),  # another command was first on x
        count("a", "x", 1, 1, district=district),  # sent again
        named("n2", "n2", "Wang", district=district),
        named("n3", "n3", "Wang", district=district),  # two have it
        count("c", "x", 1, 2, district=district),
        count("c", "x", 1, 2, district=district),  # twice in one batch
    ]
    outcomes = await log.append(district, batch)
    assert outcomes[:4] == [Accepted(3), Conflict(), Duplicate(), Accepted(5)]
    assert isinstance(outcomes[4], Reserved)
    assert outcomes[4].reservation.violated is NameTaken
    assert outcomes[5:] == [Accepted(6), Duplicate()]
    assert [sequence for sequence, _ in await log.read_log(district, 0, 100)] == [1, 2, 3, 4, 5, 6]
    assert (await log.heads())[district].sequence == 6


async def test_a_released_place_is_free_again(log: EventLog) -> None:
    district = "places"
    taken = [named(f"p{number}", f"p{number}", "Li", district=district) for number in range(3)]
    outcomes = await log.append(district, taken)
    assert [type(each) for each in outcomes] == [Accepted, Accepted, Reserved]
    freed, again = await log.append(
        district, [named("free", "p0", "Li", released=True, after=1, district=district), named("again", "p2", "Li", district=district)]
    )
    assert isinstance(freed, Accepted)
    assert isinstance(again, Accepted)


async def test_a_command_may_require_another_stream_to_be_unmoved(log: EventLog) -> None:
    district = "conditions"
    other = StreamVersion(f"account/{uuid('other')}", 1)
    await log.append(district, [count("o1", "other", 0, 1, district=district)])
    ready = Append(context("r1", district), StreamVersion("account/r1", 0), [Counted(amount=1)], unchanged=[other])
    moved = Append(context("r2", district), StreamVersion("account/r2", 0), [Counted(amount=1)], unchanged=[StreamVersion(other.stream, 0)])
    assert await log.append(district, [ready, moved]) == [Accepted(2), Conflict()]


async def test_a_tail_reader_misses_nothing_under_sixteen_writers(log: EventLog) -> None:
    district, writers, each = "tail", 16, 40
    seen: list[int] = []

    async def write(writer: int) -> None:
        dice = random.Random(writer)
        for number in range(each):
            outcomes = await log.append(district, [count(f"t{writer}/{number}", f"t{writer}", number, 1, district=district)])
            assert isinstance(outcomes[0], Accepted)
            await asyncio.sleep(dice.random() / 500)

    async def read() -> None:
        while len(seen) < writers * each:
            seen.extend(sequence for sequence, _ in await log.read_log(district, seen[-1] if seen else 0, 50))

    async with asyncio.timeout(30):
        await asyncio.gather(read(), *(write(number) for number in range(writers)))
    assert seen == list(range(1, writers * each + 1))


async def test_every_body_hashes_to_its_leaf_and_nothing_can_be_changed(log: EventLog, store: Database, database: Provisioned) -> None:
    district = "evidence"
    await log.append(district, [count("e", "e", 0, 1, 2, 3, district=district)])
    async with store.district(district) as tx:
        for row in await tx.fetch("SELECT body, leaf_hash FROM events"):
            assert hashlib.sha256(b"\x00" + row["body"]).digest() == row["leaf_hash"]
    for statement in ("UPDATE events SET type = 'x'", "DELETE FROM events", "TRUNCATE events"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with store.district(district) as tx:
                await tx.execute(statement)
    superuser = await asyncpg.connect(database.superuser_url)
    try:
        for statement in ("UPDATE registration.events SET type = 'x'", "DELETE FROM registration.events", "TRUNCATE registration.events"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await superuser.execute(statement)
    finally:
        await superuser.close()


async def test_one_district_never_sees_another(log: EventLog, store: Database) -> None:
    await log.append("east", [count("i1", "i", 0, 1, district="east")])
    await log.append("west", [count("i2", "i", 0, 1, district="west")])
    async with store.district("east") as tx:
        assert {row["district"] for row in await tx.fetch("SELECT DISTINCT district FROM events")} == {"east"}
        assert await tx.fetchval("SELECT count(*) FROM log_head") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.execute("INSERT INTO reservations VALUES ('west', 'k', 'k', 'h')")
    async with store.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM events") == 0


async def test_row_level_security_is_forced_on_every_table(database: Provisioned, store: Database) -> None:
    assert store
    superuser = await asyncpg.connect(database.superuser_url)
    try:
        rows = await superuser.fetch(
            """SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS is_forced
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname LIKE 'registration%' AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('schema_migrations', 'read_model')"""
        )
    finally:
        await superuser.close()
    assert {row["name"].rpartition(".")[2] for row in rows} >= {
        "events",
        "log_head",
        "reservations",
        "intents",
        "checkpoints",
        "parked",
        "totals",
    }
    assert [row["name"] for row in rows if not row["is_forced"]] == []
