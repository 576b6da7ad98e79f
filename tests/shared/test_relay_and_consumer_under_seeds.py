"""The real relay and ordered consumer on models of their servers in virtual time: five hundred runs, each repeatable by its seed.

Repeat a failed run by its name: `./guangcai test "tests/shared/test_relay_and_consumer_under_seeds.py::test_…[137]"`.
"""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from shared.eventlog import consume
from shared.testing.virtual_time import VirtualTimeLoop
from tests.shared import planted
from tests.shared.backbone import ACCOUNTS, DELIVERY_FAULTS, PROCESSES, PUBLISH_FAULTS, Backbone
from tests.shared.eventlog.ledger import POISON
from tests.shared.worlds import ModelWorld

SEEDS = 500
DISTRICTS = ("north", "south")
ACTS = {"append": 60, "kill relay": 4, "kill consumer": 4, "cut": 6, "disturb broker": 16, "feed": 4}

DEFECTS: dict[str, tuple[dict[str, Any], str]] = {
    "cursor before confirm": ({"relay": planted.CursorBeforeConfirm}, "cursor beyond what was confirmed"),
    "sent is confirmed": ({"relay": planted.SentIsConfirmed}, "cursor beyond what was confirmed"),
    "sequence before commit": ({"is_sequence_locked": False}, "published out of order"),
    "ack before commit": ({"consumer": planted.AckBeforeCommit}, "acknowledged before it was committed"),
    "checkpoint without rows": ({"consumer": planted.CheckpointWithoutRows}, "rows are not the fold of the log"),
    "gap skipped": ({"consumer": planted.GapSkipped}, "rows are not the fold of the log"),
    "duplicate applied": ({"consumer": planted.DuplicateApplied}, "rows are not the fold of the log"),
    "outcome assumed": ({"consumer": planted.OutcomeAssumed}, "did not arrive after healing"),
    "poison parked alone": ({"consumer": planted.PoisonParkedAlone}, "rows are not the fold of the log"),
}


@pytest.fixture(autouse=True)
def without_logging() -> Iterator[None]:
    """Log lines of ten thousand faults are useless; use the trace."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def live(seed: int, **defect: Any) -> Backbone:
    with asyncio.Runner(loop_factory=partial(VirtualTimeLoop, seed)) as runner:
        return runner.run(_life(**defect))


async def _life(*, is_sequence_locked: bool = True, **parts: Any) -> Backbone:
    dice = cast("VirtualTimeLoop", asyncio.get_running_loop()).dice
    world = ModelWorld(dice, is_sequence_locked=is_sequence_locked)
    backbone = Backbone(world, DISTRICTS, **parts)
    world.server.on_commit = partial(_look, world, backbone)
    for _ in range(dice.randint(10, 40)):
        await asyncio.sleep(dice.expovariate(4))
        await _act(backbone, dice)
    await backbone.settle()
    await backbone.stop()
    return backbone


def _look(world: ModelWorld, backbone: Backbone) -> None:
    """Check the invariants after every commit."""
    for district, log in backbone.logs.items():
        backbone.check(district, world.look(district), world.log(district, len(log)))


async def _act(backbone: Backbone, dice: Random) -> None:
    match dice.choices(list(ACTS), list(ACTS.values()))[0]:
        case "append":
            amounts = [POISON if dice.random() < 0.02 else 1 for _ in range(dice.randint(1, 4))]
            held = dice.uniform(0, 2) if dice.random() < 0.3 else 0
            backbone.append(dice.randrange(2), dice.randrange(ACCOUNTS), amounts, held=held, is_rolled_back=dice.random() < 0.1)
        case "kill relay":
            await backbone.kill_relay(dice.randrange(PROCESSES))
        case "kill consumer":
            await backbone.kill_consumer(dice.randrange(PROCESSES))
        case "cut":
            await backbone.cut_database(dice.randrange(2 * PROCESSES))
        case "disturb broker":
            backbone.disturb(dice.choice(PUBLISH_FAULTS + DELIVERY_FAULTS))
        case "feed":
            backbone.feed(is_away=dice.random() < 0.5)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_event_arrives_once_and_in_order(seed: int) -> None:
    assert live(seed).broken == []


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_found_and_its_seed_repeats_it(defect: str) -> None:
    plant, says = DEFECTS[defect]
    lives = ((seed, live(seed, **plant)) for seed in range(SEEDS))
    seed, found = next(((seed, life) for seed, life in lives if says in "".join(life.broken[:1])), (None, None))
    assert seed is not None, "no seed brought it to light"
    assert live(seed, **plant).trace == found.trace


def test_a_consumer_that_does_not_hear_it_is_told_to_stop_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consume, "raise_if_stopping", lambda: None)
    assert any("did not stop" in "".join(live(seed).broken) for seed in range(SEEDS))


def digest(seed: int) -> str:
    return sha256(repr(live(seed).trace).encode()).hexdigest()


def test_a_seed_is_the_same_life_in_every_process() -> None:
    here = [digest(seed) for seed in range(3)]
    assert len(set(here)) == 3
    program = f"from {__name__} import digest; print(*(digest(seed) for seed in range(3)))"
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": "20260104"},
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    assert elsewhere.stdout.split() == here
