"""The ordered consumer on real PostgreSQL: every event is applied once and in order, even if messages are lost or reordered."""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ops.provision import Database as Provisioned
from shared.eventlog import parking
from shared.eventlog.consume import Delivery, OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.envelope import leaf_hash
from shared.eventlog.log import EventLog
from shared.eventlog.rebuild import ReadModel, rebuild
from tests.shared.eventlog.ledger import POISON, SCHEMA, SERVICE, LogSource, count, project, react, versions

BEFORE: dict[bytes, bytes] = {}


class Postbox:
    """Deliveries like the broker's, and how each was settled."""

    def __init__(self) -> None:
        self.acknowledged: list[bytes] = []
        self.rejected: list[bytes] = []
        self._open: list[bytes] = []

    def delivery(self, body: bytes) -> Delivery:
        """With the hash of the event before it, for what `fill` has appended."""
        self._open.append(body)

        async def acknowledge() -> None:
            until = self._open.index(body) + 1
            self.acknowledged += self._open[:until]
            del self._open[:until]

        async def reject() -> None:
            self._open.remove(body)
            self.rejected.append(body)

        return Delivery(body, acknowledge, reject, BEFORE.get(body))


@pytest_asyncio.fixture(loop_scope="session")
async def consumer(store: Database, log: EventLog) -> AsyncIterator[OrderedConsumer]:
    yield OrderedConsumer(store, LogSource(log), [SERVICE], project, react)


async def fill(log: EventLog, district: str, events: int, streams: int = 5) -> list[bytes]:
    for number in range(events):
        await log.append(
            district, [count(f"{district}/{number}", f"{district}/{number % streams}", number // streams, 1, district=district)]
        )
    bodies = (await log.page(district, 0, events)).bodies
    BEFORE.update(zip(bodies, [b"", *map(leaf_hash, bodies)], strict=False))
    return bodies


@pytest.mark.parametrize("seed", range(8))
async def test_lost_repeated_and_reordered_messages_change_nothing(
    store: Database, log: EventLog, consumer: OrderedConsumer, seed: int
) -> None:
    district, dice, box = f"mixed{seed}", random.Random(seed), Postbox()
    bodies = await fill(log, district, 40)
    messages = [body for body in bodies if dice.random() > 0.3] + dice.choices(bodies, k=10)
    dice.shuffle(messages)
    while messages:
        size = dice.randint(1, 9)
        await consumer.take([box.delivery(body) for body in messages[:size]])
        messages = messages[size:]
    await consumer.catch_up()
    assert box.rejected == []
    applied = await versions(store, district)
    assert applied == {stream: list(range(1, 9)) for stream in applied}
    assert len(applied) == 5


async def test_what_is_no_event_goes_to_the_dead_letters_and_blocks_nothing(
    store: Database, log: EventLog, consumer: OrderedConsumer
) -> None:
    district, box = "rubbish", Postbox()
    [good] = await fill(log, district, 1)
    rubbish = [
        b"",
        b"\xff\xfe",
        b"{}",
        b"[1]",
        good.replace(b"guangcai.ledger", b"elsewhere.x").replace(b"/ledger", b"/elsewhere"),
        b"x" * 1_000_000,
    ]
    await consumer.take([box.delivery(body) for body in [*rubbish, good]])
    assert box.rejected == rubbish
    assert box.acknowledged == [good]
    assert list((await versions(store, district)).values()) == [[1]]


async def test_a_message_ahead_of_its_log_is_not_believed(store: Database, log: EventLog, consumer: OrderedConsumer) -> None:
    district, box = "ahead", Postbox()
    [body] = await fill(log, district, 1)
    await consumer.take([box.delivery(body.replace(b"000000000001", b"000000000009"))])
    assert list((await versions(store, district)).values()) == [[1]]  # the feed was asked, and had one


async def test_poison_parks_its_own_stream_and_blocks_nothing_else(store: Database, log: EventLog, consumer: OrderedConsumer) -> None:
    district = "poison"
    await log.append(district, [count("g", "good", 0, 1, district=district), count("b", "bad", 0, 2, POISON, 3, district=district)])
    await log.append(district, [count("h", "good", 1, 1, district=district)])
    await consumer.catch_up()
    assert sorted((await versions(store, district)).values()) == [[1], [1, 2]]
    first, second = await parking.parked(store, district)
    assert first.error == "ValueError: cannot digest this"
    assert (second.stream, second.error) == (first.stream, "an earlier event of this stream is parked")
    assert await parking.count(store, ["poison", "elsewhere"]) == {"poison": 2}


async def test_two_consumers_never_apply_the_same_event_twice(store: Database, log: EventLog) -> None:
    district = "fenced"
    bodies = await fill(log, district, 6, streams=1)
    one = OrderedConsumer(store, LogSource(log), [SERVICE], project, react)
    two = OrderedConsumer(store, LogSource(log), [SERVICE], project, react)
    box = Postbox()
    await one.take([box.delivery(body) for body in bodies[:2]])
    await two.take([box.delivery(body) for body in bodies[:4]])
    with pytest.raises(Exception, match="checkpoint"):
        await one.take([box.delivery(body) for body in bodies[2:]])
    assert list((await versions(store, district)).values()) == [[1, 2, 3, 4]]


async def test_the_rebuilt_read_model_equals_the_live_one_and_tampering_shows(
    store: Database, log: EventLog, consumer: OrderedConsumer, database: Provisioned, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await consumer.catch_up()
    folder = tmp_path_factory.getbasetemp() / "ledger0"
    model = ReadModel(SCHEMA, folder, (SERVICE,), project)
    urls = {"owner_url": database.url(f"{SCHEMA}_owner"), "service_url": database.url(SCHEMA)}
    async with store.district("poison") as tx:  # the district of the test above
        await tx.execute("DELETE FROM totals")
    tampered = await rebuild(model, LogSource(log), swap=False, **urls)
    assert not tampered.is_equal
    swapped = await rebuild(model, LogSource(log), swap=True, **urls)
    assert swapped.is_swapped
    steps: list[int] = []
    again = await rebuild(model, LogSource(log), swap=True, progress=lambda done, _total: steps.append(done), **urls)
    assert again.is_equal
    assert steps[-1] == again.events > 0
