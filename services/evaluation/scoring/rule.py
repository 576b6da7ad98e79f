"""What all kinds of rules share: the written rule, the facts put before it, and the award it gives.

A rule keeps its id through the versions of a rule set; that is how bands and counts are consumed across a change of rules.
Amounts carry 28 digits until they are rounded once, in `lines`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from string import Formatter
from types import MappingProxyType
from typing import ClassVar, Generic, NamedTuple, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from services.evaluation.scoring.facts import ATTRIBUTES, Case, Fact, FactKind
from shared.contracts.activities.codes import EvidenceLevel
from shared.contracts.evaluation.codes import AdjustmentKind

RANK = {level.value: rank for rank, level in enumerate(EvidenceLevel)}  # ascending
ZERO, ONE = Decimal(0), Decimal(1)
FINE = Decimal("1e-12")
HUNDREDTH = Decimal("0.01")


class Model(BaseModel):
    """Part of a rule set: data that people write, so a misspelt field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Model):
    """The explanation of a line; placeholders are the inputs of the rule and {points}."""

    zh: str
    en: str


class Rule(Model):
    """Which facts a rule looks at and how it explains itself; each kind adds its own figures."""

    INPUTS: ClassVar[frozenset[str]] = frozenset()

    id: str
    trigger: FactKind
    where: Mapping[str, tuple[str, ...]] = {}
    evidence_at_least: EvidenceLevel | None = None
    text: Text

    @model_validator(mode="after")
    def _speaks_of_what_it_knows(self) -> Self:
        self.refuse_unknown(*self.where)
        for template in (self.text.zh, self.text.en):
            unknown = {name for _, name, _, _ in Formatter().parse(template) if name is not None} - self.INPUTS - {"points"}
            if unknown:
                message = f"rule {self.id}: its text names {sorted(unknown)}, but knows {sorted(self.INPUTS | {'points'})}"
                raise ValueError(message)
        return self

    def refuse_unknown(self, *attributes: str) -> None:
        """Raise ValueError when a fact of the trigger has no such attributes."""
        unknown = set(attributes) - ATTRIBUTES[self.trigger]
        if unknown:
            message = f"rule {self.id}: {self.trigger} has no {sorted(unknown)}"
            raise ValueError(message)

    def concerns(self, fact: Fact) -> bool:
        """Whether the fact triggers this rule."""
        if fact.kind is not self.trigger:
            return False
        for name, allowed in self.where.items():
            if str(fact.data.get(name)) not in allowed:
                return False
        return self.evidence_at_least is None or _rank(fact) >= RANK[self.evidence_at_least]


def _rank(fact: Fact) -> int:
    return RANK[str(fact.data.get("evidence_level", EvidenceLevel.SELF_REPORTED))]


R_co = TypeVar("R_co", bound=Rule, covariant=True)


@dataclass(frozen=True, slots=True)
class InForce(Generic[R_co]):
    """A rule as a certain version of a rule set states it."""

    rule: R_co
    rule_set_id: UUID
    version: int


class MatchedFact(NamedTuple, Generic[R_co]):
    """A fact with the rule that was in force when it occurred."""

    fact: Fact
    by: InForce[R_co]

    @property
    def rule(self) -> R_co:
        """The rule as it was in force."""
        return self.by.rule


@dataclass(frozen=True, slots=True)
class Docket(Generic[R_co]):
    """All that one rule has to judge in one case: its facts in order, and itself as in force when the period ends (None: no longer)."""

    case: Case
    entries: tuple[MatchedFact[R_co], ...]
    closing: InForce[R_co] | None


class Award(NamedTuple):
    """What a rule gives, before the category's cap: a raw value and the steps that changed it, unrounded."""

    by: InForce[Rule]
    anchor: str  # names the award within its rule and case, the same at every recomputation
    occurred: date
    sources: tuple[UUID, ...]
    raw: Decimal
    steps: tuple[tuple[AdjustmentKind, Decimal], ...] = ()
    inputs: Mapping[str, str] = MappingProxyType({})
    replaces: str | None = None  # anchor of the award that a correction took back

    @property
    def value(self) -> Decimal:
        """Raw value after its steps."""
        return self.raw + sum([delta for _, delta in self.steps], ZERO)


def award(entry: MatchedFact[Rule], raw: Decimal, *steps: tuple[AdjustmentKind, Decimal], **inputs: object) -> Award:
    """An award for one fact."""
    fact = entry.fact
    return Award(
        entry.by,
        str(fact.event_id),
        fact.occurred,
        fact.sources,
        raw,
        steps,
        shown({"date": fact.occurred, **inputs}),
        str(fact.replaces) if fact.replaces else None,
    )


def shown(inputs: Mapping[str, object]) -> dict[str, str]:
    """Inputs as they are shown: amounts with at most two decimals, everything else as it is written."""
    return {name: plain(value) if isinstance(value, Decimal) else str(value) for name, value in inputs.items()}


def plain(value: Decimal) -> str:
    """E.g. 26.5 for 26.50, 3 for 3.00, 0.33 for a third."""
    return str(hundredths(value)).rstrip("0").rstrip(".")


def hundredths(value: Decimal) -> Decimal:
    """Rounded half-up (away from zero) to 0.01.

    Thirds and the like are off by less than 10⁻²⁰ here; the first rounding puts what should be a half back on the half, and is too fine to
    move anything else: amounts are quotients of minutes, units and days, so the next one is at least 10⁻¹⁰ away.
    """
    return value.quantize(FINE, ROUND_HALF_UP).quantize(HUNDREDTH, ROUND_HALF_UP)


def total(values: Iterable[Decimal]) -> Decimal:
    """Sum; nothing is zero."""
    return sum(values, ZERO)
