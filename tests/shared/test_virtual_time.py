"""The virtual-time loop: waiting takes no real time, the seed decides the order of callbacks, and a deadlock is an error."""

import asyncio
import time
from collections.abc import Coroutine
from functools import partial
from typing import Any

import pytest

from shared.testing.virtual_time import Deadlock, VirtualTimeLoop


def run(seed: int, main: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=partial(VirtualTimeLoop, seed)) as runner:
        return runner.run(main)


async def race(runners: int = 6) -> list[int]:
    arrived: list[int] = []

    async def one(number: int) -> None:
        for _ in range(3):
            await asyncio.sleep(1)
        arrived.append(number)

    await asyncio.gather(*(one(number) for number in range(runners)))
    return arrived


def test_a_day_passes_at_once() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await asyncio.Event().wait()
        assert loop.time() == 3600
        await asyncio.sleep(86_400)
        return loop.time()

    started = time.monotonic()
    assert run(0, main()) == 90_000
    assert time.monotonic() - started < 1


def test_the_seed_decides_who_is_first_and_decides_it_again() -> None:
    orders = [run(seed, race()) for seed in range(20)]
    assert orders == [run(seed, race()) for seed in range(20)]
    assert len({tuple(order) for order in orders}) > 10


def test_timers_fire_in_the_order_of_their_times() -> None:
    async def main() -> list[float]:
        loop, fired = asyncio.get_running_loop(), []
        for when in (3.0, 1.0, 2.0):
            loop.call_later(when, lambda: fired.append(loop.time()))
        loop.call_later(1.5, fired.append, "cancelled").cancel()
        await asyncio.sleep(4)
        return fired

    assert run(1, main()) == [1.0, 2.0, 3.0]


def test_a_deadlock_is_an_error_that_names_who_waits_where() -> None:
    async def waits_for_a_letter() -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        await asyncio.create_task(waits_for_a_letter(), name="reader")

    with pytest.raises(Deadlock, match=r"reader waits in .*waits_for_a_letter:\d+ > Event.wait:\d+"):
        run(0, main())


def test_an_error_in_a_callback_ends_the_run() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)
        await asyncio.sleep(1)

    with pytest.raises(ZeroDivisionError):
        run(0, main())
