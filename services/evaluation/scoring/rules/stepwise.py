"""Stepwise: a running total reaches steps; the fact that reaches a step earns what it adds."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from services.evaluation.scoring.rule import ZERO, Award, Docket, Model, Rule, award


class Step(Model):
    """From `at` on, `points` in all."""

    at: Decimal
    points: Decimal


class Stepwise(Rule):
    """E.g. 5 points from 8 hours, 10 from 20 (`quantity` minutes, `unit` 60); or 6 services (no quantity: facts are counted)."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "reached", "step"})

    function: Literal["stepwise"]
    quantity: str | None = None
    unit: Annotated[int, Field(ge=1)] = 1
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        if self.quantity:
            self.refuse_unknown(self.quantity)
        if list(self.steps) != sorted(self.steps, key=lambda step: step.at):
            message = f"rule {self.id}: steps must ascend"
            raise ValueError(message)
        return self


def assess(docket: Docket[Stepwise]) -> Iterator[Award]:
    """An award for each fact that reaches a new step."""
    reached = earned = ZERO
    for entry in docket.entries:
        rule = entry.rule
        reached += Decimal(entry.fact.number(rule.quantity)) / rule.unit if rule.quantity else 1
        taken = [step for step in rule.steps if step.at <= reached]
        gain = taken[-1].points - earned if taken else ZERO
        if gain > 0:
            earned += gain
            yield award(entry, gain, reached=reached, step=taken[-1].at)
