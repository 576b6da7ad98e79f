"""Feedback reports by example."""

from datetime import date
from typing import Any
from uuid import UUID

from services.evaluation.reports.feedback_report import (
    FEEDBACK_REPORT,
    AcknowledgeReport,
    CommentOnReport,
    CommentWindowOpen,
    DraftReport,
    ReportAlreadySent,
    ReportNotSent,
    ReportUnknown,
    SendReport,
)
from shared.contracts.evaluation.assessments import (
    FeedbackReportAcknowledged,
    FeedbackReportCommented,
    FeedbackReportDrafted,
    FeedbackReportSent,
)
from shared.testing.scenario import Scenario
from tests.evaluation.given import COMMUNITY, MEMBER, UNIT

DRAFT: dict[str, Any] = {
    "report_id": UUID(int=6), "member_id": MEMBER, "community_id": COMMUNITY, "unit_id": UNIT, "year": 2026, "quarter": 2,
    "activities": 4, "minutes": 480, "comment_until": date(2026, 7, 10),
}  # fmt: skip


def test_the_member_sees_a_report_before_the_unit() -> None:
    drafted = FeedbackReportDrafted(**DRAFT)
    Scenario(FEEDBACK_REPORT).when(DraftReport(**DRAFT)).then(drafted)
    given = Scenario(FEEDBACK_REPORT).given(drafted)
    given.when(SendReport(today=date(2026, 7, 10))).then_rejected(CommentWindowOpen, comment_until="2026-07-10")
    given.when(AcknowledgeReport()).then_rejected(ReportNotSent)
    (sent,) = given.when(SendReport(today=date(2026, 7, 11))).then_events(FeedbackReportSent)
    Scenario(FEEDBACK_REPORT).given(drafted, sent).when(CommentOnReport(comment="晚了")).then_rejected(ReportAlreadySent)
    Scenario(FEEDBACK_REPORT).given(drafted, sent).when(AcknowledgeReport()).then_events(FeedbackReportAcknowledged)
    Scenario(FEEDBACK_REPORT).when(SendReport(today=date(2026, 7, 11))).then_rejected(ReportUnknown)
    (commented,) = Scenario(FEEDBACK_REPORT).given(drafted).when(CommentOnReport(comment="属实")).then_events(FeedbackReportCommented)
    Scenario(FEEDBACK_REPORT).given(drafted, commented).when(SendReport(today=date(2026, 7, 2))).then_events(FeedbackReportSent)
    for command in (CommentOnReport(comment="属实"), AcknowledgeReport()):
        Scenario(FEEDBACK_REPORT).when(command).then_rejected(ReportUnknown)
