"""Checks every request before it is parsed: who may use the route, how often, and how large the body may be.

Invariant: a caller who may not use a route costs one token check at most, and no body is read beyond the limit of its route.
"""

import codecs
import ipaddress
import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, Final, cast

from fastapi.dependencies.models import Dependant
from fastapi.params import Form
from fastapi.routing import APIRoute, request_response
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.answers import Malformed
from shared.http.endpoints import PRINCIPAL, PRIVATE, Admits, Runtime
from shared.http.fields import restrain
from shared.http.fingerprint import BODY, without_boundary
from shared.http.limits import Buckets, Limits
from shared.identity import Forbidden, Principal, Role, Unauthenticated

STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
ONE_KIND: Final = bytes.maketrans(b"{}", b"[]")
NO_BRACKET: Final = bytes(set(range(256)) - set(b"[]{}"))
NOT_UTF_8: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
SECRETS: Final = ("token", "code", "check")  # parameters and fields that hold the secret of a link, slip or paper
ADDRESS: Final = b"guangcai-address"  # the caller's address, from one of our own services; ignored without its token
TOO_LARGE: Final = 413

Clock = Callable[[], float]


class Doors:
    """One per process: the request rates of its callers, and the checks in front of its routes."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        """`clock` in seconds, monotonic."""
        self.limits = limits
        self.clock = clock
        self._principals, self._addresses = Buckets(limits.principal), Buckets(limits.anonymous)
        self._secrets, self._probes = Buckets(limits.secret), Buckets(limits.probe)

    def before(self, routes: Sequence[BaseRoute]) -> list[BaseRoute]:
        """The same routes, each behind its checks. They are copied, because several applications may be built from the same routes."""
        return [self._behind_door(route) if isinstance(route, APIRoute) else route for route in routes]

    def _behind_door(self, route: APIRoute) -> APIRoute:
        restrain(route.dependant)
        lean = copy(route)
        lean.dependant = without_headers(route.dependant)
        guarded = copy(route)
        guarded.app = Door(request_response(lean.get_route_handler()), route, self)
        return guarded

    def count_principal(self, principal: Principal) -> None:
        """Count a request with a valid token. Our own services are not counted, because they act for many callers."""
        if Role.SERVICE not in principal.roles:
            self._principals.take((principal.district, principal.subject), self.clock())

    def count_anonymous(self, address: Hashable) -> None:
        """Count a request without an account or with an invalid token."""
        self._addresses.take(address, self.clock())

    def count_secret(self, path: str, secret: str) -> None:
        """Count a use of the secret of a link, slip or paper, from any address."""
        self._secrets.take((path, hash(secret)), self.clock())

    def count_probe(self, address: Hashable) -> None:
        """Count a request for probes, metrics or documents."""
        self._probes.take(address, self.clock())


class Door:
    """The checks in front of one route."""

    def __init__(self, app: ASGIApp, route: APIRoute, doors: Doors) -> None:
        """Finds in the route's dependencies which roles it admits."""
        self._app = app
        self._path = route.path
        self._doors = doors
        self._admits = next(admissions(route.dependant), None)
        self._most = route.max_body_size or doors.limits.body_bytes
        self._reads = route.body_field is not None
        self._is_form = route.body_field is not None and isinstance(route.body_field.field_info, Form)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request and pass it on. Raises what shared/http/problems.py maps to answers."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        secrets = self._let_in(scope, headers)
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._most:
            raise HTTPException(TOO_LARGE)
        if not self._reads:
            await self._app(scope, receive, send)
        else:
            body = await whole(receive, self._most)
            if body is None:
                return  # the client has disconnected
            if self._is_form:
                scope[BODY] = without_boundary(body, headers.get(b"content-type", b""))
            else:
                check_json(body, self._doors.limits)
                scope[BODY] = body
            if secrets is not None:
                self._count_secrets(scope, secrets or _secrets_in(body))
            await self._app(scope, replayed(body, receive), send)

    def _let_in(self, scope: Scope, headers: Mapping[bytes, bytes]) -> list[str] | None:
        """Check who calls. Returns the secrets found in path and query, or None for routes that take no secret."""
        doors = self._doors
        if self._admits is None:
            doors.count_probe(_peer(scope))
            return None
        runtime: Runtime = scope["app"].state.runtime
        if isinstance(self._admits, str):
            doors.count_anonymous(_address(scope, headers, runtime))
            found = [*_named(scope["path_params"]), *_named(QueryParams(scope["query_string"]))]
            self._count_secrets(scope, found)
            return found
        try:
            principal = runtime.authenticate(_authorization(headers))
        except Unauthenticated:
            doors.count_anonymous(_peer(scope))
            raise
        doors.count_principal(principal)
        if not principal.has_any(self._admits):
            message = "no role allows this"
            raise Forbidden(message)
        scope[PRINCIPAL] = principal
        scope[PRIVATE] = True
        return None

    def _count_secrets(self, scope: Scope, secrets: Sequence[str]) -> None:
        for secret in secrets:
            scope[PRIVATE] = True
            self._doors.count_secret(self._path, secret)


def without_headers(dependant: Dependant) -> Dependant:
    """The dependencies of a route, with calls that read their headers themselves (endpoints.py). The API documents use the full ones."""
    lean = getattr(dependant.call, "lean", None)
    dependencies = [without_headers(each) for each in dependant.dependencies]
    if lean is None:
        return replace(dependant, dependencies=dependencies)
    return replace(dependant, dependencies=dependencies, call=lean, header_params=[])


def admissions(dependant: Dependant) -> Iterator[Admits]:
    """Who may use a route, as its dependencies say."""
    admits = cast("Admits | None", getattr(dependant.call, "admits", None))
    if admits is not None:
        yield admits
    for each in dependant.dependencies:
        yield from admissions(each)


def _authorization(headers: Mapping[bytes, bytes]) -> str:
    return headers.get(b"authorization", b"").decode("latin-1")


def _peer(scope: Scope) -> Hashable:
    return network(scope["client"][0]) if scope.get("client") else "somewhere"


def _address(scope: Scope, headers: Mapping[bytes, bytes], runtime: Runtime) -> Hashable:
    passed_on = headers.get(ADDRESS)
    if passed_on is not None:
        try:
            if Role.SERVICE in runtime.authenticate(_authorization(headers)).roles:
                return network(passed_on.decode("latin-1"))
        except Unauthenticated:
            pass
    return _peer(scope)


def network(address: str) -> Hashable:
    """The key under which an address is counted: for IPv6 its network of 64 bits, because a household has all addresses of its network."""
    if ":" not in address:
        return address
    try:
        return ipaddress.ip_address(address.partition("%")[0]).packed[:8]
    except ValueError:
        return "somewhere"


def _named(values: Mapping[str, Any]) -> list[str]:
    return [value for name in SECRETS if isinstance(value := values.get(name), str)]


def _secrets_in(body: bytes) -> list[str]:
    try:
        content = json.loads(body)
    except ValueError:
        return []
    return _named(cast("dict[str, Any]", content)) if isinstance(content, dict) else []


def check_json(body: bytes, limits: Limits) -> None:
    """Refuse JSON that is deeper or has more members than any valid body, as fast as a text search. Raises Malformed.

    After the strings, each round removes the innermost pairs of brackets; brackets left after `json_depth` rounds are too deep or not JSON.
    """
    if body.startswith(NOT_UTF_8) or b"\0" in body[:4]:
        raise Malformed(body="JSON in UTF-8")
    if body.count(b"[") + body.count(b"{") <= limits.json_depth and body.count(b",") < limits.json_members:
        return
    bare = STRING.sub(b"", body)
    if bare.count(b",") >= limits.json_members:
        raise Malformed(body=f"at most {limits.json_members} members")
    brackets = bare.translate(ONE_KIND, NO_BRACKET)
    for _ in range(limits.json_depth):
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise Malformed(body=f"JSON, at most {limits.json_depth} levels deep")


async def whole(receive: Receive, most: int) -> bytes | None:
    """The whole body; None when the client has disconnected. Raises HTTPException 413 as soon as it is larger than `most`."""
    receive = limited(receive, most)
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def limited(receive: Receive, most: int) -> Receive:
    """`receive`, which raises HTTPException 413 after more than `most` bytes."""
    left = most

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(TOO_LARGE)
        return message

    return counted


def replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that returns the body in one message, then the messages of the original."""
    is_replayed = False

    async def replay() -> Message:
        nonlocal is_replayed
        if is_replayed:
            return await receive()
        is_replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
