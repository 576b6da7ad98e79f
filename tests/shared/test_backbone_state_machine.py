"""A state machine of appends, faults and time, run on the models and on PostgreSQL and RabbitMQ: the same invariants must hold on both."""

import asyncio
import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ops.provision import Database as Provisioned
from ops.servers import LocalServers
from shared.eventlog import consume
from shared.eventlog.migrate import migrate
from shared.testing.virtual_time import VirtualTimeLoop
from tests.shared.backbone import ACCOUNTS, DELIVERY_FAULTS, PROCESSES, PUBLISH_FAULTS, Backbone
from tests.shared.eventlog.ledger import POISON, SCHEMA, folder
from tests.shared.worlds import ModelWorld, RealWorld, World

WAIT = 0.3  # seconds that pass in a step
NUMBERS = itertools.count()  # one per example, which uses its own districts


class Machine(RuleBasedStateMachine):
    """Actions on a backbone in any order; the invariants must hold after each and at the end."""

    loop: Callable[[int], asyncio.AbstractEventLoop]
    world: Callable[[Random], World]

    @initialize(seed=st.integers(0, 2**32))
    def start(self, seed: int) -> None:
        self.runner = asyncio.Runner(loop_factory=partial(type(self).loop, seed))
        self.runner.run(self._start(Random(seed)))

    async def _start(self, dice: Random) -> None:
        self.servers = await type(self).world(dice).__aenter__()
        number = next(NUMBERS)
        self.backbone = Backbone(self.servers, [f"north-{number}", f"south-{number}"])

    @rule(
        district=st.integers(0, 1),
        account=st.integers(0, ACCOUNTS - 1),
        amounts=st.lists(st.sampled_from([1, 2, 3, POISON]), min_size=1, max_size=6),
        held=st.sampled_from([0, 0, 0.1, 0.5]),
        is_rolled_back=st.booleans(),
    )
    def append(self, district: int, account: int, amounts: list[int], held: float, is_rolled_back: bool) -> None:
        async def append() -> None:
            self.backbone.append(district, account, amounts, held=held, is_rolled_back=is_rolled_back)

        self.runner.run(append())

    @rule(number=st.integers(0, PROCESSES - 1))
    def kill_relay(self, number: int) -> None:
        self.runner.run(self.backbone.kill_relay(number))

    @rule(number=st.integers(0, PROCESSES - 1))
    def kill_consumer(self, number: int) -> None:
        self.runner.run(self.backbone.kill_consumer(number))

    @rule(number=st.integers(0, 2 * PROCESSES - 1))
    def cut_database(self, number: int) -> None:
        self.runner.run(self.backbone.cut_database(number))

    @rule(fault=st.sampled_from(PUBLISH_FAULTS + DELIVERY_FAULTS))
    def disturb(self, fault: str) -> None:
        self.backbone.disturb(fault)

    @rule(is_away=st.booleans())
    def feed(self, is_away: bool) -> None:
        self.backbone.feed(is_away=is_away)

    @rule()
    def time_passes(self) -> None:
        self.runner.run(asyncio.sleep(WAIT))

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "backbone"):
            self.runner.run(self.backbone.look())
            assert self.backbone.broken == []

    def teardown(self) -> None:
        if hasattr(self, "backbone"):
            with self.runner:
                self.runner.run(self._end())
            assert self.backbone.broken == []

    async def _end(self) -> None:
        await self.backbone.settle()
        await self.backbone.stop()
        await self.servers.__aexit__()


class OnModels(Machine):
    loop = VirtualTimeLoop
    world = ModelWorld


def test_on_the_models() -> None:
    run_state_machine_as_test(OnModels, settings=settings(max_examples=40, stateful_step_count=30))


@pytest.mark.slow
@pytest.mark.timeout(180)
# aio-pika closes a dropped connection in __del__, which takes a running loop: the machine's stands still between two steps.
@pytest.mark.filterwarnings("ignore:coroutine 'Connection.close' was never awaited:RuntimeWarning")
async def test_on_postgresql_and_rabbitmq(
    database: Provisioned, servers: LocalServers, vhost: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OnServers(Machine):
        loop = staticmethod(lambda _seed: asyncio.new_event_loop())
        world = staticmethod(lambda _dice: RealWorld(database.url(SCHEMA), servers.amqp_url(SCHEMA, vhost)))

    await migrate(database.url(f"{SCHEMA}_owner"), SCHEMA, folder(tmp_path))
    monkeypatch.setattr(consume, "POLL", 1.0)
    once = settings(max_examples=3, stateful_step_count=20, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    await asyncio.to_thread(run_state_machine_as_test, OnServers, settings=once)  # no shrinking: runs on real servers are not repeatable
