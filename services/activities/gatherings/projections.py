"""Activities and who takes part, as rows."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.activities.records import (
    ActivityAmended,
    ActivityCancelled,
    ActivityPlanned,
    ActivityPublished,
    ActivitySignedUp,
    AttendanceRecorded,
    LeaveApproved,
    LeaveDeclined,
    LeaveRequested,
    SignUpWaitlisted,
    SignUpWithdrawn,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import add, change, fields, save, save_new

PLAN_COLUMNS: Final = (
    *("community_id", "title", "activity_type", "time_band", "starts_at", "ends_at", "place", "capacity", "description"),
    *("post_id", "team_id", "six_ones_item", "unit_consent", "time_band_reason", "series_id", "is_with_minors", "waiting_list_limit"),
)


def planned(_event: Recorded, data: ActivityPlanned) -> Iterator[Write]:
    """An activity in preparation."""
    yield save("activities", fields(data, "activity_id"), {**fields(data, *PLAN_COLUMNS), "status": "PLANNED"})


def amended(_event: Recorded, data: ActivityAmended) -> Iterator[Write]:
    """Another plan; the status stays."""
    yield change("activities", fields(data, "activity_id"), fields(data, *PLAN_COLUMNS))
    yield _revised(data)


def published(_event: Recorded, data: ActivityPublished) -> Iterator[Write]:
    """The activity is open for signing up."""
    yield change("activities", fields(data, "activity_id"), {"status": "PUBLISHED"})


def cancelled(_event: Recorded, data: ActivityCancelled) -> Iterator[Write]:
    """The activity was called off."""
    yield change("activities", fields(data, "activity_id"), {"status": "CANCELLED", "reason": data.reason})
    yield _revised(data)


def signed_up(_event: Recorded, data: ActivitySignedUp) -> Iterator[Write]:
    """A place, at once or from the waiting list."""
    yield _participant(data, is_signed_up=True, waiting_since=None)


def waitlisted(event: Recorded, data: SignUpWaitlisted) -> Iterator[Write]:
    """A position on the waiting list, in order of arrival."""
    yield _participant(data, is_signed_up=False, waiting_since=event.sequence)


def withdrawn(_event: Recorded, data: SignUpWithdrawn) -> Iterator[Write]:
    """The member does not come after all."""
    yield _participant(data, is_signed_up=False, waiting_since=None)


def leave_requested(_event: Recorded, data: LeaveRequested) -> Iterator[Write]:
    """The member asks to be excused."""
    yield _participant(data, is_signed_up=True, leave="REQUESTED", leave_reason=data.reason_code)


def leave_approved(_event: Recorded, data: LeaveApproved) -> Iterator[Write]:
    """The community excuses the member."""
    yield _participant(data, is_signed_up=True, leave="APPROVED")


def leave_declined(_event: Recorded, data: LeaveDeclined) -> Iterator[Write]:
    """The community does not excuse the member."""
    yield _participant(data, is_signed_up=True, leave="DECLINED")


def attendance_recorded(_event: Recorded, data: AttendanceRecorded) -> Iterator[Write]:
    """Who came; somebody who never signed up gets a row of their own."""
    keys = fields(data, "activity_id", "member_id")
    yield save_new("participants", keys, {"is_signed_up": False})
    yield change("participants", keys, {"attendance": data.attendance, "attendance_recorder": data.recorder})


def _revised(data: object) -> Write:
    return add("activities", fields(data, "activity_id"), {"revision": 1})


def _participant(data: object, **values: Any) -> Write:
    return save("participants", fields(data, "activity_id", "member_id"), values)


PROJECTIONS: Final[Projections] = {
    ActivityPlanned: planned,
    ActivityAmended: amended,
    ActivityPublished: published,
    ActivityCancelled: cancelled,
    ActivitySignedUp: signed_up,
    SignUpWaitlisted: waitlisted,
    SignUpWithdrawn: withdrawn,
    LeaveRequested: leave_requested,
    LeaveApproved: leave_approved,
    LeaveDeclined: leave_declined,
    AttendanceRecorded: attendance_recorded,
}
