"""Bulk work holds objects by the ten thousand and makes not one cycle among them: looking for cycles took a third of its time."""

import gc
from collections.abc import Generator
from contextlib import contextmanager

MANY = 100_000  # more than a page of events or a batch of statements adds to what is held
USUAL = gc.get_threshold()
_under_way: list[None] = []


@contextmanager
def rarely_collected() -> Generator[None]:
    """Cycles are looked for only when that many objects have been added, in the whole process, until the last of these ends."""
    _under_way.append(None)
    gc.set_threshold(MANY, *USUAL[1:])
    try:
        yield
    finally:
        _under_way.pop()
        if not _under_way:
            gc.set_threshold(*USUAL)
