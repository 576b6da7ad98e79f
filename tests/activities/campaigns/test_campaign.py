"""Contributions are recorded with a receipt, used in public and never scored."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.campaigns.campaign import (
    CAMPAIGN,
    Campaign,
    CampaignIsClosed,
    CancelContribution,
    CloseCampaign,
    NotEnoughLeft,
    OpenCampaign,
    ReceiveContribution,
    UseContributions,
)
from services.activities.refusals import TermEndsBeforeItStarts, WrongStep
from services.evaluation.facts.sources import FACTS
from shared.contracts.activities.campaigns import (
    ContributionCampaignClosed,
    ContributionCampaignOpened,
    ContributionCancelled,
    ContributionKind,
    ContributionReceived,
    ContributionsUsed,
)
from shared.contracts.catalogue import published_events
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.given import CLERK, COMMUNITY, DAY, some_id

IDS = {"campaign_id": some_id("ca", 1), "community_id": COMMUNITY}


ASKED: dict[str, Any] = {
    "title": "捐一元钱、捐一本书",
    "kinds": (ContributionKind.MONEY, ContributionKind.GOODS),
    "first_day": date(2026, 3, 1),
    "last_day": date(2026, 3, 31),
}


opened = ContributionCampaignOpened(**IDS, **ASKED)


def receive(number: int, quantity: str = "1", **changes: Any) -> ReceiveContribution:
    values: dict[str, Any] = {"kind": ContributionKind.MONEY, "quantity": Decimal(quantity), "unit": "元", "received_on": DAY}
    return ReceiveContribution(contribution_id=some_id("cb", number), recorded_by=CLERK, **values | changes)


def use(quantity: str, number: int = 1) -> UseContributions:
    facts = {"kind": ContributionKind.MONEY, "quantity": Decimal(quantity), "unit": "元", "purpose": "慰问高龄老人"}
    return UseContributions(use_id=some_id("cc", number), used_on=DAY, **facts)


def test_a_contribution_gets_a_receipt_and_only_what_came_in_is_used():
    Scenario(CAMPAIGN).when(OpenCampaign(**IDS, **ASKED)).then(opened)
    (first,) = Scenario(CAMPAIGN).given(opened).when(receive(1, "2100")).then_events(ContributionReceived)
    assert (first.receipt_no[:8], first.member_id) == ("SJ-2026-", None)
    Scenario(CAMPAIGN).given(opened, first).when(use("2100.01")).then_rejected(NotEnoughLeft, left="2100")
    (used,) = Scenario(CAMPAIGN).given(opened, first).when(use("2000")).then_events(ContributionsUsed)
    cancel = CancelContribution(contribution_id=first.contribution_id, reason="重复登记", cancelled_by=CLERK)
    Scenario(CAMPAIGN).given(opened, first, used).when(cancel).then_rejected(NotEnoughLeft)
    Scenario(CAMPAIGN).given(opened, first).when(cancel).then_events(ContributionCancelled)
    closed = ContributionCampaignClosed(**IDS, reason="期满")
    Scenario(CAMPAIGN).given(opened, first).when(CloseCampaign(reason="期满")).then(closed)
    Scenario(CAMPAIGN).given(opened, first, closed).when(receive(2)).then_rejected(CampaignIsClosed)
    Scenario(CAMPAIGN).given(opened, first, closed).when(use("1")).then_events(ContributionsUsed)


@pytest.mark.parametrize("changes", [{"received_on": date(2026, 4, 1)}, {"kind": ContributionKind.SUGGESTION, "unit": "条"}])
def test_a_campaign_takes_what_it_asked_for_while_it_runs(changes: dict[str, Any]):
    Scenario(CAMPAIGN).given(opened).when(receive(1, **changes)).then_rejected(CampaignIsClosed)


moves = st.one_of(
    st.builds(lambda number, quantity: receive(number, str(quantity)), st.integers(1, 5), st.integers(1, 50)),
    st.builds(lambda quantity: use(str(quantity)), st.integers(1, 60)),
    st.builds(
        lambda number: CancelContribution(contribution_id=some_id("cb", number), reason="退回", cancelled_by=CLERK), st.integers(1, 5)
    ),
)


@given(st.lists(moves, max_size=30))
def test_never_more_is_used_than_came_in(commands: list[Any]):
    state: Campaign = CAMPAIGN.evolve(CAMPAIGN.initial, opened)
    for command in commands:
        try:
            events = CAMPAIGN.decide(command, state)
        except DomainError:
            continue
        for event in events:
            state = CAMPAIGN.evolve(state, event)
        assert all(left >= 0 for left in state.left.values())


def test_g8_nothing_of_a_campaign_or_register_can_become_points():
    modules = ("campaigns", "registers", "pairings", "neighbourhoods", "modules")
    unscored = {each for each in published_events("activities") if each.__module__.rpartition(".")[2] in modules}
    assert len(unscored) >= 25
    assert not unscored & set(FACTS)


def test_a_cancelled_contribution_is_gone_and_others_stay():
    (first,) = Scenario(CAMPAIGN).given(opened).when(receive(1, "10")).then_events(ContributionReceived)
    (second,) = Scenario(CAMPAIGN).given(opened).when(receive(2, "5")).then_events(ContributionReceived)
    cancel = CancelContribution(contribution_id=first.contribution_id, reason="退回", cancelled_by=CLERK)
    (cancelled,) = Scenario(CAMPAIGN).given(opened, first, second).when(cancel).then_events(ContributionCancelled)
    past = (opened, first, second, cancelled)
    Scenario(CAMPAIGN).given(*past).when(cancel).then_rejected(WrongStep)
    Scenario(CAMPAIGN).given(*past).when(use("5.01")).then_rejected(NotEnoughLeft, left="5")
    Scenario(CAMPAIGN).given(*past).when(use("5")).then_events(ContributionsUsed)
    other = CancelContribution(contribution_id=second.contribution_id, reason="退回", cancelled_by=CLERK)
    Scenario(CAMPAIGN).given(*past).when(other).then_events(ContributionCancelled)


def test_a_campaign_lasts_a_day_at_least():
    one_day = ASKED | {"last_day": ASKED["first_day"]}
    Scenario(CAMPAIGN).when(OpenCampaign(**IDS, **one_day)).then_events(ContributionCampaignOpened)
    never = ASKED | {"last_day": date(2026, 2, 28)}
    Scenario(CAMPAIGN).when(OpenCampaign(**IDS, **never)).then_rejected(TermEndsBeforeItStarts)
