"""Complaints and what came of them as rows."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.complaints import ComplaintAnswered, ComplaintLodged, ComplaintOverdue
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save

COLUMNS: Final = ("kind", "about", "organisation_id", "member_id", "unit_id", "community_id", "lodged_by", "answer_by")


def lodged(event: Recorded, data: ComplaintLodged) -> Iterator[Write]:
    """At the desk that answers it."""
    facts = {**fields(data, *COLUMNS), "content": data.text, "lodged_at": event.time, "desk": data.addressed_to}
    yield save("complaints", fields(data, "complaint_id"), facts)


def overdue(_event: Recorded, data: ComplaintOverdue) -> Iterator[Write]:
    """The desk above may answer too."""
    yield change("complaints", fields(data, "complaint_id"), {"upper_desk": data.passed_up_to})


def answered(_event: Recorded, data: ComplaintAnswered) -> Iterator[Write]:
    """What came of it."""
    yield change("complaints", fields(data, "complaint_id"), fields(data, "outcome", "answer"))


PROJECTIONS: Final[Projections] = {ComplaintLodged: lodged, ComplaintOverdue: overdue, ComplaintAnswered: answered}
