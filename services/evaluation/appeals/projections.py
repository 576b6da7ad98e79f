"""Events of appeals → their table."""

from collections.abc import Iterator
from typing import Final

from shared.calendar.local_time import local_day
from shared.contracts.evaluation.hearings import AppealAccepted, AppealEscalated, AppealLodged, AppealRejected
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new


def lodged(event: Recorded, data: AppealLodged) -> Iterator[Write]:
    """The grade is under review from now on."""
    stated = fields(data, "member_id", "period_id", "unit_id", "community_id", "statement_version", "grounds", "decide_by")
    yield save_new(
        "appeals",
        fields(data, "appeal_id"),
        {**stated, "line_ids": list(data.line_ids), "status": "OPEN", "is_escalated": False, "lodged_on": local_day(event.time)},
    )


def accepted(_event: Recorded, data: AppealAccepted) -> Iterator[Write]:
    """Decided for the member."""
    yield change("appeals", fields(data, "appeal_id"), {"status": "ACCEPTED", "reasons": data.reasons})


def rejected(_event: Recorded, data: AppealRejected) -> Iterator[Write]:
    """Decided against the member."""
    yield change("appeals", fields(data, "appeal_id"), {"status": "REJECTED", "reasons": data.reasons})


def escalated(_event: Recorded, data: AppealEscalated) -> Iterator[Write]:
    """Open again, one level up."""
    yield change("appeals", fields(data, "appeal_id"), {"status": "OPEN", "is_escalated": True, **fields(data, "grounds", "decide_by")})


PROJECTIONS: Final[Projections] = {AppealLodged: lodged, AppealAccepted: accepted, AppealRejected: rejected, AppealEscalated: escalated}
