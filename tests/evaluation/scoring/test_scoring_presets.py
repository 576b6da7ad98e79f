"""Every shape of scoring that districts published can be written down as a rule set of the repository."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from services.evaluation.scoring.engine import Statement
from services.evaluation.scoring.facts import Fact, FactKind
from services.evaluation.scoring.rule_set import RuleSet
from shared.contracts.evaluation.codes import ReferenceGrade
from tests.evaluation.scoring.scoring_facts import (
    RULE_SETS,
    fact,
    hours,
    no_show,
    preset,
    registered,
    service,
    statement,
    unit_assessment,
    version,
)


def scored(name: str, facts: list[Fact]) -> Statement:
    return statement(facts, version(preset(name)))


@pytest.mark.parametrize("path", sorted(RULE_SETS.glob("*.json")), ids=lambda path: path.stem)
def test_every_preset_scores_an_empty_year(path: Any) -> None:
    assert scored(path.stem, []).lines == () or path.stem == "default"


def test_fifty_hours_are_sixty_points_without_end() -> None:
    fifty = scored("hours-50-60", hours(*[5] * 10))
    assert (fifty.score, fifty.grade) == (Decimal("60.00"), ReferenceGrade.QUALIFIED)
    assert scored("hours-50-60", hours(*[4.9] * 10)).grade is ReferenceGrade.NEEDS_IMPROVEMENT
    assert scored("hours-50-60", hours(*[8] * 20)).score == Decimal("192.00")


def test_a_hundred_minus_deductions() -> None:
    absences = [no_show(date(2026, 5, day)) for day in range(1, 11)]
    assert scored("hundred-minus", [registered()]).score == 100
    flagged = scored("hundred-minus", [registered(), *absences])
    assert (flagged.score, flagged.grade) == (Decimal(55), ReferenceGrade.NEEDS_IMPROVEMENT)
    assert scored("hundred-minus", [registered(), *[no_show(date(2026, 6, day)) for day in range(1, 29)]]).score == 0


def test_sixty_plus_minus_has_a_floor_and_no_ceiling() -> None:
    services = [service(60, date(2026, 3, day)) for day in range(1, 29)]
    talks = [service(60, date(2026, 4, day), "POLICY_TALK") for day in range(1, 29)]
    assert scored("sixty-plus-minus", [registered(), *services, *talks]).score == 60 + 28 + 3 * 28
    absences = [no_show(date(2026, month, day)) for month in (5, 6) for day in range(1, 29)]
    assert scored("sixty-plus-minus", [registered(), *absences]).score == 0


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("hour-stars-8-25", (8, 10, 15, 20, 25)),
        ("hour-stars-30-300", (30, 60, 100, 200, 300)),
        ("hour-stars-100-1500", (100, 300, 600, 1000, 1500)),
    ],
)
def test_stars_by_hours(name: str, steps: tuple[int, ...]) -> None:
    for number, step in enumerate(steps, start=1):
        assert scored(name, hours(step)).level == f"STAR_{number}"
    assert scored(name, hours(steps[0] - 0.1)).level is None
    assert scored(name, hours(steps[0])).grade is ReferenceGrade.NOT_RATED, "stars are not grades"


def test_half_through_the_year_half_at_its_end_plus_bonus_minus_deductions() -> None:
    facts = [
        *(service(60, date(2026, 3, day)) for day in range(1, 10)),
        unit_assessment(20, 20, 0, (9, 9, 9, 9), 0),
        fact(FactKind.SUGGESTION_ADOPTED, date(2026, 5, 1)),
        fact(FactKind.COMMENDATION, date(2026, 5, 2)),
        no_show(date(2026, 6, 1)),
        no_show(date(2026, 6, 2)),
    ]
    result = scored("half-and-half", facts)
    assert (result.community_score, result.unit_score) == (Decimal(90), Decimal(96))
    assert result.score == Decimal("0.5") * 90 + Decimal("0.5") * 96 + 5 - 5
    assert result.grade is ReferenceGrade.GOOD


def test_any_ten_activities_are_full_and_each_further_one_adds_a_point() -> None:
    activities = [service(60, date(2026, 3, day), activity_id=f"activity {day}") for day in range(1, 22)]
    assert scored("choose-ten", activities[:7]).score == 70
    assert scored("choose-ten", activities[:10]).score == 100
    assert scored("choose-ten", activities).score == 111
    assert scored("choose-ten", [*activities[:3], *activities[:3]]).score == 30
    twice = activities[0]._replace(subject="another record", event_id=activities[20].event_id)
    assert scored("choose-ten", [activities[0], twice]).score == 10


def test_steps_by_services_or_hours() -> None:
    steps = [{"at": "6", "points": "60"}, {"at": "20", "points": "100"}]
    rule = {
        "id": "S",
        "function": "stepwise",
        "trigger": "SERVICE",
        "quantity": "minutes",
        "unit": 60,
        "steps": steps,
        "text": {"zh": "", "en": "{reached}"},
    }
    rules = RuleSet.model_validate({**preset("choose-ten").model_dump(), "categories": [category(rule)]})
    assert [statement(hours(*[2] * count), version(rules)).score for count in (2, 3, 9, 10)] == [0, 60, 60, 100]


def category(rule: dict[str, Any]) -> dict[str, Any]:
    return {"code": "X", "side": "COMMUNITY", "name_zh": "项", "name_en": "x", "rules": [rule]}


FLAT = {"id": "X", "function": "flat", "trigger": "REGISTERED", "points": "1", "text": {"zh": "", "en": ""}}


@pytest.mark.parametrize(
    "rule",
    [
        {**FLAT, "trigger": "LIKE_RECEIVED"},
        {**FLAT, "trigger": "LOGIN"},
        {**FLAT, "function": "forced_distribution"},
        {**FLAT, "where": {"religion": ["x"]}},
        {**FLAT, "text": {"zh": "{name}", "en": ""}},
        {**FLAT, "pionts": "2"},
        {**FLAT, "function": "rubric", "trigger": "UNIT_ASSESSMENT", "items": ["PRIVATE_LIFE"], "points_per_mark": "1"},
    ],
    ids=["likes", "log-ins", "forced distribution", "private attribute", "unknown placeholder", "misspelt", "private life"],
)
def test_g1_g8_a_rule_can_only_speak_of_programme_facts(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RuleSet.model_validate({**preset("choose-ten").model_dump(), "categories": [category(rule)]})


@pytest.mark.parametrize(
    "changes",
    [
        {"sides": [{"side": "COMMUNITY", "weight": "0.9"}]},
        {"sides": [{"side": "UNIT", "weight": "1"}]},
        {"grades": [{"grade": "GOOD", "score_at_least": "60"}]},
        {"grades": [{"grade": "UNQUALIFIED"}]},
        {"grades": [{"grade": "NOT_RATED"}]},
        {"categories": [category(FLAT), category(FLAT)]},
        {"levels": [{"name": "B", "at": "9"}, {"name": "A", "at": "8"}]},
    ],
    ids=["weights", "side without rules", "no open grade", "g6 unqualified", "not rated by points", "same code", "levels"],
)
def test_a_rule_set_fits_together(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RuleSet.model_validate({**preset("choose-ten").model_dump(), **changes})
