"""One example of every event, generated from its class: the same in every run, with every field filled."""

import types
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from uuid import UUID, uuid5

from annotated_types import Ge, GroupedMetadata, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

M = TypeVar("M", bound=BaseModel)

NAMESPACE = UUID("2f0f9b1e-7d35-5f0c-8f0a-6a0b1c2d3e4f")
PLAIN: dict[type, Any] = {
    bool: True,
    Decimal: Decimal("12.34"),
    datetime: datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    date: date(2026, 3, 29),
    time: time(9, 30),
    bytes: b"sample",
}


def sample(cls: type[M], **fields: Any) -> M:
    """An instance of `cls` with every field filled, optional ones too; `fields` are taken as given.

    Raises pydantic.ValidationError when the generated values break a rule across fields: pass those fields then.
    """
    made = {name: _of_field(name, info) for name, info in cls.model_fields.items() if name not in fields}
    return cls.model_validate(made | fields)


def _of_field(name: str, info: FieldInfo) -> Any:
    return _value(name, info.annotation, info.metadata)


def _value(name: str, annotation: Any, metadata: list[Any]) -> Any:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(name, args[0], [*args[1:], *metadata])
    if origin in (Union, types.UnionType):
        return _value(name, next(each for each in args if each is not type(None)), metadata)
    if origin is Literal:
        return args[0]
    if origin in (tuple, list, frozenset, set):
        return [_value(name, args[0] if args else str, [])]
    if origin is dict:
        return {str(_value("key", args[0], [])): _value(name, args[1], [])}
    return _scalar(name, annotation, bounds_of(metadata))


def _scalar(name: str, annotation: Any, bounds: dict[type, Any]) -> Any:
    if annotation is Any or not isinstance(annotation, type):
        return f"sample {name}"  # Any, and everything else JSON can hold
    if issubclass(annotation, BaseModel):
        return sample(annotation)
    if issubclass(annotation, Enum):
        return next(iter(annotation))
    if issubclass(annotation, UUID):
        return uuid5(NAMESPACE, name)
    if annotation is str:
        return _text(name, bounds)
    if annotation is int:
        return _number(name, bounds)
    return PLAIN[annotation]


def _text(name: str, bounds: dict[type, Any]) -> str:
    text = f"sample {name}".replace("_", " ")
    if MinLen in bounds:
        text = text.ljust(bounds[MinLen], ".")
    return text[: bounds.get(MaxLen, len(text))]


def _number(name: str, bounds: dict[type, Any]) -> int:
    lowest = bounds.get(Ge, bounds.get(Gt, 0) + 1 if Gt in bounds else 1)
    highest = bounds.get(Le, bounds[Lt] - 1 if Lt in bounds else 1_000_000)
    return max(lowest, min(highest, 1 + sum(name.encode()) % 60))


def bounds_of(metadata: list[Any]) -> dict[type, Any]:
    """Limits among the metadata of a field: kind of limit → its value."""
    found: dict[type, Any] = {}
    for each in metadata:
        for part in each if isinstance(each, GroupedMetadata) else (each,):
            match part:
                case Ge(bound) | Gt(bound) | Le(bound) | Lt(bound) | MinLen(bound) | MaxLen(bound):
                    found[type(part)] = bound
                case _:
                    pass
    return found
