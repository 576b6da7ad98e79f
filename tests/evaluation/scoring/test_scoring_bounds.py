"""Exactly on a bound: side limits, grade floors, eligible days, days of a version, and rules that name what no fact states."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.evaluation.scoring.facts import FactKind
from services.evaluation.scoring.grading import combine
from services.evaluation.scoring.rule_set import RuleBook, RuleBooks, RuleSet
from shared.contracts.evaluation.codes import AdjustmentKind, NotRatedReason, ReferenceGrade, Side
from tests.evaluation.scoring.scoring_facts import MEMBER, fact, preset, service, statement, tv1, version

TEXT = {"zh": "", "en": ""}


def rules(*given: dict[str, Any], side: dict[str, Any] | None = None, **more: Any) -> RuleSet:
    """One community category with these rules, and one side, whose bounds are given."""
    category = {"code": "X", "side": "COMMUNITY", "name_zh": "项", "name_en": "x", "rules": [{"text": TEXT, **each} for each in given]}
    whole: dict[str, Any] = {"title": "试", "categories": [category], "sides": [{"side": "COMMUNITY", "weight": "1", **(side or {})}]}
    return RuleSet.model_validate({**whole, **more})


def flat(trigger: FactKind, points: str) -> dict[str, Any]:
    return {"id": trigger.value, "function": "capped_count", "trigger": trigger.value, "points": points}


ADOPTED, FALSE = flat(FactKind.SUGGESTION_ADOPTED, "6"), flat(FactKind.RECORD_FALSE, "-6")
FIRST, SECOND, THIRD = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)


def test_what_goes_over_the_ceiling_is_trimmed_from_the_last_line_backwards() -> None:
    adopted = [fact(FactKind.SUGGESTION_ADOPTED, day) for day in (FIRST, SECOND, THIRD)]
    for ceiling, expected in (("18", [6, 6, 6]), ("13", [6, 6, 1]), ("7", [6, 1, 0])):
        scored = statement(adopted, version(rules(ADOPTED, side={"ceiling": ceiling})))
        assert [line.points for line in scored.lines] == expected
        cut = [step.delta for line in scored.lines for step in line.adjustments if step.kind is AdjustmentKind.SIDE_LIMIT]
        assert sum(cut) == int(ceiling) - 18


def test_deductions_below_the_floor_are_given_back_from_the_last_line_backwards() -> None:
    false = [fact(FactKind.RECORD_FALSE, day) for day in (FIRST, SECOND, THIRD)]
    for floor, expected in (("-18", [-6, -6, -6]), ("-13", [-6, -6, -1]), ("-7", [-6, -1, 0])):
        scored = statement(false, version(rules(FALSE, side={"floor": floor}, score_floor=None)))
        assert [line.points for line in scored.lines] == expected
        assert scored.score == int(floor)
    mixed = [fact(FactKind.RECORD_FALSE, FIRST), fact(FactKind.SUGGESTION_ADOPTED, SECOND), fact(FactKind.RECORD_FALSE, THIRD)]
    scored = statement(mixed, version(rules(ADOPTED, FALSE, side={"floor": "-2"}, score_floor=None)))
    assert [line.points for line in scored.lines] == [-6, 6, -2], "a point that was earned is not taken to give back a deduction"


def test_the_score_stays_within_its_own_bounds() -> None:
    adopted = [fact(FactKind.SUGGESTION_ADOPTED, day) for day in (FIRST, SECOND)]
    for ceiling, expected in (("10", 10), ("12", 12), ("13", 12), (None, 12)):
        assert statement(adopted, version(rules(ADOPTED, score_ceiling=ceiling))).score == expected
    false = [fact(FactKind.RECORD_FALSE, FIRST)]
    for floor, expected in (("-5", -5), ("-6", -6), ("0", 0), (None, -6)):
        assert statement(false, version(rules(FALSE, side={"floor": None}, score_floor=floor))).score == expected


GRADED = rules(
    ADOPTED,
    sides=[{"side": "COMMUNITY", "weight": "1"}, {"side": "UNIT", "weight": "0"}],
    grades=[
        {"grade": "EXCELLENT", "score_at_least": "80", "each_side_at_least": "70"},
        {"grade": "GOOD"},
    ],
)


@pytest.mark.parametrize(
    ("community", "overall", "grade"),
    [
        ("70", "10", ReferenceGrade.EXCELLENT),  # exactly on both bounds
        ("69.99", "20", ReferenceGrade.GOOD),
        ("79.99", "0", ReferenceGrade.GOOD),
        ("79.99", "0.01", ReferenceGrade.EXCELLENT),
    ],
)
def test_a_grade_is_reached_on_its_bounds_by_the_sides_that_have_weight(community: str, overall: str, grade: ReferenceGrade) -> None:
    totals = {Side.COMMUNITY: Decimal(community), Side.UNIT: Decimal(0), Side.OVERALL: Decimal(overall)}
    found = combine(GRADED, totals, MEMBER, ())
    assert (found.grade, found.score) == (grade, Decimal(community) + Decimal(overall))


def test_ninety_eligible_days_are_enough() -> None:
    for days, reason in ((89, NotRatedReason.TOO_FEW_ELIGIBLE_DAYS), (90, None)):
        assert statement(tv1(), member=replace(MEMBER, eligible_days=days)).not_rated_reason is reason


def test_a_statement_without_a_proposal_keeps_everything_but_grade_and_level() -> None:
    scored = statement([service(60 * 30, FIRST)], version(preset("hour-stars-8-25")))
    refused = scored.without_proposal()
    assert (refused.grade, refused.level, refused.is_proposal_refused) == (ReferenceGrade.NOT_RATED, None, True)
    assert replace(refused, grade=scored.grade, level=scored.level, is_proposal_refused=False) == scored
    assert scored.level is not None


def test_a_version_is_in_force_from_its_first_to_its_last_day() -> None:
    old = version(preset("default"), 1, date(2026, 1, 1), date(2026, 6, 30))
    new = version(preset("default"), 2, date(2026, 9, 1))
    book = RuleBook.of([old, new])
    days = {date(2025, 12, 31): None, date(2026, 1, 1): old, date(2026, 6, 30): old, date(2026, 7, 1): None, date(2026, 9, 1): new}
    assert {day: book.on(day) for day in days} == days


def test_what_if_takes_one_version_as_if_it_had_always_been_the_only_one() -> None:
    first, second = (version(preset("default"), number, date(2026, number, 1), date(2026, number, 28)) for number in (1, 2))
    book = RuleBook.of([first, second]).only(first.rule_set_id)
    assert book is not None
    assert [book.on(day) for day in (date(1949, 10, 1), date(2049, 10, 1))] == list(book.versions) * 2
    assert book.versions == (replace(first, effective_from=date.min, effective_to=None),)
    assert RuleBook.of([first]).only(UUID(int=9)) is None


def test_the_communitys_lines_follow_its_district_and_all_others_the_units() -> None:
    community, unit = RuleBook.of([version(preset("default"), 1)]), RuleBook.of([version(preset("default"), 2)])
    books = RuleBooks(community, unit)
    assert [books.of(side) is community for side in (Side.COMMUNITY, Side.UNIT, Side.OVERALL)] == [True, False, False]


STEPS = [{"at": "6", "points": "60"}, {"at": "20", "points": "100"}]
MEAN = {"scale": "5", "points": "15", "prior": "4", "weight": 5, "minimum": 3, "neutral": "12"}


@pytest.mark.parametrize(
    "rule",
    [
        {"function": "capped_count", "trigger": "UNIT_ASSESSMENT", "points": "1", "quantity": "minutes"},
        {"function": "ratio", "trigger": "UNIT_ASSESSMENT", "points": "40", "done": "minutes", "asked": "required"},
        {"function": "ratio", "trigger": "UNIT_ASSESSMENT", "points": "40", "done": "attended", "asked": "minutes"},
        {"function": "ratio", "trigger": "UNIT_ASSESSMENT", "points": "40", "done": "attended", "asked": "required", "excused": "minutes"},
        {"function": "rubric", "trigger": "UNIT_ASSESSMENT", "items": ["minutes"], "points_per_mark": "1"},
        {"function": "shrunk_mean", "trigger": "RATING", "quantity": "minutes", **MEAN},
        {"function": "stepwise", "trigger": "UNIT_ASSESSMENT", "quantity": "minutes", "steps": STEPS},
        {"function": "stepwise", "trigger": "SERVICE", "quantity": "minutes", "steps": STEPS[::-1]},
    ],
    ids=lambda rule: f"{rule['function']} of {rule['trigger']}",
)
def test_a_rule_that_names_what_its_facts_do_not_state_is_refused_when_it_is_written(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="R"):
        rules({"id": "R", **rule})


@pytest.mark.parametrize(
    "sides",
    [
        [{"side": "COMMUNITY", "weight": "1"}, {"side": "OVERALL", "weight": "0"}],
        [{"side": "COMMUNITY", "weight": "0.5"}, {"side": "COMMUNITY", "weight": "0.5"}],
    ],
    ids=["overall", "twice"],
)
def test_only_the_two_sides_have_weights_each_one(sides: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError, match="only COMMUNITY and UNIT have weights"):
        rules(ADOPTED, sides=sides)


def test_a_text_may_name_its_inputs_and_the_points() -> None:
    rules({**ADOPTED, "text": {"zh": "{count} × {each} = {points}", "en": "{date}"}})
    with pytest.raises(ValidationError, match="knows"):
        rules({**ADOPTED, "text": {"zh": "{hours}", "en": ""}})
