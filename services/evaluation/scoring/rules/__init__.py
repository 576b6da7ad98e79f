"""The kinds of rules, in one list. A new kind is a module beside the others, a line in `AnyRule`, a line in `FUNCTIONS`, and a test."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from services.evaluation.scoring.rule import Award, Docket
from services.evaluation.scoring.rules import (
    banded_hours,
    capped_count,
    deduction,
    distinct_items,
    flat,
    fulfilment,
    ratio,
    rubric,
    shrunk_mean,
    stepwise,
)

AnyRule = Annotated[
    flat.Flat
    | capped_count.CappedCount
    | distinct_items.DistinctItems
    | banded_hours.BandedHours
    | stepwise.Stepwise
    | ratio.Ratio
    | fulfilment.Fulfilment
    | shrunk_mean.ShrunkMean
    | rubric.Rubric
    | deduction.Deduction,
    Field(discriminator="function"),
]


FUNCTIONS = {
    "flat": flat.assess,
    "capped_count": capped_count.assess,
    "distinct_items": distinct_items.assess,
    "banded_hours": banded_hours.assess,
    "stepwise": stepwise.assess,
    "ratio": ratio.assess,
    "fulfilment": fulfilment.assess,
    "shrunk_mean": shrunk_mean.assess,
    "rubric": rubric.assess,
    "deduction": deduction.assess,
}


def assess(function: str, docket: Docket[Any]) -> Iterator[Award]:
    """Judge a docket by the function that its rules name; the entries of a docket all name the same one."""
    return FUNCTIONS[function](docket)
