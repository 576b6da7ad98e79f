"""Lists in pages: a cursor is the keyset of the last item, opaque to callers, and anything else in its place is answered as 422."""

import base64
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar, overload
from uuid import UUID

import asyncpg
import orjson
from pydantic import BaseModel, TypeAdapter

from shared.plain_text import is_plain
from shared.refusals import Malformed
from shared.time_range import is_in_range

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
D = TypeVar("D")

CURSOR: Final = TypeAdapter(tuple[str, ...])
EXPECTED: Final = "a cursor from `next` of the page before"
LONGEST_NUMBER: Final = 15  # digits; no log ever has 10^15 events
# What converting, comparing or storing a wrong part raises. The first two are ValueErrors, too, as far as Python raises them.
BROKEN: Final = (ValueError, ArithmeticError, asyncpg.DataError)

_untyped: ContextVar[bool] = ContextVar("untyped_cursor", default=False)


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` goes into `?after=` for the following one, null at the end."""

    items: list[T]
    next: str | None = None


def page_of(items: Sequence[T], limit: int, key: Callable[[T], Sequence[Any]]) -> "Page[T]":
    """A page from up to limit + 1 items: one more than asked for shows that there is a next page. `key` gives the keyset of an item."""
    if len(items) <= limit:
        return Page(items=list(items))
    return Page(items=list(items[:limit]), next=encode_cursor(*key(items[limit - 1])))


def encode_cursor(*parts: object) -> str:
    """Opaque cursor over the keyset columns of the last item."""
    return base64.urlsafe_b64encode(orjson.dumps([str(each) for each in parts])).decode().rstrip("=")


@overload
def decode_cursor(cursor: str | None, kinds: int) -> tuple[str, ...] | None: ...
@overload
def decode_cursor(cursor: str | None, kinds: tuple[type[A]]) -> tuple[A] | None: ...
@overload
def decode_cursor(cursor: str | None, kinds: tuple[type[A], type[B]]) -> tuple[A, B] | None: ...
@overload
def decode_cursor(cursor: str | None, kinds: tuple[type[A], type[B], type[D]]) -> tuple[A, B, D] | None: ...
def decode_cursor(cursor: str | None, kinds: int | tuple[type[Any], ...]) -> tuple[Any, ...] | None:
    """Parts of a cursor made by `encode_cursor`, None for the first page. Raises Malformed for anything else.

    `kinds` are the types of the keyset columns (UUID, datetime, date, int, str). A number of parts gives texts: what their conversion
    raises later is answered as a wrong cursor, not as a defect.
    """
    if not cursor:
        return None
    try:
        parts = CURSOR.validate_json(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except ValueError:
        raise Malformed(after=EXPECTED) from None
    if len(parts) != (kinds if isinstance(kinds, int) else len(kinds)) or not all(map(is_plain, parts)):
        raise Malformed(after=EXPECTED)
    if isinstance(kinds, int):
        _untyped.set(True)
        return parts
    try:
        return tuple(_part(kind, text) for kind, text in zip(kinds, parts, strict=True))
    except ValueError:
        raise Malformed(after=EXPECTED) from None


def forget_cursor() -> None:
    """A new request begins."""
    _untyped.set(False)


def is_of_wrong_cursor(error: Exception) -> bool:
    """Whether an error comes from a cursor that was read as texts in this request and holds something else than its list put in."""
    return _untyped.get() and isinstance(error, BROKEN)


def _part(kind: type[Any], text: str) -> Any:
    if kind is int:
        if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_NUMBER:
            raise ValueError(text)
        return int(text)
    if kind is UUID:
        return UUID(text)
    if issubclass(kind, date):
        moment = kind.fromisoformat(text)
        if not is_in_range(moment) or (isinstance(moment, datetime) and moment.tzinfo is None):
            raise ValueError(text)
        return moment
    return kind(text)  # a text, or an enumeration of texts
