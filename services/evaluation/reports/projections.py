"""Events of feedback reports → their table."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.evaluation.assessments import (
    FeedbackReportAcknowledged,
    FeedbackReportCommented,
    FeedbackReportDrafted,
    FeedbackReportSent,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new


def drafted(_event: Recorded, data: FeedbackReportDrafted) -> Iterator[Write]:
    """The member may comment."""
    who = fields(data, "member_id", "community_id", "unit_id")
    what = fields(data, "year", "quarter", "activities", "minutes", "remark", "comment_until")
    yield save_new("feedback_reports", fields(data, "report_id"), {**who, **what, "status": "DRAFTED"})


def commented(_event: Recorded, data: FeedbackReportCommented) -> Iterator[Write]:
    """The member's comment; a later one replaces it."""
    yield change("feedback_reports", fields(data, "report_id"), fields(data, "comment"))


def sent(_event: Recorded, data: FeedbackReportSent) -> Iterator[Write]:
    """The unit can read it."""
    yield change("feedback_reports", fields(data, "report_id"), {"status": "SENT"})


def acknowledged(_event: Recorded, data: FeedbackReportAcknowledged) -> Iterator[Write]:
    """The unit has taken note."""
    yield change("feedback_reports", fields(data, "report_id"), {"status": "ACKNOWLEDGED"})


PROJECTIONS: Final[Projections] = {
    FeedbackReportDrafted: drafted,
    FeedbackReportCommented: commented,
    FeedbackReportSent: sent,
    FeedbackReportAcknowledged: acknowledged,
}
