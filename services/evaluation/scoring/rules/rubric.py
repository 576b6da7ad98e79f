"""Rubric: judged items with their marks; judgement by people, and labelled so."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from services.evaluation.scoring.rule import Award, Docket, Rule, award


class Rubric(Rule):
    """E.g. four items of 0 to 10, one point per mark."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "item", "mark"})

    function: Literal["rubric"]
    items: Annotated[tuple[str, ...], Field(min_length=1)]
    points_per_mark: Decimal

    @model_validator(mode="after")
    def _judges_what_is_stated(self) -> Self:
        self.refuse_unknown(*self.items)
        return self


def assess(docket: Docket[Rubric]) -> Iterator[Award]:
    """One award per item."""
    for entry in docket.entries:
        for item in entry.rule.items:
            mark = entry.fact.number(item)
            given = award(entry, mark * entry.rule.points_per_mark, item=item, mark=mark)
            yield given._replace(anchor=f"{given.anchor}/{item}")
