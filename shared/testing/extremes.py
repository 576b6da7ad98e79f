"""Events at the edges of what their contracts accept: longest and strangest texts, largest numbers, first and last days, nothing and much.

The same seed gives the same events. Ids come from a few, so that events meet the rows of earlier ones.
"""

import types
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from uuid import UUID

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, ValidationError

from shared.contracts.values import LARGEST
from shared.testing.samples import bounds_of, sample

M = TypeVar("M", bound=BaseModel)

FEW = 5
LONGEST = 20_000  # signs of a text without a limit
TEXTS = (
    *(
        "",
        " ",
        "整理图书",
        "𠮷𪚥",
        "👨‍👩‍👧",
        "e\u0301\u0301",
        "张\ue863",
        "⼾⻢",
        "\u200e\u200f\ufeff",
        "一\n二",
        "'; DROP TABLE",
        "\\u0000",
    ),
    *("{}", "[]", "%s %d", "null", "NaN", "-1", "\U0010fffd", "=1+1", '"', "\\", "\xa0", "ﷺ", "0" * 400),
)
PLAIN: dict[type, tuple[Any, ...]] = {
    bool: (True, False),
    float: (0.0, -0.5, float(LARGEST), 1e-9),
    Decimal: (Decimal(0), Decimal(LARGEST), Decimal(-LARGEST), Decimal("1e-16"), Decimal("0.3")),
    datetime: (
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(2200, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(9999, 12, 30, tzinfo=timezone(timedelta(hours=14))),
    ),
    date: (date(1900, 1, 1), date(2200, 12, 31), date(2024, 2, 29), date.min, date.max),
    time: (time(0), time(23, 59, 59, 999999), time(9, 30)),
    bytes: (b"", b"\0\xff", b"x" * 5000),
}


def extreme(cls: type[M], random: Random) -> M:
    """An instance of `cls`. Where the values break a rule across fields, fields of its sample take their place."""
    made = {name: _value(info.annotation, info.metadata, random) for name, info in cls.model_fields.items()}
    usual = sample(cls).__dict__
    for name in (None, *random.sample(sorted(made), len(made))):
        if name is not None:
            made[name] = usual[name]
        try:
            return cls.model_validate(made)
        except ValidationError:
            continue
    return sample(cls)


def _value(annotation: Any, metadata: list[Any], random: Random) -> Any:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(args[0], [*args[1:], *metadata], random)
    if origin in (Union, types.UnionType):
        return _value(random.choice(args), metadata, random)
    if origin is Literal:
        return random.choice(args)
    bounds = bounds_of(metadata)
    if origin in (tuple, list, frozenset, set, dict):
        return _collection(origin, args, bounds, random)
    return _scalar(annotation, bounds, random)


def _collection(origin: Any, args: tuple[Any, ...], bounds: dict[type, Any], random: Random) -> Any:
    if origin is tuple and args and args[-1] is not ...:
        return tuple(_value(each, [], random) for each in args)
    count = min(max(random.choice((0, 1, 3)), bounds.get(MinLen, 0)), bounds.get(MaxLen, FEW))
    if origin is dict:
        return {_value(args[0], [], random): _value(args[1], [], random) for _ in range(count)}
    return [_value(args[0] if args else str, [], random) for _ in range(count)]


def _scalar(annotation: Any, bounds: dict[type, Any], random: Random) -> Any:
    if annotation is None or annotation is type(None):
        return None
    if annotation is Any or not isinstance(annotation, type):
        return random.choice(TEXTS)
    if issubclass(annotation, BaseModel):
        return extreme(annotation, random)
    if issubclass(annotation, Enum):
        return random.choice(list(annotation))
    if issubclass(annotation, UUID):
        return UUID(int=random.randrange(FEW))
    if annotation is str:
        return _text(bounds, random)
    if annotation is int:
        lowest = bounds.get(Ge, bounds[Gt] + 1 if Gt in bounds else -LARGEST)
        highest = bounds.get(Le, bounds[Lt] - 1 if Lt in bounds else LARGEST)
        return random.choice((lowest, highest, max(lowest, min(highest, random.randrange(100)))))
    return random.choice(PLAIN[annotation])


def _text(bounds: dict[type, Any], random: Random) -> str:
    text, longest = random.choice(TEXTS), bounds.get(MaxLen, LONGEST)
    if random.random() < 1 / 8:
        text = (text or "长") * longest
    return text[:longest].ljust(bounds.get(MinLen, 0), "…")
