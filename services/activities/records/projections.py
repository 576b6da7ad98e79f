"""Records of service as they count now, as rows."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.activities.records import (
    ActivityConfirmed,
    ActivityCorrected,
    ActivityDeclined,
    ActivityLogged,
    ActivityVoided,
    RecordCorrectionDeclined,
    RecordCorrectionRequested,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save

LOGGED_COLUMNS: Final = (
    *("record_no", "activity_id", "member_id", "community_id", "unit_id", "activity_name", "activity_type", "time_band", "place"),
    *("recipient_type", "content", "starts_at", "ends_at", "minutes", "served_on", "person_in_charge", "recorder"),
    *("evidence_level", "post_id", "duty_units", "six_ones_item"),
)
COUNTING_COLUMNS: Final = (
    *("time_band", "served_on", "starts_at", "ends_at", "minutes", "waiting_minutes", "post_id", "duty_units"),
    *("six_ones_item", "evidence_level", "revision"),
)
ANSWERED: Final = {"correction_requested": None, "answer_correction_by": None}


def logged(event: Recorded, data: ActivityLogged) -> Iterator[Write]:
    """A record that waits for confirmation."""
    lists = {"outcomes": [each.model_dump(mode="json") for each in data.outcomes], "flags": list(data.flags)}
    start = {"status": "LOGGED", "revision": 0, "event_id": event.id}
    yield save("records", fields(data, "record_id"), {**fields(data, *LOGGED_COLUMNS), **lists, **start})


def confirmed(event: Recorded, data: ActivityConfirmed) -> Iterator[Write]:
    """The record counts."""
    decided = {"status": "CONFIRMED", "decided_by": data.confirmed_by, **ANSWERED}
    yield _decided(event, data, **fields(data, *COUNTING_COLUMNS), **decided)


def corrected(event: Recorded, data: ActivityCorrected) -> Iterator[Write]:
    """The record counts what the correction says; a second confirmation answers no request."""
    decided = {"reason": data.reason, "decided_by": data.corrected_by, **({} if data.is_second_confirmation else ANSWERED)}
    yield _decided(event, data, **fields(data, *COUNTING_COLUMNS), **decided)


def declined(event: Recorded, data: ActivityDeclined) -> Iterator[Write]:
    """The record was not confirmed."""
    yield _decided(event, data, status="DECLINED", reason=data.reason, decided_by=data.declined_by)


def voided(event: Recorded, data: ActivityVoided) -> Iterator[Write]:
    """The record counts no more."""
    decided = {"reason": data.reason, "decided_by": data.voided_by, **ANSWERED}
    yield _decided(event, data, status="VOIDED", revision=data.revision, **decided)


def correction_requested(_event: Recorded, data: RecordCorrectionRequested) -> Iterator[Write]:
    """The member asks for a correction."""
    asked = {"correction_requested": data.request, "answer_correction_by": data.answer_by}
    yield change("records", fields(data, "record_id"), asked)


def correction_declined(_event: Recorded, data: RecordCorrectionDeclined) -> Iterator[Write]:
    """The record stays as it is."""
    yield change("records", fields(data, "record_id"), {**ANSWERED, "reason": data.reason})


def _decided(event: Recorded, data: object, **values: Any) -> Write:
    return change("records", fields(data, "record_id"), {**values, "event_id": event.id})


PROJECTIONS: Final[Projections] = {
    ActivityLogged: logged,
    ActivityConfirmed: confirmed,
    ActivityCorrected: corrected,
    ActivityDeclined: declined,
    ActivityVoided: voided,
    RecordCorrectionRequested: correction_requested,
    RecordCorrectionDeclined: correction_declined,
}
