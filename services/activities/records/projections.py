"""Records of service as they count now."""

from typing import Any, Final

from services.activities.writes import Write, Writes, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

LOGGED_COLUMNS: Final = (
    *("record_no", "activity_id", "member_id", "community_id", "unit_id", "activity_name", "activity_type", "time_band", "place"),
    *("recipient_type", "content", "starts_at", "ends_at", "minutes", "served_on", "person_in_charge", "recorder"),
    *("evidence_level", "post_id", "duty_units", "six_ones_item"),
)
COUNTING_COLUMNS: Final = (
    *("time_band", "served_on", "starts_at", "ends_at", "minutes", "post_id", "duty_units", "six_ones_item", "evidence_level", "revision"),
)
ANSWERED: Final = {"correction_requested": None, "answer_correction_by": None}


def record(event: Recorded) -> Writes:
    """A record from the log to its last correction."""
    match data := event.data:
        case own.ActivityLogged():
            lists = {"outcomes": [each.model_dump(mode="json") for each in data.outcomes], "flags": list(data.flags)}
            start = {"status": "LOGGED", "revision": 0, "event_id": event.id}
            return (save(event, "records", fields(data, "record_id"), {**fields(data, *LOGGED_COLUMNS), **lists, **start}),)
        case own.ActivityConfirmed():
            decided = {"status": "CONFIRMED", "decided_by": data.confirmed_by, **ANSWERED}
            return (_record_change(event, data, **fields(data, *COUNTING_COLUMNS), **decided),)
        case own.ActivityCorrected():
            decided = {"reason": data.reason, "decided_by": data.corrected_by, **ANSWERED}
            return (_record_change(event, data, **fields(data, *COUNTING_COLUMNS), **decided),)
        case own.ActivityDeclined():
            return (_record_change(event, data, status="DECLINED", reason=data.reason, decided_by=data.declined_by),)
        case own.ActivityVoided():
            decided = {"reason": data.reason, "decided_by": data.voided_by, **ANSWERED}
            return (_record_change(event, data, status="VOIDED", revision=data.revision, **decided),)
        case own.RecordCorrectionRequested():
            asked = {"correction_requested": data.request, "answer_correction_by": data.answer_by}
            return (change(event, "records", fields(data, "record_id"), asked),)
        case own.RecordCorrectionDeclined():
            return (change(event, "records", fields(data, "record_id"), {**ANSWERED, "reason": data.reason}),)
        case _:
            return ()


def _record_change(event: Recorded, data: object, **values: Any) -> Write:
    return change(event, "records", fields(data, "record_id"), {**values, "event_id": event.id})
