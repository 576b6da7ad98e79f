"""Random kills (F2): any process of the system, at any moment, again and again; the seed chooses whom and when."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from typing import Final

from faults.trial import Fault, Trial
from ops.servers.definitions import SERVICES

SERVERS: Final = ("postgres", "rabbitmq")
ROUNDS: Final = 2
LONGEST_LIFE: Final = 2.5  # seconds between two kills


def random_kills(victims: Sequence[str] = (*SERVICES, *SERVERS)) -> Fault:
    """F2: in every round each victim is killed once, in another order, after a random time; services may still be starting then."""

    async def fault(trial: Trial) -> None:
        await trial.broker_settled()
        for _ in range(ROUNDS):
            for victim in trial.chance.sample(victims, len(victims)):
                await asyncio.sleep(trial.chance.random() * LONGEST_LIFE)
                await _kill(trial, victim)
        for victim in victims:
            if victim in trial.cluster.services:
                trial.cluster.services[victim].deaths = 0
        await trial.cluster.until_ready()

    return fault


def killed_with(service: str, defect: str) -> Fault:
    """F2 for one service with a planted defect, which every new start has again."""

    async def fault(trial: Trial) -> None:
        process = trial.cluster.services[service]
        for _ in range(3 * ROUNDS):
            await trial.commands(10)
            process.is_wanted = False  # no supervisor
            await process.kill()
            process.prepare(defect=defect)
            process.spawn()
            await trial.cluster.until_ready([service])

    return fault


async def _kill(trial: Trial, victim: str) -> None:
    """Kill it; the supervisor restarts a service, we restart a server."""
    if victim in trial.cluster.services:
        with contextlib.suppress(ProcessLookupError):  # it is not even started again
            os.kill(trial.cluster.services[victim].pid, signal.SIGKILL)
        return
    server = trial.cluster.servers.postgres if victim == "postgres" else trial.cluster.servers.rabbitmq
    await asyncio.to_thread(server.kill)
    server.spawn()  # in the main thread
    await asyncio.to_thread(server.wait_ready)
