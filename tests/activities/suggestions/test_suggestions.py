"""Teams, the six ones, suggestions, practical matters and residents' needs."""

from typing import Any

import pytest

from services.activities import errors
from services.activities.checklists.six_ones import CHECKLIST, CompleteChecklistItem, WithdrawEvidence, checklist_id
from services.activities.suggestions.matter import MATTER, ApproveMatter, CompleteMatter, DeclineMatter, ProposeMatter, ReportMatter
from services.activities.suggestions.suggestion import (
    SUGGESTION,
    AcceptSuggestion,
    AdoptSuggestion,
    DeclineSuggestion,
    ReportSuggestionResult,
    SubmitSuggestion,
)
from services.activities.teams.team import TEAM, CreateTeam, JoinTeam, LeaveTeam, suggested_kind
from shared.contracts.activities import (
    PracticalMatterApproved,
    PracticalMatterCompleted,
    PracticalMatterDeclined,
    PracticalMatterProposed,
    PracticalMatterReported,
    ServiceTeamFormed,
    SixOnesCompleted,
    SixOnesEvidenceAdded,
    SixOnesEvidenceWithdrawn,
    SixOnesItem,
    SixOnesItemCompleted,
    SixOnesItemReopened,
    SuggestionAccepted,
    SuggestionAdopted,
    SuggestionCarriedOut,
    SuggestionDeclined,
    SuggestionSubmitted,
    TeamJoined,
    TeamKind,
    TeamLeft,
)
from shared.contracts.registration import OccupationGroup
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, SECRETARY, member, some_id

TEAM_ID = some_id("ad", 1)
TEAM_MEMBER = {"team_id": TEAM_ID, "community_id": COMMUNITY, "member_id": member(1)}
formed = ServiceTeamFormed(
    team_id=TEAM_ID,
    community_id=COMMUNITY,
    kind=TeamKind.COMMUNITY_SECURITY,
    name="社区治安队",
    aliases=("社会治安队",),
    occupation_groups=(OccupationGroup.POLICE,),
)


def test_a_team_is_suggested_by_occupation():
    assert {group: suggested_kind(group) for group in OccupationGroup} == {
        OccupationGroup.TEACHER: TeamKind.SUBSTITUTE_PARENTS,
        OccupationGroup.POLICE: TeamKind.COMMUNITY_SECURITY,
        OccupationGroup.DISTRICT_ORGAN: TeamKind.POLICY_PROMOTION,
        OccupationGroup.STREET_OFFICE: TeamKind.POLICY_PROMOTION,
    }
    draft = {"team_id": TEAM_ID, "community_id": COMMUNITY, "kind": TeamKind.COMMUNITY_SECURITY, "name": "社区治安队"}
    Scenario(TEAM).when(CreateTeam(**draft, aliases=("社会治安队",))).then(formed)
    Scenario(TEAM).given(formed).when(CreateTeam(**draft)).then_rejected(errors.AlreadyExists)


def test_members_join_and_leave_by_their_own_act():
    joined, left = TeamJoined(**TEAM_MEMBER), TeamLeft(**TEAM_MEMBER)
    Scenario(TEAM).given(formed).when(JoinTeam(member_id=member(1))).then(joined)
    Scenario(TEAM).given(formed, joined).when(JoinTeam(member_id=member(1))).then_nothing()
    Scenario(TEAM).given(formed, joined).when(LeaveTeam(member_id=member(1))).then(left)
    Scenario(TEAM).given(formed).when(LeaveTeam(member_id=member(1))).then_rejected(errors.NotInTheTeam)
    Scenario(TEAM).when(JoinTeam(member_id=member(1))).then_rejected(errors.WrongStep)


def proof(item: SixOnesItem, source: int, revision: int = 1) -> dict[str, Any]:
    return {
        "member_id": member(1),
        "community_id": COMMUNITY,
        "year": 2026,
        "item": item,
        "source_event_id": some_id("ab", source * 100 + revision),
        "source_id": some_id("fb", source),
        "source_revision": revision,
    }


VOLUNTEER = SixOnesItem.VOLUNTEER_ACTIVITY


def test_the_first_proof_completes_an_item_and_further_ones_are_kept_in_reserve():
    first, second = proof(VOLUNTEER, 1), proof(VOLUNTEER, 2)
    completed = SixOnesItemCompleted(**first)
    Scenario(CHECKLIST).when(CompleteChecklistItem(**first)).then(completed)
    Scenario(CHECKLIST).given(completed).when(CompleteChecklistItem(**first)).then_nothing()
    Scenario(CHECKLIST).given(completed).when(CompleteChecklistItem(**second)).then(SixOnesEvidenceAdded(**second))


def test_a_fallen_proof_reopens_the_item_or_hands_it_to_the_next_one():
    first, second, fallen = proof(VOLUNTEER, 1), proof(VOLUNTEER, 2), proof(VOLUNTEER, 1, revision=2)
    completed, added = SixOnesItemCompleted(**first), SixOnesEvidenceAdded(**second)
    reopened = SixOnesItemReopened(**{**fallen, "source_event_id": first["source_event_id"]})
    Scenario(CHECKLIST).given(completed).when(WithdrawEvidence(**fallen)).then(reopened)
    Scenario(CHECKLIST).given(completed, added).when(WithdrawEvidence(**fallen)).then(reopened, SixOnesItemCompleted(**second))
    spare = proof(VOLUNTEER, 2, revision=2)
    Scenario(CHECKLIST).given(completed, added).when(WithdrawEvidence(**spare)).then(SixOnesEvidenceWithdrawn(**spare))


def test_old_news_about_a_voided_record_change_nothing():
    fallen = SixOnesEvidenceWithdrawn(**proof(VOLUNTEER, 1, revision=2))
    Scenario(CHECKLIST).given(fallen).when(CompleteChecklistItem(**proof(VOLUNTEER, 1))).then_nothing()


def test_the_sixth_item_completes_the_six_ones():
    *five, sixth = (proof(item, number) for number, item in enumerate(SixOnesItem))
    given = [SixOnesItemCompleted(**each) for each in five]
    done = SixOnesCompleted(member_id=member(1), year=2026)
    Scenario(CHECKLIST).given(*given).when(CompleteChecklistItem(**sixth)).then(SixOnesItemCompleted(**sixth), done)


def test_everybody_derives_the_same_checklist():
    assert checklist_id(member(1), 2026) == checklist_id(member(1), 2026)
    assert len({checklist_id(member(n), year) for n in range(3) for year in (2025, 2026)}) == 6
    assert checklist_id(member(1), 2026).version == 8


SUGGESTION_IDS = {"suggestion_id": some_id("ba", 1), "member_id": member(1), "community_id": COMMUNITY}
submitted = SuggestionSubmitted(**SUGGESTION_IDS, title="加装路灯", text="三号楼后巷夜间昏暗")
accepted = SuggestionAccepted(**SUGGESTION_IDS, accepted_by=SECRETARY)
adopted = SuggestionAdopted(**SUGGESTION_IDS, adopted_by=SECRETARY, plan="五月安装")


def test_a_suggestion_is_accepted_adopted_and_carried_out():
    Scenario(SUGGESTION).when(SubmitSuggestion(**SUGGESTION_IDS, title="加装路灯", text="三号楼后巷夜间昏暗")).then(submitted)
    Scenario(SUGGESTION).given(submitted).when(AcceptSuggestion(accepted_by=SECRETARY)).then(accepted)
    Scenario(SUGGESTION).given(submitted, accepted).when(AdoptSuggestion(adopted_by=SECRETARY, plan="五月安装")).then(adopted)
    done = SuggestionCarriedOut(**SUGGESTION_IDS, result="已安装四盏")
    Scenario(SUGGESTION).given(submitted, accepted, adopted).when(ReportSuggestionResult(result="已安装四盏")).then(done)


def test_a_suggestion_is_declined_with_a_reason_before_it_is_adopted():
    decline = DeclineSuggestion(declined_by=SECRETARY, reason="已列入计划")
    declined = SuggestionDeclined(**SUGGESTION_IDS, declined_by=SECRETARY, reason="已列入计划")
    for given in ((submitted,), (submitted, accepted)):
        Scenario(SUGGESTION).given(*given).when(decline).then(declined)
    Scenario(SUGGESTION).given(submitted, accepted, adopted).when(decline).then_rejected(errors.WrongStep, status="ADOPTED")


def test_nobody_decides_their_own_suggestion():
    me = str(member(1))
    commands = (AcceptSuggestion(accepted_by=me), AdoptSuggestion(adopted_by=me, plan="x"), DeclineSuggestion(declined_by=me, reason="x"))
    for command in commands:
        Scenario(SUGGESTION).given(submitted).when(command).then_rejected(errors.NobodyConfirmsTheirOwn)


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
    Scenario(MATTER).given(offered).when(command).then_rejected(errors.NobodyConfirmsTheirOwn)


def test_only_the_member_reports_and_only_what_was_approved():
    Scenario(MATTER).given(offered).when(ReportMatter(member_id=member(1), result="已修好")).then_rejected(errors.WrongStep)
    Scenario(MATTER).given(offered, approved).when(ReportMatter(member_id=member(2), result="已修好")).then_rejected(errors.WrongStep)
