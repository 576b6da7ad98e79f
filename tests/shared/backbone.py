"""Two relays and two ordered consumers between a log and its read model, the faults they can suffer, and their invariants.

It runs on models in virtual time and on real servers (worlds.py). Actions are drawn from a seed or by hypothesis; `trace` records what
happens. `broken` lists violated invariants: if it is not empty, the relay, the consumer or a model has a defect.
"""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.eventlog.bell import Bell
from shared.eventlog.consume import Delivery, OrderedConsumer
from shared.eventlog.envelope import Recorded, decode
from shared.eventlog.log import Mark, Page
from shared.eventlog.relay import Outgoing, Publisher, Relay
from shared.testing.harness import mark_of, page_of
from tests.shared.eventlog.ledger import POISON, SERVICE, count, project
from tests.shared.worlds import Observation, World

ACCOUNTS = 3  # per district
PROCESSES = 2  # of each kind: one leads, one stands by
PAGE = 4
HEALED_WITHIN = 30.0  # seconds from the last fault until everything has arrived

PUBLISH_FAULTS = ("nothing arrives", "half arrives", "no confirm arrives", "half is confirmed", "arrives twice", "arrives backwards")
DELIVERY_FAULTS = ("lost", "twice")
NOTHING = Observation(0, 0, {}, [])


class RolledBack(Exception):
    """The transaction is rolled back."""


class Process:
    """Some tasks with their own connections; `kill` ends both at once."""

    def __init__(self, world: World, name: str, parts: Callable[[Any], Sequence[Coroutine[Any, Any, None]]]) -> None:
        self.name = name
        self._world = world
        self._task = asyncio.create_task(self._run(parts), name=name)

    async def _run(self, parts: Callable[[Any], Sequence[Coroutine[Any, Any, None]]]) -> None:
        async with self._world.database(self.name) as database, asyncio.TaskGroup() as tasks:
            for part in parts(database):
                tasks.create_task(part, name=self.name)

    async def kill(self) -> bool:
        """Whether it has ended: a cancelled task must stop, whatever else fails at that moment."""
        await self._world.cut(self.name)
        self._task.cancel()
        await asyncio.wait([self._task], timeout=HEALED_WITHIN)
        if self._task.done() and not self._task.cancelled() and (error := self._task.exception()):
            raise error  # it had ended before, which no fault may cause
        return self._task.done()


class Backbone:
    """See the module docstring."""

    def __init__(
        self,
        world: World,
        districts: Sequence[str],
        *,
        relay: type[Relay] = Relay,
        consumer: type[OrderedConsumer] = OrderedConsumer,
    ) -> None:
        self.districts = tuple(districts)
        self.trace: list[tuple[object, ...]] = []
        self.broken: list[str] = []
        self._world = world
        self._kinds = (relay, consumer)
        self._publish_faults: deque[str] = deque()
        self._delivery_faults: deque[str] = deque()
        self._is_feed_away = False
        self._commands = 0
        self._versions: defaultdict[tuple[str, int], int] = defaultdict(int)
        self._turns: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._appending: set[asyncio.Task[None]] = set()
        self.logs: dict[str, list[Recorded]] = {district: [] for district in districts}
        self._seen: dict[str, Observation] = {}
        self._unsettled: list[list[Recorded]] = [[] for _ in range(PROCESSES)]  # delivered to each consumer and not acknowledged
        self._looking = asyncio.Lock()
        self._sent: defaultdict[str, int] = defaultdict(int)
        self._confirmed: defaultdict[str, int] = defaultdict(int)  # without a gap
        self._relays = [self._start_relay(number) for number in range(PROCESSES)]
        self._consumers = [self._start_consumer(number) for number in range(PROCESSES)]

    # Actions and faults

    def append(self, district: int, account: int, amounts: Sequence[int], *, held: float = 0, is_rolled_back: bool = False) -> None:
        """Append in a transaction that stays open for `held` seconds, and then commits unless it `is_rolled_back`."""
        task = asyncio.create_task(self._append(self.districts[district], account, amounts, held, is_rolled_back), name="append")
        self._appending.add(task)

    async def kill_relay(self, number: int) -> None:
        self._note("kill relay", number)
        await self._kill(self._relays[number])
        self._relays[number] = self._start_relay(number)

    async def kill_consumer(self, number: int) -> None:
        self._note("kill consumer", number)
        await self._kill(self._consumers[number])
        self._consumers[number] = self._start_consumer(number)

    async def cut_database(self, number: int) -> None:
        """Break the connections of one process, which goes on running."""
        process = [*self._relays, *self._consumers][number]
        self._note("cut", process.name)
        await self._world.cut(process.name)

    async def _kill(self, process: Process) -> None:
        self._expect(await process.kill(), process.name, "did not stop")

    def disturb(self, fault: str) -> None:
        """Inject `fault` into the next published page or the next delivered message."""
        (self._publish_faults if fault in PUBLISH_FAULTS else self._delivery_faults).append(fault)

    def feed(self, *, is_away: bool) -> None:
        self._is_feed_away = is_away

    # Invariants that hold at any moment

    async def look(self) -> None:
        for district in self.districts:
            await self._look(district)

    async def _look(self, district: str) -> Observation:
        async with self._looking:
            observation = await self._world.observe(district)
            self.check(district, observation, await self._world.bodies(district, len(self.logs[district]), 1000))
            return observation

    def check(self, district: str, now: Observation, news: Sequence[bytes]) -> None:
        """Compare with the log (`news`: what was not in `logs` yet), the broker's confirms, and the previous observation."""
        log, before = self.logs[district], self._seen.get(district, NOTHING)
        log += [decode(body) for body in news]
        if now == before:
            return
        self._seen[district] = now
        self._note(district, f"cursor {now.cursor}", f"checkpoint {now.checkpoint}", f"parked {now.parked}")
        self._expect(now.cursor >= before.cursor and now.checkpoint >= before.checkpoint, district, "went back", before, now)
        self._expect(now.cursor <= self._confirmed[district], district, "cursor beyond what was confirmed", now)
        self._expect((now.applied, now.parked) == folded(log[: now.checkpoint]), district, "rows are not the fold of the log", now)

    def _expect(self, is_true: bool, *facts: object) -> None:
        if not is_true:
            self.broken.append(" ".join(map(str, facts)))
            self._note("BROKEN", *facts)

    def _note(self, *facts: object) -> None:
        self.trace.append((round(asyncio.get_running_loop().time(), 6), *facts))

    # The end

    async def settle(self) -> None:
        """Heal everything; then all committed events must arrive without intervention."""
        self._publish_faults.clear()
        self._delivery_faults.clear()
        self._is_feed_away = False
        self._world.heal()
        self._note("healed")
        await asyncio.gather(*self._appending)
        try:
            async with asyncio.timeout(HEALED_WITHIN):
                while not self.broken and not await self._is_settled():  # noqa: ASYNC110 - polled with a deadline
                    await asyncio.sleep(0.1)
        except TimeoutError:
            self._expect(False, "did not arrive after healing", self._seen, f"unsettled {list(map(len, self._unsettled))}")

    async def _is_settled(self) -> bool:
        now = {district: await self._look(district) for district in self.districts}
        is_applied = all(each.cursor == each.checkpoint == len(self.logs[district]) for district, each in now.items())
        return is_applied and not any(self._unsettled)

    async def stop(self) -> None:
        for process in (*self._relays, *self._consumers):
            await self._kill(process)

    # The parts, and the connections between them

    async def _append(self, district: str, account: int, amounts: Sequence[int], held: float, is_rolled_back: bool) -> None:
        async with self._turns[district, account]:
            self._commands += 1
            after = self._versions[district, account]
            command = count(f"{district}/{self._commands}", f"{district}/{account}", after, *amounts, district=district)
            with contextlib.suppress(RolledBack):
                async with self._world.appended(command):
                    await asyncio.sleep(held)
                    if is_rolled_back:
                        raise RolledBack
            self._versions[district, account] += 0 if is_rolled_back else len(amounts)
            self._note("rolled back" if is_rolled_back else "appended", district, account, *amounts)

    def _start_relay(self, number: int) -> Process:
        def parts(database: Any) -> list[Coroutine[Any, Any, None]]:
            bell = Bell(database, SERVICE)
            publisher = UnreliablePublisher(self, self._world.publisher())
            return [bell.run(), self._kinds[0](database, SERVICE, publisher, bell, page=PAGE).run()]

        return Process(self._world, f"relay {number}", parts)

    def _start_consumer(self, number: int) -> Process:
        self._unsettled[number] = []

        def parts(database: Any) -> list[Coroutine[Any, Any, None]]:
            consumer = self._kinds[1](database, self, [SERVICE], project, None)

            async def offer(delivery: Delivery) -> None:
                await self._deliver(number, consumer, delivery)

            return [consumer.run(), self._world.receive(offer)]

        return Process(self._world, f"consumer {number}", parts)

    async def heads(self, _service: str) -> dict[str, Mark]:
        """The feed: last events."""
        return {district: mark_of((await self.read(SERVICE, district, 0, 1000)).bodies) for district in self.districts}

    async def read(self, _service: str, district: str, after: int, limit: int) -> Page:
        """The feed: events."""
        await asyncio.sleep(0.01)
        if self._is_feed_away:
            raise OSError("the feed is away")
        return page_of(await self._world.bodies(district, 0, 1000), after, limit)

    async def publish(self, inner: Publisher, district: str, page: Sequence[Outgoing]) -> int:
        """A page from the relay to the broker."""
        fault = self._publish_faults.popleft() if self._publish_faults else None
        half = page[: len(page) // 2]
        match fault:
            case "nothing arrives":
                raise OSError(fault)
            case "half arrives":
                await self._send(inner, district, half)
                raise OSError(fault)
            case "no confirm arrives":
                await self._send(inner, district, page)
                raise TimeoutError(fault)
            case "half is confirmed":
                await self._send(inner, district, page)
                return len(half)
            case "arrives twice":
                await self._send(inner, district, page)
            case "arrives backwards":
                await inner.publish(district, page[::-1])
        return await self._send(inner, district, page)

    async def _send(self, inner: Publisher, district: str, page: Sequence[Outgoing]) -> int:
        for sequence, *_ in page:
            self._expect(sequence <= self._sent[district] + 1, district, "published out of order", sequence)
            self._sent[district] = max(self._sent[district], sequence)
        confirmed = await inner.publish(district, page) if page else 0
        for sequence, *_ in page[:confirmed]:
            self._confirmed[district] += sequence == self._confirmed[district] + 1
        self._note("confirmed", district, *(sequence for sequence, *_ in page[:confirmed]))
        return confirmed

    async def _deliver(self, number: int, consumer: OrderedConsumer, delivery: Delivery) -> None:
        """A message from the broker to the consumer."""
        event = decode(delivery.body)
        if event.district not in self.districts:  # from an earlier run on the same servers
            await delivery.reject()
            return
        unsettled = self._unsettled[number]

        async def acknowledge() -> None:
            """Acknowledge this message and every one before it."""
            if any(each is event for each in unsettled):
                await self._acknowledge(unsettled, event)
                await delivery.acknowledge()

        async def nothing() -> None: ...

        fault = self._delivery_faults.popleft() if self._delivery_faults else None
        if fault:
            self._note(fault, event.district, event.sequence)
        match fault:
            case "lost":
                await delivery.reject()
                return
            case "twice":
                await consumer.offer(replace(delivery, acknowledge=nothing))
        unsettled.append(event)
        await consumer.offer(replace(delivery, acknowledge=acknowledge))

    async def _acknowledge(self, unsettled: list[Recorded], last: Recorded) -> None:
        event = None
        while event is not last:
            event = unsettled.pop(0)
            now = await self._look(event.district)
            self._expect(now.checkpoint >= event.sequence, event.district, "acknowledged before it was committed", event.sequence)


@dataclass(frozen=True, slots=True)
class UnreliablePublisher:
    """A publisher that suffers the backbone's faults."""

    backbone: Backbone
    inner: Publisher

    async def publish(self, district: str, page: Sequence[Outgoing]) -> int:
        return await self.backbone.publish(self.inner, district, page)


def folded(log: Sequence[Recorded]) -> tuple[dict[str, list[int]], list[int]]:
    """The result of applying `log` once and in order: versions per stream, and the parked sequences."""
    applied: dict[str, list[int]] = {}
    parked: list[int] = []
    stuck: set[str] = set()
    for event in log:
        if event.stream in stuck or event.data.amount == POISON:
            stuck.add(event.stream)
            parked.append(event.sequence)
        else:
            applied.setdefault(event.stream, []).append(event.stream_version)
    return applied, parked
