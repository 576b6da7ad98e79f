"""Names on papers and public notices: requested from registration when one is printed, checked or read; cached for minutes at most."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import httpx2
from pydantic import BaseModel

from shared.runtime.settings import Settings

TIMEOUT: Final = 5.0
NOT_FOUND: Final = 404
KEPT: Final = 300.0  # seconds for which a masked name on a notice is cached
MOST_KEPT: Final = 1_000


class NamesUnreachable(ConnectionError):
    """Registration cannot be reached now; answered as 503, like for any other dependency that is down."""


class _Named(BaseModel):
    name: str | None = None


class _AllNamed(BaseModel):
    names: list[str] = []


@dataclass(frozen=True, slots=True)
class Names:
    """Client of registration for names."""

    client: httpx2.AsyncClient
    url: str
    token: str
    _on_notice: dict[tuple[str, UUID], tuple[float, str | None]] = field(default_factory=dict[tuple[str, UUID], tuple[float, str | None]])

    async def on_notice(self, district: str, member_id: UUID, purpose: str | None = None) -> str | None:
        """Masked name for a public page, cached: reloading the page must neither load registration nor fill the member's access list.

        Raises NamesUnreachable.
        """
        now = asyncio.get_running_loop().time()
        until, name = self._on_notice.get((district, member_id), (0.0, None))
        if until < now:
            name = await self.of_member(district, member_id, masked=True, purpose=purpose)
            if len(self._on_notice) >= MOST_KEPT:
                self._on_notice.clear()
            self._on_notice[district, member_id] = (now + KEPT, name)
        return name

    async def of_member(self, district: str, member_id: UUID, *, masked: bool, purpose: str | None = None) -> str | None:
        """Name of a member, None after erasure; the member can see the access with its purpose. Raises NamesUnreachable."""
        what_for = f"&purpose={purpose}" if purpose else ""
        return await self._ask(district, f"/paper-names/{member_id}?masked={str(masked).lower()}{what_for}")

    async def of_community(self, district: str, community_id: UUID) -> str | None:
        """Name of a community. Raises NamesUnreachable."""
        return await self._ask(district, f"/addresses/COMMUNITY/{community_id}")

    async def in_bulletin(self, district: str, member_ids: Collection[UUID]) -> list[str]:
        """Names of those who agreed to be named in public, in pinyin order and without their ids. Raises NamesUnreachable."""
        request = self.client.build_request("POST", f"{self.url}/bulletin-names", json={"member_ids": [str(each) for each in member_ids]})
        answered = await self._send(district, request)
        return [] if answered is None else _AllNamed.model_validate_json(answered).names

    async def of_communities(self, district: str, communities: Iterable[UUID]) -> dict[UUID, str | None]:
        """Names of the communities on a page, one request for each; None while registration cannot be reached."""
        once = list(dict.fromkeys(communities))
        names = await asyncio.gather(*(if_reachable(self.of_community(district, each)) for each in once))
        return dict(zip(once, names, strict=True))

    async def _ask(self, district: str, path: str) -> str | None:
        answered = await self._send(district, self.client.build_request("GET", self.url + path))
        return None if answered is None else _Named.model_validate_json(answered).name

    async def _send(self, district: str, request: httpx2.Request) -> bytes | None:
        request.headers.update({"Authorization": f"Bearer {self.token}", "Guangcai-District": district})
        try:
            answer = await self.client.send(request)
            if answer.status_code == NOT_FOUND:
                return None
            answer.raise_for_status()
        except httpx2.HTTPError as error:
            raise NamesUnreachable(type(error).__name__) from error
        return answer.content


@asynccontextmanager
async def names_from(settings: Settings) -> AsyncGenerator[Names]:
    """A client for the registration service at the URL of its feed."""
    token = settings.service_token.get_secret_value() if settings.service_token else ""
    async with httpx2.AsyncClient(timeout=TIMEOUT) as client:
        yield Names(client, settings.feed_urls.get("registration", "http://registration.invalid").rstrip("/"), token)


async def if_reachable(asked: Awaitable[str | None]) -> str | None:
    """The name, or None while registration cannot be reached."""
    try:
        return await asked
    except NamesUnreachable:
        return None
