"""What a new value may be: text that every log, read model, file and reader can hold, numbers that fit a column, days within one range.

One rule for commands, events and requests. What is read back from a log is not checked: everything in a log must remain readable.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, LiteralString, NamedTuple, Self, cast, get_args
from uuid import UUID

from pydantic import BaseModel, SecretStr, ValidationInfo, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

# C0, DEL and C1 with NEL, line and paragraph separators (they split NDJSON for common readers) and bidi controls (Unicode UAX 9),
# surrogates, noncharacters of the first plane and, because a class with all planes would be slow, of the others by their last bits.
_NEVER: Final = "\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff"
_NOT_LINES: Final = re.compile(f"[{_NEVER}]")
_NOT_A_LINE: Final = re.compile(f"[{_NEVER}\\n]")

TEXT: Final = "text without control characters, direction marks and line separators"
LARGEST: Final = 2**31 - 1  # of an integer column; sums are wider
FINEST: Final = -16  # exponent of the last decimal place
# 1900: nobody on a roster was born earlier. 2200: nothing is planned or kept longer. Sums of days within this range stay inside the
# calendars of Python (year 9999) and PostgreSQL.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
IN_RANGE: Final = f"a day from {FIRST_YEAR}-01-01 to {LAST_YEAR}-12-31"
NUMBER: Final = f"a number between -{LARGEST} and {LARGEST}, with at most {-FINEST} decimal places"

_SAFE: Final = frozenset({bool, bytes, UUID, type(None)})  # nothing in them to refuse
_SAFE_WHATEVER_DAY: Final = _SAFE | {date, datetime, time}

Location = tuple[int | str, ...]
STORED: Final = {"stored": True}  # validation context for what was written before


class Fault(NamedTuple):
    """Where in a value something cannot be accepted, the code of the rule, and what is expected there."""

    where: Location
    code: LiteralString
    expected: str

    def under(self, name: int | str) -> "Fault":
        """The same fault, seen from the value that contains this one as `name`."""
        return self._replace(where=(name, *self.where))


@dataclass(frozen=True, slots=True)
class HasLines:
    """Marks a text that may have line feeds, in `Annotated[str, HAS_LINES, …]`; every other text of a request is one line."""


HAS_LINES: Final = HasLines()


def is_plain(text: str) -> bool:
    """Whether `text` can be kept and read on one line."""
    return text.isprintable() or not _is_broken(text, _NOT_A_LINE)


def is_in_range(day: date) -> bool:
    """Whether a day or time lies in the range."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _is_broken(text: str, never: re.Pattern[str]) -> bool:
    return bool(never.search(text)) or any(ord(sign) & 0xFFFE == 0xFFFE for sign in text if sign > "\uffff")  # noqa: PLR2004 - see above


def fault_in(value: Any, *, days: bool = True, lines: bool = False) -> Fault | None:
    """The first thing in a parsed value that cannot be accepted. `days`: check their range; `lines`: line feeds are part of the text."""
    kind: type[Any] = value.__class__
    if kind is str:
        # Nothing that is refused is printable, and asking that takes a tenth of the time.
        if value.isprintable() or not _is_broken(value, _NOT_LINES if lines else _NOT_A_LINE):
            return None
        return Fault((), "text_not_plain", TEXT)
    if kind in _SAFE or isinstance(value, Enum) or (not days and isinstance(value, Kept)):  # what is kept has checked itself
        return None
    if kind is int or kind is float or kind is Decimal:
        return None if _is_number(value) else Fault((), "number_out_of_range", NUMBER)
    if isinstance(value, SecretStr):
        return fault_in(value.get_secret_value(), lines=lines)
    if isinstance(value, date):
        return Fault((), "date_out_of_range", IN_RANGE) if days and not is_in_range(value) else None
    for name, each, has_lines in _parts(value):
        if found := fault_in(each, days=days, lines=lines or has_lines):
            return found.under(name)
    return None


def _is_number(value: float | Decimal) -> bool:
    if isinstance(value, int):
        return -LARGEST <= value <= LARGEST
    if not math.isfinite(value) or abs(value) > LARGEST:
        return False
    return not isinstance(value, Decimal) or cast("int", value.as_tuple().exponent) >= FINEST


def _parts(value: Any) -> Iterable[tuple[int | str, Any, bool]]:
    if isinstance(value, BaseModel):
        with_lines = _with_lines(type(value))
        yield from ((name, each, name in with_lines) for name, each in value.__dict__.items())
    elif isinstance(value, dict):
        for name, each in cast("dict[Any, Any]", value).items():
            yield "key", name, False
            yield str(name), each, False
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from ((number, each, False) for number, each in enumerate(cast("list[Any]", value)))
    elif is_dataclass(value):
        yield from ((each.name, getattr(value, each.name), False) for each in fields(value))


@cache
def _with_lines(cls: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, info in cls.__pydantic_fields__.items() if has_lines(info))


def has_lines(info: FieldInfo) -> bool:
    """Whether the texts of this field may have line feeds."""
    return HAS_LINES in info.metadata or _is_marked(info.annotation)


def _is_marked(annotation: Any) -> bool:
    return HAS_LINES in getattr(annotation, "__metadata__", ()) or any(_is_marked(each) for each in get_args(annotation))


class Kept(BaseModel):
    """Base of everything that is kept: commands, events and their parts. An instance that could not be kept cannot be made.

    Line feeds are let through, because only requests declare which texts have them; so are days, because terms may end on `date.max`.
    """

    @model_validator(mode="after")
    def _can_be_kept(self, info: ValidationInfo) -> Self:
        if info.context is not STORED:
            for name, value in self.__dict__.items():
                kind: type[Any] = value.__class__
                if kind in _SAFE_WHATEVER_DAY or (kind is str and value.isprintable()) or (kind is int and -LARGEST <= value <= LARGEST):
                    continue  # most values
                if found := fault_in(value, days=False, lines=True):
                    where = ".".join(map(str, found.under(name).where))
                    raise PydanticCustomError(found.code, "{where}: {expected}", {"where": where, "expected": found.expected})
        return self
