"""Two processes of a service (F20), and processes that stand still (F13): the other one takes over, and nobody waits for ever."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic
from typing import Final

from faults.cluster import Process
from faults.invariants import Violation
from faults.trial import Fault, Trial
from shared.eventlog.consume import POLL
from shared.eventlog.lease import LEASE

TAKEN_OVER_WITHIN: Final = LEASE + 10.0  # seconds
ROUNDS: Final = 3
EVEN: Final = 0.5
WAITING = """
SELECT count(*) FROM {service}.log_head AS h JOIN {service}.relay_cursor AS c USING (district)
WHERE c.position < ($1::jsonb ->> h.district)::bigint
"""
HEADS = "SELECT jsonb_object_agg(district, size)::text FROM {service}.log_head"


@asynccontextmanager
async def twin(trial: Trial, service: str, defect: str | None = None) -> AsyncIterator[Process]:
    """A second process of `service` for the block."""
    process = trial.cluster.services[service].twin()
    process.prepare(defect=defect)
    process.spawn()
    try:
        await trial.cluster.until_alive(process)
        yield process
    finally:
        trial.load.recorder.reach(service, trial.cluster.urls[service])
        await process.stop()


def frozen(service: str, defect: str | None = None) -> Fault:
    """F13: of two processes each in turn stands still, as on a suspended machine, while commands go to the other one."""

    async def fault(trial: Trial) -> None:
        first = trial.cluster.services[service]
        async with twin(trial, service, defect) as second:
            for still, awake in ((first, second), (second, first)):
                trial.load.recorder.reach(service, awake.url)
                os.kill(still.pid, signal.SIGSTOP)
                try:
                    await trial.commands(10)
                    is_taken_over = await _is_published(trial, service)
                finally:
                    os.kill(still.pid, signal.SIGCONT)
                if not is_taken_over:
                    trial.verdict = [Violation("I11", f"nobody has taken over the relay of {service} from a process that stands still")]
                    return

    return fault


async def _is_published(trial: Trial, service: str) -> bool:
    """Whether what the log holds now is published in time."""
    ends = monotonic() + TAKEN_OVER_WITHIN
    async with trial.cluster.superuser() as connection:
        heads = await connection.fetchval(HEADS.format(service=service))
        while await connection.fetchval(WAITING.format(service=service), heads):
            if monotonic() > ends:
                return False
            await asyncio.sleep(0.2)
    return True


def both_busy(defect: str | None = None) -> Fault:
    """F20: commands go to both processes of a service in turn; one of them is killed and comes back."""

    async def fault(trial: Trial) -> None:
        first = trial.cluster.services["activities"]
        async with twin(trial, "activities", defect) as second:
            for _ in range(ROUNDS):
                for process in (second, first):
                    trial.load.recorder.reach("activities", process.url)
                    await trial.commands(8)
                await asyncio.sleep(POLL + 1)  # both look at the feeds: what one has applied, the other must not apply again
                await second.kill()
                second.prepare(defect=defect)
                second.spawn()
                await trial.cluster.until_alive(second)

    return fault


async def all_twice(trial: Trial) -> None:
    """F20: two processes of every service throughout; of each pair one stands still, then the other is killed."""
    services = trial.cluster.services
    async with AsyncExitStack() as stack:
        twins = {name: await stack.enter_async_context(twin(trial, name)) for name in services}
        for name, second in twins.items():
            first = services[name]
            for every, process in (twins if trial.chance.random() < EVEN else services).items():
                trial.load.recorder.reach(every, process.url)
            trial.load.recorder.reach(name, second.url)
            os.kill(first.pid, signal.SIGSTOP)
            try:
                await trial.commands(12)
            finally:
                os.kill(first.pid, signal.SIGCONT)
            trial.load.recorder.reach(name, first.url)
            await second.kill()
            await trial.commands(8)
            second.spawn()
            await trial.cluster.until_alive(second)
        await asyncio.sleep(POLL + 1)  # both look at the feeds: what one has applied, the other must not apply again
