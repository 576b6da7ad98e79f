"""Practical matters: the member proposes and reports, the community approves and confirms."""

import pytest

from services.activities.refusals import NobodyConfirmsTheirOwn, WrongStep
from services.activities.suggestions.matter import MATTER, ApproveMatter, CompleteMatter, DeclineMatter, ProposeMatter, ReportMatter
from shared.contracts.activities.community import (
    PracticalMatterApproved,
    PracticalMatterCompleted,
    PracticalMatterDeclined,
    PracticalMatterProposed,
    PracticalMatterReported,
)
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, SECRETARY, member, some_id

MATTER_IDS = {"matter_id": some_id("da", 1), "member_id": member(1), "community_id": COMMUNITY}


offered = PracticalMatterProposed(**MATTER_IDS, title="修缮长椅", text="广场两张长椅松动")


approved = PracticalMatterApproved(**MATTER_IDS, approved_by=SECRETARY)


reported = PracticalMatterReported(**MATTER_IDS, result="已修好")


def test_a_matter_is_offered_approved_reported_and_confirmed():
    Scenario(MATTER).when(ProposeMatter(**MATTER_IDS, title="修缮长椅", text="广场两张长椅松动")).then(offered)
    Scenario(MATTER).given(offered).when(ApproveMatter(approved_by=SECRETARY)).then(approved)
    Scenario(MATTER).given(offered, approved).when(ReportMatter(member_id=member(1), result="已修好")).then(reported)
    completed = PracticalMatterCompleted(**MATTER_IDS, confirmed_by=SECRETARY)
    Scenario(MATTER).given(offered, approved, reported).when(CompleteMatter(confirmed_by=SECRETARY)).then(completed)
    declined = PracticalMatterDeclined(**MATTER_IDS, declined_by=SECRETARY, reason="超出能力")
    Scenario(MATTER).given(offered).when(DeclineMatter(declined_by=SECRETARY, reason="超出能力")).then(declined)


@pytest.mark.parametrize("command", [ApproveMatter(approved_by=str(member(1))), CompleteMatter(confirmed_by=str(member(1)))])
def test_nobody_approves_or_confirms_their_own_matter(command):
    Scenario(MATTER).given(offered).when(command).then_rejected(NobodyConfirmsTheirOwn)


def test_only_the_member_reports_and_only_what_was_approved():
    Scenario(MATTER).given(offered).when(ReportMatter(member_id=member(1), result="已修好")).then_rejected(WrongStep)
    Scenario(MATTER).given(offered, approved).when(ReportMatter(member_id=member(2), result="已修好")).then_rejected(WrongStep)


def test_each_step_comes_in_its_turn():
    complete, approve = CompleteMatter(confirmed_by=SECRETARY), ApproveMatter(approved_by=SECRETARY)
    completed = PracticalMatterCompleted(**MATTER_IDS, confirmed_by=SECRETARY)
    decline = DeclineMatter(declined_by=SECRETARY, reason="超出能力")
    Scenario(MATTER).given(offered).when(complete).then_rejected(WrongStep)
    Scenario(MATTER).given(offered, approved).when(complete).then_rejected(WrongStep)
    Scenario(MATTER).given(offered, approved).when(decline).then_rejected(WrongStep)
    Scenario(MATTER).given(offered, approved, reported, completed).when(approve).then_rejected(WrongStep)
    Scenario(MATTER).given(offered, approved, reported, completed).when(decline).then_rejected(WrongStep)
