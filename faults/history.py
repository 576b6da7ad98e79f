"""The history of every call: request, idempotency key, and the result of each attempt. Invariants rely on it alone for what was promised.

A call is retried with the same key until it is answered: 2xx acknowledged, 4xx refused, no answer before the deadline: unknown.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

import httpx2
import orjson

from shared.identity import Role

ATTEMPT_WITHIN = 6.0  # timeout of an attempt in seconds; its effect is unknown then
PAUSE = 0.25  # seconds between attempts
SENT_AGAIN = 0.15  # share of answered calls that are sent once more, like a client that lost the answer


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller with one role in one district, acting for these organisations."""

    district: str
    subject: str
    role: Role
    organisations: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when (monotonic seconds), and the answer; status None means none came."""

    started: float
    ended: float
    status: int | None
    answer: Any = None
    retry_after: str | None = None

    @property
    def seconds(self) -> float:
        return self.ended - self.started


@dataclass(slots=True)
class Call:
    """One command and all of its attempts."""

    key: UUID
    caller: Caller
    service: str
    path: str
    body: Mapping[str, Any]
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def answers(self) -> list[Attempt]:
        """Attempts that were answered with 2xx or 4xx."""
        return [each for each in self.attempts if each.status is not None and each.status < 500]

    @property
    def acknowledged(self) -> Mapping[str, Any] | None:
        """The first 2xx answer."""
        return next((each.answer for each in self.answers if each.status is not None and each.status < 300), None)

    @property
    def is_refused(self) -> bool:
        return self.acknowledged is None and bool(self.answers)

    @property
    def is_unknown(self) -> bool:
        return not self.answers

    def __str__(self) -> str:
        return f"POST {self.service}{self.path} in {self.caller.district} (key {self.key})"


@dataclass(frozen=True, slots=True)
class Outage:
    """A server was away from `began` to `ended` (monotonic seconds), for all or for one service or district."""

    server: str  # "database", "broker", or "disk": full, and all that needs no space is answered
    began: float
    ended: float
    service: str | None = None
    district: str | None = None

    def concerns(self, call: Call) -> bool:
        return self.service in (None, call.service) and self.district in (None, call.caller.district)


@dataclass(slots=True)
class History:
    """Calls and outages of one scenario."""

    calls: list[Call] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)

    def count(self) -> dict[str, int]:
        """Sent, acknowledged, refused, unknown."""
        return {
            "sent": len(self.calls),
            "acknowledged": sum(each.acknowledged is not None for each in self.calls),
            "refused": sum(each.is_refused for each in self.calls),
            "unknown": sum(each.is_unknown for each in self.calls),
        }


class Recorder:
    """Sends calls and writes down what happened."""

    def __init__(self, client: httpx2.AsyncClient, urls: Mapping[str, str], tokens: Mapping[Caller, str], chance: Random) -> None:
        self._client = client
        self._urls = dict(urls)
        self._tokens = tokens
        self._chance = chance
        self.history = History()
        self.deadline = float("inf")  # monotonic seconds after which nothing is retried

    def reach(self, service: str, url: str) -> None:
        """Send the calls of `service` to this process from now on."""
        self._urls[service] = url

    async def post(
        self, caller: Caller, service: str, path: str, body: Mapping[str, Any] | None = None, *, at: str | None = None
    ) -> Mapping[str, Any] | None:
        """The `result` of a command, None when it was refused or never answered. `at`: business time with a simulated clock."""
        call = Call(UUID(int=self._chance.getrandbits(128), version=4), caller, service, path, body or {})
        self.history.calls.append(call)
        while not call.answers:
            if monotonic() > self.deadline:
                return None
            call.attempts.append(await self._attempt(call, at))
            if not call.answers:
                await asyncio.sleep(PAUSE)
        if call.acknowledged is not None and self._chance.random() < SENT_AGAIN:
            call.attempts.append(await self._attempt(call, at))
        return None if call.acknowledged is None else call.acknowledged.get("result", call.acknowledged)

    async def get(self, caller: Caller, service: str, path: str) -> Any:
        """GET; None without a 2xx answer. Queries are not part of the history."""
        try:
            response = await self._client.get(self._urls[service] + path, headers=self._authorization(caller), timeout=ATTEMPT_WITHIN)
        except httpx2.HTTPError:
            return None
        return response.json() if response.is_success else None

    async def _attempt(self, call: Call, at: str | None) -> Attempt:
        headers = self._authorization(call.caller) | {"Idempotency-Key": str(call.key), "Content-Type": "application/json"}
        headers |= {"Guangcai-Time": at} if at else {}
        content = orjson.dumps(call.body, default=str)
        started = monotonic()
        try:
            response = await self._client.post(
                self._urls[call.service] + call.path, content=content, headers=headers, timeout=ATTEMPT_WITHIN
            )
        except httpx2.HTTPError:
            return Attempt(started, monotonic(), None)
        try:
            answer = response.json()
        except ValueError:
            answer = {}
        return Attempt(started, monotonic(), response.status_code, answer, response.headers.get("retry-after"))

    def _authorization(self, caller: Caller) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[caller]}"}
