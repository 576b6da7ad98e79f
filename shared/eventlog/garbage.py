"""Bulk work allocates tens of thousands of objects without reference cycles; the cyclic garbage collector took a third of its time."""

import gc
from collections.abc import Generator
from contextlib import contextmanager

MANY = 100_000  # more objects than a page of events or a batch of statements allocates
USUAL = gc.get_threshold()
_under_way: list[None] = []


@contextmanager
def rarely_collected() -> Generator[None]:
    """Run the collector of the whole process only every MANY allocations, until the last of these blocks ends."""
    _under_way.append(None)
    gc.set_threshold(MANY, *USUAL[1:])
    try:
        yield
    finally:
        _under_way.pop()
        if not _under_way:
            gc.set_threshold(*USUAL)
