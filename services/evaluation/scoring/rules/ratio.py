"""Ratio: the full points times what was done of what was asked, both stated by one fact; excused parts are not asked."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from services.evaluation.scoring.rule import ZERO, Award, Docket, Rule, award
from shared.contracts.evaluation import AdjustmentKind


class Ratio(Rule):
    """E.g. 40 · attended / (required − excused). When nothing was asked, the member is not worse off: the full points."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "done", "asked", "excused"})

    function: Literal["ratio"]
    points: Decimal
    done: str
    asked: str
    excused: str | None = None

    @model_validator(mode="after")
    def _divides_what_is_stated(self) -> Self:
        self.refuse_unknown(self.done, self.asked, *([self.excused] if self.excused else []))
        return self


def assess(docket: Docket[Ratio]) -> Iterator[Award]:
    """One award per fact."""
    for entry in docket.entries:
        rule, fact = entry.rule, entry.fact
        excused = fact.number(rule.excused) if rule.excused else 0
        done, asked = fact.number(rule.done), fact.number(rule.asked) - excused
        full = rule.points
        inputs = {"done": done, "asked": asked, "excused": excused}
        if asked > 0:
            yield award(entry, full * min(done, asked) / asked, **inputs)
        else:
            yield award(entry, ZERO, (AdjustmentKind.NEUTRAL, full), **inputs)
