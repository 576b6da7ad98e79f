"""`score`: the facts of one member in one period become a statement in which every point names its rule, its version and its events.

Pure: no clock, no order of arrival, nothing but the facts that count. Lines follow the version in force on the day of the fact,
combination and grade the version in force when the period ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from typing import Any, Final
from uuid import UUID

from services.evaluation.scoring.facts import Case, Fact, Period, Registrant, in_order
from services.evaluation.scoring.grading import combine
from services.evaluation.scoring.lines import Draft, limit, line, settle
from services.evaluation.scoring.rule import ONE, ZERO, Award, Docket, MatchedFact, hundredths, total
from services.evaluation.scoring.rule_set import Category, RuleBooks, RuleKey, RuleSet, Version
from services.evaluation.scoring.rules import assess
from services.evaluation.scoring.unknown import SIDE_OF, unknown
from shared.contracts.evaluation.codes import NotRatedReason, ReferenceGrade, Side, Unknown
from shared.contracts.evaluation.statements import CategoryTotal, RuleSetReference, ScoreLine
from shared.decider import DomainError

ARITHMETIC: Final = Context(prec=28)  # whatever the process has set
SIDES: Final = tuple(Side)


@dataclass(frozen=True, slots=True)
class Statement:
    """What is known about one member in one period: a reference for people who decide."""

    member_id: UUID
    period_id: UUID
    unit_id: UUID
    community_id: UUID
    rule_sets: tuple[RuleSetReference, ...]
    eligible_days: int
    period_days: int
    unit_score: Decimal | None  # None: not known, as `unknown` says
    community_score: Decimal | None
    score: Decimal | None
    grade: ReferenceGrade
    not_rated_reason: NotRatedReason | None
    level: str | None
    categories: tuple[CategoryTotal, ...]
    lines: tuple[ScoreLine, ...]
    is_proposal_refused: bool = False
    unknown: tuple[Unknown, ...] = ()

    def figures(self) -> dict[str, Any]:
        """All of it by name, as the events of a statement and its views have the same fields."""
        return {
            "member_id": self.member_id,
            "period_id": self.period_id,
            "unit_id": self.unit_id,
            "community_id": self.community_id,
            "rule_sets": self.rule_sets,
            "eligible_days": self.eligible_days,
            "period_days": self.period_days,
            "unit_score": self.unit_score,
            "community_score": self.community_score,
            "score": self.score,
            "grade": self.grade,
            "not_rated_reason": self.not_rated_reason,
            "level": self.level,
            "categories": self.categories,
            "lines": self.lines,
            "is_proposal_refused": self.is_proposal_refused,
            "unknown": self.unknown,
        }

    def without_proposal(self) -> "Statement":
        """The same for a member who refuses that a grade is proposed: all lines and points, no grade and no level."""
        return replace(self, grade=ReferenceGrade.NOT_RATED, level=None, is_proposal_refused=True)


class NoRuleSetInForce(DomainError):
    """No published rule set is in force when the period ends."""


def score(facts: Iterable[Fact], books: RuleBooks, period: Period, registrant: Registrant) -> Statement:
    """Score one member by the facts that count, in any order. Raises NoRuleSetInForce when there is nothing to score by."""
    closing = books.unit.on(period.ends_on)
    if closing is None:
        raise NoRuleSetInForce
    case = Case(period, registrant, in_order([fact for fact in facts if _belongs(fact, period)]))
    with localcontext(ARITHMETIC):
        return _score(case, books, closing)


def _score(case: Case, books: RuleBooks, closing: Version) -> Statement:
    registrant, period = case.registrant, case.period
    drafts = {side: _side(side, case, books, closing.rules) for side in SIDES}
    lines = tuple([line(draft, case) for side in SIDES for draft in drafts[side]])
    not_known = unknown(case, books, closing.rules)
    unknown_sides = {SIDE_OF[each] for each in not_known if each in SIDE_OF}
    totals = {side: total([draft.points for draft in drafts[side]]) for side in SIDES if side not in unknown_sides}
    outcome = combine(closing.rules, totals, registrant, not_known)
    return Statement(
        member_id=registrant.member_id,
        period_id=period.period_id,
        unit_id=registrant.unit_id,
        community_id=registrant.community_id,
        rule_sets=_versions(lines, books, closing),
        eligible_days=registrant.eligible_days,
        period_days=period.days,
        unit_score=totals.get(Side.UNIT),
        community_score=totals.get(Side.COMMUNITY),
        score=outcome.score,
        grade=outcome.grade,
        not_rated_reason=outcome.not_rated_reason,
        level=outcome.level,
        categories=tuple(
            [
                each if side in totals else each.model_copy(update={"points": None})
                for side in SIDES
                for each in _totals(side, books, case, closing.rules, drafts[side])
            ]
        ),
        lines=lines,
        unknown=not_known,
    )


def _belongs(fact: Fact, period: Period) -> bool:
    return fact.occurred <= period.ends_on and period.starts_on <= fact.last_day


def _side(side: Side, case: Case, books: RuleBooks, closing: RuleSet) -> list[Draft]:
    """The lines of one side: every category of every version that was in force, given out in order, then kept within the side's bounds."""
    by_category: dict[str, list[tuple[Category, Award]]] = defaultdict(list)
    for category, award in _awards(side, case, books):
        if category.code not in case.registrant.waived:
            by_category[category.code].append((category, award))
    scale = _waiver_scale(closing, side, case.registrant.waived)
    drafts: list[Draft] = []
    for code in books.of(side).categories[side]:
        if awards := sorted(by_category.get(code, ()), key=lambda pair: (pair[1].occurred, pair[1].sources, pair[1].anchor)):
            drafts += settle(awards, scale if awards[-1][0].is_core else ONE)
    bounds = next((each for each in closing.sides if each.side is side), None)
    return limit(drafts, bounds.floor, bounds.ceiling) if bounds else drafts


def _awards(side: Side, case: Case, books: RuleBooks) -> Iterator[tuple[Category, Award]]:
    """Put every fact before the rules that were in force on its day, and let each rule judge all its facts at once.

    Every award comes with its category as the version behind the award states it.
    """
    book, period = books.of(side), case.period
    entries: dict[RuleKey, list[MatchedFact[Any]]] = defaultdict(list)
    versions = {day: book.on(period.nearest(day)) for day in {fact.occurred for fact in case.facts}}
    triggered = {day: version.triggered[side] for day, version in versions.items() if version}
    for fact in case.facts:
        for key, by in triggered[fact.occurred].get(fact.kind, ()) if fact.occurred in triggered else ():
            if by.rule.concerns(fact):
                entries[key].append(MatchedFact(fact, by))
    last = book.on(period.ends_on)
    closing = {key: by for found in last.triggered[side].values() for key, by in found} if last else {}
    for key in {**entries, **closing}:
        code, _, function = key
        for award in assess(function, Docket(case, tuple(entries.get(key, ())), closing.get(key))):
            yield book.stated[award.by.rule_set_id, side, code], award


def _waiver_scale(closing: RuleSet, side: Side, waived: frozenset[str]) -> Decimal:
    """What the remaining core categories are multiplied by, so that a full side stays within reach."""
    if not waived:
        return ONE
    core = {category.code: category.cap for category in closing.of(side) if category.is_core and category.cap is not None}
    remaining = total(cap for code, cap in core.items() if code not in waived)
    return total(core.values()) / remaining if remaining else ONE


def _totals(side: Side, books: RuleBooks, case: Case, closing: RuleSet, drafts: Iterable[Draft]) -> Iterator[CategoryTotal]:
    """Every category of the closing version, and of earlier ones where they still carry lines."""
    scale = _waiver_scale(closing, side, case.registrant.waived)
    points: dict[str, list[Decimal]] = {category.code: [] for category in closing.of(side)}
    for draft in drafts:
        points.setdefault(draft.category.code, []).append(draft.points)
    for code, category in books.of(side).categories[side].items():
        if code in points:
            yield _total(category, total(points[code]), scale, is_waived=code in case.registrant.waived)


def _total(category: Category, points: Decimal, scale: Decimal, *, is_waived: bool) -> CategoryTotal:
    cap = None if category.cap is None else hundredths(category.cap * (scale if category.is_core else ONE))
    return CategoryTotal(
        side=category.side,
        category=category.code,
        name_zh=category.name_zh,
        name_en=category.name_en,
        cap=ZERO if is_waived else cap,
        points=points,
        waived=is_waived,
    )


def _versions(lines: Iterable[ScoreLine], books: RuleBooks, closing: Version) -> tuple[RuleSetReference, ...]:
    """Every version that took part, the closing one last."""
    used = {each.rule_set_id for each in lines} | {closing.rule_set_id}
    known = {version.rule_set_id: version for book in books for version in book.versions}
    taking_part = sorted((known[each] for each in used), key=lambda version: (version == closing, version.effective_from, version.number))
    return tuple(RuleSetReference(rule_set_id=each.rule_set_id, version=each.number, title=each.title) for each in taking_part)
