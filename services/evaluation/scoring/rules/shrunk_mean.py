"""Shrunk mean: the mean of few ratings is drawn towards a prior, `(weight·prior + Σ ratings) / (weight + n)`.

Below `minimum` ratings a neutral amount is given and the ratings stay unnamed, which also protects who rated.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from services.evaluation.scoring.rule import ZERO, Award, Docket, InForce, Rule, shown
from shared.contracts.evaluation.codes import AdjustmentKind


class ShrunkMean(Rule):
    """E.g. (5·4.0 + Σ)/(5+n)/5·15, neutral 12.00 below 3 ratings."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"count", "mean", "minimum"})

    function: Literal["shrunk_mean"]
    quantity: str
    scale: Decimal
    points: Decimal
    prior: Decimal
    weight: int
    minimum: int
    neutral: Decimal

    @model_validator(mode="after")
    def _means_what_is_stated(self) -> Self:
        self.refuse_unknown(self.quantity)
        return self


def assess(docket: Docket[ShrunkMean]) -> Iterator[Award]:
    """One award for all ratings, by the version in force at the last of them; without ratings, by the one in force when the period ends."""
    by = docket.entries[-1].by if docket.entries else docket.closing
    if by is None:
        return
    if len(docket.entries) < by.rule.minimum:
        yield _neutral(docket, by)
        return
    rule, ratings = by.rule, [entry.fact.number(by.rule.quantity) for entry in docket.entries]
    mean = (rule.prior * rule.weight + sum(ratings)) / (rule.weight + len(ratings))
    yield Award(
        by,
        "all",
        docket.entries[-1].fact.occurred,
        tuple(entry.fact.event_id for entry in docket.entries),
        mean / rule.scale * rule.points,
        inputs=shown({"count": len(ratings), "mean": mean, "minimum": rule.minimum}),
    )


def _neutral(docket: Docket[ShrunkMean], by: InForce[ShrunkMean]) -> Award:
    return Award(
        by,
        "all",
        docket.case.period.ends_on,
        docket.case.opened_by,
        ZERO,
        ((AdjustmentKind.NEUTRAL, by.rule.neutral),),
        shown({"count": f"<{by.rule.minimum}", "mean": "-", "minimum": by.rule.minimum}),
    )
