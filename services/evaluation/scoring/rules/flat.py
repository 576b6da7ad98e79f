"""Flat: a fixed amount, once in the period; with `by_deadline` only for what occurred by the programme deadline."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from services.evaluation.scoring.rule import Award, Docket, Rule, award


class Flat(Rule):
    """E.g. 6 points for having reported by the deadline, or a base of 60 for being registered."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "deadline"})

    function: Literal["flat"]
    points: Decimal
    by_deadline: bool = False


def assess(docket: Docket[Flat]) -> Iterator[Award]:
    """The first fact that qualifies."""
    deadline = docket.case.period.programme_deadline
    for entry in docket.entries:
        if not entry.rule.by_deadline or entry.fact.occurred <= deadline:
            yield award(entry, entry.rule.points, deadline=deadline)
            return
