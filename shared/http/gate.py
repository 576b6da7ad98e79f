"""Middleware around a whole service: refuses paths and queries that are not text, and adds headers to every answer.

Invariant: no text that PostgreSQL cannot store reaches a route, and no cache keeps an answer for one person.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.values import is_plain
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import PRIVATE
from shared.http.pages import DOCUMENT_POLICY, PAGE_POLICY

DOCUMENTS: Final = frozenset({"/docs", "/docs/oauth2-redirect", "/redoc", "/asyncapi"})
QUERY: Final = "a query of plain text in UTF-8"

Refuse = Callable[[Exception], Response]


class Gate:
    """The outermost middleware except metrics."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        """`refuse` makes the answer for NotFound and Malformed."""
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _seal(scope, message["headers"])
            await send(message)

        # A path that is not text names nothing. The server puts U+FFFD where a path is not UTF-8.
        if not is_plain(scope["path"]) or "\ufffd" in scope["path"]:
            await self._refuse(NotFound())(scope, receive, sealed)
        elif scope["query_string"] and not _is_text(scope["query_string"]):
            await self._refuse(Malformed(query=QUERY))(scope, receive, sealed)
        else:
            await self._app(scope, receive, sealed)


def _is_text(query: bytes) -> bool:
    try:
        return is_plain(unquote_to_bytes(query).decode())
    except UnicodeDecodeError:
        return False


def _seal(scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
    names = dict(headers)
    headers.append((b"x-content-type-options", b"nosniff"))
    if PRIVATE in scope and b"cache-control" not in names:
        headers.append((b"cache-control", b"no-store"))
    if names.get(b"content-type", b"").startswith(b"text/html") and b"content-security-policy" not in names:
        headers.append((b"content-security-policy", (DOCUMENT_POLICY if scope["path"] in DOCUMENTS else PAGE_POLICY).encode()))
