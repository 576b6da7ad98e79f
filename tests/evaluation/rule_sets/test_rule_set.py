"""Rule sets by example."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

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
from shared.contracts.evaluation.periods import RuleSetDrafted, RuleSetPublished, RuleSetRetired
from shared.testing.scenario import Scenario

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


def test_notice_counts_to_the_day_and_rules_may_hold_for_one() -> None:
    Scenario(RULE_SET).given(DRAFTED).when(publish(today=date(2025, 12, 2))).then_events(RuleSetPublished)  # 30 days
    Scenario(RULE_SET).given(DRAFTED).when(publish(effective_to=date(2026, 1, 1))).then_events(RuleSetPublished)
    Scenario(RULE_SET).given(DRAFTED).when(publish(notice_days=42)).then_events(RuleSetPublished)  # exactly as many as promised


@pytest.mark.parametrize(
    ("today", "until", "is_retired"),
    [
        (date(2026, 5, 1), date(2026, 5, 1), True),
        (date(2026, 5, 1), date(2026, 4, 30), False),
        (date(2025, 12, 1), date(2026, 1, 1), True),  # before they were in force: on their first day at the earliest
        (date(2025, 12, 1), date(2025, 12, 31), False),
    ],
)
def test_rules_end_today_at_the_earliest(today: date, until: date, is_retired: bool) -> None:
    retire = RetireRuleSet(rule_set_id=R, today=today, effective_to=until, reason="另行规定")
    asked = Scenario(RULE_SET).given(DRAFTED, PUBLISHED).when(retire)
    if is_retired:
        asked.then_events(RuleSetRetired)
    else:
        asked.then_rejected(RetirementNeedsNotice)
    Scenario(RULE_SET).when(retire).then_rejected(RuleSetUnknown)
