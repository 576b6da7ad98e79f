"""The public holidays that the law names by date (全国年节及纪念日放假办法, amended 2024), whether or not the year's notice is out.

The notice adds make-up days and longer breaks around them; none of these days is ever worked. Where a holiday falls on a weekend the law
gives a working day in return (Article 6), which the notice sets: until then the next weekday is assumed.
"""

from datetime import date, timedelta
from functools import cache
from typing import Any, Final, cast

SATURDAY: Final = 5
FIXED: Final = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))  # New Year's Day, Labour Day, National Day
SPRING_FESTIVAL: Final = (1, 1)  # by the lunar calendar, from its eve to the third day
DRAGON_BOAT_AND_MID_AUTUMN: Final = ((5, 5), (8, 15))  # by the lunar calendar
QINGMING: Final = "清明"  # a solar term


@cache
def statutory_holidays(year: int) -> frozenset[date]:
    """The thirteen days of a year, fewer when two fall on one day. Years 1900 to 2200."""
    spring = _lunar(year, *SPRING_FESTIVAL)
    return frozenset(
        (
            *(date(year, month, day) for month, day in FIXED),
            *(spring + timedelta(days=ahead) for ahead in (-1, 0, 1, 2)),
            *(_lunar(year, month, day) for month, day in DRAGON_BOAT_AND_MID_AUTUMN),
            _solar_term(year, QINGMING),
        )
    )


@cache
def assumed_rest_days(year: int) -> frozenset[date]:
    """The statutory holidays, and for each on a weekend the next weekday that is free for nothing else."""
    found = set(statutory_holidays(year))
    for holiday in sorted(found):
        if holiday.weekday() >= SATURDAY:
            in_return = holiday
            while in_return.weekday() >= SATURDAY or in_return in found:
                in_return += timedelta(days=1)
            found.add(in_return)
    return frozenset(found)


def _lunar(year: int, month: int, day: int) -> date:
    return _day(_library().Lunar.fromYmd(year, month, day).getSolar())


def _solar_term(year: int, name: str) -> date:
    return _day(_library().Solar.fromYmd(year, 4, 1).getLunar().getJieQiTable()[name])


def _day(solar: Any) -> date:
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _library() -> Any:
    import lunar_python  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - half a second, for years without a notice only

    return cast("Any", lunar_python)
