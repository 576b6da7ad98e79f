"""Deduction: each fact costs, except the first few in the period, which are shown as a reminder and cost nothing."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from services.evaluation.scoring.rule import Award, Docket, Rule, award
from shared.contracts.evaluation.codes import AdjustmentKind


class Deduction(Rule):
    """E.g. the first unexcused no-show is a reminder, each further one costs 1."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "number", "each"})

    function: Literal["deduction"]
    points: Annotated[Decimal, Field(gt=0)]  # what one costs
    free: Annotated[int, Field(ge=0)] = 0


def assess(docket: Docket[Deduction]) -> Iterator[Award]:
    """One award, negative or nil, per fact."""
    for number, entry in enumerate(docket.entries, start=1):
        cost = entry.rule.points
        steps = ((AdjustmentKind.NEUTRAL, cost),) if number <= entry.rule.free else ()
        yield award(entry, -cost, *steps, number=number, each=entry.rule.points)
