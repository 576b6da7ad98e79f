"""A rule set: what a district scores, as data. Immutable once published; versions follow each other by effective date."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, NamedTuple, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.evaluation.scoring.facts import FactKind
from services.evaluation.scoring.rule import InForce, Model
from services.evaluation.scoring.rules import AnyRule
from shared.contracts.evaluation.codes import ReferenceGrade, Side

Points = Annotated[Decimal, Field(ge=-1000, le=1000, decimal_places=2)]


class Category(Model):
    """Rules whose points are shown and capped together. `is_core` categories make up the full side; a waived one scales the others up."""

    code: str
    side: Side
    name_zh: str
    name_en: str
    cap: Points | None = None
    floor: Points | None = None
    is_core: bool = True
    rules: tuple[AnyRule, ...]


class SideRules(Model):
    """How a side enters the score and the bounds within which it stays (None: none)."""

    side: Side
    weight: Annotated[Decimal, Field(ge=0, le=1)]
    floor: Points | None = Decimal(0)
    ceiling: Points | None = Decimal(100)


class GradeRule(Model):
    """A reference grade, for a score and, on every side that has weight, a floor: neither side can be compensated away."""

    grade: ReferenceGrade
    score_at_least: Points | None = None
    each_side_at_least: Points | None = None


class NotRated(Model):
    """Who gets no grade (besides the exempted and those whose appeal is open)."""

    eligible_days_below: int = 90
    probationary: bool = True


class Level(Model):
    """A star of districts that count hours."""

    name: str
    at: Annotated[Decimal, Field(gt=0, le=100_000)]


class RuleSet(Model):
    """Everything that turns facts into a statement. `grades` run from the best to the one without condition; none: only levels."""

    title: str
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    sides: Annotated[tuple[SideRules, ...], Field(min_length=1)]
    score_floor: Points | None = Decimal(0)
    score_ceiling: Points | None = Decimal(100)
    grades: tuple[GradeRule, ...] = ()
    not_rated: NotRated = NotRated()
    levels: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        codes = [category.code for category in self.categories]
        rules = [rule.id for category in self.categories for rule in category.rules]
        sides = {each.side for each in self.sides}
        problems = {
            "category codes must differ": len(set(codes)) < len(codes),
            "rule ids must differ": len(set(rules)) < len(rules),
            "only COMMUNITY and UNIT have weights": Side.OVERALL in sides or len(sides) < len(self.sides),
            "the weights of the sides must sum to 1": sum(each.weight for each in self.sides) != 1,
            "every category needs its side": not {category.side for category in self.categories} <= sides | {Side.OVERALL},
            "the last grade must be without condition, and only the last": self._conditions()
            not in ([], [True] * (len(self.grades) - 1) + [False]),
            "not rated is not a matter of points": any(grade.grade is ReferenceGrade.NOT_RATED for grade in self.grades),
            "levels must ascend": list(self.levels) != sorted(self.levels, key=lambda level: level.at),
        }
        for problem, is_so in problems.items():
            if is_so:
                raise ValueError(problem)
        return self

    def _conditions(self) -> list[bool]:
        return [grade.score_at_least is not None or grade.each_side_at_least is not None for grade in self.grades]

    def of(self, side: Side) -> Iterator[Category]:
        """The categories of a side, in order."""
        return (category for category in self.categories if category.side is side)


RuleKey = tuple[str, str, str]  # a rule is known by category, id and function


@dataclass(frozen=True)
class Version:
    """A published rule set and the days on which it is in force. What follows from it is worked out once, for everybody scored by it."""

    rule_set_id: UUID
    number: int
    title: str
    effective_from: date
    effective_to: date | None
    rules: RuleSet

    @cached_property
    def triggered(self) -> Mapping[Side, Mapping[FactKind, Sequence[tuple[RuleKey, InForce[Any]]]]]:
        """The rules of a side by the kind of fact that triggers them."""
        found: dict[Side, dict[FactKind, list[tuple[RuleKey, InForce[Any]]]]] = {side: defaultdict(list) for side in Side}
        for category in self.rules.categories:
            for rule in category.rules:
                in_force = InForce(rule, self.rule_set_id, self.number)
                found[category.side][rule.trigger].append(((category.code, rule.id, rule.function), in_force))
        return {side: dict(by_kind) for side, by_kind in found.items()}


@dataclass(frozen=True)
class RuleBook:
    """All published versions of one district's rules."""

    versions: tuple[Version, ...]

    @cached_property
    def categories(self) -> Mapping[Side, Mapping[str, Category]]:
        """By side and code, in the order and with the names of the latest version that has them."""
        found: dict[Side, dict[str, Category]] = {side: {} for side in Side}
        for version in self.versions:
            for category in version.rules.categories:
                found[category.side].setdefault(category.code, category)
        return found

    @cached_property
    def stated(self) -> Mapping[tuple[UUID, Side, str], Category]:
        """A category as a certain version states it."""
        return {(each.rule_set_id, category.side, category.code): category for each in self.versions for category in each.rules.categories}

    @classmethod
    def of(cls, versions: Iterable[Version]) -> Self:
        """Sorted so that a later beginning, then a higher number, wins."""
        return cls(tuple(sorted(versions, key=lambda version: (version.effective_from, version.number), reverse=True)))

    def on(self, day: date) -> Version | None:
        """The version in force on a day."""
        for version in self.versions:
            if version.effective_from <= day and (version.effective_to is None or day <= version.effective_to):
                return version
        return None

    def only(self, rule_set_id: UUID) -> "RuleBook | None":
        """The book as if this version had always been the only one: what-if."""
        chosen = next((version for version in self.versions if version.rule_set_id == rule_set_id), None)
        return RuleBook((replace(chosen, effective_from=date.min, effective_to=None),)) if chosen else None


class RuleBooks(NamedTuple):
    """Whose rules hold: community-side lines follow the community's district, everything else the unit's."""

    community: RuleBook
    unit: RuleBook

    def of(self, side: Side) -> RuleBook:
        """The book for lines of a side."""
        return self.community if side is Side.COMMUNITY else self.unit
