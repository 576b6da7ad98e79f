"""The default rules by example: caps, bands, proration, neutral amounts, waivers, reminders, grades, corrections."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.evaluation.scoring.eligibility import Span, eligible_days
from services.evaluation.scoring.engine import NoRuleSetInForce, Statement
from services.evaluation.scoring.facts import Fact, FactKind, Registrant
from shared.contracts.evaluation.codes import AdjustmentKind, NotRatedReason, ReferenceGrade, Side, Unknown
from shared.contracts.evaluation.statements import ScoreLine
from tests.evaluation.scoring.scoring_facts import (
    MEMBER,
    SIX,
    YEAR,
    duty,
    fact,
    hours,
    item,
    no_show,
    preset,
    rating,
    registered,
    renewed,
    service,
    statement,
    tv1,
    unit_assessment,
    version,
)

HALF_YEAR = replace(MEMBER, eligible_days=184)


def points(scored: Statement, category: str) -> Decimal:
    found = next(each.points for each in scored.categories if each.category == category)
    assert found is not None
    return found


def lines(scored: Statement, rule: str) -> list[ScoreLine]:
    return [line for line in scored.lines if line.rule_id == rule]


def steps(line: ScoreLine) -> dict[AdjustmentKind, Decimal]:
    return {step.kind: step.delta for step in line.adjustments}


def test_registration_counts_by_the_deadline_and_renewals_by_half_year() -> None:
    assert points(statement([registered(date(2026, 3, 31)), renewed("2026-H1")]), "C1") == 8
    assert points(statement([registered(date(2026, 4, 1))]), "C1") == 0
    assert points(statement([registered(date(2025, 5, 1))]), "C1") == 6, "registered in an earlier year"
    assert points(statement([renewed("2026-H1"), renewed("2026-H1")]), "C1") == 2


def test_items_count_once_each() -> None:
    assert points(statement([item(SIX[0]), item(SIX[0]), item(SIX[1])]), "C2") == 10


def test_half_a_year_asks_for_half() -> None:
    scored = statement([item(SIX[0]), *hours(5, 6)], member=HALF_YEAR)
    assert points(scored, "C2") == 10, "max(1, round(6·184/365)) = 3 items"
    assert steps(lines(scored, "C2.items")[0]) == {AdjustmentKind.PRORATION: Decimal(5)}
    share = Decimal(184) / 365
    exact = 20 + (11 - 20 * share) * Decimal("0.5") / share
    assert points(scored, "C3") == exact.quantize(Decimal("0.01"))


def test_more_than_eight_hours_a_day_do_not_count() -> None:
    day = date(2026, 5, 1)
    scored = statement([service(300, day), service(300, day)])
    first, second = lines(scored, "C3.hours")
    assert (first.points, second.points) == (5, 3)
    assert steps(second) == {AdjustmentKind.DAILY_CAP: Decimal(-2)}


@pytest.mark.parametrize("alone", [(480,), (300, 180), (600,)])
def test_the_ninth_hour_of_a_day_counts_when_two_persons_confirmed_it(alone: tuple[int, ...]) -> None:
    """What only one person confirmed of a day counts up to eight hours, whichever record is looked at first."""
    day = date(2026, 5, 1)
    assert points(statement([service(540, day)]), "C3") == 8
    assert points(statement([service(540, day, second_confirmed=1)]), "C3") == 9
    one_person, two_persons = [service(minutes, day) for minutes in alone], service(60, day, second_confirmed=1)
    assert points(statement([*one_person, two_persons]), "C3") == 9
    assert points(statement([two_persons, *one_person]), "C3") == 9


def test_the_second_band_and_the_cap() -> None:
    scored = statement(hours(8, 8, 8, 8, 8, 8))
    assert [line.points for line in lines(scored, "C3.hours")] == [8, 8, 6, 4, 4, 0]
    assert steps(lines(scored, "C3.hours")[2]) == {AdjustmentKind.BAND: Decimal(-2)}


def test_only_confirmed_records_count() -> None:
    assert points(statement([service(60, date(2026, 5, 1), evidence_level="SELF_REPORTED")]), "C3") == 0


def test_twenty_minutes_sixty_times_are_twenty_hours() -> None:
    visits = [service(20, date(2026, 2, 1) + timedelta(days=day)) for day in range(60)]
    scored = statement(visits)
    assert points(scored, "C3") == 20
    assert {line.points for line in lines(scored, "C3.hours")} == {Decimal("0.33"), Decimal("0.34")}


def test_posts_weigh_by_what_was_agreed() -> None:
    done = [service(0, date(2026, 5, day), post_id="a", duty_units=4) for day in range(1, 5)]
    scored = statement([duty(12, "a"), duty(12, "b"), *done])
    assert points(scored, "C4") == Decimal("7.50"), "16 done count as 12 of 12; nothing of the other 12"
    late = duty(24, "c", date(2026, 7, 2), date(2027, 6, 30))
    half = statement([late, *[each._replace(data={**each.data, "post_id": "c"}, occurred=date(2026, 8, 1)) for each in done[:3]]])
    assert points(half, "C4") == Decimal("14.92"), "183 of 364 days lie in the period: 12.07 units asked, 12 done"


def test_kinds_of_meetings_explain_the_attendance_and_change_nothing() -> None:
    plain = unit_assessment(20, 24, 2, (10, 8, 8, 8), 4)
    by_kind: dict[str, str | int] = {"attended.PARTY_LECTURE": 2, "required.PARTY_LECTURE": 4, "excused.PARTY_LECTURE": 1}
    by_kind |= {"attended.THEME_DAY": 18, "required.THEME_DAY": 20, "excused.THEME_DAY": 1}
    (counted,) = lines(statement([plain._replace(data={**plain.data, **by_kind})]), "U1.attendance")
    (summed,) = lines(statement([plain]), "U1.attendance")
    shown = {"done.PARTY_LECTURE": "2", "asked.PARTY_LECTURE": "3", "excused.PARTY_LECTURE": "1"}
    shown |= {"done.THEME_DAY": "18", "asked.THEME_DAY": "19", "excused.THEME_DAY": "1"}
    assert counted.inputs == {**summed.inputs, **shown}, "every part adds up to what the line counts by"
    assert counted.model_copy(update={"inputs": {}}) == summed.model_copy(update={"inputs": {}})


def test_few_ratings_are_neutral_and_unnamed() -> None:
    scored = statement([rating(1), rating(1)])
    (line,) = lines(scored, "C5.ratings")
    assert (line.raw, line.points, line.inputs["count"]) == (0, Decimal("12.00"), "<3")
    assert steps(line) == {AdjustmentKind.NEUTRAL: Decimal("12.00")}
    assert line.source_event_ids == (MEMBER.opened_by, YEAR.opened_by)
    assert points(statement([rating(1)] * 1 + [rating(1), rating(1)]), "C5") == Decimal("8.63")


def test_bonus_is_capped_and_call_outs_count_three_times() -> None:
    call_outs = [service(60, date(2026, 7, day), "EMERGENCY_CALL_OUT") for day in range(1, 6)]
    assert points(statement(call_outs), "B") == 3
    assert points(statement([*call_outs, fact(FactKind.SUGGESTION_ADOPTED, date(2026, 8, 1))]), "B") == 5
    adopted = [fact(FactKind.SUGGESTION_ADOPTED, date(2026, 8, day)) for day in range(1, 5)]
    assert points(statement(adopted), "B") == 5


def test_g11_the_first_no_show_costs_nothing() -> None:
    scored = statement([no_show(date(2026, 5, 1))])
    (line,) = lines(scored, "D1.no_show")
    assert (line.points, steps(line)) == (0, {AdjustmentKind.NEUTRAL: Decimal(1)})
    assert points(scored, "D") == 0


def test_deductions_stop_at_ten() -> None:
    false = [fact(FactKind.RECORD_FALSE, date(2026, 5, day)) for day in range(1, 4)]
    scored = statement([*false, *hours(8, 8, 8)])
    assert points(scored, "D") == -10


def test_a_side_stays_within_its_bounds() -> None:
    nothing = statement([fact(FactKind.RECORD_FALSE, date(2026, 5, 1)), fact(FactKind.RECORD_FALSE, date(2026, 5, 2))])
    assert nothing.community_score == 2, "12.00 neutral feedback less 10"
    full = [
        registered(), renewed("2026-H1"), renewed("2026-H2"), *(item(name) for name in SIX), *hours(8, 8, 8, 8, 8), duty(4),
        service(0, date(2026, 9, 1), post_id="post", duty_units=4), *(rating(5) for _ in range(200)),
        fact(FactKind.SUGGESTION_ADOPTED, date(2026, 8, 1)),
    ]  # fmt: skip
    scored = statement(full)
    assert scored.community_score == 100
    assert steps(lines(scored, "B1.suggestion")[0])[AdjustmentKind.SIDE_LIMIT] < 0


def test_a_waived_category_scales_the_others() -> None:
    member = replace(MEMBER, waived=frozenset({"C4"}))
    scored = statement([item(name) for name in SIX], member=member)
    assert points(scored, "C2") == Decimal("35.29"), "30 · 100/85"
    waived = next(each for each in scored.categories if each.category == "C4")
    assert (waived.waived, waived.cap) == (True, 0)
    assert sum(each.cap or 0 for each in scored.categories if each.category.startswith("C")) == Decimal("99.99")


def test_nothing_asked_is_nothing_missed() -> None:
    assert points(statement([unit_assessment(0, 3, 3, (5, 5, 5, 5), 0)]), "U1") == 40
    assert points(statement([unit_assessment(0, 0, 0, (5, 5, 5, 5), 9)]), "U3") == 20


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (replace(MEMBER, eligible_days=89), NotRatedReason.TOO_FEW_ELIGIBLE_DAYS),
        (replace(MEMBER, is_probationary=True), NotRatedReason.PROBATIONARY),
        (replace(MEMBER, eligible_days=0, is_exempted=True), NotRatedReason.EXEMPTED),
        (replace(MEMBER, has_open_appeal=True), NotRatedReason.UNDER_REVIEW),
    ],
)
def test_who_is_not_rated(member: object, reason: NotRatedReason) -> None:
    scored = statement(tv1(), member=member)
    assert (scored.grade, scored.not_rated_reason) == (ReferenceGrade.NOT_RATED, reason)


UNASSESSED, ELSEWHERE = replace(MEMBER, is_community_assessed=False), replace(MEMBER, is_unit_elsewhere=True)
ASSESSED, MISSING = unit_assessment(20, 24, 2, (10, 8, 8, 8), 4), NotRatedReason.ASSESSMENT_MISSING
SERVED = [registered(), *hours(5, 5)]


@pytest.mark.parametrize(
    ("facts", "member", "unknown", "scores", "reason"),
    [
        ([*SERVED, ASSESSED], MEMBER, (), ("86.36", "28.00", "63.02"), None),
        (SERVED, MEMBER, (Unknown.UNIT_ASSESSMENT,), (None, "28.00", None), MISSING),
        ([*SERVED, ASSESSED], UNASSESSED, (Unknown.COMMUNITY_ASSESSMENT,), ("86.36", "28.00", "63.02"), MISSING),
        (SERVED, UNASSESSED, (Unknown.UNIT_ASSESSMENT, Unknown.COMMUNITY_ASSESSMENT), (None, "28.00", None), MISSING),
        (SERVED, ELSEWHERE, (Unknown.UNIT_IN_ANOTHER_DISTRICT,), (None, "28.00", None), NotRatedReason.UNIT_IN_ANOTHER_DISTRICT),
    ],
)
@pytest.mark.parametrize("rules", ["default", "half-and-half"])
def test_what_nobody_gave_is_not_zero(
    facts: list[Fact],
    member: Registrant,
    unknown: tuple[Unknown, ...],
    scores: tuple[str | None, ...],
    reason: NotRatedReason | None,
    rules: str,
) -> None:
    scored = statement(facts, version(preset(rules)), member=member)
    found = (scored.unit_score, scored.community_score, scored.score)
    assert scored.unknown == unknown
    assert [each is None for each in found] == [each is None for each in scores]
    if rules == "default":
        assert found == tuple(each and Decimal(each) for each in scores)
    assert scored.not_rated_reason is reason
    assert (scored.grade is ReferenceGrade.NOT_RATED) == bool(unknown)
    assert all((each.points is None) == (each.side is Side.UNIT and scored.unit_score is None) for each in scored.categories)


@pytest.mark.parametrize("rules", ["hours-50-60", "choose-ten", "hour-stars-8-25", "hundred-minus"])
def test_a_programme_of_the_community_alone_misses_no_assessment(rules: str) -> None:
    scored = statement(SERVED, version(preset(rules)), member=replace(UNASSESSED, is_unit_elsewhere=True))
    assert scored.unknown == ()
    assert scored.score is not None


def test_on_days_without_rules_nothing_counts_as_nothing() -> None:
    from_march = version(preset("default"), effective_from=date(2026, 3, 1))
    service_in = {month: service(60, date(2026, month, 10)) for month in (2, 3)}
    later = statement([service_in[3], ASSESSED], from_march)
    assert (later.unknown, later.score is None) == ((), False)
    earlier = statement([service_in[2], ASSESSED], from_march)
    assert (earlier.unknown, earlier.community_score, earlier.score) == ((Unknown.RULES,), None, None)
    assert earlier.not_rated_reason is NotRatedReason.RULES_MISSING


def test_another_reason_not_to_be_rated_comes_first() -> None:
    scored = statement(SERVED, member=replace(UNASSESSED, is_probationary=True))
    assert scored.not_rated_reason is NotRatedReason.PROBATIONARY
    assert scored.unknown


def test_g6_the_engine_has_no_word_for_unqualified() -> None:
    assert statement([unit_assessment(0, 9, 0, (5, 5, 5, 5), 0)]).grade is ReferenceGrade.NEEDS_IMPROVEMENT
    assert "UNQUALIFIED" not in ReferenceGrade.__members__


def corrected(first: Fact, minutes: int) -> Fact:
    return first._replace(
        revision=2, event_id=UUID(int=first.event_id.int + 10**6), data={**first.data, "minutes": minutes}, replaces=first.event_id
    )


def test_a_correction_reverses_the_old_line_and_posts_a_new_one() -> None:
    record = service(150, date(2026, 5, 1))
    before, after = statement([record]), statement([corrected(record, 210)])
    (old,), (new,) = lines(before, "C3.hours"), lines(after, "C3.hours")
    assert (old.points, new.points) == (Decimal("2.50"), Decimal("3.50"))
    assert new.reverses == old.line_id != new.line_id


def test_facts_of_other_periods_do_not_count() -> None:
    assert statement([*hours(5, begin=date(2025, 12, 31)), *hours(5, begin=date(2027, 1, 1))]) == statement([])


def test_without_rules_there_is_no_score() -> None:
    with pytest.raises(NoRuleSetInForce):
        statement([], version(preset("default"), effective_from=date(2027, 1, 1)))


def test_eligible_days_count_once() -> None:
    registered_days = [Span(date(2025, 5, 1), date(2026, 6, 30)), Span(date(2026, 6, 15))]
    assert eligible_days(YEAR, registered_days, []) == 365
    leave = [Span(date(2026, 3, 1), date(2026, 3, 31)), Span(date(2026, 3, 15), date(2026, 4, 15))]
    assert eligible_days(YEAR, registered_days, leave) == 365 - 46
    assert eligible_days(YEAR, [Span(date(2027, 1, 1))], []) == 0
