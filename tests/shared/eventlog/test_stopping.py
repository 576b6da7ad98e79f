"""A task that is cancelled at the moment at which something arrives must stop; if it missed the cancellation, it would run for ever."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from shared.eventlog.bell import Bell
from shared.eventlog.consume import Delivery, OrderedConsumer
from shared.eventlog.log import Mark, Page
from shared.testing.virtual_time import VirtualTimeLoop


class EmptyFeed:
    async def heads(self, _service: str) -> dict[str, Mark]:
        return {}

    async def read(self, _service: str, _district: str, _after: int, _limit: int) -> Page:
        return Page(None, [])


async def nothing() -> None: ...


async def stopped(task: asyncio.Task[None], arrive: Callable[[], object]) -> bool:
    await asyncio.sleep(1)
    loop = asyncio.get_running_loop()
    loop.call_soon(arrive)
    loop.call_soon(task.cancel)
    await asyncio.wait([task], timeout=60)
    return task.cancelled()


async def consumer() -> bool:
    consumer = OrderedConsumer(None, EmptyFeed(), ["ledger"], None, None)
    return await stopped(asyncio.create_task(consumer.run()), lambda: consumer._deliveries.put_nowait(Delivery(b"", nothing, nothing)))


async def listener() -> bool:
    bell = Bell(None, "ledger")

    async def listen() -> None:
        with bell.ringing() as ear:
            while True:
                await ear.wait(5)

    return await stopped(asyncio.create_task(listen()), lambda: bell.ring("*"))


@pytest.mark.parametrize("who", [consumer, listener])
def test_who_is_told_to_stop_stops(who: Callable[[], object]) -> None:
    for seed in range(20):
        with asyncio.Runner(loop_factory=partial(VirtualTimeLoop, seed)) as runner:
            assert runner.run(who()), f"seed {seed}"
