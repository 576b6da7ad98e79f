"""Decides what organisations state about a member in a period: assessments, commendations, exemptions, waivers."""

from typing import Final, assert_never

from services.evaluation.cases import assessments, grants
from services.evaluation.cases.state import CaseState, case_decider
from shared.contracts.event import Event
from shared.decider import Decider

CaseCommand = (
    assessments.SubmitUnitAssessment
    | assessments.SubmitCommunityAssessment
    | grants.GrantCommendation
    | grants.GrantExemption
    | grants.WaiveCategory
)


def decide(command: CaseCommand, state: CaseState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case assessments.SubmitUnitAssessment():
            return assessments.submit_unit_assessment(command, state)
        case assessments.SubmitCommunityAssessment():
            return assessments.submit_community_assessment(command, state)
        case grants.GrantCommendation():
            return grants.grant_commendation(command, state)
        case grants.GrantExemption():
            return grants.grant_exemption(command, state)
        case grants.WaiveCategory():
            return grants.waive_category(command, state)
        case _:
            assert_never(command)


CASE: Final[Decider[CaseCommand, CaseState]] = case_decider(decide)
