"""Distinct items: a checklist; each different item counts once, all of them (`target`) give the full points, further ones `beyond` each."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from services.evaluation.scoring.facts import Case
from services.evaluation.scoring.rule import Award, Docket, Rule, award
from shared.contracts.evaluation.codes import AdjustmentKind


class DistinctItems(Rule):
    """E.g. the six ones: 30 for 6; any 10 of 21 activities: 100 for 10, 1 for each beyond."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "item", "number", "target"})

    function: Literal["distinct_items"]
    key: str
    items: tuple[str, ...] | None = None  # None: any
    target: Annotated[int, Field(ge=1)]
    points: Decimal
    beyond: Decimal = Decimal(0)
    prorated: bool = False

    @model_validator(mode="after")
    def _tells_items_apart(self) -> Self:
        self.refuse_unknown(self.key)
        return self


def assess(docket: Docket[DistinctItems]) -> Iterator[Award]:
    """One award for the first fact of each item."""
    seen: set[str] = set()
    for entry in docket.entries:
        rule, item = entry.rule, str(entry.fact.data.get(entry.rule.key))
        if item in seen or (rule.items is not None and item not in rule.items):
            continue
        seen.add(item)
        target = _target(rule, docket.case)
        raw = rule.points / rule.target
        prorated = rule.points / target
        earned = prorated if len(seen) <= target else rule.beyond
        steps = ((AdjustmentKind.PRORATION, prorated - raw), (AdjustmentKind.BAND, earned - prorated))
        yield award(entry, raw, *steps, item=item, number=len(seen), target=target)


def _target(rule: DistinctItems, case: Case) -> int:
    """`max(1, round half-up(target · f))`, in whole numbers."""
    eligible, days = case.registrant.eligible_days, case.period.days
    return max(1, (2 * rule.target * eligible + days) // (2 * days)) if rule.prorated else rule.target
