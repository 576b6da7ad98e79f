"""The official working calendar: public holidays with their make-up days (调休), as announced for each year in working_years.toml.

Invariant: a day of a year without an entry is unknown, even a Sunday, which may be a make-up day; only the holidays that the law itself
names are certain before the notice is out (statutory_holidays.py). Pure once imported.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from shared.calendar.statutory_holidays import SATURDAY, statutory_holidays

LONGEST_BREAK: Final = 31


class DayKind(StrEnum):
    """What the calendar says about a day."""

    WORKING_DAY = "WORKING_DAY"
    REST_DAY = "REST_DAY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A year's holidays (first and last day) and make-up days, with the notice that announced them."""

    source: str
    holidays: tuple[tuple[date, date], ...]
    make_up_days: tuple[date, ...]

    def is_holiday(self, day: date) -> bool:
        """Whether the day lies in one of the holidays."""
        return any(first <= day <= last for first, last in self.holidays)


def _read() -> dict[int, Arrangement]:
    years: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("working_years.toml").read_text(encoding="utf-8"))
    return {
        int(year): Arrangement(
            source=entry["source"],
            holidays=tuple((first, last) for first, last in entry["holidays"]),
            make_up_days=tuple(entry["make_up_days"]),
        )
        for year, entry in years.items()
    }


Years = Mapping[int, Arrangement]
ARRANGEMENTS: Final[Years] = _read()


def day_kind(day: date, years: Years = ARRANGEMENTS) -> DayKind:
    """The kind of this day; UNKNOWN in a year without an entry, unless it is a holiday by law."""
    arrangement = years.get(day.year)
    if arrangement is None:
        return DayKind.REST_DAY if day in statutory_holidays(day.year) else DayKind.UNKNOWN
    if day in arrangement.make_up_days:
        return DayKind.WORKING_DAY
    is_free = arrangement.is_holiday(day) or day.weekday() >= SATURDAY
    return DayKind.REST_DAY if is_free else DayKind.WORKING_DAY


def first_working_day_after(day: date, years: Years = ARRANGEMENTS) -> date | None:
    """Return the next working day, or None when the calendar ends before it."""
    return first_of_kind(DayKind.WORKING_DAY, day + timedelta(days=1), years)


def first_of_kind(wanted: DayKind, day: date, years: Years = ARRANGEMENTS) -> date | None:
    """`day` itself or the next day of this kind, None when an unknown day comes first."""
    for each in _from(day):
        match day_kind(each, years):
            case DayKind.UNKNOWN:
                return None
            case kind if kind is wanted:
                return each
            case _:
                pass
    return None


def _from(day: date) -> Iterator[date]:
    for ahead in range(LONGEST_BREAK):
        yield day + timedelta(days=ahead)
