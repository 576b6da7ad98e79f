"""The years that requests may name. A day outside them is a mistake and answered as 422.

1900: nobody on a roster was born earlier. 2200: nothing is planned or kept longer. Sums of days within this range stay inside the
calendars of Python (year 9999) and PostgreSQL. Events are not checked: everything in a log must remain readable.
"""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from pydantic import BaseModel

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
IN_RANGE: Final = f"a day from {FIRST_YEAR}-01-01 to {LAST_YEAR}-12-31"

WITHOUT_DAYS: Final = frozenset({str, int, float, bool, bytes, UUID, Decimal, type(None)})  # most values; all others are searched

Location = tuple[int | str, ...]


def is_in_range(day: date) -> bool:
    """Whether a day or time lies in the range."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def out_of_range(value: Any) -> Location | None:
    """Path to the first day or time outside the range in a parsed value; None when there is none."""
    if type(value) in WITHOUT_DAYS:
        return None
    if isinstance(value, date):
        return None if is_in_range(value) else ()
    for name, each in _parts(value):
        found = out_of_range(each)
        if found is not None:
            return (name, *found)
    return None


def _parts(value: Any) -> Iterable[tuple[int | str, Any]]:
    if isinstance(value, BaseModel):
        return value.__dict__.items()
    if isinstance(value, dict):
        return ((str(name), each) for name, each in cast("dict[Any, Any]", value).items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return enumerate(cast("list[Any]", value))
    if is_dataclass(value):
        return ((each.name, getattr(value, each.name)) for each in fields(value))
    return ()
