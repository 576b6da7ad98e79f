"""The feeds of all sources of one consumer: their heads, pages behind a mark, and whether the event at a mark is still there."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from shared.eventlog.envelope import Recorded, leaf_hash
from shared.eventlog.log import Mark, Page
from shared.eventlog.start_over import Lane

logger = logging.getLogger(__name__)


class Source(Protocol):
    """Where missing events are fetched: the feeds of the producing services (shared.eventlog.feed)."""

    async def heads(self, service: str) -> dict[str, Mark]:
        """The last event per district of a producing service."""
        ...

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        """Up to `limit` events behind `after`."""
        ...


class FeedOutOfReach(OSError):
    """A feed does not answer; its lanes wait, the others go on."""


class Feeds:
    """See the module docstring."""

    def __init__(self, source: Source, services: Sequence[str]) -> None:
        """`services`: the sources of the consumer."""
        self._source = source
        self._services = tuple(services)

    async def heads(self, known: Iterable[Lane]) -> tuple[dict[Lane, Mark], bool]:
        """The heads of the feeds within reach, and whether all of them are.

        A lane of `known` that its feed does not name any more has lost all its events.
        """
        heads: dict[Lane, Mark] = {}
        is_complete = True
        for service in self._services:
            try:
                found = await self._source.heads(service)
            except OSError as error:
                logger.warning("feed out of reach", extra={"source": service, "code": type(error).__name__})
                is_complete = False
                continue
            heads |= {lane: Mark() for lane in known if lane[0] == service}
            heads |= {(service, district): head for district, head in found.items()}
        return heads, is_complete

    async def page(self, lane: Lane, after: int, limit: int) -> Page:
        """Up to `limit` events behind `after`. Raises FeedOutOfReach."""
        try:
            return await self._source.read(*lane, after, limit)
        except OSError as error:
            raise FeedOutOfReach from error

    async def has(self, lane: Lane, mark: Mark) -> bool:
        """Whether the event at `mark` is in the log. Raises FeedOutOfReach."""
        if not mark.sequence:
            return True
        page = await self.page(lane, mark.sequence - 1, 1)
        return [leaf_hash(body) for body in page.bodies] == [mark.leaf_hash]


def following(events: Mapping[int, Recorded], mark: Mark) -> list[Recorded]:
    """The events that follow `mark` without a gap, each on top of the one that it followed in its log."""
    run: list[Recorded] = []
    while (event := events.get(mark.sequence + 1)) and event.previous == mark.leaf_hash:
        run.append(event)
        mark = Mark(event.sequence, event.leaf_hash)
    return run
