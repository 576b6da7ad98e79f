"""Ratio: the full points times what was done of what was asked, both stated by one fact; excused parts are not asked."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from services.evaluation.scoring.facts import Fact, part
from services.evaluation.scoring.rule import ZERO, Award, Docket, Rule, award
from shared.contracts.evaluation.codes import AdjustmentKind


class Ratio(Rule):
    """E.g. 40 · attended / (required − excused). When nothing was asked, the member is not worse off: the full points.

    Where the fact states the parts of its quantities, the line shows them too; they add up to the quantities.
    """

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
        rule = entry.rule
        full, inputs = rule.points, _quantities(rule, entry.fact)
        done, asked = inputs["done"], inputs["asked"]
        for each in entry.fact.parts(rule.asked):
            inputs |= {part(name, each): value for name, value in _quantities(rule, entry.fact, each).items()}
        if asked > 0:
            yield award(entry, full * min(done, asked) / asked, **inputs)
        else:
            yield award(entry, ZERO, (AdjustmentKind.NEUTRAL, full), **inputs)


def _quantities(rule: Ratio, fact: Fact, of: str | None = None) -> dict[str, int]:
    """What was done, asked and excused, in all or as a part."""
    excused = fact.number(rule.excused, of) if rule.excused else 0
    return {"done": fact.number(rule.done, of), "asked": fact.number(rule.asked, of) - excused, "excused": excused}
