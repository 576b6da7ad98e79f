"""The feed: the exact bytes of a log over HTTP, for closing gaps, rebuilding, new services, auditors and pull subscribers.

`GET /feed` lists districts and log sizes; `GET /feed/{district}?after=N&limit=…&wait=…` answers NDJSON, one stored body per line.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Protocol

import httpx2
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from shared.eventlog.bell import Bell
from shared.eventlog.log import EventLog

MOST_EVENTS = 2000
LONGEST_WAIT = 25.0


class Heads(BaseModel):
    """Size of the log per district."""

    service: str
    districts: dict[str, int]


class Feeding(Protocol):
    """The parts of a running service that a feed needs; found at `app.state.parts`."""

    log: EventLog
    bell: Bell


def feed_router(may_read: Callable[..., str]) -> APIRouter:
    """The producing side. `may_read` is a dependency that gives the district the caller is limited to ("*": none)."""
    router = APIRouter(tags=["feed"])

    @router.get("/feed")
    async def heads(request: Request, own: Annotated[str, Depends(may_read)]) -> Heads:
        """Districts and the sizes of their logs, as far as the caller may see them."""
        parts: Feeding = request.app.state.parts
        sizes = await parts.log.heads()
        return Heads(service=parts.log.service, districts={name: size for name, size in sizes.items() if own in ("*", name)})

    @router.get("/feed/{district}", response_class=Response, responses={200: {"content": {"application/x-ndjson": {}}}})
    async def feed(
        district: str,
        request: Request,
        own: Annotated[str, Depends(may_read)],
        after: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 500,
        wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0,
    ) -> Response:
        """Events behind sequence `after`, oldest first; with `wait` (seconds) the answer waits for the first one."""
        parts: Feeding = request.app.state.parts
        rows: list[tuple[int, bytes]] = []
        if own in ("*", district):
            with parts.bell.ringing(district) as ear:
                rows = await parts.log.read_log(district, after, limit)
                if not rows and wait:
                    await ear.wait(wait)
                    rows = await parts.log.read_log(district, after, limit)
        content = b"".join(body + b"\n" for _, body in rows)
        return Response(content, media_type="application/x-ndjson", headers={"Guangcai-Last": str(rows[-1][0] if rows else after)})

    return router


class FeedClient:
    """The consuming side: reads the feeds of other services over HTTP, and the service's own log directly."""

    def __init__(self, client: httpx2.AsyncClient, urls: Mapping[str, str], token: str, own: EventLog | None = None) -> None:
        """`urls`: base URL per service; `own` is read directly."""
        self._client = client
        self._urls = urls
        self._headers = {"Authorization": f"Bearer {token}"}
        self._own = own

    async def heads(self, service: str) -> dict[str, int]:
        """Size of the log of `service` per district. Raises OSError when it is out of reach."""
        if self._own is not None and service == self._own.service:
            return await self._own.heads()
        response = await self._get(service, "/feed", {})
        return Heads.model_validate_json(response.content).districts

    async def read(self, service: str, district: str, after: int, limit: int) -> list[bytes]:
        """Up to `limit` bodies behind `after`. Raises OSError when the service is out of reach."""
        if self._own is not None and service == self._own.service:
            return [body for _, body in await self._own.read_log(district, after, limit)]
        response = await self._get(service, f"/feed/{district}", {"after": after, "limit": min(limit, MOST_EVENTS)})
        return response.content.splitlines()

    async def _get(self, service: str, path: str, params: dict[str, int]) -> httpx2.Response:
        try:
            response = await self._client.get(self._urls[service] + path, params=params, headers=self._headers)
            response.raise_for_status()
        except (httpx2.HTTPError, KeyError) as error:
            message = f"feed of {service} is out of reach: {type(error).__name__}"
            raise OSError(message) from error
        return response
