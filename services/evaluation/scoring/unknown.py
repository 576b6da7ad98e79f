"""What a statement does not know. It says so: a half that nobody gave is not 0, and what rests on it is not known either."""

from collections.abc import Iterator

from services.evaluation.scoring.facts import Case, FactKind
from services.evaluation.scoring.rule_set import RuleBooks, RuleSet
from shared.contracts.evaluation.codes import NotRatedReason, Side, Unknown

SIDE_OF = {Unknown.UNIT_ASSESSMENT: Side.UNIT, Unknown.UNIT_IN_ANOTHER_DISTRICT: Side.UNIT, Unknown.RULES: Side.COMMUNITY}
REASON_FOR = {
    Unknown.UNIT_ASSESSMENT: NotRatedReason.ASSESSMENT_MISSING,
    Unknown.COMMUNITY_ASSESSMENT: NotRatedReason.ASSESSMENT_MISSING,
    Unknown.UNIT_IN_ANOTHER_DISTRICT: NotRatedReason.UNIT_IN_ANOTHER_DISTRICT,
    Unknown.RULES: NotRatedReason.RULES_MISSING,
}


def unknown(case: Case, books: RuleBooks, closing: RuleSet) -> tuple[Unknown, ...]:
    """All of it, the most lasting first."""
    return tuple(_unknown(case, books, closing))


def _unknown(case: Case, books: RuleBooks, closing: RuleSet) -> Iterator[Unknown]:
    weighted = {each.side for each in closing.sides if each.weight}
    if Side.UNIT in weighted and case.registrant.is_unit_elsewhere:
        yield Unknown.UNIT_IN_ANOTHER_DISTRICT
    elif Side.UNIT in weighted and _rests_on_assessment(closing) and not any(fact.kind is FactKind.UNIT_ASSESSMENT for fact in case.facts):
        yield Unknown.UNIT_ASSESSMENT
    if len(weighted) > 1 and not case.registrant.is_community_assessed:
        yield Unknown.COMMUNITY_ASSESSMENT
    if any(books.community.on(day) is None for day in {case.period.nearest(fact.occurred) for fact in case.facts}):
        yield Unknown.RULES


def _rests_on_assessment(closing: RuleSet) -> bool:
    return any(rule.trigger is FactKind.UNIT_ASSESSMENT for category in closing.of(Side.UNIT) for rule in category.rules)
