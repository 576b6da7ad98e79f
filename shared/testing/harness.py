"""One service under test: its real application on a real PostgreSQL; feeds in memory stand in for the other services.

async with service_under_test(SERVICE, database_url=…, owner_url=…, keys=KEYS) as service:
await service.foreign("registration", MemberRegistered(...))       # an event of another service
answer = await service.post("/posts", json={...}, as_=secretary)   # a command; idempotency key and business time are added
await service.settled()                                            # read model and reactions have caught up
"""

from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid5

import httpx2
import orjson
from pydantic import SecretStr

from shared.contracts.event import Event
from shared.eventlog.envelope import Context, Recorded, decode, leaf_hash, tail_of
from shared.eventlog.log import EventLog, Mark, Page
from shared.http.limits import Limits
from shared.identifiers import derive
from shared.identity import Principal, Role, generate_keys, mint
from shared.runtime.definition import ServiceDefinition
from shared.runtime.parts import Parts
from shared.runtime.service import build_app
from shared.runtime.settings import Settings
from shared.testing.documented import undocumented

NAMESPACE = UUID("0b6b1c1e-54a1-5c52-9d3e-0d7c2f1a9b77")
NEW_YEAR = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DISTRICT = "zhanqian"
PATIENCE = 30  # attempts of one request


def mark_of(bodies: Sequence[bytes]) -> Mark:
    """The head of a log with these events."""
    return Mark(len(bodies), leaf_hash(bodies[-1]) if bodies else b"")


def page_of(bodies: Sequence[bytes], after: int, limit: int) -> Page:
    """A page of a log with these events."""
    found = list(bodies[after : after + limit])
    return Page(mark_of(bodies[:after]).leaf_hash if found else None, found)


@dataclass
class MemoryFeeds:
    """Feeds of other services in memory, with bytes like those of a real log. The service's own log is read from PostgreSQL."""

    own: EventLog | None = None
    bodies: defaultdict[tuple[str, str], list[bytes]] = field(default_factory=lambda: defaultdict(list))
    versions: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def heads(self, service: str) -> dict[str, Mark]:
        """The last event per district."""
        if self.own is not None and service == self.own.service:
            return await self.own.heads()
        return {district: mark_of(bodies) for (name, district), bodies in self.bodies.items() if name == service}

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        """A page behind `after`."""
        if self.own is not None and service == self.own.service:
            return await self.own.page(district, after, limit)
        return page_of(self.bodies[service, district], after, limit)

    def add(self, event: Event, stream: str, context: Context) -> Recorded:
        """Append an event of another service."""
        bodies = self.bodies[event.service(), context.district]
        self.versions[stream] += 1
        stamped = (
            f'{{"sequence":"{len(bodies) + 1:012}","streamversion":{self.versions[stream]},"recordedtime":"{context.time.isoformat()}",'
        )
        event_id = derive(context.command_id, "event/0", context.time)
        bodies.append(stamped.encode() + tail_of(event, event_id=event_id, stream=stream, context=context))
        return decode(bodies[-1])


@dataclass
class ServiceUnderTest:
    """See the module docstring. `now` is the business time of the next request; move it forward as the story goes."""

    client: httpx2.AsyncClient
    parts: Parts
    feeds: MemoryFeeds
    private_key: dict[str, Any]
    district: str = DISTRICT
    now: datetime = NEW_YEAR
    _number: int = 0

    def key(self) -> UUID:
        """A fresh idempotency key, the same in every run."""
        self._number += 1
        return uuid5(NAMESPACE, str(self._number))

    def token(self, *roles: Role, subject: str = "tester", organisations: Sequence[UUID] = (), district: str | None = None) -> str:
        """A token for these roles."""
        principal = Principal(subject, district or self.district, frozenset(roles), frozenset(organisations))
        return mint(self.private_key, principal, issued_at=datetime.now(UTC), lifetime=timedelta(hours=1))

    async def post(
        self, path: str, *, as_: str, key: UUID | None = None, headers: dict[str, str] | None = None, **request: Any
    ) -> httpx2.Response:
        """POST with token `as_`, an idempotency key and the business time."""
        own = {"Idempotency-Key": str(key or self.key()), "Authorization": f"Bearer {as_}", "Guangcai-Time": self.now.isoformat()}
        return await self.client.post(path, headers=own | (headers or {}), **request)

    async def insist(self, path: str, *, as_: str, **request: Any) -> tuple[httpx2.Response, float]:
        """POST, and repeat with the same idempotency key while the answer is 503, as clients do; returns the answer and the seconds."""
        began, key = perf_counter(), self.key()
        for _ in range(PATIENCE):
            answer = await self.post(path, as_=as_, key=key, **request)
            if answer.status_code != 503:  # noqa: PLR2004 - Service Unavailable
                return answer, perf_counter() - began
        message = f"{path}: answered 503 every time"
        raise AssertionError(message)

    async def get(self, path: str, *, as_: str, headers: dict[str, str] | None = None, **request: Any) -> httpx2.Response:
        """GET with token `as_`, after all events so far have been applied."""
        await self.settled()
        return await self.client.get(
            path, headers={"Authorization": f"Bearer {as_}", "Guangcai-Time": self.now.isoformat()} | (headers or {}), **request
        )

    def foreign(self, *events: Event, at: datetime | None = None, actor: str = "elsewhere", stream: str | None = None) -> list[Recorded]:
        """Add events of other services in this order. Unless given, the stream is named after the first id among the event's fields."""
        return [
            self.feeds.add(event, stream or _stream_of(event), Context(self.district, self.key(), at or self.now, actor))
            for event in events
        ]

    async def settled(self) -> None:
        """Wait until read model and reactions have caught up with all events, including those that reactions wrote."""
        for _ in range(20):
            if await self._round():
                return
        message = "reactions keep causing reactions"
        raise AssertionError(message)

    async def _round(self) -> bool:
        consumer = self.parts.consumer
        performed = 0
        await consumer.catch_up()
        for district in {lane[1] for lane in consumer.progress.heads}:
            performed += await self.parts.performer.perform_due(district)
        return performed == 0

    async def log(self, district: str | None = None) -> list[Recorded]:
        """The service's own log from the start."""
        return [decode(body) for _, body in await self.parts.log.read_log(district or self.district, 0, 100_000)]

    async def names(self) -> list[str]:
        """EventNames of the service's own log."""
        return [event.name for event in await self.log()]


def _stream_of(event: Event) -> str:
    ids = [value for name, value in event if name.endswith("_id") and isinstance(value, UUID)]
    return f"{event.service()}/{ids[0]}"


@asynccontextmanager
async def service_under_test(
    definition: ServiceDefinition, *, database_url: str, owner_url: str, folder: Path, **settings: Any
) -> AsyncGenerator[ServiceUnderTest]:
    """Start `definition` on a provisioned database without a bus, with a simulated clock and without background tasks."""
    private, public = generate_keys()
    key_file = folder / "token-key.json"
    key_file.write_bytes(orjson.dumps(public))
    settings.setdefault("limits", Limits().without_rates())
    configured = Settings(
        database_url=SecretStr(database_url),
        migration_database_url=SecretStr(owner_url),
        token_public_key=key_file,
        simulated_clock=True,
        **settings,
    )
    feeds = MemoryFeeds()
    app = build_app(definition, configured, source=feeds, in_background=False)
    async with app.router.lifespan_context(app):
        feeds.own = app.state.parts.log
        transport = httpx2.ASGITransport(app=app)

        async def fits_the_document(answer: httpx2.Response) -> None:
            unsaid = undocumented(definition.name, answer)
            assert unsaid is None, unsaid

        hooks = {"response": [fits_the_document]}
        async with httpx2.AsyncClient(transport=transport, base_url="http://service", event_hooks=hooks) as client:
            yield ServiceUnderTest(client, app.state.parts, feeds, private)
