"""One event as bytes: a CloudEvents 1.0 JSON object in structured mode, serialised once and never again.

The store stamps `sequence`, `streamversion` and `recordedtime` in front of the tail that `tail_of` makes (migrations/0001_log.sql).
"""

import hashlib
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, NotRequired, cast
from uuid import UUID

import orjson
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, core_schema
from typing_extensions import TypedDict  # pydantic cannot read that of typing before Python 3.12

from shared.contracts import event as registry
from shared.contracts.event import Event
from shared.contracts.values import STORED

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
SEQUENCE_DIGITS = 12


class Malformed(ValueError):
    """These bytes are not one of our events."""


class Context(NamedTuple):
    """The part of the envelope that comes from the command: who acts in which district, when, and because of what.

    `time` is the business time (aware). Ids are pseudonymous, never personal data.
    """

    district: str
    command_id: UUID
    time: datetime
    actor: str
    on_behalf_of: str | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    traceparent: str | None = None
    fingerprint: bytes | None = None  # of the request that it comes from; kept beside the event, not in its bytes

    @property
    def key(self) -> UUID:
        """The key that the caller sent: of the whole request, when this command is one of its steps."""
        return self.correlation_id or self.command_id


class Recorded(NamedTuple):
    """One event of the log. `data` is None when this reader does not know the type or the data are invalid; then `problem` says why."""

    body: bytes
    district: str
    service: str
    sequence: int
    stream: str
    stream_version: int
    id: UUID
    type: str
    time: datetime
    recorded_time: datetime
    actor: str
    on_behalf_of: str | None
    correlation_id: UUID | None
    causation_id: UUID | None
    traceparent: str | None
    data: Event | None
    problem: str | None = None
    previous: bytes | None = None  # leaf hash of the event before it in the log, as whoever handed it over says; None: not said

    @property
    def leaf_hash(self) -> bytes:
        """What identifies the event in a checkpoint."""
        return leaf_hash(self.body)

    @property
    def stream_id(self) -> UUID:
        """The aggregate's id, the second part of the stream name."""
        return UUID(self.stream.rpartition("/")[2])

    @property
    def name(self) -> str:
        """EventName without service and version, e.g. "PostClaimed"."""
        return self.type.split(".")[2]


def leaf_hash(body: bytes) -> bytes:
    """SHA-256 of a leaf of a Merkle tree (RFC 6962, 2.1); as the store computes it in the column of that name."""
    return hashlib.sha256(b"\0" + body).digest()


def source_of(district: str, service: str) -> str:
    """CloudEvents `source`, e.g. "/districts/zhanqian/activities"."""
    return f"/districts/{district}/{service}"


def tail_of(event: Event, *, event_id: UUID, stream: str, context: Context) -> bytes:
    """JSON bytes of the envelope from `specversion` to the closing brace, without the opening one; UTF-8, no newline."""
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id,
        "source": source_of(context.district, event.service()),
        "type": event.type_name(),
        "subject": stream,
        "time": context.time,
        "datacontenttype": "application/json",
        "actor": context.actor,
    }
    if context.on_behalf_of is not None:
        attributes["onbehalfof"] = context.on_behalf_of
    attributes["correlationid"] = context.key
    if context.causation_id is not None:
        attributes["causationid"] = context.causation_id
    if context.traceparent is not None:
        attributes["traceparent"] = context.traceparent
    # Straight to bytes: strings would be copied three times, which would be most of the time of a command.
    attributes["data"] = orjson.Fragment(event.__pydantic_serializer__.to_json(event))
    return orjson.dumps(attributes, default=str)[1:]  # default=str: asyncpg has a UUID class of its own


class _Attributes(TypedDict):
    """The attributes of every envelope."""

    source: Annotated[str, Field(pattern="^/districts/[a-z0-9-]{1,64}/[a-z]{1,64}$")]
    sequence: Annotated[int, Field(ge=1, lt=2**63)]
    subject: str
    streamversion: Annotated[int, Field(ge=1, lt=2**31)]
    id: UUID
    type: str
    time: AwareDatetime
    recordedtime: AwareDatetime
    actor: str
    onbehalfof: NotRequired[str | None]
    correlationid: NotRequired[UUID | None]
    causationid: NotRequired[UUID | None]
    traceparent: NotRequired[str | None]
    data: NotRequired[Any]


ENVELOPE: Final = TypeAdapter(_Attributes)
TYPE: Final = b'"type":"'


def decode(body: bytes, previous: bytes | None = None) -> Recorded:
    """Read stored or received bytes. Raises Malformed when they are not one of our envelopes.

    Data that do not fit their contract are reported in `problem` instead, because the event's position is still known.
    """
    begins = body.find(TYPE) + len(TYPE)
    name = body[begins : body.find(b'"', begins)].decode(errors="replace")  # a guess, confirmed by parsing below
    if cls := registry.find(name):
        try:
            attributes: _Attributes = _reader(cls).validate_json(body, context=STORED)
        except ValidationError:
            pass  # parsed once more below, to find out what is wrong
        else:
            if attributes["type"] == name:
                return _recorded((body, previous), attributes, attributes.get("data"), None)
    try:
        attributes = ENVELOPE.validate_json(body)
    except ValidationError as error:
        fields = ", ".join(sorted({str(each["loc"][0]) if each["loc"] else "JSON" for each in error.errors()}))
        message = f"not an event envelope: {fields}"  # field names only: the bytes may hold personal data
        raise Malformed(message) from None
    return _recorded((body, previous), attributes, *_payload(attributes["type"], attributes.get("data")))


@cache
def _reader(cls: type[Event]) -> SchemaValidator:
    """A validator that parses envelope and data of one type in one pass. It reuses existing schemas: a model per type would take 8 MB."""
    cls.model_rebuild()  # Event classes defer building until first use
    envelope = cast("core_schema.TypedDictSchema", ENVELOPE.core_schema)
    data = core_schema.typed_dict_field(cls.__pydantic_core_schema__)
    return SchemaValidator({**envelope, "fields": {**envelope["fields"], "data": data}})


def _recorded(handed: tuple[bytes, bytes | None], attributes: _Attributes, data: Any, problem: str | None) -> Recorded:
    _, _, district, service = attributes["source"].split("/")
    return Recorded(
        handed[0],
        district,
        service,
        attributes["sequence"],
        attributes["subject"],
        attributes["streamversion"],
        attributes["id"],
        attributes["type"],
        attributes["time"],
        attributes["recordedtime"],
        attributes["actor"],
        attributes.get("onbehalfof"),
        attributes.get("correlationid"),
        attributes.get("causationid"),
        attributes.get("traceparent"),
        data,
        problem,
        handed[1],
    )


def _payload(type_name: str, data: object) -> tuple[Event | None, str | None]:
    cls = registry.find(type_name)
    if cls is None:
        return None, None
    try:
        return cls.model_validate(data, context=STORED), None
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, each["loc"])) or "data" for each in error.errors())
        return None, f"{type_name} does not fit its contract: {fields}"  # field names only: values may be personal data
