"""Plans, sign-ups, leave and attendance."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.activities.gatherings.activity import (
    ACTIVITY,
    ActivityEndsBeforeItStarts,
    ActivityHasRecords,
    AmendActivity,
    CancelActivity,
    PlanActivity,
    PublishActivity,
)
from services.activities.gatherings.attendance import (
    ActivityHasNotBegun,
    AlreadyLogged,
    ApproveLeave,
    AttendanceEntry,
    DeclineLeave,
    LeaveWasApproved,
    NobodyRecordsTheirOwnAttendance,
    NoLeaveRequested,
    NotSignedUp,
    RecordAttendance,
    RequestLeave,
)
from services.activities.gatherings.sign_ups import ActivityIsFull, SignUp, SignUpIsOver, WithdrawSignUp
from services.activities.gatherings.state import ActivityIsNotOpen
from services.activities.refusals import NobodyConfirmsTheirOwn
from services.activities.work_hours import default_time_band
from shared.contracts.activities.codes import ActivityType, Attendance, LeaveReason, SixOnesItem, TimeBand
from shared.contracts.activities.records import (
    ActivityAmended,
    ActivityCancelled,
    ActivityPlanned,
    ActivitySignedUp,
    AttendanceRecorded,
    LeaveApproved,
    LeaveDeclined,
    LeaveRequested,
    SignUpWaitlisted,
    SignUpWithdrawn,
)
from shared.testing.scenario import Scenario
from tests.activities.given import (
    ACTIVITY_ID,
    AFTERWARDS,
    BEFORE,
    CLERK,
    COMMUNITY,
    PLAN,
    SATURDAY_MORNING,
    SATURDAY_NOON,
    SECRETARY,
    confirmed,
    logged,
    member,
    person,
    planned,
    published,
)

OPEN = (planned, published)
DRAFT = {name: value for name, value in PLAN.items() if name not in ("time_band", "six_ones_item")}


def signed_up(number: int) -> ActivitySignedUp:
    return ActivitySignedUp(**person(number))


def noted(number: int, attendance: Attendance, recorder: str = CLERK) -> AttendanceRecorded:
    return AttendanceRecorded(**person(number), attendance=attendance, recorder=recorder)


def attendance(number: int, what: Attendance, **more: Any) -> RecordAttendance:
    values = {"recorder": CLERK, "now": AFTERWARDS, **more}
    return RecordAttendance(entries=(AttendanceEntry(member_id=member(number), attendance=what),), **values)


def test_a_plan_takes_time_band_and_item_from_calendar_and_type():
    Scenario(ACTIVITY).when(PlanActivity(**DRAFT)).then(planned)
    monday = {"starts_at": datetime(2026, 3, 9, 2, tzinfo=UTC), "ends_at": datetime(2026, 3, 9, 4, tzinfo=UTC)}
    talk = {**DRAFT, **monday, "activity_type": ActivityType.POLICY_TALK}
    (plan,) = Scenario(ACTIVITY).when(PlanActivity(**talk)).then_events(ActivityPlanned)
    assert isinstance(plan, ActivityPlanned)
    assert (plan.time_band, plan.six_ones_item) == (TimeBand.WITHIN_WORK_HOURS, SixOnesItem.POLICY_TALK)
    (plan,) = Scenario(ACTIVITY).when(PlanActivity(**talk, without_six_ones_item=True)).then_events(ActivityPlanned)
    assert isinstance(plan, ActivityPlanned)
    assert plan.six_ones_item is None


def test_time_band_touches_work_hours_or_not():
    def china(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)

    inside, outside = TimeBand.WITHIN_WORK_HOURS, TimeBand.OUTSIDE_WORK_HOURS
    assert default_time_band(china(9, 17), china(9, 19)) is inside
    assert default_time_band(china(9, 17, 30), china(9, 19)) is outside
    assert default_time_band(china(9, 7), china(9, 8, 30)) is outside
    assert default_time_band(china(7, 9), china(8, 17)) is outside  # Saturday to Sunday
    assert default_time_band(china(8, 9), china(9, 9)) is inside  # Sunday to Monday


def test_an_activity_has_to_end_after_it_starts():
    backwards = {**DRAFT, "ends_at": SATURDAY_MORNING}
    endless = {**DRAFT, "ends_at": SATURDAY_MORNING + timedelta(days=32)}
    for draft in (backwards, endless):
        Scenario(ACTIVITY).when(PlanActivity(**draft)).then_rejected(ActivityEndsBeforeItStarts)


def test_an_activity_is_published_once_and_cancelled_for_good():
    cancelled = ActivityCancelled(activity_id=ACTIVITY_ID, community_id=COMMUNITY, reason="暴雨")
    Scenario(ACTIVITY).given(planned).when(PublishActivity()).then(published)
    Scenario(ACTIVITY).given(*OPEN).when(PublishActivity()).then_nothing()
    Scenario(ACTIVITY).given(*OPEN).when(CancelActivity(reason="暴雨")).then(cancelled)
    Scenario(ACTIVITY).given(*OPEN, cancelled).when(CancelActivity(reason="暴雨")).then_nothing()
    Scenario(ACTIVITY).given(*OPEN, cancelled).when(PublishActivity()).then_rejected(ActivityIsNotOpen)
    Scenario(ACTIVITY).given(*OPEN, cancelled).when(SignUp(member_id=member(1), now=BEFORE)).then_rejected(ActivityIsNotOpen)


def test_what_was_recorded_is_neither_cancelled_nor_changed():
    for command in (CancelActivity(reason="撤销"), AmendActivity(title="改名", now=BEFORE)):
        Scenario(ACTIVITY).given(*OPEN, logged(1)).when(command).then_rejected(ActivityHasRecords)


def test_an_amended_plan_is_announced_only_when_asked():
    amended = ActivityAmended(**{**PLAN, "place": "会议室"}, is_announced=False)
    Scenario(ACTIVITY).given(*OPEN).when(AmendActivity(place="会议室", now=BEFORE)).then(amended)
    Scenario(ACTIVITY).given(*OPEN).when(AmendActivity(place="社区广场", now=BEFORE)).then_nothing()
    Scenario(ACTIVITY).given(*OPEN, signed_up(1), signed_up(2)).when(AmendActivity(capacity=1, now=BEFORE)).then_rejected(ActivityIsFull)


def test_a_member_signs_up_while_there_is_room_and_before_it_begins():
    command = SignUp(member_id=member(1), now=BEFORE)
    Scenario(ACTIVITY).given(*OPEN).when(command).then(signed_up(1))
    Scenario(ACTIVITY).given(*OPEN, signed_up(1)).when(command).then_nothing()
    Scenario(ACTIVITY).given(*OPEN, signed_up(2), signed_up(3)).when(command).then_rejected(ActivityIsFull, capacity=2)
    Scenario(ACTIVITY).given(*OPEN).when(SignUp(member_id=member(1), now=SATURDAY_MORNING)).then_rejected(SignUpIsOver)
    Scenario(ACTIVITY).given(planned).when(command).then_rejected(ActivityIsNotOpen)


def test_when_all_places_are_taken_the_next_wait_in_line_and_move_up():
    lined = ActivityPlanned(**{**PLAN, "capacity": 2, "waiting_list_limit": 2})
    full = (lined, published, signed_up(1), signed_up(2))
    line = (SignUpWaitlisted(**person(3), position=1), SignUpWaitlisted(**person(4), position=2))
    moved_up = ActivitySignedUp(**person(3), from_waiting_list=True)
    Scenario(ACTIVITY).given(*full).when(SignUp(member_id=member(3), now=BEFORE)).then(line[0])
    Scenario(ACTIVITY).given(*full, *line).when(SignUp(member_id=member(3), now=BEFORE)).then_nothing()
    Scenario(ACTIVITY).given(*full, *line).when(SignUp(member_id=member(5), now=BEFORE)).then_rejected(ActivityIsFull)
    gone = SignUpWithdrawn(**person(1))
    Scenario(ACTIVITY).given(*full, *line).when(WithdrawSignUp(member_id=member(1), now=BEFORE)).then(gone, moved_up)
    Scenario(ACTIVITY).given(*full, *line).when(WithdrawSignUp(member_id=member(3), now=BEFORE)).then(SignUpWithdrawn(**person(3)))
    Scenario(ACTIVITY).given(*full, *line, gone, moved_up).when(SignUp(member_id=member(5), now=BEFORE)).then(
        SignUpWaitlisted(**person(5), position=2)
    )
    larger = ActivityAmended(**{**PLAN, "capacity": 3, "waiting_list_limit": 2}, is_announced=False)
    Scenario(ACTIVITY).given(*full, *line).when(AmendActivity(capacity=3, now=BEFORE)).then(larger, moved_up)


def test_once_an_activity_has_begun_more_places_bring_nobody_off_the_waiting_list():
    lined = ActivityPlanned(**{**PLAN, "waiting_list_limit": 2})
    given = (lined, published, signed_up(1), signed_up(2), SignUpWaitlisted(**person(3), position=1))
    larger = ActivityAmended(**{**PLAN, "capacity": 3, "waiting_list_limit": 2}, is_announced=False)
    Scenario(ACTIVITY).given(*given).when(AmendActivity(capacity=3, now=SATURDAY_MORNING)).then(larger)
    later = {"starts_at": SATURDAY_MORNING + timedelta(days=7), "ends_at": SATURDAY_NOON + timedelta(days=7)}
    put_off = AmendActivity(**later, now=SATURDAY_MORNING)
    Scenario(ACTIVITY).given(*given, larger).when(put_off).then_events(ActivityAmended, ActivitySignedUp)


def test_a_member_withdraws_before_it_begins():
    Scenario(ACTIVITY).given(*OPEN, signed_up(1)).when(WithdrawSignUp(member_id=member(1), now=BEFORE)).then(SignUpWithdrawn(**person(1)))
    Scenario(ACTIVITY).given(*OPEN).when(WithdrawSignUp(member_id=member(1), now=BEFORE)).then_nothing()
    late = WithdrawSignUp(member_id=member(1), now=SATURDAY_NOON)
    Scenario(ACTIVITY).given(*OPEN, signed_up(1)).when(late).then_rejected(SignUpIsOver)


def test_leave_is_asked_for_by_code_and_approved_by_somebody_else():
    asked = LeaveRequested(**person(1), reason_code=LeaveReason.HEALTH)
    ask = RequestLeave(member_id=member(1), reason_code=LeaveReason.HEALTH)
    approve = ApproveLeave(member_id=member(1), approved_by=SECRETARY)
    approved = LeaveApproved(**person(1), reason_code=LeaveReason.HEALTH)
    Scenario(ACTIVITY).given(*OPEN).when(ask).then_rejected(NotSignedUp)
    Scenario(ACTIVITY).given(*OPEN, signed_up(1)).when(ask).then(asked)
    Scenario(ACTIVITY).given(*OPEN, signed_up(1), asked).when(ask).then_nothing()
    Scenario(ACTIVITY).given(*OPEN, signed_up(1), asked).when(approve).then(approved)
    Scenario(ACTIVITY).given(*OPEN, signed_up(1)).when(approve).then_rejected(NoLeaveRequested)
    own = ApproveLeave(member_id=member(1), approved_by=str(member(1)))
    Scenario(ACTIVITY).given(*OPEN, signed_up(1), asked).when(own).then_rejected(NobodyConfirmsTheirOwn)
    decline = DeclineLeave(member_id=member(1), declined_by=SECRETARY, reason="另有安排")
    Scenario(ACTIVITY).given(*OPEN, signed_up(1), asked).when(decline).then(LeaveDeclined(**person(1), reason="另有安排"))
    Scenario(ACTIVITY).given(*OPEN, signed_up(1), asked, approved).when(decline).then_rejected(LeaveWasApproved)


def test_leave_approved_later_excuses_a_no_show():
    asked = LeaveRequested(**person(1), reason_code=LeaveReason.CARE)
    given = (*OPEN, signed_up(1), noted(1, Attendance.NO_SHOW), asked)
    approved = LeaveApproved(**person(1), reason_code=LeaveReason.CARE)
    approve = ApproveLeave(member_id=member(1), approved_by=SECRETARY)
    Scenario(ACTIVITY).given(*given).when(approve).then(approved, noted(1, Attendance.EXCUSED, SECRETARY))


def test_a_no_show_is_noted_with_who_noted_it():
    given = (*OPEN, signed_up(1))
    Scenario(ACTIVITY).given(*given).when(attendance(1, Attendance.NO_SHOW)).then(noted(1, Attendance.NO_SHOW))
    Scenario(ACTIVITY).given(*given, noted(1, Attendance.NO_SHOW)).when(attendance(1, Attendance.NO_SHOW)).then_nothing()
    Scenario(ACTIVITY).given(*given, noted(1, Attendance.NO_SHOW)).when(attendance(1, Attendance.ATTENDED)).then(
        noted(1, Attendance.ATTENDED)
    )


def test_no_show_needs_a_sign_up_without_approved_leave_and_a_beginning():
    no_show = attendance(1, Attendance.NO_SHOW)
    approved = LeaveApproved(**person(1), reason_code=LeaveReason.WORK)
    Scenario(ACTIVITY).given(*OPEN).when(no_show).then_rejected(NotSignedUp)
    Scenario(ACTIVITY).given(*OPEN, signed_up(1), approved).when(no_show).then_rejected(LeaveWasApproved)
    early = attendance(1, Attendance.NO_SHOW, now=BEFORE)
    Scenario(ACTIVITY).given(*OPEN, signed_up(1)).when(early).then_rejected(ActivityHasNotBegun)
    Scenario(ACTIVITY).given(*OPEN, signed_up(1), logged(1), confirmed(1)).when(no_show).then_rejected(AlreadyLogged)


def test_nobody_notes_their_own_attendance():
    own = attendance(1, Attendance.ATTENDED, recorder=str(member(1)))
    Scenario(ACTIVITY).given(*OPEN, signed_up(1)).when(own).then_rejected(NobodyRecordsTheirOwnAttendance)


def test_an_amended_activity_still_ends_after_it_starts():
    backwards = AmendActivity(ends_at=SATURDAY_MORNING - timedelta(hours=1), now=BEFORE)
    Scenario(ACTIVITY).given(*OPEN).when(backwards).then_rejected(ActivityEndsBeforeItStarts)
