"""情况反馈: the community's quarterly report on a member to the work unit. The member sees it first and may comment."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.evaluation import (
    FeedbackReportAcknowledged,
    FeedbackReportCommented,
    FeedbackReportDrafted,
    FeedbackReportSent,
    Reason,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class DraftReport(Command):
    """Write the report; its figures come from confirmed records."""

    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    year: int
    quarter: Annotated[int, Field(ge=1, le=4)]
    activities: int
    minutes: int
    remark: Annotated[str, StringConstraints(max_length=200)] = ""
    comment_until: date


class CommentOnReport(Command):
    """The member's word, which goes along with the report."""

    comment: Reason


class SendReport(Command):
    """Send it to the work unit."""

    today: date


class AcknowledgeReport(Command):
    """The work unit has taken note."""


ReportCommand = DraftReport | CommentOnReport | SendReport | AcknowledgeReport


class ReportUnknown(DomainError):
    """There is no such report."""


class CommentWindowOpen(DomainError):
    """The member may still comment; send the report afterwards."""


class ReportAlreadySent(DomainError):
    """The report has been sent."""


class ReportNotSent(DomainError):
    """The report has not been sent yet."""


@dataclass(frozen=True, slots=True)
class ReportState:
    """`drafted` None: there is none."""

    drafted: FeedbackReportDrafted | None = None
    has_comment: bool = False
    is_sent: bool = False
    is_acknowledged: bool = False


def decide(command: ReportCommand, state: ReportState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case DraftReport():
            return () if state.drafted else (FeedbackReportDrafted(**command.model_dump()),)
        case CommentOnReport():
            return _comment(command, state)
        case SendReport():
            return _send(command, state)
        case AcknowledgeReport():
            return _acknowledge(state)


def _comment(command: CommentOnReport, state: ReportState) -> tuple[Event, ...]:
    drafted = _drafted(state)
    if state.is_sent:
        raise ReportAlreadySent
    return (FeedbackReportCommented(report_id=drafted.report_id, member_id=drafted.member_id, comment=command.comment),)


def _send(command: SendReport, state: ReportState) -> tuple[Event, ...]:
    drafted = _drafted(state)
    if state.is_sent:
        return ()
    if command.today <= drafted.comment_until and not state.has_comment:
        raise CommentWindowOpen(comment_until=drafted.comment_until.isoformat())
    return (FeedbackReportSent.model_validate(drafted.model_dump()),)


def _acknowledge(state: ReportState) -> tuple[Event, ...]:
    drafted = _drafted(state)
    if not state.is_sent:
        raise ReportNotSent
    return () if state.is_acknowledged else (FeedbackReportAcknowledged.model_validate(drafted.model_dump()),)


def _drafted(state: ReportState) -> FeedbackReportDrafted:
    if state.drafted is None:
        raise ReportUnknown
    return state.drafted


def evolve(state: ReportState, event: Event) -> ReportState:
    """Fold one event."""
    match event:
        case FeedbackReportDrafted():
            return replace(state, drafted=event)
        case FeedbackReportCommented():
            return replace(state, has_comment=True)
        case FeedbackReportSent():
            return replace(state, is_sent=True)
        case FeedbackReportAcknowledged():
            return replace(state, is_acknowledged=True)
        case _:
            return state


FEEDBACK_REPORT: Decider[ReportCommand, ReportState] = Decider("feedback-report", ReportState(), decide, evolve)
