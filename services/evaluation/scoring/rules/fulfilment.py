"""Fulfilment: the full points times the duty units done of those agreed, over all posts held in the period.

Done are the duty units of confirmed records, so a voided record takes its units along. A term that reaches beyond the period
asks only for the part inside it.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from services.evaluation.scoring.facts import Case, Fact, FactKind
from services.evaluation.scoring.rule import ZERO, Award, Docket, MatchedFact, Rule, shown, total


class Fulfilment(Rule):
    """E.g. 15 · Σ min(done, agreed) / Σ agreed. Triggered by duties."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "done", "agreed", "agreed_in_all"})

    function: Literal["fulfilment"]
    points: Decimal

    @model_validator(mode="after")
    def _is_triggered_by_duties(self) -> Self:
        self.refuse_unknown("post_id", "agreed_units")
        return self


def assess(docket: Docket[Fulfilment]) -> Iterator[Award]:
    """One award per post, in the order in which posts were taken up."""
    posts: dict[str, list[MatchedFact[Fulfilment]]] = defaultdict(list)
    for entry in docket.entries:
        posts[str(entry.fact.data["post_id"])].append(entry)
    agreed = {post: total(_agreed(entry.fact, docket.case) for entry in entries) for post, entries in posts.items()}
    in_all = total(agreed.values())
    for post, entries in posts.items():
        records = [fact for fact in docket.case.facts if fact.kind is FactKind.SERVICE and fact.data.get("post_id") == post]
        done = sum(record.number("duty_units") for record in records)
        last = entries[-1]
        yield Award(
            last.by,
            post,
            last.fact.occurred,
            tuple(source for fact in (*(entry.fact for entry in entries), *records) for source in fact.sources),
            last.rule.points * min(Decimal(done), agreed[post]) / in_all if in_all else ZERO,
            inputs=shown({"date": last.fact.occurred, "done": done, "agreed": agreed[post], "agreed_in_all": in_all}),
        )


def _agreed(duty: Fact, case: Case) -> Decimal:
    """Units that the period can ask for."""
    begins, ends = max(duty.occurred, case.period.starts_on), min(duty.last_day, case.period.ends_on)
    held, term = (ends - begins).days + 1, (duty.last_day - duty.occurred).days + 1
    return Decimal(duty.number("agreed_units") * max(0, held)) / max(1, term)
