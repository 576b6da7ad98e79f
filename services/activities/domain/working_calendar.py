"""The official working calendar: public holidays with their make-up days (调休), as the State Council announced them for each year.

Invariant: a year that was not announced, or is not entered here yet, is unknown; nobody guesses. A new year is one entry with its source.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

SATURDAY: Final = 5
LONGEST_BREAK: Final = 31


class DayKind(StrEnum):
    """What the calendar says about a day."""

    WORKING_DAY = "WORKING_DAY"
    REST_DAY = "REST_DAY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A year's holidays (first and last day) and the weekend days worked for them, with the notice that says so."""

    source: str
    holidays: tuple[tuple[date, date], ...]
    make_up_days: tuple[date, ...]

    def is_holiday(self, day: date) -> bool:
        """Whether the day lies in one of the holidays."""
        return any(first <= day <= last for first, last in self.holidays)


def _days(year: int, *month_days: tuple[int, int]) -> tuple[date, ...]:
    return tuple(date(year, month, day) for month, day in month_days)


def _spans(year: int, *spans: tuple[int, int, int, int]) -> tuple[tuple[date, date], ...]:
    return tuple((date(year, month, day), date(year, last_month, last_day)) for month, day, last_month, last_day in spans)


ARRANGEMENTS: Final = {
    2010: Arrangement(
        source="国务院办公厅关于2010年部分节假日安排的通知(2009年12月7日)",
        holidays=_spans(2010, (1, 1, 1, 3), (2, 13, 2, 19), (4, 3, 4, 5), (5, 1, 5, 3), (6, 14, 6, 16), (9, 22, 9, 24), (10, 1, 10, 7)),
        make_up_days=_days(2010, (2, 20), (2, 21), (6, 12), (6, 13), (9, 19), (9, 25), (9, 26), (10, 9)),
    ),
    2025: Arrangement(
        source="国务院办公厅关于2025年部分节假日安排的通知(2024年11月12日)",
        holidays=_spans(2025, (1, 1, 1, 1), (1, 28, 2, 4), (4, 4, 4, 6), (5, 1, 5, 5), (5, 31, 6, 2), (10, 1, 10, 8)),
        make_up_days=_days(2025, (1, 26), (2, 8), (4, 27), (9, 28), (10, 11)),
    ),
    2026: Arrangement(
        source="国务院办公厅关于2026年部分节假日安排的通知(2025年11月4日)",
        holidays=_spans(2026, (1, 1, 1, 3), (2, 15, 2, 23), (4, 4, 4, 6), (5, 1, 5, 5), (6, 19, 6, 21), (9, 25, 9, 27), (10, 1, 10, 7)),
        make_up_days=_days(2026, (1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)),
    ),
}


def day_kind(day: date) -> DayKind:
    """Whether people work on this day; UNKNOWN in a year without an arrangement, even on a Sunday (it may be a make-up day)."""
    arrangement = ARRANGEMENTS.get(day.year)
    if arrangement is None:
        return DayKind.UNKNOWN
    if day in arrangement.make_up_days:
        return DayKind.WORKING_DAY
    is_free = arrangement.is_holiday(day) or day.weekday() >= SATURDAY
    return DayKind.REST_DAY if is_free else DayKind.WORKING_DAY


def first_working_day_after(day: date) -> date | None:
    """Return the next working day, None when the calendar does not reach that far."""
    return first_of_kind(DayKind.WORKING_DAY, day + timedelta(days=1))


def first_of_kind(wanted: DayKind, day: date) -> date | None:
    """The day itself or the next one of this kind, None when an unknown day comes first."""
    for each in _from(day):
        match day_kind(each):
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
