"""Periods, rule sets, residents' links and quarterly reports by example."""

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
from services.evaluation.ratings.invitation import (
    INVITATION,
    InviteRating,
    LinkAlreadyUsed,
    LinkExpired,
    LinkUnknown,
    SubmitRating,
    WithholdRating,
)
from services.evaluation.reports.feedback_report import (
    FEEDBACK_REPORT,
    AcknowledgeReport,
    CommentOnReport,
    CommentWindowOpen,
    DraftReport,
    ReportAlreadySent,
    ReportNotSent,
    ReportUnknown,
    SendReport,
)
from services.evaluation.rule_sets.rule_set import (
    RULE_SET,
    DraftRuleSet,
    PublishRuleSet,
    RetirementNeedsNotice,
    RetireRuleSet,
    RetroactiveDetriment,
    RuleSetEndsBeforeItBegins,
    RuleSetIsNotPublished,
    RuleSetIsPublished,
    RuleSetNeedsNotice,
    RuleSetUnknown,
)
from shared.contracts.evaluation import (
    EvaluationOccasion,
    EvaluationPeriodClosed,
    EvaluationPeriodOpened,
    FeedbackReportAcknowledged,
    FeedbackReportCommented,
    FeedbackReportDrafted,
    FeedbackReportSent,
    RatingInvited,
    RatingSubmitted,
    RatingWithheld,
    RuleSetDrafted,
    RuleSetPublished,
    RuleSetRetired,
    StatementPublicationOrdered,
)
from shared.testing.scenario import Scenario
from tests.evaluation.given import COMMUNITY, MEMBER, UNIT

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


R = UUID(int=2)
WRITTEN: dict[str, Any] = {
    "rule_set_id": R,
    "programme": "default",
    "version": 1,
    "title": "默认",
    "legal_basis": "区委通知",
    "definition": {"a": 1},
}
DRAFTED = RuleSetDrafted(**WRITTEN)


def publish(**changes: Any) -> PublishRuleSet:
    return PublishRuleSet(**{"rule_set_id": R, "today": date(2025, 11, 20), "effective_from": date(2026, 1, 1), **changes})


PUBLISHED = RuleSetPublished(**WRITTEN, published_on=date(2025, 11, 20), effective_from=date(2026, 1, 1), notice_days=30)


def test_rules_are_drafted_and_published_with_notice() -> None:
    Scenario(RULE_SET).when(DraftRuleSet(**WRITTEN)).then(DRAFTED)
    Scenario(RULE_SET).given(DRAFTED).when(publish()).then(PUBLISHED)
    late = publish(today=date(2025, 12, 3))
    Scenario(RULE_SET).given(DRAFTED).when(late).then_rejected(RuleSetNeedsNotice, notice_days=30, given_days=29)
    Scenario(RULE_SET).given(DRAFTED).when(publish(notice_days=60)).then_rejected(RuleSetNeedsNotice, notice_days=60)
    Scenario(RULE_SET).given(DRAFTED).when(publish(notice_days=3, today=date(2025, 12, 20))).then_rejected(RuleSetNeedsNotice)


def test_published_rules_never_change() -> None:
    Scenario(RULE_SET).given(DRAFTED, PUBLISHED).when(publish()).then_rejected(RuleSetIsPublished)
    Scenario(RULE_SET).given(DRAFTED, PUBLISHED).when(DraftRuleSet(**WRITTEN)).then_rejected(RuleSetIsPublished)
    Scenario(RULE_SET).when(publish()).then_rejected(RuleSetUnknown)


def test_rules_without_notice_make_nobody_worse_off() -> None:
    late = {"today": date(2026, 2, 1), "retroactive_reason": "更正分值笔误"}
    Scenario(RULE_SET).given(DRAFTED).when(publish(**late, worse_off=1)).then_rejected(RetroactiveDetriment, worse_off=1)
    Scenario(RULE_SET).given(DRAFTED).when(publish(**late)).then_events(RuleSetPublished)


def test_rules_are_retired_from_today_on() -> None:
    retire = RetireRuleSet(rule_set_id=R, today=date(2026, 5, 1), effective_to=date(2026, 6, 30), reason="另行规定")
    Scenario(RULE_SET).given(DRAFTED).when(retire).then_rejected(RuleSetIsNotPublished)
    (retired,) = Scenario(RULE_SET).given(DRAFTED, PUBLISHED).when(retire).then_events(RuleSetRetired)
    Scenario(RULE_SET).given(DRAFTED, PUBLISHED, retired).when(retire).then_nothing()
    past = retire.model_copy(update={"effective_to": date(2026, 4, 30)})
    Scenario(RULE_SET).given(DRAFTED, PUBLISHED).when(past).then_rejected(RetirementNeedsNotice)
    ends_first = publish(effective_to=date(2025, 12, 31))
    Scenario(RULE_SET).given(DRAFTED).when(ends_first).then_rejected(RuleSetEndsBeforeItBegins)


LINK: dict[str, Any] = {
    "invitation_id": UUID(int=3), "activity_id": UUID(int=4), "member_id": MEMBER, "community_id": COMMUNITY, "rater_token_hash": "aa",
}  # fmt: skip
INVITED = RatingInvited(**LINK, served_on=date(2026, 5, 1), expires_on=date(2026, 6, 30))


def test_a_resident_rates_once() -> None:
    rate = SubmitRating(rating=5, rater_token_hash="aa", today=date(2026, 6, 30))
    Scenario(INVITATION).when(InviteRating(**INVITED.model_dump())).then(INVITED)
    rated = RatingSubmitted(**LINK, served_on=date(2026, 5, 1), rating=5)
    Scenario(INVITATION).given(INVITED).when(rate).then(rated)
    Scenario(INVITATION).given(INVITED, rated).when(rate).then_rejected(LinkAlreadyUsed)
    Scenario(INVITATION).given(INVITED).when(rate.model_copy(update={"rater_token_hash": "bb"})).then_rejected(LinkUnknown)
    Scenario(INVITATION).given(INVITED).when(rate.model_copy(update={"today": date(2026, 7, 1)})).then_rejected(LinkExpired)
    Scenario(INVITATION).when(rate).then_rejected(LinkUnknown)
    withhold = WithholdRating(rater_token_hash="aa", today=date(2026, 6, 1))
    Scenario(INVITATION).given(INVITED).when(withhold).then(RatingWithheld(**{k: v for k, v in LINK.items() if k != "rater_token_hash"}))


DRAFT: dict[str, Any] = {
    "report_id": UUID(int=6), "member_id": MEMBER, "community_id": COMMUNITY, "unit_id": UNIT, "year": 2026, "quarter": 2,
    "activities": 4, "minutes": 480, "comment_until": date(2026, 7, 10),
}  # fmt: skip


def test_the_member_sees_a_report_before_the_unit() -> None:
    drafted = FeedbackReportDrafted(**DRAFT)
    Scenario(FEEDBACK_REPORT).when(DraftReport(**DRAFT)).then(drafted)
    given = Scenario(FEEDBACK_REPORT).given(drafted)
    given.when(SendReport(today=date(2026, 7, 10))).then_rejected(CommentWindowOpen, comment_until="2026-07-10")
    given.when(AcknowledgeReport()).then_rejected(ReportNotSent)
    (sent,) = given.when(SendReport(today=date(2026, 7, 11))).then_events(FeedbackReportSent)
    Scenario(FEEDBACK_REPORT).given(drafted, sent).when(CommentOnReport(comment="晚了")).then_rejected(ReportAlreadySent)
    Scenario(FEEDBACK_REPORT).given(drafted, sent).when(AcknowledgeReport()).then_events(FeedbackReportAcknowledged)
    Scenario(FEEDBACK_REPORT).when(SendReport(today=date(2026, 7, 11))).then_rejected(ReportUnknown)
    (commented,) = Scenario(FEEDBACK_REPORT).given(drafted).when(CommentOnReport(comment="属实")).then_events(FeedbackReportCommented)
    Scenario(FEEDBACK_REPORT).given(drafted, commented).when(SendReport(today=date(2026, 7, 2))).then_events(FeedbackReportSent)
