"""What must hold for any facts: lines add up, order and repetition do not matter, bounds hold, every line names its events."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.scoring.engine import Statement, score
from services.evaluation.scoring.facts import STANDING, Fact, FactKind, Registrant
from services.evaluation.scoring.rule_set import RuleSet
from shared.contracts.evaluation.codes import ReferenceGrade, Side, Unknown
from shared.contracts.evaluation.statements import ScoreLine
from tests.evaluation.scoring.scoring_facts import MEMBER, RULE_SETS, SIX, YEAR, books, preset, version

DAYS = st.integers(0, 364).map(lambda day: date(2026, 1, 1) + timedelta(days=day))
PROPERTY = settings(max_examples=40)
PRESETS = sorted(path.stem for path in RULE_SETS.glob("*.json"))


def data_of(kind: FactKind) -> st.SearchStrategy[dict[str, str | int]]:
    match kind:
        case FactKind.SERVICE:
            return st.fixed_dictionaries({
                "minutes": st.integers(0, 900),
                "activity_type": st.sampled_from(["VOLUNTEER_SERVICE", "EMERGENCY_CALL_OUT", "POLICY_TALK"]),
                "activity_id": st.sampled_from([f"activity {number}" for number in range(21)]),
                "evidence_level": st.sampled_from(["SELF_REPORTED", "ORGANISER_CONFIRMED", "MEASURED"]),
                "post_id": st.sampled_from(["a", "b"]),
                "duty_units": st.integers(0, 5),
            })  # fmt: skip
        case FactKind.ITEM:
            return st.fixed_dictionaries({"item": st.sampled_from(SIX)})
        case FactKind.RENEWED:
            return st.fixed_dictionaries({"half": st.sampled_from(["2026-H1", "2026-H2"])})
        case FactKind.DUTY:
            return st.fixed_dictionaries({"post_id": st.sampled_from(["a", "b"]), "agreed_units": st.integers(0, 40)})
        case FactKind.RATING:
            return st.fixed_dictionaries({"rating": st.integers(1, 5)})
        case FactKind.UNIT_ASSESSMENT:
            marks = dict.fromkeys(("JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT"), st.integers(0, 10))
            counts = dict.fromkeys(("attended", "required", "excused", "unit_tasks"), st.integers(0, 30))
            return st.fixed_dictionaries({**counts, **marks})
        case _:
            return st.just({})


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    """Facts of any kind that count, some of them corrections of earlier ones."""
    found: list[Fact] = []
    for number in range(draw(st.integers(0, 25))):
        kind = draw(st.sampled_from(FactKind))
        day = draw(DAYS)
        until = (
            STANDING if kind is FactKind.REGISTERED else day + timedelta(days=draw(st.integers(0, 400))) if kind is FactKind.DUTY else None
        )
        replaces = UUID(int=1000 + 2 * number) if draw(st.integers(0, 4)) == 0 else None
        event_id = UUID(int=1001 + 2 * number)
        found.append(Fact(kind, f"subject {number}", 1, day, event_id, draw(data_of(kind)), until, replaces=replaces))
    return found


registrants = st.builds(
    lambda days, waived: replace(MEMBER, eligible_days=days, waived=waived),
    st.integers(0, 365),
    st.frozensets(st.sampled_from(["C1", "C2", "C3", "C4", "C5"]), max_size=3),
)


def scored(found: list[Fact], rules: RuleSet, member: Registrant = MEMBER) -> Statement:
    old = version(preset("default"), 1, date(2026, 1, 1))
    return score(found, books(old, version(rules, 2, date(2026, 7, 1))), YEAR, member)


@PROPERTY
@given(found=facts(), name=st.sampled_from(PRESETS), member=registrants)
def test_lines_add_up_to_categories_and_sides(found: list[Fact], name: str, member: Registrant) -> None:
    statement = scored(found, preset(name), member)
    sums: dict[tuple[Side, str], Decimal] = defaultdict(Decimal)
    for line in statement.lines:
        sums[line.side, line.category] += line.points
        assert line.points == line.raw + sum(step.delta for step in line.adjustments)
        assert line.points == line.points.quantize(Decimal("0.01"))
    known = {Side.UNIT: statement.unit_score, Side.COMMUNITY: statement.community_score, Side.OVERALL: Decimal(0)}
    for each in statement.categories:
        assert each.points == (None if known[each.side] is None else sums[each.side, each.category])
    assert {key for key, total in sums.items() if total} <= {(each.side, each.category) for each in statement.categories}
    for side in (Side.UNIT, Side.COMMUNITY):
        assert known[side] in (None, sum(line.points for line in statement.lines if line.side is side))


@PROPERTY
@given(found=facts(), member=registrants, seed=st.integers(0, 10))
def test_the_order_of_facts_changes_nothing(found: list[Fact], member: Registrant, seed: int) -> None:
    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)
    assert scored(shuffled, preset("default"), member) == scored(found, preset("default"), member)


@PROPERTY
@given(found=facts(), member=registrants)
def test_scores_are_bounded_and_the_grade_is_only_proposed(found: list[Fact], member: Registrant) -> None:
    statement = score(found, books(version(preset("default"))), YEAR, member)
    sides = [value for value in (statement.unit_score, statement.community_score) if value is not None]
    assert all(0 <= value <= 100 for value in sides)
    assert statement.grade in ReferenceGrade
    if statement.grade is ReferenceGrade.EXCELLENT:
        assert len(sides) == 2
        assert min(sides) >= 75
    assert statement.score is None or 0 <= statement.score <= 100


@PROPERTY
@given(found=facts(), name=st.sampled_from(PRESETS), member=registrants, said=st.booleans(), elsewhere=st.booleans())
def test_nothing_is_computed_from_what_is_not_known(
    found: list[Fact], name: str, member: Registrant, *, said: bool, elsewhere: bool
) -> None:
    """Where a half is not known there is no score, and where anything is not known no grade."""
    statement = scored(found, preset(name), replace(member, is_community_assessed=said, is_unit_elsewhere=elsewhere))
    weighted = {each.side for each in preset(name).sides if each.weight}
    is_unit_known = not elsewhere and any(fact.kind is FactKind.UNIT_ASSESSMENT for fact in found)
    if Side.UNIT in weighted:
        assert (statement.unit_score is None) == (statement.score is None) == (not is_unit_known)
        assert (Unknown.COMMUNITY_ASSESSMENT in statement.unknown) == (not said)
    else:
        assert statement.unknown == ()
    if statement.unknown:
        assert statement.grade is ReferenceGrade.NOT_RATED
        assert statement.not_rated_reason is not None


@PROPERTY
@given(found=facts(), name=st.sampled_from(PRESETS))
def test_every_line_names_events_of_the_programme(found: list[Fact], name: str) -> None:
    known = {source for fact in found for source in fact.sources} | {MEMBER.opened_by, YEAR.opened_by}
    for line in scored(found, preset(name)).lines:
        assert line.source_event_ids
        assert set(line.source_event_ids) <= known
        assert "{" not in line.text_zh + line.text_en


@PROPERTY
@given(found=facts(), name=st.sampled_from(PRESETS), member=registrants)
def test_lines_are_what_their_contract_says_although_nobody_validates_them(found: list[Fact], name: str, member: Registrant) -> None:
    for line in scored(found, preset(name), member).lines:
        assert line.model_fields_set == set(ScoreLine.model_fields)
        assert repr(ScoreLine.model_validate(line.model_dump(), strict=True)) == repr(line)
        assert ScoreLine.model_validate_json(line.model_dump_json()) == line


@PROPERTY
@given(found=facts())
def test_lines_have_ids_of_their_own_that_stay(found: list[Fact]) -> None:
    ids = [line.line_id for line in scored(found, preset("default")).lines]
    assert len(set(ids)) == len(ids)
    assert ids == [line.line_id for line in scored(found, preset("default")).lines]


@PROPERTY
@given(minutes=st.lists(st.integers(1, 480), max_size=40))
def test_the_second_test_of_hours_is_the_formula(minutes: list[int]) -> None:
    """However the hours are cut into visits, the category is the formula of the model, rounded once."""
    found = [
        Fact(
            FactKind.SERVICE,
            str(day),
            1,
            date(2026, 1, 1) + timedelta(days=day),
            UUID(int=day + 1),
            {"minutes": each, "activity_type": "VOLUNTEER_SERVICE", "evidence_level": "MEASURED"},
        )
        for day, each in enumerate(minutes)
    ]
    statement = score(found, books(version(preset("default"))), YEAR, MEMBER)
    total = Decimal(sum(minutes)) / 60
    formula = 20 * min(Decimal(1), total / 20) + 10 * min(Decimal(1), max(Decimal(0), total - 20) / 20)
    shown = next(each.points for each in statement.categories if each.category == "C3")
    assert shown is not None
    assert abs(shown - formula) <= Decimal("0.005")


def test_a_planted_order_dependence_is_found() -> None:
    """The property above can fail: a rule that looked at arrival order would be caught."""
    first = Fact(FactKind.SERVICE, "a", 1, date(2026, 5, 1), UUID(int=5), {"minutes": 600, "evidence_level": "MEASURED"})
    second = first._replace(subject="b", event_id=UUID(int=6), data={**first.data, "minutes": 60})
    by_arrival = [[fact.event_id for fact in order] for order in ([first, second], [second, first])]
    with pytest.raises(AssertionError):
        assert by_arrival[0] == by_arrival[1]
    assert scored([first, second], preset("default")) == scored([second, first], preset("default"))
