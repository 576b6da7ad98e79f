"""Contributions recorded, used in public and never scored; open affairs in three stages; venues and partnerships."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities import errors
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
from services.activities.registers.register import (
    AFFAIR,
    ENTRY,
    AffairIsOpenForComments,
    AgreePartnership,
    AnnounceAffair,
    CloseEntry,
    ContinueAffair,
)
from services.evaluation.facts.sources import FACTS
from shared.contracts import activities as contracts
from shared.contracts.activities import (
    AffairStage,
    ContributionCampaignClosed,
    ContributionCampaignOpened,
    ContributionCancelled,
    ContributionKind,
    ContributionReceived,
    ContributionsUsed,
    OpenAffairPublished,
    PartnershipAgreed,
    PartnershipKind,
    RegisterEntryClosed,
)
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import CLERK, COMMUNITY, DAY, OTHER_COMMUNITY, UNIT, member, some_id

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
    unscored = {
        each for each in vars(contracts).values() if getattr(each, "__module__", "").rpartition(".")[2] in modules and hasattr(each, "TYPE")
    }
    assert len(unscored) >= 25
    assert not unscored & set(FACTS)


AFFAIR_ID = some_id("cd", 1)


def announce(**changes: Any) -> AnnounceAffair:
    values: dict[str, Any] = {"subject": "修缮楼道路面", "text": "拟修缮三号楼前路面", "responsible": "居委会主任"}
    return AnnounceAffair(affair_id=AFFAIR_ID, community_id=COMMUNITY, today=DAY, **values | changes)


def go_on(stage: AffairStage, today: date = DAY) -> ContinueAffair:
    return ContinueAffair(stage=stage, text="进展", responsible="居委会主任", today=today)


def test_an_affair_is_shown_before_during_and_after_in_this_order():
    (before,) = Scenario(AFFAIR).when(announce()).then_events(OpenAffairPublished)
    assert before.stage is AffairStage.BEFORE
    (during,) = Scenario(AFFAIR).given(before).when(go_on(AffairStage.DURING)).then_events(OpenAffairPublished)
    Scenario(AFFAIR).given(before, during).when(go_on(AffairStage.DURING)).then_events(OpenAffairPublished)
    (after,) = Scenario(AFFAIR).given(before, during).when(go_on(AffairStage.AFTER)).then_events(OpenAffairPublished)
    assert after.subject == "修缮楼道路面"
    for given_events, stage in (((), AffairStage.DURING), ((before,), AffairStage.BEFORE), ((before, after), AffairStage.DURING)):
        Scenario(AFFAIR).given(*given_events).when(go_on(stage)).then_rejected(errors.WrongStep)


def test_an_affair_waits_until_people_have_spoken_up():
    (before,) = Scenario(AFFAIR).when(announce(comments_until=DAY + timedelta(days=7))).then_events(OpenAffairPublished)
    early, late = DAY + timedelta(days=7), DAY + timedelta(days=8)
    Scenario(AFFAIR).given(before).when(go_on(AffairStage.DURING, early)).then_rejected(AffairIsOpenForComments)
    Scenario(AFFAIR).given(before).when(go_on(AffairStage.DURING, late)).then_events(OpenAffairPublished)


def test_entries_hold_until_closed():
    ids = {"entry_id": some_id("ce", 1), "community_id": COMMUNITY}
    both = (PartnershipKind.SHARED_RESOURCES, PartnershipKind.SHARED_RESOURCES, PartnershipKind.JOINT_COUNCIL)
    agreement: dict[str, Any] = {"partner_id": UNIT, "kinds": both, "purpose": "开放会议室", "agreed_on": DAY}
    (agreed,) = Scenario(ENTRY).when(AgreePartnership(**ids, **agreement)).then_events(PartnershipAgreed)
    assert agreed.kinds == both[1:]
    closed = RegisterEntryClosed(**ids, reason="期满", closed_on=DAY)
    Scenario(ENTRY).given(agreed).when(CloseEntry(reason="期满", closed_on=DAY)).then(closed)
    Scenario(ENTRY).given(agreed, closed).when(CloseEntry(reason="期满", closed_on=DAY)).then_nothing()
    Scenario(ENTRY).given(agreed).when(AgreePartnership(**ids, **agreement)).then_rejected(errors.AlreadyExists)
    backwards = agreement | {"ends_on": DAY - timedelta(days=1)}
    Scenario(ENTRY).when(AgreePartnership(**ids, **backwards)).then_rejected(errors.TermEndsBeforeItStarts)


async def public(district: District, path: str) -> list[dict[str, Any]]:
    """What somebody without an account reads."""
    await district.service.settled()
    answer = await district.service.client.get(f"/districts/{district.service.district}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_contributions_are_summed_in_public_and_seen_by_their_giver(district: District) -> None:
    body = {"community_id": str(COMMUNITY), "title": "三个一", "first_day": "2026-01-01", "last_day": "2026-01-31"}
    body |= {"kinds": ["MONEY", "GOODS", "SUGGESTION"]}
    campaign_id = (await district.post("/campaigns", district.clerk, 201, **body))["result"]["campaign_id"]
    path = f"/campaigns/{campaign_id}"
    book = {"kind": "GOODS", "quantity": "1", "unit": "本"}
    named = await district.post(f"{path}/contributions", district.clerk, 201, **book, member_id=str(member(1)))
    unnamed = await district.post(f"{path}/contributions", district.clerk, 201, **book)
    await district.post(f"{path}/contributions", district.clerk, 201, kind="MONEY", quantity="2100", unit="元")
    await district.post(f"{path}/contributions", district.clerk, 403, **book, member_id=str(member(6)))
    await district.post(f"{path}/contributions", district.elsewhere, 403, **book)
    cancel = f"{path}/contributions/{unnamed['result']['contribution_id']}/cancel"
    await district.post(cancel, district.clerk, reason="重复登记")
    await district.post(f"{path}/uses", district.clerk, 201, kind="MONEY", quantity="600", unit="元", purpose="慰问高龄老人")
    (campaign,) = await public(district, "/campaigns")
    assert [(each["kind"], each["received"], each["used"]) for each in campaign["sums"]] == [("GOODS", "1", "0"), ("MONEY", "2100", "600")]
    assert campaign["uses"][0]["purpose"] == "慰问高龄老人"
    assert str(member(1)) not in str(campaign)
    (mine,) = await district.get("/me/contributions", district.member(1))
    assert (mine["receipt_no"], mine["unit"]) == (named["result"]["receipt_no"], "本")
    assert await district.get("/me/contributions", district.member(2)) == []
    await district.post(f"{path}/close", district.clerk, reason="期满")
    assert (await district.post(f"{path}/contributions", district.clerk, 409, **book))["code"] == "campaign_is_closed"


async def test_open_affairs_are_read_by_anybody_stage_by_stage(district: District) -> None:
    body = {"community_id": str(COMMUNITY), "subject": "修缮路面", "text": "拟修缮三号楼前路面", "responsible": "居委会主任"}
    await district.post("/open-affairs", district.clerk, 403, **body)
    affair_id = (await district.post("/open-affairs", district.secretary, 201, **body, comments_until="2026-01-08"))["result"]["affair_id"]
    stage = {"stage": "DURING", "text": "已开工", "responsible": "居委会主任"}
    path = f"/open-affairs/{affair_id}/stages"
    assert (await district.post(path, district.secretary, 409, **stage))["code"] == "affair_is_open_for_comments"
    district.service.now += timedelta(days=4)
    await district.post(path, district.secretary, 201, **stage)
    await district.post(path, district.elsewhere, 403, **stage)
    await district.post(path, district.secretary, 201, stage="AFTER", text="完工,5000平方米", responsible="居委会主任")
    (seen,) = await public(district, f"/open-affairs?community_id={COMMUNITY}")
    assert [each["stage"] for each in seen["publications"]] == ["BEFORE", "DURING", "AFTER"]
    assert await public(district, f"/open-affairs?community_id={OTHER_COMMUNITY}") == []


async def test_venues_and_partnerships_are_listed_until_closed(district: District) -> None:
    own = {"community_id": str(COMMUNITY)}
    venue = {**own, "name": "党员活动室", "used_for": "学习活动", "square_metres": 300, "seats": 80, "owner_id": str(UNIT)}
    kinds = ["PAIRED_BUILDING", "JOINT_BUILDING", "SHARED_RESOURCES", "JOINT_COUNCIL"]
    partnership = {**own, "partner_id": str(UNIT), "kinds": kinds, "purpose": "开放场地,共议大事", "agreed_on": "2026-01-05"}
    for path, body in (("/venues", venue), ("/partnerships", partnership)):
        await district.post(path, district.elsewhere, 403, **body)
        entry_id = (await district.post(path, district.clerk, 201, **body))["result"]["entry_id"]
    listed = (await district.get("/register", district.member(1), community_id=str(COMMUNITY)))["items"]
    seen = {each["kind"]: each["facts"] for each in listed}
    assert (len(seen), seen["VENUE"]["square_metres"], seen["PARTNERSHIP"]["kinds"]) == (2, 300, kinds)
    await district.post(f"/register/{entry_id}/close", district.clerk, reason="期满")
    assert (await district.get("/register", district.member(1), kind="PARTNERSHIP"))["items"] == []
    (closed,) = (await district.get("/register", district.member(1), kind="PARTNERSHIP", with_closed=True))["items"]
    assert closed["reason"] == "期满"
