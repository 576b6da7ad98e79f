"""The feed: the exact bytes of a log over HTTP, for closing gaps, rebuilding, new services, auditors and pull subscribers.

`GET /feed` lists districts and log sizes; `GET /feed/{district}?after=N&limit=…&wait=…` answers NDJSON, one stored body per line.
Both show leaf hashes, by which a reader notices that the log has lost events that it has read (ADR 20).
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Protocol

import httpx2
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from shared.eventlog.bell import Bell
from shared.eventlog.log import EventLog, Mark, Page

MOST_EVENTS = 2000
LONGEST_WAIT = 25.0
LAST = "Guangcai-Last"
PREVIOUS = "Guangcai-Previous"


class Heads(BaseModel):
    """Size of the log per district, and the leaf hash (hex) of its last event."""

    service: str
    districts: dict[str, int]
    leaf_hashes: dict[str, str]


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
        heads = {name: mark for name, mark in (await parts.log.heads()).items() if own in ("*", name)}
        return Heads(
            service=parts.log.service,
            districts={name: mark.sequence for name, mark in heads.items()},
            leaf_hashes={name: mark.leaf_hash.hex() for name, mark in heads.items()},
        )

    @router.get("/feed/{district}", response_class=Response, responses={200: {"content": {"application/x-ndjson": {}}}})
    async def feed(
        district: str,
        request: Request,
        own: Annotated[str, Depends(may_read)],
        after: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 500,
        wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0,
    ) -> Response:
        """Events behind sequence `after`, oldest first; with `wait` (seconds) the answer waits for the first one.

        `Guangcai-Last` is the sequence of the last one, `Guangcai-Previous` the leaf hash (hex) of the event before the first one.
        """
        parts: Feeding = request.app.state.parts
        page = Page(None, [])
        if own in ("*", district):
            with parts.bell.ringing(district) as ear:
                page = await parts.log.page(district, after, limit)
                if not page.bodies and wait:
                    await ear.wait(wait)
                    page = await parts.log.page(district, after, limit)
        return _answer(page, after)

    return router


def _answer(page: Page, after: int) -> Response:
    content = b"".join(body + b"\n" for body in page.bodies)
    headers = {LAST: str(after + len(page.bodies))}
    if page.previous is not None:
        headers[PREVIOUS] = page.previous.hex()
    return Response(content, media_type="application/x-ndjson", headers=headers)


class FeedClient:
    """The consuming side: reads the feeds of other services over HTTP, and the service's own log directly."""

    def __init__(self, client: httpx2.AsyncClient, urls: Mapping[str, str], token: str, own: EventLog | None = None) -> None:
        """`urls`: base URL per service; `own` is read directly."""
        self._client = client
        self._urls = urls
        self._headers = {"Authorization": f"Bearer {token}"}
        self._own = own

    async def heads(self, service: str) -> dict[str, Mark]:
        """The last event of the log of `service` per district. Raises OSError when it is out of reach."""
        if self._own is not None and service == self._own.service:
            return await self._own.heads()
        response = await self._get(service, "/feed", {})
        heads = Heads.model_validate_json(response.content)
        return {name: Mark(size, bytes.fromhex(heads.leaf_hashes[name])) for name, size in heads.districts.items()}

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        """Up to `limit` events behind `after`. Raises OSError when the service is out of reach."""
        if self._own is not None and service == self._own.service:
            return await self._own.page(district, after, limit)
        response = await self._get(service, f"/feed/{district}", {"after": after, "limit": min(limit, MOST_EVENTS)})
        previous = response.headers.get(PREVIOUS)
        return Page(None if previous is None else bytes.fromhex(previous), response.content.split(b"\n")[:-1])

    async def _get(self, service: str, path: str, params: dict[str, int]) -> httpx2.Response:
        try:
            response = await self._client.get(self._urls[service] + path, params=params, headers=self._headers)
            response.raise_for_status()
        except (httpx2.HTTPError, KeyError) as error:
            message = f"feed of {service} is out of reach: {type(error).__name__}"
            raise OSError(message) from error
        return response
