"""Starts one service (`python -m shared.runtime.serving activities --host 127.0.0.1 --port 8102`) and limits its connections.

uvicorn with httptools limits neither the headers of a request nor the time a client takes; `BoundedProtocol` does. Invariant: no
connection stays open longer than its limits allow, and there are never more connections than file descriptors.
"""

import argparse
import asyncio
import resource
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from shared.http.limits import Limits
from shared.http.problems import problem
from shared.runtime.settings import Settings

SPARE_DESCRIPTORS: Final = 200  # for the database, the broker, files and logs
REASONS: Final = {408: "Request Timeout", 400: "Bad Request", 431: "Request Header Fields Too Large", 503: "Service Unavailable"}


class HeadTooLarge(Exception):
    """The headers of a request exceed the limit; raised inside the parser to end it."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. A timer runs only while the server waits for the client, so a request that arrives in one piece needs none."""

    service = ""
    limits = Limits()
    most_connections = 0

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: Any = None) -> None:
        """With the arguments of uvicorn."""
        super().__init__(config, server_state, app_state, _loop)
        self._head = 0  # bytes of a request whose headers are not complete
        self._between = 0  # bytes since the last part of the body: sizes and extensions of chunks, trailers
        self._is_head_open = True
        self._is_body_open = False
        self._refusal: int | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Refuse the connection when there are too many; otherwise wait for the headers."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._refuse(503)
        else:
            self._await_client(self.limits.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timers."""
        self._stop_waiting()
        self._is_read()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass bytes to the parser, within the limits."""
        if self._refusal is not None:
            return
        if self._is_head_open:
            self._head += len(data)
        else:
            self._between += len(data)
        super().data_received(data)
        if max(self._head, self._between) > self.limits.head_bytes and self._refusal is None:
            self._refuse(431)
        elif self._waiting is None and self._refusal is None:
            if self._is_body_open:
                self._await_client(self.limits.body_seconds, self._body_is_late)
            elif self._is_head_open and self._head:
                self._await_client(self.limits.head_seconds, self._head_is_late)

    # The parser

    def on_headers_complete(self) -> None:
        """The headers are complete. If they are too large, no request starts."""
        self._stop_waiting()
        if self._head > self.limits.head_bytes and self._head_size() > self.limits.head_bytes:
            self._refusal = 431
            raise HeadTooLarge
        self._is_head_open, self._is_body_open, self._head, self._between = False, True, 0, 0
        super().on_headers_complete()
        self.headers = []  # the parser appends trailers here, which nobody reads; the request has its own list

    def on_body(self, body: bytes) -> None:
        """A part of the body has arrived."""
        self._between = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is complete; the next byte begins another one."""
        super().on_message_complete()
        self._stop_waiting()
        self._is_body_open, self._is_head_open, self._between = False, True, 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's text is not used
        """Answer 400 as problem+json, or 431 when our limit ended the parsing."""
        self._refuse(self._refusal or 400)

    # Clients that do not read

    def pause_writing(self) -> None:
        """The client reads the answer more slowly than it is written."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.limits.body_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._is_read()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; abort one whose answer was not read."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)

    def _await_client(self, seconds: float, is_late: Callable[[], None]) -> None:
        self._waiting = self.loop.call_later(seconds, is_late)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _head_is_late(self) -> None:
        # Without a byte there is no request: a browser that connects in advance would take this answer for that of its next request.
        self._refuse(408 if self._head else None)

    def _body_is_late(self) -> None:
        self._refuse(None if self.cycle.response_started else 408)

    def _refuse(self, status: int | None) -> None:
        """Answer with `status`, if any, and close."""
        self._refusal = status or 408
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if status is not None:
            self.transport.write(_answer(self.service, status))
        self.transport.close()
        self._unread = self._unread or self.loop.call_later(self.limits.idle_seconds, self.transport.abort)


def _answer(service: str, status: int) -> bytes:
    answer = problem(service, status, {408: "too_slow", 400: "malformed", 431: "too_large", 503: "too_many_connections"}[status])
    headers = [(b"connection", b"close"), (b"x-content-type-options", b"nosniff"), *answer.raw_headers]
    head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} {REASONS[status]}\r\n".encode() + head + b"\r\n" + bytes(answer.body)


def server_options(service: str, limits: Limits) -> dict[str, Any]:
    """Options for uvicorn, the same however a service is started. A caller has the address of the peer; proxy headers are ignored."""
    most = min(limits.connections, max(1, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_DESCRIPTORS))
    return {
        "http": type("BoundedProtocol", (BoundedProtocol,), {"service": service, "limits": limits, "most_connections": most}),
        "ws": "none",
        "timeout_keep_alive": limits.idle_seconds,
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
    }


def main() -> None:
    """Run one service until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m shared.runtime.serving", description=__doc__)
    parser.add_argument("service")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--stop-within", type=int, default=5, help="seconds for requests in progress after SIGTERM")
    arguments = parser.parse_args()
    limits = Settings().limits  # pyright: ignore[reportCallIssue]  # values come from the environment
    uvicorn.run(
        f"services.{arguments.service}.app:create",
        factory=True,
        host=arguments.host,
        port=arguments.port,
        timeout_graceful_shutdown=arguments.stop_within,
        **server_options(arguments.service, limits),
    )


if __name__ == "__main__":
    main()
