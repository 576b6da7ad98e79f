"""Eligible days: those of the period on which the member was registered, less suspensions and exemptions. No diagnosis, only days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.evaluation.scoring.facts import STANDING, Period


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both included; no end means still."""

    starts_on: date
    ends_on: date | None = None


def eligible_days(period: Period, registered: Iterable[Span], excepted: Iterable[Span]) -> int:
    """How many days of the period lie in a registered span and in no excepted one; overlapping spans count once."""
    return len(_days(period, registered) - _days(period, excepted))


def _days(period: Period, spans: Iterable[Span]) -> set[int]:
    first, last = period.starts_on.toordinal(), period.ends_on.toordinal()
    days: set[int] = set()
    for span in spans:
        days.update(range(max(first, span.starts_on.toordinal()), min(last, (span.ends_on or STANDING).toordinal()) + 1))
    return days
