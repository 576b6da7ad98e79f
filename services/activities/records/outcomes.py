"""What came of activities, summed as it was written: 1000余条 and 20余处 stay approximate, and a sum says how it is approximate.

Invariant: a sum is exact only when every part of it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from shared.contracts.activities.codes import ActivityOutcome

ABOVE_SIGNS: Final = ("余", "多")
BELOW_SIGNS: Final = ("近",)


class Precision(StrEnum):
    """How a figure is meant."""

    EXACT = "EXACT"
    MORE_THAN = "MORE_THAN"  # 余, 多
    NEARLY = "NEARLY"  # 近
    ABOUT = "ABOUT"


@dataclass(frozen=True, slots=True)
class OutcomeTotal:
    """The sum of one metric in one unit; `parts` activities reported it."""

    metric: str
    unit: str
    number: Decimal
    precision: Precision
    parts: int


def precision_of(outcome: ActivityOutcome) -> Precision:
    """How the figure was written."""
    if not outcome.approximate:
        return Precision.EXACT
    if any(sign in outcome.text for sign in BELOW_SIGNS):
        return Precision.NEARLY
    return Precision.MORE_THAN if any(sign in outcome.text for sign in ABOVE_SIGNS) else Precision.ABOUT


def totals(outcomes: Iterable[ActivityOutcome]) -> list[OutcomeTotal]:
    """Sums by metric and unit, in order of the metric."""
    parts: dict[tuple[str, str], list[ActivityOutcome]] = {}
    for each in outcomes:
        parts.setdefault((each.metric, each.unit), []).append(each)
    return [
        OutcomeTotal(
            metric=metric,
            unit=unit,
            number=sum((each.number for each in found), Decimal(0)),
            precision=_joint(found),
            parts=len(found),
        )
        for (metric, unit), found in sorted(parts.items())
    ]


def _joint(outcomes: Iterable[ActivityOutcome]) -> Precision:
    kinds = {precision_of(each) for each in outcomes} - {Precision.EXACT}
    if not kinds:
        return Precision.EXACT
    return kinds.pop() if len(kinds) == 1 else Precision.ABOUT
