"""Capped count: so much for each, up to so many; counts facts, or a quantity that they state."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from services.evaluation.scoring.rule import Award, Docket, Rule, award
from shared.contracts.evaluation.codes import AdjustmentKind


class CappedCount(Rule):
    """E.g. 2 points for each adopted suggestion; 4 for each unit task; 1 for each call-out, at most 3."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "count", "each"})

    function: Literal["capped_count"]
    points: Decimal
    quantity: str | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _counts_what_is_stated(self) -> Self:
        if self.quantity:
            self.refuse_unknown(self.quantity)
        return self


def assess(docket: Docket[CappedCount]) -> Iterator[Award]:
    """One award per fact; what is above the limit is shown and taken off."""
    counted = 0
    for entry in docket.entries:
        rule = entry.rule
        count = entry.fact.number(rule.quantity) if rule.quantity else 1
        allowed = count if rule.at_most is None else max(0, min(count, rule.at_most - counted))
        counted += allowed
        over = (AdjustmentKind.CATEGORY_CAP, rule.points * (allowed - count))
        yield award(entry, rule.points * count, over, count=count, each=rule.points)
