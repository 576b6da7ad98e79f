"""Pytest plugin: tests may reach only this machine. A test that tries to reach another one fails at its first packet."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any, cast

_armed: ContextVar[bool] = ContextVar("loopback_only", default=True)
_WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})
_LOCAL_NAMES = frozenset({"localhost", "", None})


class OutsideWorld(BaseException):
    """A test tried to leave this machine; give it a local server instead. Not an Exception, so that no code swallows it."""


def is_loopback(host: object) -> bool:
    """Whether `host` (name or address, IPv4 or IPv6) can only be this machine."""
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if host in _LOCAL_NAMES:
        return True
    try:
        address = ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    # Unspecified addresses (0.0.0.0, ::) are only bound to.
    return address.is_loopback or address.is_unspecified


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _WATCHED or not _armed.get():
        return
    target: object = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = target
    if event != "socket.getaddrinfo":
        # Unix sockets have a path instead of (host, port).
        host = cast("tuple[object, ...]", target)[0] if isinstance(target, tuple) else None
    if not is_loopback(host):
        message = f"tests stay on this machine, but something wanted {host!r}"
        raise OutsideWorld(message)


@contextmanager
def outside_world_allowed() -> Generator[None]:
    """Allow downloads while setting up local servers. Never use it in a test."""
    token = _armed.set(False)
    try:
        yield
    finally:
        _armed.reset(token)


def pytest_configure() -> None:
    """Install the guard as an audit hook: it cannot be removed, and covers code that holds its own reference to socket functions."""
    sys.addaudithook(_hook)
