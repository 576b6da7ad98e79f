"""Periods by example."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.periods.period import (
    PERIOD,
    ClosePeriod,
    DeadlineOutsidePeriod,
    OpenPeriod,
    OrderPublication,
    PeriodEndsBeforeItStarts,
    PeriodIsClosed,
    PeriodIsRunning,
    PeriodUnknown,
    PromotionNeedsDecision,
)
from shared.contracts.evaluation.codes import EvaluationOccasion
from shared.contracts.evaluation.periods import EvaluationPeriodClosed, EvaluationPeriodOpened, StatementPublicationOrdered
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
    order = OrderPublication(period_id=P, today=date(2027, 1, 8))
    Scenario(PERIOD).given(OPENED).when(order).then(ordered)
    Scenario(PERIOD).given(OPENED, ordered).when(order).then(StatementPublicationOrdered(period_id=P, order=2))
    closed = EvaluationPeriodClosed(period_id=P)
    Scenario(PERIOD).given(OPENED).when(ClosePeriod(period_id=P)).then(closed)
    Scenario(PERIOD).given(OPENED, closed).when(ClosePeriod(period_id=P)).then_nothing()
    Scenario(PERIOD).given(OPENED, closed).when(order).then_rejected(PeriodIsClosed)
    Scenario(PERIOD).when(order).then_rejected(PeriodUnknown)


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
