"""Combination of the two sides and the reference grade: a proposal. There is no word for 不合格 here; only people decide that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from services.evaluation.scoring.facts import Registrant
from services.evaluation.scoring.rule_set import GradeRule, RuleSet
from services.evaluation.scoring.unknown import REASON_FOR
from shared.contracts.evaluation.codes import NotRatedReason, ReferenceGrade, Side, Unknown


@dataclass(frozen=True, slots=True)
class Outcome:
    """The combined score and what it suggests."""

    score: Decimal | None
    grade: ReferenceGrade
    not_rated_reason: NotRatedReason | None
    level: str | None


def combine(rules: RuleSet, totals: Mapping[Side, Decimal], registrant: Registrant, unknown: Collection[Unknown]) -> Outcome:
    """Weigh the rounded sides, add what is overall, round half-up once; thresholds compare the rounded score. `totals`: of known sides."""
    reason = _not_rated(rules, registrant) or next((REASON_FOR[each] for each in unknown), None)
    weighted = [each for each in rules.sides if each.weight]
    if not {each.side for each in weighted} <= totals.keys():
        return Outcome(None, ReferenceGrade.NOT_RATED, reason, None)
    weighed = sum((each.weight * totals[each.side] for each in weighted), Decimal(0)) + totals[Side.OVERALL]
    bounded = _clamp(weighed, rules.score_floor, rules.score_ceiling)
    score = bounded.quantize(Decimal("0.01"), ROUND_HALF_UP)
    weakest = min(totals[each.side] for each in weighted)
    reached = (each.grade for each in rules.grades if _reaches(each, score, weakest))
    grade = ReferenceGrade.NOT_RATED if reason else next(reached, ReferenceGrade.NOT_RATED)
    level = next((each.name for each in reversed(rules.levels) if score >= each.at), None)
    return Outcome(score, grade, reason, level)


def _clamp(value: Decimal, floor: Decimal | None, ceiling: Decimal | None) -> Decimal:
    if floor is not None and value < floor:
        return floor
    return ceiling if ceiling is not None and value > ceiling else value


def _reaches(grade: GradeRule, score: Decimal, weakest: Decimal) -> bool:
    return (grade.score_at_least is None or score >= grade.score_at_least) and (
        grade.each_side_at_least is None or weakest >= grade.each_side_at_least
    )


def _not_rated(rules: RuleSet, registrant: Registrant) -> NotRatedReason | None:
    if registrant.has_open_appeal:
        return NotRatedReason.UNDER_REVIEW
    if registrant.is_exempted:
        return NotRatedReason.EXEMPTED
    if registrant.is_probationary and rules.not_rated.probationary:
        return NotRatedReason.PROBATIONARY
    if registrant.eligible_days < rules.not_rated.eligible_days_below:
        return NotRatedReason.TOO_FEW_ELIGIBLE_DAYS
    return None
