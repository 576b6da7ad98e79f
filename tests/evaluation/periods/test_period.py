"""Periods by example."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.periods.missing import AssessmentsMissing, MissingDecision
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
from shared.contracts.evaluation.codes import EvaluationOccasion, Unknown
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
