"""The model of PostgreSQL and PostgreSQL itself give the same answers to the same statements."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from ops.provision import Database as Provisioned
from shared.eventlog.consume import BEGIN_RUN, POSITION
from shared.eventlog.lease import TRY_LEAD
from shared.eventlog.migrate import migrate
from shared.eventlog.parking import PARK
from shared.eventlog.relay import ADVANCE, CURSOR, LOG_HEADS, PAGE
from shared.testing.virtual_time import VirtualTimeLoop
from tests.shared.backbone import RolledBack
from tests.shared.eventlog.ledger import ADD, SCHEMA, SERVICE, START, count, folder
from tests.shared.worlds import ModelWorld, RealWorld, World

LINES = 2  # connections outside the pool
HOLDERS = [UUID(int=line) for line in range(LINES)]
DISTRICTS = itertools.count()  # one per conversation


def roll_back_if(is_so: bool) -> None:
    if is_so:
        raise RolledBack


def hashes(old: int, new: int) -> list[bytes]:
    return [bytes([each]) if each else b"" for each in (old, new)]


class Side:
    """Statements to one of the two, and its answers."""

    def __init__(self, loop: Callable[[], asyncio.AbstractEventLoop], world: Callable[[], World], district: str) -> None:
        self.runner = asyncio.Runner(loop_factory=loop)
        self._district = district
        self._until_end = contextlib.AsyncExitStack()
        self.runner.run(self._open(world))

    async def _open(self, world: Callable[[], World]) -> None:
        self._world = await self._until_end.enter_async_context(world())
        self._database = await self._until_end.enter_async_context(self._world.database("conversation"))
        self._lines = [await self._database.dedicated() for _ in range(LINES)]
        for line in self._lines:
            self._until_end.callback(line.terminate)

    def close(self) -> None:
        with self.runner:
            self.runner.run(self._until_end.aclose())

    async def append(self, account: int, after: int, command: str, is_rolled_back: bool) -> None:
        with contextlib.suppress(RolledBack):
            async with self._world.appended(count(command, account, after, 1, 2, district=self._district)):
                roll_back_if(is_rolled_back)

    async def lead(self, line: int) -> bool:
        return await self._lines[line].fetchval(TRY_LEAD, self._district, HOLDERS[line], 3600.0)

    async def relay(self, line: int, old: int, new: int) -> list[object]:
        ask = self._lines[line]
        is_moved = await ask.fetchval(ADVANCE, self._district, HOLDERS[line], self._district, old, new)
        head = [row["size"] for row in await ask.fetch(LOG_HEADS) if row["district"] == self._district]
        page = [(row["sequence"], row["type"], bool(row["previous"])) for row in await ask.fetch(PAGE, self._district, old, 3)]
        return [is_moved, await ask.fetchval(CURSOR, self._district), head, page]

    async def consume(self, old: int, new: int, stream: str, ending: str) -> list[object]:
        """A run of the consumer that adds a row, parks an event in a savepoint, and ends well or not."""
        answers: list[object] = []
        try:
            async with self._database.district(self._district) as tx:
                row = await tx.fetchrow(BEGIN_RUN, self._district, SERVICE, old, new, START, *hashes(old, new))
                answers += [row["moved"], sorted(row["streams"]), row["skipped"]]
                await tx.execute(ADD, self._district, stream, 1, new)
                with contextlib.suppress(RolledBack):
                    async with tx.transaction():
                        await tx.execute(PARK, self._district, SERVICE, new, stream, "why", b"")
                        roll_back_if(ending == "savepoint rolled back")
                roll_back_if(ending == "rolled back")
        except Exception as error:  # noqa: BLE001 - whatever it is, the other side must answer the same
            answers.append(type(error).__name__)
        async with self._database.district(self._district, readonly=True) as tx:
            row = await tx.fetchrow(POSITION, self._district, SERVICE)
            answers.append(row and (row["position"], row["leaf_hash"]))
        return [*answers, await self._world.observe(self._district)]

    async def at_once(self) -> list[object]:
        """Two appends, then two runs of the consumer, lock the same row; each holds it for a while."""
        said: list[object] = []

        async def append(name: str, later: float) -> None:
            await asyncio.sleep(later)
            async with self._world.appended(count(f"{self._district}/{name}", name, 0, 1, district=self._district)):
                said.append(f"{name} appends")
                await asyncio.sleep(0.3)
                said.append(await self._world.bodies(self._district, 0, 10))

        async def consume(name: str, later: float) -> None:
            await asyncio.sleep(later)
            async with self._database.district(self._district) as tx:
                row = await tx.fetchrow(BEGIN_RUN, self._district, SERVICE, 0, 1, START, *hashes(0, 1))
                said.append((name, row["moved"]))
                await asyncio.sleep(0.3)
                said.append((await self._world.observe(self._district)).checkpoint)

        for one in (append, consume):
            await asyncio.gather(one("first", 0), one("second", 0.1))
        return [len(each) if isinstance(each, list) else each for each in said]


class Conversation(RuleBasedStateMachine):
    sides: Callable[[str], tuple[Side, Side]]

    @initialize()
    def begin(self) -> None:
        self.both = type(self).sides(f"talk-{next(DISTRICTS)}")
        self.versions: Counter[int] = Counter()
        self.commands = itertools.count()

    def say(self, line: Callable[[Side], Coroutine[Any, Any, Any]]) -> None:
        model, real = (side.runner.run(line(side)) for side in self.both)
        assert model == real

    @rule(account=st.integers(0, 2), is_rolled_back=st.booleans())
    def append(self, account: int, is_rolled_back: bool) -> None:
        after, command = self.versions[account], f"{self.both}/{next(self.commands)}"
        self.say(lambda side: side.append(account, after, command, is_rolled_back))
        self.versions[account] += 0 if is_rolled_back else 2

    @rule(line=st.integers(0, LINES - 1))
    def lead(self, line: int) -> None:
        self.say(lambda side: side.lead(line))

    @rule(line=st.integers(0, LINES - 1), old=st.integers(0, 4), new=st.integers(0, 4))
    def relay(self, line: int, old: int, new: int) -> None:
        self.say(lambda side: side.relay(line, old, new))

    @rule(
        old=st.integers(0, 3),
        new=st.integers(0, 4),
        stream=st.sampled_from("ab"),
        ending=st.sampled_from(["well", "rolled back", "savepoint rolled back"]),
    )
    def consume(self, old: int, new: int, stream: str, ending: str) -> None:
        self.say(lambda side: side.consume(old, new, stream, ending))

    def teardown(self) -> None:
        for side in getattr(self, "both", ()):
            side.close()


@pytest.fixture
async def sides(database: Provisioned, tmp_path: Path) -> Callable[[str], tuple[Side, Side]]:
    await migrate(database.url(f"{SCHEMA}_owner"), SCHEMA, folder(tmp_path))

    def both(district: str) -> tuple[Side, Side]:
        model = Side(partial(VirtualTimeLoop, 0), lambda: ModelWorld(Random(0)), district)
        return model, Side(asyncio.new_event_loop, lambda: RealWorld(database.url(SCHEMA), "amqp://nobody@127.0.0.1:1/"), district)

    return both


@pytest.mark.timeout(180)
async def test_statement_by_statement(sides: Callable[[str], tuple[Side, Side]]) -> None:
    class WithServers(Conversation): ...

    WithServers.sides = staticmethod(sides)
    often = settings(max_examples=20, stateful_step_count=20, suppress_health_check=list(HealthCheck))
    await asyncio.to_thread(run_state_machine_as_test, WithServers, settings=often)


async def test_what_another_transaction_holds_is_waited_for(sides: Callable[[str], tuple[Side, Side]]) -> None:
    def talk() -> list[list[object]]:
        answers: list[list[object]] = []
        for side in sides("at-once"):
            answers.append(side.runner.run(side.at_once()))
            side.close()
        return answers

    model, real = await asyncio.to_thread(talk)
    assert model == real == ["first appends", 0, "second appends", 1, ("first", 1), 0, ("second", 0), 1]
