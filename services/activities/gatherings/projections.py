"""Activities and who takes part."""

from typing import Any, Final

from services.activities.records.projections import record
from services.activities.writes import Write, Writes, change, fields, keep, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

PLAN_COLUMNS: Final = (
    *("community_id", "title", "activity_type", "time_band", "starts_at", "ends_at", "place", "capacity", "description"),
    *("post_id", "team_id", "six_ones_item", "unit_consent", "time_band_reason", "series_id", "is_with_minors", "waiting_list_limit"),
)


def activity(event: Recorded) -> Writes:
    """Plans, participants; records follow."""
    match data := event.data:
        case own.ActivityPlanned():
            return (save(event, "activities", fields(data, "activity_id"), {**fields(data, *PLAN_COLUMNS), "status": "PLANNED"}),)
        case own.ActivityAmended():
            return (change(event, "activities", fields(data, "activity_id"), fields(data, *PLAN_COLUMNS)),)
        case own.ActivityPublished():
            return (change(event, "activities", fields(data, "activity_id"), {"status": "PUBLISHED"}),)
        case own.ActivityCancelled():
            return (change(event, "activities", fields(data, "activity_id"), {"status": "CANCELLED", "reason": data.reason}),)
        case own.ActivitySignedUp():
            return (_participant(event, data, is_signed_up=True, waiting_since=None),)
        case own.SignUpWaitlisted():
            return (_participant(event, data, is_signed_up=False, waiting_since=event.sequence),)
        case own.SignUpWithdrawn():
            return (_participant(event, data, is_signed_up=False, waiting_since=None),)
        case own.LeaveRequested():
            return (_participant(event, data, is_signed_up=True, leave="REQUESTED", leave_reason=data.reason_code),)
        case own.LeaveApproved():
            return (_participant(event, data, is_signed_up=True, leave="APPROVED"),)
        case own.LeaveDeclined():
            return (_participant(event, data, is_signed_up=True, leave="DECLINED"),)
        case own.AttendanceRecorded():
            noted = {"attendance": data.attendance, "attendance_recorder": data.recorder}
            known = keep(_participant(event, data, is_signed_up=False))
            return (known, change(event, "participants", fields(data, "activity_id", "member_id"), noted))
        case _:
            return record(event)


def _participant(event: Recorded, data: object, **values: Any) -> Write:
    return save(event, "participants", fields(data, "activity_id", "member_id"), values)
