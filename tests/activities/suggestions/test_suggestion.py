"""Suggestions: accepted, adopted and carried out, or declined with a reason, never by who made them."""

from services.activities.refusals import NobodyConfirmsTheirOwn, WrongStep
from services.activities.suggestions.suggestion import (
    SUGGESTION,
    AcceptSuggestion,
    AdoptSuggestion,
    DeclineSuggestion,
    ReportSuggestionResult,
    SubmitSuggestion,
)
from shared.contracts.activities.community import (
    SuggestionAccepted,
    SuggestionAdopted,
    SuggestionCarriedOut,
    SuggestionDeclined,
    SuggestionSubmitted,
)
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, SECRETARY, member, some_id

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
    Scenario(SUGGESTION).given(submitted, accepted, adopted).when(decline).then_rejected(WrongStep, status="ADOPTED")


def test_nobody_decides_their_own_suggestion():
    me = str(member(1))
    commands = (AcceptSuggestion(accepted_by=me), AdoptSuggestion(adopted_by=me, plan="x"), DeclineSuggestion(declined_by=me, reason="x"))
    for command in commands:
        Scenario(SUGGESTION).given(submitted).when(command).then_rejected(NobodyConfirmsTheirOwn)
