"""情况反馈: the community's quarterly report on a member to the work unit. The member sees it first and may comment."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.evaluation.assessments import (
    FeedbackReportAcknowledged,
    FeedbackReportCommented,
    FeedbackReportDrafted,
    FeedbackReportSent,
)
from shared.contracts.evaluation.codes import Reason
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
    """The member's comment, which goes along with the report."""

    comment: Reason


class ReportUnknown(DomainError):
    """There is no such report."""


class ReportAlreadySent(DomainError):
    """The report has been sent."""


class SendReport(Command):
    """Send it to the work unit."""

    today: date


class CommentWindowOpen(DomainError):
    """The member may comment until {comment_until}; send the report afterwards."""


class AcknowledgeReport(Command):
    """The work unit has taken note."""


class ReportNotSent(DomainError):
    """The report has not been sent yet."""


ReportCommand = DraftReport | CommentOnReport | SendReport | AcknowledgeReport


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The member may read it and comment."""

    drafted: FeedbackReportDrafted
    has_comment: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The work unit has it."""

    drafted: FeedbackReportDrafted


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The work unit has taken note."""

    drafted: FeedbackReportDrafted


ReportState = Unwritten | Drafted | Sent | Acknowledged


def decide(command: ReportCommand, state: ReportState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case DraftReport():
            return (FeedbackReportDrafted(**command.model_dump()),) if isinstance(state, Unwritten) else ()
        case CommentOnReport():
            return _comment(command, state)
        case SendReport():
            return _send(command, state)
        case AcknowledgeReport():
            return _acknowledge(state)
        case _:
            assert_never(command)


def _comment(command: CommentOnReport, state: ReportState) -> tuple[Event, ...]:
    match state:
        case Unwritten():
            raise ReportUnknown
        case Drafted(drafted):
            return (FeedbackReportCommented(report_id=drafted.report_id, member_id=drafted.member_id, comment=command.comment),)
        case Sent() | Acknowledged():
            raise ReportAlreadySent
        case _:
            assert_never(state)


def _send(command: SendReport, state: ReportState) -> tuple[Event, ...]:
    match state:
        case Unwritten():
            raise ReportUnknown
        case Drafted(drafted, has_comment):
            if command.today <= drafted.comment_until and not has_comment:
                raise CommentWindowOpen(comment_until=drafted.comment_until.isoformat())
            return (FeedbackReportSent.model_validate(drafted.model_dump()),)
        case Sent() | Acknowledged():
            return ()
        case _:
            assert_never(state)


def _acknowledge(state: ReportState) -> tuple[Event, ...]:
    match state:
        case Unwritten():
            raise ReportUnknown
        case Drafted():
            raise ReportNotSent
        case Sent(drafted):
            return (FeedbackReportAcknowledged.model_validate(drafted.model_dump()),)
        case Acknowledged():
            return ()
        case _:
            assert_never(state)


def evolve(state: ReportState, event: Event) -> ReportState:
    """Fold one event."""
    match event, state:
        case FeedbackReportDrafted(), _:
            return Drafted(event)
        case FeedbackReportCommented(), Drafted(drafted):
            return Drafted(drafted, has_comment=True)
        case FeedbackReportSent(), Drafted(drafted):
            return Sent(drafted)
        case FeedbackReportAcknowledged(), Sent(drafted):
            return Acknowledged(drafted)
        case _:
            return state


FEEDBACK_REPORT: Final[Decider[ReportCommand, ReportState]] = Decider("feedback-report", Unwritten(), decide, evolve)
