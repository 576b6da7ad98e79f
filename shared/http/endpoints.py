"""HTTP: parse → command → handle → status. Who may call, which command id, which time; every error as problem+json (RFC 9457).

The only place that knows status codes. Deny by default: a route without `allow(action)` is refused by a test.
"""

import asyncio
import hmac
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self, TypeVar
from uuid import UUID

import asyncpg
from fastapi import Header, Request, Response
from pydantic import BaseModel, Field, PrivateAttr
from starlette.datastructures import State

from shared.contracts.event import Event
from shared.contracts.values import IN_RANGE, is_in_range
from shared.decider import Command, Decider
from shared.eventlog.commands import Commands, Folded, Handled
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.envelope import Context
from shared.eventlog.log import StreamVersion
from shared.eventlog.start_over import REBUILDING, REFUSE_REBUILDING
from shared.http.answers import LastingKeyMissing, Malformed, NotFound, ReadModelBehind
from shared.http.fingerprint import fingerprint_of
from shared.http.headers import CallHeaders, headers_of, positions_of, version_of
from shared.identifiers import derive
from shared.identity import EVERY_DISTRICT, Forbidden, Principal, Role, TokenVerifier, Unauthenticated
from shared.member_rows import MemberRows
from shared.observability import current_traceparent

C = TypeVar("C", bound=Command)
S = TypeVar("S")

DISTRICT = re.compile(r"[a-z0-9-]{1,64}")
READERS = 32  # queries under way at once; a crowd queues before the clock starts to run
READ_WITHIN = 1.8  # seconds for a query
WRITTEN_WITHIN = 1.8  # seconds for what is written beside the log
READ_AFTER_WITHIN = 5.0  # seconds the read model gets to reach the position a caller asks for
MOST_ITEMS = 200
UUID_WITH_TIME = 7
YEAR_3000 = 32_503_680_000_000  # milliseconds; a key of the far future must not break the calendar

PRINCIPAL = "guangcai.principal"  # key in the scope of a request: the caller, once shared/http/door.py has checked the token
PRIVATE = "guangcai.private"  # key in the scope: the answer is for one person or one secret and must not be cached
ANYBODY: Final = "anybody"

Clock = Callable[[], datetime]
Admits = frozenset[Role] | Literal["anybody"]  # who may use a dependency; shared/http/door.py reads it


class CommandAnswer(BaseModel):
    """What became of a command. No events: it was already so."""

    stream: str
    version: int
    event_ids: list[UUID]
    event_types: list[str]
    position: dict[str, str | int] = Field(default_factory=dict)
    result: dict[str, Any] = Field(default_factory=dict)
    _events: tuple[Event, ...] = PrivateAttr(())

    @property
    def events(self) -> tuple[Event, ...]:
        """The events that the command decided; those of the first time when it was sent again."""
        return self._events

    def with_events(self, events: Iterable[Event]) -> Self:
        """The same answer, which carries these events; they are no part of what is sent."""
        self._events = tuple(events)
        return self

    def with_result(self, **result: Any) -> Self:
        """The same answer with outcome fields the caller needs."""
        return self.model_copy(update={"result": self.result | result})


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a running service offers to its endpoints and reactions; put together in shared/runtime/service.py."""

    service: str
    commands: Commands
    database: Database
    consumer: OrderedConsumer
    verifier: TokenVerifier
    clock: Clock
    is_clock_simulated: bool
    command_key: bytes  # of this service, for fingerprints of requests and the secrets that they make
    resources: State  # what the service opened at its start (ServiceDefinition.resources), by name
    member_rows: tuple[MemberRows, ...] = ()  # where its features keep rows about members
    readers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READERS))

    def authenticate(self, authorization: str) -> Principal:
        """The principal of an Authorization header. Raises Unauthenticated."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            message = "no bearer token"
            raise Unauthenticated(message)
        return self.verifier.verify(token, self.clock())

    async def business_now(self, district: str) -> datetime:
        """The time that intents are compared with: the clock, or where the clock is simulated the newest event's."""
        return (await self.consumer.newest(district) if self.is_clock_simulated else None) or self.clock()


@dataclass(frozen=True, slots=True)
class Call:
    """One request or reaction: who, in which district, at which business time, with which command id."""

    runtime: Runtime
    principal: Principal
    district: str
    now: datetime
    key: UUID | None = None
    fingerprint: bytes | None = None  # of the request; None for a reaction, whose command id belongs to it alone
    expected_version: int | None = None
    read_after: Mapping[str, int] = field(default_factory=dict[str, int])
    on_behalf_of: str | None = None
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    response: Response | None = None
    is_traced: bool = True  # whether the envelope names the trace of the request, which leads to the caller

    @property
    def command_id(self) -> UUID:
        """The idempotency key. Raises Malformed when the caller sent none."""
        if self.key is None:
            code = "idempotency_key_missing"
            raise Malformed(code, **{"Idempotency-Key": "a UUID, the same one when you retry"})
        return self.key

    def new_id(self, label: str) -> UUID:
        """Id for a new thing called `label`: derived from the command id, so that a retry makes the same thing."""
        return derive(self.command_id, label, _moment_of(self.command_id))

    def secret(self, label: str) -> bytes:
        """32 bytes that only this request yields, now or on a retry; unpredictable without the service's key."""
        return hmac.digest(
            self.runtime.command_key, b"secret" + (self.fingerprint or b"") + self.command_id.bytes + label.encode(), "sha256"
        )

    def secret_id(self, label: str) -> UUID:
        """As `new_id`, but another one for another request with the same key, and nobody can work it out from that key."""
        return derive(self.command_id, self.secret(label).hex(), _moment_of(self.command_id))

    def step(self, label: str) -> "Call":
        """The same call with a command id of its own for one of several commands; the first one stays the correlation id."""
        return replace(
            self,
            key=derive(self.command_id, f"step/{label}", _moment_of(self.command_id)),
            correlation_id=self.correlation_id or self.command_id,
            expected_version=None,
        )

    def acting_for(self, subject: str) -> "Call":
        """The same call on behalf of somebody (assisted entry)."""
        return replace(self, on_behalf_of=subject)

    @property
    def is_assisted(self) -> bool:
        """Whether somebody else acts for the person concerned (assisted entry)."""
        return self.on_behalf_of is not None

    @property
    def context(self) -> Context:
        """The envelope's part of this call."""
        return Context(
            district=self.district,
            command_id=self.command_id,
            time=self.now,
            actor=self.principal.subject,
            on_behalf_of=self.on_behalf_of,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            traceparent=current_traceparent() if self.is_traced else None,
            fingerprint=self.fingerprint,
        )

    async def at_present(self) -> "Call":
        """The same call at the time of this attempt, for a reaction whose outcome lies outside; its own time is when it was due."""
        return replace(self, now=max(self.now, await self.runtime.business_now(self.district)))

    async def caught_up(self) -> "Call":
        """The same call, whose reads include every event that this service has published so far."""
        head = await self.runtime.commands.head(self.district)
        return replace(self, read_after={**self.read_after, self.runtime.service: head})

    async def handle(
        self, decider: Decider[C, S], stream_id: UUID, command: C, *, unchanged: Sequence[StreamVersion] = ()
    ) -> CommandAnswer:
        """Decide and append; raises DomainError and the errors of Commands.handle, all mapped to answers by shared.http.problems."""
        answer, _ = await self.decided(decider, stream_id, command, unchanged=unchanged)
        return answer

    async def begin(self, decider: Decider[C, S], stream_id: UUID, command: C) -> CommandAnswer:
        """As `handle`, for a stream that hardly ever exists before: nothing is read first."""
        self.runtime.commands.expect_new(decider, stream_id, self.district)
        return await self.handle(decider, stream_id, command)

    async def decided(
        self, decider: Decider[C, S], stream_id: UUID, command: C, *, unchanged: Sequence[StreamVersion] = ()
    ) -> tuple[CommandAnswer, S]:
        """As `handle`, and the aggregate as it is now."""
        handled = await self.runtime.commands.handle(
            decider, stream_id, command, self.context, expected_version=self.expected_version, unchanged=unchanged
        )
        if self.response is not None:
            self.response.headers["ETag"] = f'"{handled.version}"'
        return self._answer(handled), handled.state

    async def state(self, decider: Decider[C, S], stream_id: UUID) -> S:
        """The aggregate as it is in the log now."""
        return (await self.folded(decider, stream_id)).state

    async def folded(self, decider: Decider[Any, Any], stream_id: UUID) -> Folded:
        """The aggregate and its version, for commands that must see it unchanged."""
        context = Context(self.district, self.key or UUID(int=0), self.now, self.principal.subject)
        return await self.runtime.commands.state(decider, stream_id, context)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[asyncpg.Connection]:
        """A read-only transaction on the read model of the district, once it has reached `read_after`."""
        for service, position in self.read_after.items():
            if not await self.runtime.consumer.wait_for((service, self.district), position, READ_AFTER_WITHIN):
                raise ReadModelBehind
        reading = self.runtime.database.district(self.district, readonly=True, first=REFUSE_REBUILDING)
        try:
            async with self.runtime.readers, asyncio.timeout(READ_WITHIN), reading as tx:
                yield tx
        except asyncpg.PostgresError as error:
            if error.sqlstate == REBUILDING:
                raise ReadModelBehind from error
            raise

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[asyncpg.Connection]:
        """A transaction for the few tables a service owns beside its log (access log, keys); never for read tables."""
        async with asyncio.timeout(WRITTEN_WITHIN), self.runtime.database.district(self.district) as tx:
            yield tx

    def _answer(self, handled: Handled) -> CommandAnswer:
        position: dict[str, str | int] = {"service": self.runtime.service}
        if handled.facts:
            position["sequence"] = handled.facts[-1].sequence
        answer = CommandAnswer(
            stream=handled.stream,
            version=handled.version,
            event_ids=[fact.id for fact in handled.facts],
            event_types=[fact.type for fact in handled.facts],
            position=position,
        )
        return answer.with_events([fact.data for fact in handled.facts if fact.data is not None])


def _moment_of(key: UUID) -> datetime:
    """Time for ids derived from a command id: the key's own when it is a UUIDv7. Never the clock: a retry comes later."""
    milliseconds = min(key.int >> 80, YEAR_3000) if key.version == UUID_WITH_TIME else 0
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def lasting_key(request: Request) -> bytes:
    """The key from the settings, for secrets that are printed, sealed or counted later. Raises LastingKeyMissing."""
    key: bytes | None = request.app.state.lasting_key
    if key is None:
        raise LastingKeyMissing
    return key


Policy = Mapping[str, frozenset[Role]]


def authenticate(request: Request) -> Principal:
    """The principal that shared/http/door.py found, otherwise the one of the bearer token. Raises Unauthenticated."""
    at_door: Principal | None = request.scope.get(PRINCIPAL)
    if at_door is not None:
        return at_door
    runtime: Runtime = request.app.state.runtime
    return runtime.authenticate(request.headers.get("authorization", ""))


def allow_by(policy: Policy) -> Callable[[str], Callable[..., Awaitable[Call]]]:
    """`allow(action)`: a dependency that gives the Call when one of the action's roles is held. Unknown actions fail at import."""

    def allow(action: str) -> Callable[..., Awaitable[Call]]:
        roles = policy[action]

        def made(request: Request, response: Response, said: CallHeaders) -> Call:
            principal = authenticate(request)
            if not principal.has_any(roles):
                message = f"no role allows {action}"
                raise Forbidden(message)
            runtime: Runtime = request.app.state.runtime
            district = _district(principal, said.guangcai_district)
            return Call(
                runtime=runtime,
                principal=principal,
                district=district,
                now=_now(runtime, said.guangcai_time),
                key=said.idempotency_key,
                fingerprint=None if said.idempotency_key is None else _fingerprint(request, district, principal),
                expected_version=version_of(said.if_match),
                read_after=positions_of(said.guangcai_read_after),
                response=response,
            )

        async def call(request: Request, response: Response, said: Annotated[CallHeaders, Header()]) -> Call:
            return made(request, response, said)

        async def lean(request: Request, response: Response) -> Call:
            return made(request, response, headers_of(request.scope))

        call.action = action  # pyright: ignore[reportFunctionMemberAccess]  # the policy test finds it here
        call.admits = roles  # pyright: ignore[reportFunctionMemberAccess]  # shared/http/door.py reads this
        call.lean = lean  # pyright: ignore[reportFunctionMemberAccess]  # and calls this instead
        return call

    return allow


def allow_anonymous(role: Role) -> Callable[..., Awaitable[Call]]:
    """A dependency for routes under `/districts/{district}/` that need no account, such as a resident's one-time link: the route itself
    checks the secret it is handed. The caller acts as `role`, without a name.
    """

    async def call(
        request: Request,
        response: Response,
        district: str,
        idempotency_key: Annotated[
            UUID | None, Header(description="a new UUID per intention (version 7 is best: in the order of time), the same one for a retry")
        ] = None,
        guangcai_time: Annotated[datetime | None, Header(description="business time; with a simulated clock only")] = None,
    ) -> Call:
        runtime: Runtime = request.app.state.runtime
        if not DISTRICT.fullmatch(district):
            raise NotFound
        principal = Principal(role.lower(), district, frozenset({role}))
        return Call(
            runtime=runtime,
            principal=principal,
            district=district,
            now=_now(runtime, guangcai_time),
            key=idempotency_key,
            fingerprint=None if idempotency_key is None else _fingerprint(request, district, principal),
            response=response,
        )

    call.action = f"anonymous as {role}"  # pyright: ignore[reportFunctionMemberAccess]  # the policy test finds it here
    call.admits = ANYBODY  # pyright: ignore[reportFunctionMemberAccess]  # shared/http/door.py reads this
    return call


def _fingerprint(request: Request, district: str, principal: Principal) -> bytes:
    runtime: Runtime = request.app.state.runtime
    return fingerprint_of(runtime.command_key, (district, principal.subject), request.scope)


def _district(principal: Principal, asked: str | None) -> str:
    district = asked if principal.district == EVERY_DISTRICT else principal.district
    if district is None or not DISTRICT.fullmatch(district):
        raise Malformed(**{"Guangcai-District": "the district to work in"})
    return district


def _now(runtime: Runtime, told: datetime | None) -> datetime:
    if told is None or not runtime.is_clock_simulated:
        return runtime.clock()
    if told.tzinfo is None:
        raise Malformed(**{"Guangcai-Time": "a time with its offset"})
    if not is_in_range(told):
        raise Malformed(**{"Guangcai-Time": IN_RANGE})
    return told
