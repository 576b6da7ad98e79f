"""The things that docs/coverage.md says are served, each taken out in turn: the tests that its row names must notice.

An endpoint that is taken out answers 404; a command or an event that is taken out ends in an error wherever it is decided.
"""

import functools
import gc
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from shared.decider import Decider
from tests.architecture.test_coverage_table import SERVICES, Line, named_endpoints, within

CLASS: Final = re.compile(r"`([A-Z]\w+)`")
ELSEWHERE: Final = re.compile(r"\w+'s `\w+`(, `[A-Z]\w+`)*")  # "registration's `X`, `Y`" are decided by another service
NOTHING: Final = "nothing taken out"
PARAMETER: Final = re.compile(r"\{\w+\}")


class NothingSuchThere(Exception):
    """What a decision raises whose command or event was taken out."""


@dataclass(frozen=True, slots=True, order=True)
class TakenOut:
    """One endpoint, command or event of a row, or NOTHING, and the tests of the row."""

    row: str
    thing: str
    tests: tuple[str, ...]
    is_after_others: bool = False  # whether the tests of the same files that stand before them must run first

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.row}: {self.thing}"

    def tests_among(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """The tests of the row, with all their cases, and what must run before them."""
        own = [item for item in items if self.is_named(item)]
        if not self.is_after_others:
            return own
        last = {item.path: items.index(item) for item in own}
        return [item for number, item in enumerate(items) if number <= last.get(item.path, -1)]

    def is_named(self, item: pytest.Item) -> bool:
        """Whether the row names this test."""
        return item.nodeid.partition("[")[0] in self.tests

    def plant(self) -> None:
        """Take it out of this process."""
        if self.thing == NOTHING:
            return
        method, _, path = self.thing.partition(" ")
        if path:
            _close(method, path)
        else:
            _forbid(self.thing)


def things() -> Iterator[TakenOut]:
    """Everything that the rows of the services name, in their order; before each row NOTHING, for its tests must pass alone."""
    for line in within(*SERVICES):
        tests = tuple(f"tests/{file}::{test}" for file, test in line.named_tests)
        for thing in dict.fromkeys([NOTHING, *named_endpoints(line), *_named_classes(line)]):
            yield TakenOut(line.id, thing, tests)


def _named_classes(line: Line) -> list[str]:
    return CLASS.findall(ELSEWHERE.sub("", line.cells[1]))


def _close(method: str, path: str) -> None:
    handle = APIRoute.handle

    @functools.wraps(handle)
    async def closed(self: APIRoute, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == method and re.fullmatch(PARAMETER.sub("[^/]+", self.path), path):
            await JSONResponse({"title": "taken out"}, 404)(scope, receive, send)
        else:
            await handle(self, scope, receive, send)

    APIRoute.handle = closed


def _forbid(name: str) -> None:
    for decider in [each for each in gc.get_objects() if isinstance(each, Decider)]:
        object.__setattr__(decider, "decide", _without(name, decider.decide))


def _without(name: str, decide: Any) -> Any:
    @functools.wraps(decide)
    def decided(command: Any, state: Any) -> Any:
        events = decide(command, state)
        if name in {type(command).__name__, *(type(event).__name__ for event in events)}:
            raise NothingSuchThere(name)
        return events

    return decided
