"""A deterministic event loop with virtual time: the same seed gives the same run, to the last callback.

When nothing is ready, time jumps to the next timer. Ready callbacks run in a random order drawn from the seed instead of FIFO, so that
no code can rely on FIFO. No I/O, no threads. Use: `with asyncio.Runner(loop_factory=partial(VirtualTimeLoop, seed)) as runner`.
"""

import asyncio
import heapq
from collections.abc import Callable
from contextvars import Context
from itertools import count
from random import Random
from typing import Any


class Deadlock(AssertionError):
    """Nothing is ready and no timer is set: every task waits for another one. The message says who waits where."""


class _NumberedTask(asyncio.Task[Any]):
    """Hashes to its number instead of its address: asyncio iterates over sets of tasks, and addresses differ from run to run."""

    def __init__(self, number: int, *args: Any, **options: Any) -> None:
        self._number = number
        super().__init__(*args, **options)

    def __hash__(self) -> int:
        return self._number


class VirtualTimeLoop(asyncio.BaseEventLoop):
    """`dice` is the only source of randomness of a run: everything else random must use it."""

    def __init__(self, seed: int) -> None:
        """Time starts at 0."""
        super().__init__()
        self.dice = Random(seed)  # noqa: S311 - a run must be repeatable, not unpredictable
        self._now = 0.0
        self._numbers = count()
        self._soon: list[asyncio.Handle] = []
        self._later: list[tuple[float, float, asyncio.TimerHandle]] = []  # ordered by time, ties at random

    def time(self) -> float:
        """Virtual seconds since the start."""
        return self._now

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        """Like asyncio's, with a numbered task."""
        return _NumberedTask(next(self._numbers), coro, loop=self, **options)

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """Run `callback` before time advances."""
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        return handle

    def call_at(self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.TimerHandle:
        """Run `callback` at virtual time `when`."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._later, (when, self.dice.random(), handle))
        return handle

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """An error that nobody awaits ends the run."""
        raise context.get("exception") or RuntimeError(context["message"])

    def _run_once(self) -> None:
        """Run one callback. The base class calls this until the loop is stopped."""
        soon, later = self._soon, self._later
        while later and later[0][2].cancelled():
            heapq.heappop(later)
        if not soon:
            if not later:
                raise Deadlock("; ".join(sorted(_whereabouts(task) for task in asyncio.all_tasks(self))))
            self._now = max(self._now, later[0][0])
        while later and later[0][0] <= self._now:
            soon.append(heapq.heappop(later)[2])
        handle = soon.pop(int(self.dice.random() * len(soon)))
        if not handle.cancelled():
            handle._run()  # noqa: SLF001 - how every loop runs its handles


def _whereabouts(task: asyncio.Task[Any]) -> str:
    """Name of a task and the lines it waits in, from its outermost coroutine to the innermost."""
    lines: list[str] = []
    awaited = task.get_coro()
    while frame := getattr(awaited, "cr_frame", None):
        lines.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
        awaited = getattr(awaited, "cr_await", None)
    return f"{task.get_name()} waits in {' > '.join(lines)}"
