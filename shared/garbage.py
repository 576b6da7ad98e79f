"""Bulk work makes objects by the hundred thousand and not one cycle among them: looking for cycles took a third of its time."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """No search for cycles inside; only around work that does not await, so that nothing else of the process goes without."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
