"""The demo: starts a fresh stack, plays the story, prints and verifies the result, then serves until Ctrl-C."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import orjson
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ops.demo import figures, make_roster, proofs, report
from ops.demo.chapters import CHAPTERS
from ops.demo.client import Caller, Refused, Stalled, connected
from ops.demo.history import History, read_history
from ops.demo.letters import Letters
from ops.demo.world import Bar, World
from ops.servers.processes import ServerFailed
from ops.stack import PORTS, Stack, StackOptions, local_stack

DISTRICT = "yunxi"
SEED = 20260302
PLAIN_WIDTH = 160  # columns without a terminal, so that explanations are not cut off


@dataclass(
    frozen=True, slots=True, repr=False
)  # asyncio.run calls repr() on its result when it restores SIGINT, and a World refers to itself
class Outcome:
    """A completed story with its figures and proofs."""

    world: World
    history: History
    figures: Mapping[str, Any]
    proofs: proofs.Proofs


def figures_of(outcome: Outcome, seconds: float) -> dict[str, Any]:
    """What the JSON file holds."""
    return {**outcome.figures, "rebuild": outcome.proofs.rebuild_figures(), "seconds": seconds}


def main(*, once: bool, json_file: Path | None, members: int, directory: Path, is_in_order: bool) -> int:
    """Exit code: 0 when every proof holds, 1 otherwise."""
    started = time.monotonic()
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    with (
        Letters(directory / "letters") as letters,
        local_stack(directory, _options(letters), lambda line: _say(console, line)) as stack,
    ):
        console.print(f"  services ready after {time.monotonic() - started:.1f} s; the story begins", highlight=False)
        roster = make_roster.workbook(directory, members)
        with _plain_failures():
            outcome = uvloop.run(tell(stack, roster, members, console, is_in_order=is_in_order))
        seconds = round(time.monotonic() - started, 1)
        content = figures_of(outcome, seconds)
        report.show(console, outcome.world, content, letters)
        report.show_proofs(console, outcome.proofs)
        if json_file is not None:
            json_file.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        console.print(f"{outcome.world.client.requests} requests, {seconds} s in all", highlight=False)
        if not once:
            _serve(console, stack, outcome.world, letters)
    return 0 if outcome.proofs.hold else 1


async def tell(stack: Stack, roster: bytes, members: int, console: Console, *, is_in_order: bool = False) -> Outcome:
    """Play every chapter on a fresh stack, then gather figures and proofs. Raises Refused or Stalled."""
    async with connected(stack.urls, stack.keys, DISTRICT, is_in_order=is_in_order) as client:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, refresh_per_second=4) as progress:
            bars = [Bar(progress, progress.add_task(title, total=None, start=False)) for title, _ in CHAPTERS]
            world = World(client, Random(SEED), members, roster, bars[0])  # noqa: S311 - a story, no secret
            for bar, (_, chapter) in zip(bars, CHAPTERS, strict=True):
                world.bar = bar
                progress.start_task(bar.task)
                await chapter(world)
                progress.stop_task(bar.task)
            history = await read_history(client)
            gathered = await figures.gather(world, history)
            access = proofs.Access(stack.database.url, stack.servers.amqp_url("evaluation", stack.vhost))
            return Outcome(world, history, gathered, await proofs.prove(client, history, access))


def _options(letters: Letters) -> StackOptions:
    # The usual ports where they are free; a second demo at the same time takes others. Ids of members depend on the keys, and who does what
    # in the story goes by their numbers: with a seed every telling is the same.
    return StackOptions(
        "./guangcai demo",
        PORTS,
        is_clock_simulated=True,
        are_rates_lifted=True,
        smtp_url=letters.url,
        is_fresh=True,
        is_port_strict=False,
        key_seed=str(SEED),
    )


@contextmanager
def _plain_failures() -> Iterator[None]:
    """Report a refusal or a stalled service without a traceback of tasks."""
    try:
        yield
    except* (Refused, Stalled) as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise ServerFailed(f"the story broke off: {first}") from first


def _serve(console: Console, stack: Stack, world: World, letters: Letters) -> None:
    community, member = world.example.community, world.example
    callers: dict[str, Caller] = {
        "district admin": world.admin,
        f"secretary of {community.name}": community.secretary,
        f"secretary of {member.unit.name}": member.unit.secretary,
        "the member of the statement above": member.caller,
        "auditor (feeds)": world.auditor,
    }
    console.rule("serving until Ctrl-C")
    for name, url in stack.urls.items():
        console.print(f"  {name}: {url}/docs  {url}/asyncapi")
    console.print(f"  letters: {letters.directory}")
    for name, caller in callers.items():
        console.print(f"  token of {name}:\n    {world.client.token(caller)}", highlight=False, soft_wrap=True)
    url = stack.urls["evaluation"]
    path = f"/periods/{world.period_id}/members/{member.id}/statement"
    console.print(f'  try: curl -H "Authorization: Bearer $TOKEN" {url}{path}', highlight=False, soft_wrap=True)
    try:
        while all(service.is_running for service in stack.services.values()):
            time.sleep(0.5)
    except KeyboardInterrupt:
        console.print("stopped", style="dim")


def _say(console: Console, line: str) -> None:
    console.print(f"  {line}", markup=False, highlight=False)
