"""The worked examples of the scoring model, to the hundredth."""

from datetime import date
from decimal import Decimal

from services.evaluation.scoring.engine import Statement
from services.evaluation.scoring.facts import FactKind
from services.evaluation.scoring.rule_set import RuleSet
from shared.contracts.activities.codes import ActivityType
from shared.contracts.evaluation.codes import ReferenceGrade
from tests.evaluation.scoring.scoring_facts import fact, hours, preset, service, statement, tv1, version


def category(scored: Statement, code: str) -> Decimal:
    found = next(each.points for each in scored.categories if each.category == code)
    assert found is not None
    return found


def test_tv1_every_category_and_both_sides() -> None:
    scored = statement(tv1())
    expected = {
        "C1": "10",
        "C2": "25",
        "C3": "23.25",
        "C4": "12.50",
        "C5": "13.09",
        "B": "2",
        "D": "-1",
        "U1": "36.36",
        "U2": "34",
        "U3": "16",
    }
    assert {each.category: each.points for each in scored.categories} == {code: Decimal(points) for code, points in expected.items()}
    assert (scored.community_score, scored.unit_score, scored.score) == (Decimal("84.84"), Decimal("86.36"), Decimal("85.75"))
    assert scored.grade is ReferenceGrade.EXCELLENT


def test_a_ceremony_adds_nothing_and_every_other_type_of_activity_its_hours() -> None:
    rally = service(240, date(2026, 3, 1), ActivityType.CEREMONY)
    assert statement([*tv1(), rally]).score == Decimal("85.75")
    for each in set(ActivityType) - {ActivityType.CEREMONY}:
        assert category(statement([service(60, date(2026, 3, 1), each)]), "C3") == 1, each


def test_tv2_a_strong_side_cannot_buy_back_a_weak_one() -> None:
    rules = preset("default")
    sides = {"U": ("UNIT", "COMMENDATION", "95"), "C": ("COMMUNITY", "SUGGESTION_ADOPTED", "48")}
    flat = [
        {
            "code": code, "side": side, "name_zh": code, "name_en": code,
            "rules": [{"id": code, "function": "flat", "trigger": trigger, "points": points, "text": {"zh": "", "en": ""}}],
        }
        for code, (side, trigger, points) in sides.items()
    ]  # fmt: skip
    fixed = RuleSet.model_validate({**rules.model_dump(), "categories": flat})
    facts = [fact(FactKind.COMMENDATION, date(2026, 5, 1)), fact(FactKind.SUGGESTION_ADOPTED, date(2026, 5, 1))]
    scored = statement(facts, version(fixed))
    assert scored.score == Decimal("76.20")
    assert scored.grade is ReferenceGrade.QUALIFIED


def test_tv3_hours_go_on_where_the_old_version_stopped() -> None:
    current = preset("default")
    old_band = [{"hours": "20", "points_per_hour": "1"}]
    categories = [
        {**each, "cap": "20", "rules": [{**each["rules"][0], "bands": old_band, "prorated": False, "hours_per_day": None}]}
        if each["code"] == "C3"
        else each
        for each in current.model_dump()["categories"]
    ]
    before = version(RuleSet.model_validate({**current.model_dump(), "categories": categories}), 1, date(2026, 1, 1))
    since = version(current, 2, date(2026, 7, 1))
    facts = hours(6, 6, begin=date(2026, 3, 1)) + hours(8, 7, begin=date(2026, 9, 1))
    scored = statement(facts, before, since)
    lines = [line for line in scored.lines if line.category == "C3"]
    assert category(scored, "C3") == Decimal("23.50")
    assert [(line.rule_set_version, line.points) for line in lines] == [(1, 6), (1, 6), (2, 8), (2, Decimal("3.50"))]
    assert [reference.version for reference in scored.rule_sets] == [1, 2]
