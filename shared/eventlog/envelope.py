"""One event as bytes: a CloudEvents 1.0 JSON object in structured mode, made once and never re-serialised.

The store stamps `sequence`, `streamversion` and `recordedtime` in front of the tail that `tail_of` makes (migrations/0001_log.sql).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from shared.contracts import event as registry
from shared.contracts.event import Event

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
SEQUENCE_DIGITS = 12


class Malformed(ValueError):
    """These bytes are not an event of ours."""


@dataclass(frozen=True, slots=True)
class Context:
    """Who did what in which district, when: the part of the envelope that a command brings along.

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


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as the log holds it. `data` is None when this reader does not know the type; `problem` says why known data do not fit."""

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

    @property
    def stream_id(self) -> UUID:
        """The aggregate's id, the second part of the stream name."""
        return UUID(self.stream.rpartition("/")[2])

    @property
    def name(self) -> str:
        """EventName without service and version, e.g. "PostClaimed"."""
        return self.type.split(".")[2]


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
    attributes["correlationid"] = context.correlation_id or context.command_id
    if context.causation_id is not None:
        attributes["causationid"] = context.causation_id
    if context.traceparent is not None:
        attributes["traceparent"] = context.traceparent
    # Straight to bytes: most of the time of a command would go into strings that are copied three times otherwise.
    attributes["data"] = orjson.Fragment(event.__pydantic_serializer__.to_json(event))
    return orjson.dumps(attributes, default=str)[1:]  # ids that came from asyncpg are of a class of its own


def decode(body: bytes) -> Recorded:
    """Read stored or received bytes. Raises Malformed when they are not an envelope of ours; data that do not fit their type
    are reported in `problem`, because the position of the event is still known.
    """
    try:
        raw: dict[str, Any] = orjson.loads(body)
        source = str(raw["source"]).split("/")
        type_name = str(raw["type"])
        data, problem = _payload(type_name, raw.get("data"))
        return Recorded(
            body=body,
            district=source[2],
            service=source[3],
            sequence=int(raw["sequence"]),
            stream=str(raw["subject"]),
            stream_version=int(raw["streamversion"]),
            id=UUID(raw["id"]),
            type=type_name,
            time=datetime.fromisoformat(raw["time"]),
            recorded_time=datetime.fromisoformat(raw["recordedtime"]),
            actor=str(raw["actor"]),
            on_behalf_of=raw.get("onbehalfof"),
            correlation_id=_uuid(raw, "correlationid"),
            causation_id=_uuid(raw, "causationid"),
            traceparent=raw.get("traceparent"),
            data=data,
            problem=problem,
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        message = f"not an event envelope: {type(error).__name__}"  # no more: the bytes may be anything, even personal
        raise Malformed(message) from error


def _payload(type_name: str, data: object) -> tuple[Event | None, str | None]:
    cls = registry.find(type_name)
    if cls is None:
        return None, None
    try:
        return cls.model_validate(data), None
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, each["loc"])) or "data" for each in error.errors())
        return None, f"{type_name} does not fit its contract: {fields}"  # field names only: values may be personal


def _uuid(raw: Mapping[str, Any], name: str) -> UUID | None:
    value = raw.get(name)
    return None if value is None else UUID(value)
