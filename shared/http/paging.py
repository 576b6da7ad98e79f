"""Lists in pages. A cursor is the keyset of the last item, opaque to callers; every other text in its place is answered as 422."""

import base64
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar, overload
from uuid import UUID

import orjson
from pydantic import BaseModel, TypeAdapter

from shared.contracts.values import is_in_range, is_plain
from shared.http.answers import Malformed

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
D = TypeVar("D")

CURSOR: Final = TypeAdapter(tuple[str, ...])
EXPECTED: Final = "a cursor from `next` of the page before"
LONGEST_NUMBER: Final = 15  # digits; no log has 10^15 events


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
def decode_cursor(cursor: str | None, kinds: tuple[type[A]]) -> tuple[A] | None: ...
@overload
def decode_cursor(cursor: str | None, kinds: tuple[type[A], type[B]]) -> tuple[A, B] | None: ...
@overload
def decode_cursor(cursor: str | None, kinds: tuple[type[A], type[B], type[D]]) -> tuple[A, B, D] | None: ...
def decode_cursor(cursor: str | None, kinds: tuple[type[Any], ...]) -> tuple[Any, ...] | None:
    """Parts of a cursor made by `encode_cursor`, None for the first page. Raises Malformed for anything else.

    `kinds` are the types of the keyset columns: UUID, datetime, date, int, str or an enumeration of texts.
    """
    if not cursor:
        return None
    try:
        parts = CURSOR.validate_json(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except ValueError:
        raise Malformed(after=EXPECTED) from None
    if len(parts) != len(kinds) or not all(map(is_plain, parts)):
        raise Malformed(after=EXPECTED)
    try:
        return tuple(_part(kind, text) for kind, text in zip(kinds, parts, strict=True))
    except ValueError:
        raise Malformed(after=EXPECTED) from None


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
