"""The evaluation case: everything about one member in one period that people do, and the statements that follow. One stream per case."""

from typing import assert_never

from services.evaluation.appeals import appeal as appeals
from services.evaluation.cases import assessments
from services.evaluation.cases.state import CaseState, case_id, evolve
from services.evaluation.handouts import handout as handouts
from services.evaluation.hearings import hearing as hearings
from services.evaluation.statements import refusals
from services.evaluation.statements import statement as statements
from shared.contracts.event import Event
from shared.decider import Decider

CaseCommand = (
    assessments.SubmitUnitAssessment
    | assessments.SubmitCommunityAssessment
    | assessments.GrantCommendation
    | assessments.GrantExemption
    | assessments.WaiveCategory
    | hearings.ProposeDeduction
    | hearings.AnswerDeduction
    | hearings.UpholdDeduction
    | hearings.DropDeduction
    | statements.PublishStatement
    | statements.RestateStatement
    | statements.ConfirmGrade
    | handouts.Handing
    | refusals.Refusing
    | appeals.LodgeAppeal
    | appeals.AcceptAppeal
    | appeals.RejectAppeal
    | appeals.EscalateAppeal
)


def decide(command: CaseCommand, state: CaseState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case assessments.SubmitUnitAssessment():
            return assessments.submit_unit_assessment(command, state)
        case assessments.SubmitCommunityAssessment():
            return assessments.submit_community_assessment(command, state)
        case assessments.GrantCommendation():
            return assessments.grant_commendation(command, state)
        case assessments.GrantExemption():
            return assessments.grant_exemption(command, state)
        case assessments.WaiveCategory():
            return assessments.waive_category(command, state)
        case hearings.ProposeDeduction():
            return hearings.propose_deduction(command, state)
        case hearings.AnswerDeduction():
            return hearings.answer_deduction(command, state)
        case hearings.UpholdDeduction():
            return hearings.uphold_deduction(command, state)
        case hearings.DropDeduction():
            return hearings.drop_deduction(command, state)
        case statements.PublishStatement():
            return statements.publish_statement(command, state)
        case statements.RestateStatement():
            return statements.restate_statement(command, state)
        case statements.ConfirmGrade():
            return statements.confirm_grade(command, state)
        case handouts.ExportStatement() | handouts.RemindOfExport() | handouts.ConfirmDestruction():
            return handouts.decide(command, state)
        case refusals.RefuseProposal() | refusals.TakeBackRefusal():
            return refusals.decide(command, state)
        case appeals.LodgeAppeal():
            return appeals.lodge_appeal(command, state)
        case appeals.AcceptAppeal():
            return appeals.accept_appeal(command, state)
        case appeals.RejectAppeal():
            return appeals.reject_appeal(command, state)
        case appeals.EscalateAppeal():
            return appeals.escalate_appeal(command, state)
        case _:
            assert_never(command)


CASE: Decider[CaseCommand, CaseState] = Decider("case", CaseState(), decide, evolve)

__all__ = ["CASE", "CaseCommand", "CaseState", "case_id"]
