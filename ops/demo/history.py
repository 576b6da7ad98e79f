"""All logs as the feeds serve them: bytes per service, and counts per event type."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ops.demo.client import SOURCES, Client
from shared.eventlog.feed import MOST_EVENTS, FeedClient


@dataclass(frozen=True, slots=True)
class History:
    """Every stored body of the district, by service, in the order of the feed."""

    bodies: Mapping[str, list[bytes]]
    names: Counter[str]
    sequences: Mapping[str, list[int]]

    @property
    def events(self) -> int:
        return sum(len(bodies) for bodies in self.bodies.values())

    def log(self) -> dict[str, dict[str, int]]:
        """Size, first and last sequence of each log."""
        return {
            service: {"events": len(numbers), "first": numbers[0] if numbers else 0, "last": numbers[-1] if numbers else 0}
            for service, numbers in self.sequences.items()
        }


async def read_history(client: Client) -> History:
    """All feeds from the start."""
    bodies = {service: await _read(client, service) for service in SOURCES}
    envelopes: dict[str, list[dict[str, Any]]] = {service: [orjson.loads(body) for body in own] for service, own in bodies.items()}
    # guangcai.{service}.{EventName}.v{n}
    names = Counter(each["type"].split(".")[2] for own in envelopes.values() for each in own)
    return History(bodies, names, {service: [int(each["sequence"]) for each in own] for service, own in envelopes.items()})


async def _read(client: Client, service: str) -> list[bytes]:
    feed = FeedClient(client.http[service], client.urls, client.keys.service_token("demo"))
    bodies: list[bytes] = []
    while page := (await feed.read(service, client.district, len(bodies), MOST_EVENTS)).bodies:
        bodies += page
    return bodies
