"""Outcomes with 余 and 近: a sum is as exact as its parts."""

from decimal import Decimal

import pytest

from services.activities.records.outcomes import Precision, totals
from shared.contracts.activities.codes import ActivityOutcome


def outcome(number: int, text: str, *, approximate: bool = False, metric: str = "小广告") -> ActivityOutcome:
    return ActivityOutcome(metric=metric, number=Decimal(number), unit="条", approximate=approximate, text=text)


@pytest.mark.parametrize(
    ("outcomes", "number", "precision"),
    [
        ([outcome(1000, "1000余条", approximate=True)], 1000, Precision.MORE_THAN),
        ([outcome(1000, "1000余条", approximate=True), outcome(20, "20条")], 1020, Precision.MORE_THAN),
        ([outcome(60, "近60条", approximate=True)], 60, Precision.NEARLY),
        ([outcome(60, "近60条", approximate=True), outcome(1000, "1000余条", approximate=True)], 1060, Precision.ABOUT),
        ([outcome(10, "十几条", approximate=True)], 10, Precision.ABOUT),
        ([outcome(7, "7条"), outcome(5, "5条")], 12, Precision.EXACT),
    ],
)
def test_a_sum_is_as_exact_as_its_parts(outcomes: list[ActivityOutcome], number: int, precision: Precision):
    (total,) = totals(outcomes)
    assert (total.number, total.precision, total.parts) == (number, precision, len(outcomes))
