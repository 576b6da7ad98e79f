"""Complaints and what came of them."""

from services.activities.writes import Writes, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

COLUMNS = ("kind", "about", "organisation_id", "member_id", "unit_id", "community_id", "lodged_by", "answer_by")


def complaint(event: Recorded) -> Writes:
    """From the complaint to its answer."""
    match data := event.data:
        case own.ComplaintLodged():
            facts = {**fields(data, *COLUMNS), "content": data.text, "lodged_at": event.time, "desk": data.addressed_to}
            return (save(event, "complaints", fields(data, "complaint_id"), facts),)
        case own.ComplaintOverdue():
            return (change(event, "complaints", fields(data, "complaint_id"), {"upper_desk": data.passed_up_to}),)
        case own.ComplaintAnswered():
            return (change(event, "complaints", fields(data, "complaint_id"), fields(data, "outcome", "answer")),)
        case _:
            return ()
