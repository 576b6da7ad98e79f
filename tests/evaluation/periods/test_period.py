"""Periods by example."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.periods.missing import AssessmentsMissing, MissingDecision
from services.evaluation.periods.occasions import OccasionNotEnabled, require_enabled
from services.evaluation.periods.period import (
    PERIOD,
    ClosePeriod,
    DeadlineOutsidePeriod,
    GiveUpPeriod,
    OpenPeriod,
    OrderPublication,
    PeriodEndsBeforeItStarts,
    PeriodIsClosed,
    PeriodIsKept,
    PeriodIsRunning,
    PeriodUnknown,
    PromotionNeedsDecision,
)
from shared.contracts.evaluation.codes import EvaluationOccasion, Unknown
from shared.contracts.evaluation.periods import (
    EvaluationPeriodClosed,
    EvaluationPeriodGivenUp,
    EvaluationPeriodOpened,
    StatementPublicationOrdered,
)
from shared.testing.scenario import Scenario

P = UUID(int=1)
YEAR: dict[str, Any] = {
    "period_id": P, "title": "2026", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "programme_deadline": date(2026, 3, 31),
    "occasions": (EvaluationOccasion.DEMOCRATIC_APPRAISAL,),
}  # fmt: skip
OPENED = EvaluationPeriodOpened(**YEAR)


def test_a_period_is_opened_ordered_and_closed() -> None:
    Scenario(PERIOD).when(OpenPeriod(**YEAR)).then(OPENED)
    Scenario(PERIOD).given(OPENED).when(OpenPeriod(**YEAR)).then_nothing()
    ordered = StatementPublicationOrdered(period_id=P, order=1)
    Scenario(PERIOD).given(OPENED).when(order({})).then(ordered)
    Scenario(PERIOD).given(OPENED, ordered).when(order({})).then(StatementPublicationOrdered(period_id=P, order=2))
    closed = EvaluationPeriodClosed(period_id=P)
    Scenario(PERIOD).given(OPENED).when(ClosePeriod(period_id=P)).then(closed)
    Scenario(PERIOD).given(OPENED, closed).when(ClosePeriod(period_id=P)).then_nothing()
    Scenario(PERIOD).given(OPENED, closed).when(order({})).then_rejected(PeriodIsClosed)
    Scenario(PERIOD).when(order({})).then_rejected(PeriodUnknown)


def order(missing: dict[UUID, tuple[Unknown, ...]], **decisions: MissingDecision) -> OrderPublication:
    decided = {WHO[name]: decision for name, decision in decisions.items()}
    return OrderPublication(period_id=P, today=date(2027, 1, 8), missing=missing, decisions=decided)


WHO = {"one": UUID(int=11), "two": UUID(int=12), "three": UUID(int=13)}
WAIT, NOT_RATED = MissingDecision.WAIT, MissingDecision.NOT_RATED


def test_who_misses_an_assessment_is_named_and_decided_on_one_by_one() -> None:
    both = {WHO["one"]: (Unknown.UNIT_ASSESSMENT,), WHO["two"]: (Unknown.UNIT_ASSESSMENT, Unknown.COMMUNITY_ASSESSMENT)}
    named = [
        {"member_id": str(WHO["one"]), "missing": ["UNIT_ASSESSMENT"]},
        {"member_id": str(WHO["two"]), "missing": ["UNIT_ASSESSMENT", "COMMUNITY_ASSESSMENT"]},
    ]
    Scenario(PERIOD).given(OPENED).when(order(both)).then_rejected(AssessmentsMissing, count=2, members=named)
    Scenario(PERIOD).given(OPENED).when(order(both, one=WAIT)).then_rejected(AssessmentsMissing, count=1, members=named[1:])
    ordered = StatementPublicationOrdered(period_id=P, order=1, waiting=(WHO["one"],), not_rated=(WHO["two"],))
    Scenario(PERIOD).given(OPENED).when(order(both, one=WAIT, two=NOT_RATED, three=NOT_RATED)).then(ordered)
    Scenario(PERIOD).given(OPENED, ordered).when(order(both)).then_rejected(AssessmentsMissing, count=1, members=named[:1])
    again = StatementPublicationOrdered(period_id=P, order=2, not_rated=(WHO["two"],))
    Scenario(PERIOD).given(OPENED, ordered).when(order({WHO["two"]: both[WHO["two"]]})).then(again)
    Scenario(PERIOD).given(OPENED, ordered).when(order({})).then(StatementPublicationOrdered(period_id=P, order=2))


def test_nothing_is_published_while_the_period_runs() -> None:
    Scenario(PERIOD).given(OPENED).when(OrderPublication(period_id=P, today=date(2026, 12, 31))).then_rejected(PeriodIsRunning)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ends_on": date(2025, 12, 31)}, PeriodEndsBeforeItStarts),
        ({"ends_on": date(2029, 1, 1)}, PeriodEndsBeforeItStarts),
        ({"programme_deadline": date(2027, 1, 1)}, DeadlineOutsidePeriod),
        ({"occasions": (EvaluationOccasion.PROMOTION_RECOMMENDATION,)}, PromotionNeedsDecision),
    ],
)
def test_a_period_makes_sense(changes: dict[str, Any], error: Any) -> None:
    Scenario(PERIOD).when(OpenPeriod(**{**YEAR, **changes})).then_rejected(error)


def test_g13_promotion_is_enabled_by_an_explicit_decision() -> None:
    decided = {**YEAR, "occasions": (EvaluationOccasion.PROMOTION_RECOMMENDATION,), "promotion_decision": "区委组织部〔2026〕3号"}
    Scenario(PERIOD).when(OpenPeriod(**decided)).then_events(EvaluationPeriodOpened)


def test_a_month_belongs_to_one_period() -> None:
    half = EvaluationPeriodOpened(**{**YEAR, "starts_on": date(2026, 11, 15), "ends_on": date(2027, 1, 31)})
    assert [each.key for each in PERIOD.reservations(half)] == ["2026-11", "2026-12", "2027-01"]


@pytest.mark.parametrize(
    ("first", "last", "is_opened"),
    [
        (date(2026, 1, 1), date(2027, 12, 31), True),  # 24 months
        (date(2026, 1, 31), date(2028, 1, 1), False),  # of 25 months, however few days of the last
        (date(2026, 1, 1), date(2026, 1, 2), True),
        (date(2026, 1, 1), date(2026, 1, 1), False),
    ],
)
def test_a_period_lasts_at_most_24_months(first: date, last: date, is_opened: bool) -> None:
    asked = Scenario(PERIOD).when(OpenPeriod(**{**YEAR, "starts_on": first, "ends_on": last, "programme_deadline": first}))
    if is_opened:
        asked.then_events(EvaluationPeriodOpened)
    else:
        asked.then_rejected(PeriodEndsBeforeItStarts)


@pytest.mark.parametrize("deadline", [YEAR["starts_on"], YEAR["ends_on"]])
def test_the_deadline_may_be_the_first_or_the_last_day(deadline: date) -> None:
    Scenario(PERIOD).when(OpenPeriod(**{**YEAR, "programme_deadline": deadline})).then_events(EvaluationPeriodOpened)


def test_g15_a_period_is_given_up_five_years_after_the_month_of_its_end() -> None:
    given_up = EvaluationPeriodGivenUp(period_id=P, starts_on=YEAR["starts_on"], ends_on=YEAR["ends_on"], applied_on=date(2032, 1, 1))
    due, early = GiveUpPeriod(period_id=P, today=date(2032, 1, 1)), GiveUpPeriod(period_id=P, today=date(2031, 12, 31))
    closed = EvaluationPeriodClosed(period_id=P)
    for so_far in ((OPENED,), (OPENED, closed)):
        Scenario(PERIOD).given(*so_far).when(early).then_rejected(PeriodIsKept)
        Scenario(PERIOD).given(*so_far).when(due).then(given_up)
    Scenario(PERIOD).given(OPENED, given_up).when(due).then_nothing()
    Scenario(PERIOD).when(due).then_rejected(PeriodUnknown)
    order = OrderPublication(period_id=P, today=date(2032, 2, 1))
    Scenario(PERIOD).given(OPENED, given_up).when(order).then_rejected(PeriodIsClosed)
    Scenario(PERIOD).given(OPENED, given_up).when(ClosePeriod(period_id=P)).then_nothing()
    Scenario(PERIOD).when(ClosePeriod(period_id=P)).then_rejected(PeriodUnknown)


def test_only_opening_a_period_takes_its_months() -> None:
    assert PERIOD.reservations(EvaluationPeriodClosed(period_id=P)) == ()


def test_g13_only_an_enabled_occasion_may_be_served() -> None:
    require_enabled(EvaluationOccasion.AWARD_SELECTION, [EvaluationOccasion.AWARD_SELECTION])
    with pytest.raises(OccasionNotEnabled) as broken:
        require_enabled(EvaluationOccasion.AWARD_SELECTION, [EvaluationOccasion.DEMOCRATIC_APPRAISAL])
    assert broken.value.facts == {"occasion": EvaluationOccasion.AWARD_SELECTION}
