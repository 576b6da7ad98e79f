"""The two halves of the dual evaluation: the unit's figures and judgement, the community's opinion."""

from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from services.evaluation.cases.state import CaseState
from shared.contracts.evaluation.assessments import CommunityAssessmentSubmitted, MeetingAttendance, RubricScore, UnitAssessmentSubmitted
from shared.contracts.evaluation.codes import CommunityOpinion, MeetingKind, RubricItem
from shared.contracts.event import Event
from shared.decider import Command, DomainError

LOW_SCORE: Final = 4  # at or below it a written reason is due
Count = Annotated[int, Field(ge=0, le=1000)]
Meetings = Annotated[tuple[MeetingAttendance, ...], Field(max_length=len(MeetingKind))]
SUMS: Final = ("attended", "required", "excused")


class SubmitUnitAssessment(Command):
    """The unit's figures and judgement. Sums that are not stated are those of `meetings`."""

    member_id: UUID
    period_id: UUID
    unit_id: UUID
    attended: Count | None = None
    required: Count | None = None
    excused: Count | None = None
    meetings: Meetings = ()
    rubric: tuple[RubricScore, ...]
    unit_tasks: Count
    assessed_by: str


class AttendanceExceedsRequired(DomainError):
    """Attended and excused together cannot exceed what was required."""


class AttendanceMissing(DomainError):
    """Say how many meetings were attended and required, in sum or by kind."""


class MeetingKindRepeated(DomainError):
    """Each kind of meeting is counted once."""


class AttendanceSumsDisagree(DomainError):
    """By kind it is {required} required, {attended} attended, {excused} excused, and the sums say something else; correct one or leave the
    sums out.
    """


class RubricIncomplete(DomainError):
    """The branch judges all four items, each once."""


class LowScoreNeedsReason(DomainError):
    """A mark of 4 or less needs a written reason."""


def submit_unit_assessment(command: SubmitUnitAssessment, state: CaseState) -> tuple[Event, ...]:
    """A later assessment replaces an earlier one; the same one again changes nothing."""
    attendance: dict[str, Any] = {**_attendance(command)}
    if sorted(each.item for each in command.rubric) != sorted(RubricItem):
        raise RubricIncomplete
    unexplained = [each.item for each in command.rubric if each.score <= LOW_SCORE and not each.reason.strip()]
    if unexplained:
        raise LowScoreNeedsReason(items=unexplained)
    submitted = UnitAssessmentSubmitted(**command.model_dump(exclude={*SUMS}), **attendance)
    return () if submitted == state.unit else (submitted,)


def _attendance(command: SubmitUnitAssessment) -> dict[str, int]:
    """The sums: as stated, as counted by kind, and the same where both are given."""
    stated = command.model_dump(include={*SUMS}, exclude_none=True)
    counted = {name: sum(getattr(each, name) for each in command.meetings) for name in SUMS}
    if not command.meetings and not {"attended", "required"} <= stated.keys():
        raise AttendanceMissing
    if len({each.kind for each in command.meetings}) < len(command.meetings):
        raise MeetingKindRepeated
    if command.meetings and stated.items() - counted.items():
        raise AttendanceSumsDisagree(**counted)
    attendance = counted | stated
    excessive = [each.kind for each in command.meetings if each.attended + each.excused > each.required]
    if excessive or attendance["attended"] + attendance["excused"] > attendance["required"]:
        raise AttendanceExceedsRequired(kinds=excessive)
    return attendance


class SubmitCommunityAssessment(Command):
    """The community's opinion."""

    member_id: UUID
    period_id: UUID
    community_id: UUID
    opinion: CommunityOpinion
    reason: Annotated[str, StringConstraints(max_length=200)] = ""
    assessed_by: str


def submit_community_assessment(command: SubmitCommunityAssessment, state: CaseState) -> tuple[Event, ...]:
    """A later assessment replaces an earlier one; the same one again changes nothing."""
    submitted = CommunityAssessmentSubmitted(**command.model_dump())
    return () if submitted == state.community else (submitted,)
