"""The demo's only access to the services: HTTP with a token per caller, an idempotency key per command, and business time in a header.

Invariant: the key is derived from caller, command and time, so a command sent twice has one effect.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import httpx2
import orjson

from ops.keys import Keys
from shared.identifiers import derive
from shared.identity import Principal, Role

STORY = uuid5(NAMESPACE_URL, "urn:guangcai:demo")
IN_FLIGHT = 16
CONNECTIONS = 6  # per service
TIMEOUT = httpx2.Timeout(60.0, connect=5.0)
NOT_NOW = frozenset({502, 503, 504})
ATTEMPTS = 40  # per command while the answer is 503; the same idempotency key makes it safe
PATIENCE = 0.2  # seconds between them
SHORTEST_PAUSE, LONGEST_PAUSE = 0.03, 0.4  # seconds between two polls of a busy service
STALLED_AFTER = 60.0  # seconds without any progress
TOKEN_LIFETIME = timedelta(days=1)

# The sources of each service, and a cheap query to send when it has caught up.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "registration": ("registration",),
    "activities": ("registration", "activities"),
    "evaluation": ("registration", "activities", "evaluation"),
    "notifications": ("registration", "activities", "evaluation", "notifications"),
}
PROBES: Mapping[str, str] = {
    "registration": "/organisations?limit=1",
    "activities": "/teams?limit=1",
    "evaluation": "/periods?limit=1",
    "notifications": "/notices/counts",
}

Json = Any


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller of a service: a pseudonymous subject in one role, acting for these organisations."""

    subject: str
    role: Role
    organisations: tuple[UUID, ...] = ()


class Refused(Exception):
    """A service refused a command unexpectedly; carries the problem+json."""

    def __init__(self, request: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{request} → {status} {orjson.dumps(problem, default=str).decode()}")

    @property
    def code(self) -> str:
        """The stable code of the problem."""
        return str(self.problem.get("code", ""))


class Stalled(Exception):
    """A service makes no progress; its log says why."""


@dataclass(slots=True)
class Service:
    """Client of one service."""

    name: str
    client: "Client"

    async def post(self, path: str, body: Mapping[str, Json] | None = None, *, by: Caller | None, at: datetime) -> Json:
        """Send a command; the answer's JSON. Raises Refused."""
        content = orjson.dumps(body or {}, default=str)
        headers = {"Content-Type": "application/json"}
        response = await self.client.send("POST", self, path, by, at, content=content, headers=headers, said=content)
        return response.json()

    async def result(self, path: str, body: Mapping[str, Json] | None = None, *, by: Caller | None, at: datetime) -> Json:
        """The `result` of a command: the ids it created and its outcome."""
        return (await self.post(path, body, by=by, at=at))["result"]

    async def refusal(self, path: str, body: Mapping[str, Json] | None = None, *, by: Caller | None, at: datetime) -> Mapping[str, Json]:
        """The problem+json of a command that is expected to be refused."""
        try:
            answer = await self.post(path, body, by=by, at=at)
        except Refused as refused:
            return refused.problem
        raise Refused(f"POST {self.name}{path}", 200, {"code": "expected_a_refusal", "answer": answer})

    async def upload(self, path: str, file: tuple[str, bytes], fields: Mapping[str, str], *, by: Caller, at: datetime) -> Json:
        """Send a workbook and form fields."""
        said = file[0].encode() + orjson.dumps(fields)
        response = await self.client.send("POST", self, path, by, at, files={"file": file}, data=dict(fields), said=said)
        return response.json()

    async def get(self, path: str, *, by: Caller, at: datetime) -> Json:
        """GET; the answer includes everything that this client has written (read-your-writes)."""
        return (await self.client.send("GET", self, path, by, at)).json()

    async def content(self, path: str, *, by: Caller, at: datetime) -> bytes:
        """GET a file."""
        return (await self.client.send("GET", self, path, by, at)).content

    async def every(self, path: str, *, by: Caller, at: datetime) -> list[Json]:
        """All items of a list, page by page."""
        separator = "&" if "?" in path else "?"
        items: list[Json] = []
        page = await self.get(f"{path}{separator}limit=200", by=by, at=at)
        while True:
            items += page["items"]
            if page["next"] is None:
                return items
            page = await self.get(f"{path}{separator}limit=200&after={page['next']}", by=by, at=at)


@dataclass(slots=True)
class Client:
    """The services of one stack for one district.

    `is_in_order`: one request at a time; each command's consequences are complete before the next request.
    """

    http: Mapping[str, httpx2.AsyncClient]  # one pool per service: a small pool finds a free connection faster
    urls: Mapping[str, str]
    keys: Keys
    district: str
    is_in_order: bool = False
    requests: int = 0
    _tokens: dict[Caller, str] = field(default_factory=dict)
    _written: dict[str, int] = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(1 if self.is_in_order else IN_FLIGHT)

    def service(self, name: str) -> Service:
        return Service(name, self)

    def token(self, caller: Caller) -> str:
        """A token for this caller, cached."""
        if caller not in self._tokens:
            principal = Principal(caller.subject, self.district, frozenset({caller.role}), frozenset(caller.organisations))
            self._tokens[caller] = self.keys.token(principal, TOKEN_LIFETIME)
        return self._tokens[caller]

    async def send(
        self, method: str, service: Service, path: str, by: Caller | None, at: datetime, *, said: bytes = b"", **request: Any
    ) -> httpx2.Response:
        """One request, sent again with the same key while the answer is 503. Raises Refused."""
        headers: dict[str, str] = {"Guangcai-Time": at.isoformat(), **request.pop("headers", {})}
        if by is not None:
            headers["Authorization"] = f"Bearer {self.token(by)}"
        if method == "POST":
            sentence = f"{service.name}{path} by {by.subject if by else 'anybody'} at {at.isoformat()}: ".encode() + said
            headers["Idempotency-Key"] = str(derive(STORY, sentence.hex(), at))
        else:
            known = [f"{name}={self._written[name]}" for name in SOURCES[service.name] if name in self._written]
            headers |= {"Guangcai-Read-After": ",".join(known)} if known else {}
        async with self._slots:
            response = await self._insist(service.name, method, path, headers=headers, **request)
            if self.is_in_order and method == "POST":
                await self.settle(at)
        self.requests += 1
        if response.is_error:
            raise Refused(f"{method} {service.name}{path} by {by}", response.status_code, _problem(response))
        self._note(response)
        return response

    async def _insist(self, name: str, method: str, path: str, **request: Any) -> httpx2.Response:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = await self.http[name].request(method, self.urls[name] + path, **request)
            except httpx2.TransportError:
                if attempt == ATTEMPTS:
                    raise
            else:
                if response.status_code not in NOT_NOW or attempt == ATTEMPTS:
                    return response
            await asyncio.sleep(PATIENCE)
        raise AssertionError("the last attempt returns or raises")

    def _note(self, response: httpx2.Response) -> None:
        """Remember the position of the log, so that later queries wait for it."""
        if response.request.method != "POST":
            return
        answer = response.json()
        position = answer.get("position") if isinstance(answer, dict) else None
        if position and position.get("sequence"):
            name, sequence = position["service"], int(position["sequence"])
            self._written[name] = max(sequence, self._written.get(name, 0))

    async def heads(self) -> dict[str, int]:
        """Size of the district's log by service."""
        reader = Caller("auditor", Role.AUDITOR)

        async def head(name: str) -> int:
            headers = {"Authorization": f"Bearer {self.token(reader)}"}
            response = await self._insist(name, "GET", "/feed", headers=headers)
            return int(response.raise_for_status().json()["districts"].get(self.district, 0))

        return dict(zip(SOURCES, await asyncio.gather(*(head(name) for name in SOURCES)), strict=True))

    async def settle(self, at: datetime) -> dict[str, int]:
        """Wait until every service has applied every event and performed its reactions; returns the logs' sizes. Raises Stalled."""
        heads = await self.heads()
        pause = SHORTEST_PAUSE
        while True:
            # The services wait by themselves until they have applied these events; only the reactions have to be polled.
            await asyncio.gather(*(self._reach(name, heads, at) for name in SOURCES))
            await asyncio.gather(*(self._until_idle(name) for name in SOURCES))
            before, heads = heads, await self.heads()
            if heads == before:
                return heads
            # Reactions have caused more events; polling all the time would only take processor time from the services.
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)

    async def _reach(self, name: str, heads: Mapping[str, int], at: datetime) -> None:
        """Wait until the read model of a service includes `heads`."""
        positions = ",".join(f"{source}={heads[source]}" for source in SOURCES[name] if heads[source])
        admin = Caller("district-admin", Role.DISTRICT_ADMIN)
        headers = {"Authorization": f"Bearer {self.token(admin)}", "Guangcai-Time": at.isoformat()}
        headers |= {"Guangcai-Read-After": positions} if positions else {}
        answer = await self._insist(name, "GET", PROBES[name], headers=headers)
        if answer.is_error:
            raise Refused(f"GET {name}{PROBES[name]} after {positions}", answer.status_code, _problem(answer))

    async def _until_idle(self, name: str) -> None:
        """Wait until a service has performed its due intents and published its events."""
        loop = asyncio.get_running_loop()
        seen, since, pause = "", loop.time(), SHORTEST_PAUSE
        while True:
            answer = await self._insist(name, "GET", "/readyz")
            state = answer.json()
            if state["is_idle"] and not state["relay_lag"]:
                return
            if answer.text != seen:
                seen, since = answer.text, loop.time()
            elif loop.time() - since > STALLED_AFTER:
                raise Stalled(f"{name} has made no progress for {STALLED_AFTER:.0f} s: {seen}")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)


@asynccontextmanager
async def connected(urls: Mapping[str, str], keys: Keys, district: str, *, is_in_order: bool = False) -> AsyncIterator[Client]:
    """A connected client for the duration of the block."""
    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with AsyncExitStack() as stack:
        # Loopback needs no certificates, and loading them takes longer than many requests.
        pools = [httpx2.AsyncClient(timeout=TIMEOUT, limits=limits, trust_env=False, verify=False) for _ in urls]
        http = {name: await stack.enter_async_context(pool) for name, pool in zip(urls, pools, strict=True)}
        yield Client(http, urls, keys, district, is_in_order)


def _problem(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        return response.json()
    except ValueError:
        return {"code": "not_json", "text": response.text[:300]}
