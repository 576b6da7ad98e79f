"""Events of an activity: planned, published, signed up for, attended, and the record of each member; all in the activity's stream.

A record is logged, then confirmed or declined, and once confirmed only corrected or voided: each of these events names its
`revision` (1 is the confirmation) and, when it changes an earlier one, that event's id. A voided record counts nothing.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.activities.codes import (
    ActivityOutcome,
    ActivityType,
    Attendance,
    EvidenceLevel,
    LeaveReason,
    RecipientType,
    RecordFlag,
    SixOnesItem,
    TimeBand,
)
from shared.contracts.event import Event, Value


class _PlanFacts(Value):
    activity_id: UUID
    community_id: UUID
    title: str
    activity_type: ActivityType
    time_band: TimeBand
    starts_at: datetime
    ends_at: datetime
    place: str
    capacity: int | None
    description: str = ""
    post_id: UUID | None = None
    team_id: UUID | None = None
    six_ones_item: SixOnesItem | None = None
    unit_consent: str | None = None
    time_band_reason: str | None = None
    series_id: UUID | None = None
    is_with_minors: bool = False
    waiting_list_limit: int = 0  # how many may wait for a place


class ActivityPlanned(_PlanFacts, Event):
    """An activity is prepared; members do not see it yet. `unit_consent` cites the units' consent when it lies within work hours,
    `time_band_reason` says why the organiser states another band than the official calendar.
    """

    TYPE: ClassVar[str] = "guangcai.activities.ActivityPlanned"
    VERSION: ClassVar[int] = 1


class ActivityAmended(_PlanFacts, Event):
    """The activity now is as stated here. Those signed up hear of it when `is_announced`."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivityAmended"
    VERSION: ClassVar[int] = 1

    is_announced: bool


class ActivityPublished(Event):
    """Members may sign up."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivityPublished"
    VERSION: ClassVar[int] = 1

    activity_id: UUID
    community_id: UUID


class ActivityCancelled(Event):
    """The activity does not take place."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivityCancelled"
    VERSION: ClassVar[int] = 1

    activity_id: UUID
    community_id: UUID
    reason: str


class _Participation(Value):
    activity_id: UUID
    member_id: UUID
    community_id: UUID


class ActivitySignedUp(_Participation, Event):
    """报名 by the member, or entered by somebody else with the member's recorded consent; or the next in line when a place became free."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivitySignedUp"
    VERSION: ClassVar[int] = 1

    assisted_consent: str | None = None
    from_waiting_list: bool = False


class SignUpWaitlisted(_Participation, Event):
    """候补: every place is taken; `position` in the line at that moment."""

    TYPE: ClassVar[str] = "guangcai.activities.SignUpWaitlisted"
    VERSION: ClassVar[int] = 1

    position: int
    assisted_consent: str | None = None


class SignUpWithdrawn(_Participation, Event):
    """The member does not come after all."""

    TYPE: ClassVar[str] = "guangcai.activities.SignUpWithdrawn"
    VERSION: ClassVar[int] = 1


class LeaveRequested(_Participation, Event):
    """The member asks to be excused; a code, never a diagnosis."""

    TYPE: ClassVar[str] = "guangcai.activities.LeaveRequested"
    VERSION: ClassVar[int] = 1

    reason_code: LeaveReason


class LeaveApproved(_Participation, Event):
    """The absence is excused."""

    TYPE: ClassVar[str] = "guangcai.activities.LeaveApproved"
    VERSION: ClassVar[int] = 1

    reason_code: LeaveReason


class LeaveDeclined(_Participation, Event):
    """The absence is not excused."""

    TYPE: ClassVar[str] = "guangcai.activities.LeaveDeclined"
    VERSION: ClassVar[int] = 1

    reason: str


class AttendanceRecorded(_Participation, Event):
    """出勤, with who noted it. A later one replaces an earlier one."""

    TYPE: ClassVar[str] = "guangcai.activities.AttendanceRecorded"
    VERSION: ClassVar[int] = 1

    attendance: Attendance
    recorder: str
    comment: str | None = None


class ActivityLogged(Event):
    """活动记实: one member's service as recorded, not yet confirmed. `person_in_charge` is a subject or a function, never a name,
    and so is `second_adult`, who was there besides where minors took part.
    """

    TYPE: ClassVar[str] = "guangcai.activities.ActivityLogged"
    VERSION: ClassVar[int] = 1

    record_id: UUID
    record_no: str
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    activity_name: str
    activity_type: ActivityType
    time_band: TimeBand
    place: str
    recipient_type: RecipientType
    content: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    served_on: date
    person_in_charge: str
    recorder: str
    evidence_level: EvidenceLevel
    post_id: UUID | None = None
    duty_units: int = 0
    six_ones_item: SixOnesItem | None = None
    outcomes: tuple[ActivityOutcome, ...] = ()
    flags: tuple[RecordFlag, ...] = ()
    late_reason: str | None = None
    second_adult: str | None = None


class _ScoringFacts(Value):
    """`minutes` count. `waiting_minutes` are those above eight hours of the day (twelve, after a second confirmation): they count when
    somebody else has confirmed them, too. The default says that nothing waits.
    """

    record_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    activity_type: ActivityType
    time_band: TimeBand
    served_on: date
    starts_at: datetime
    ends_at: datetime
    minutes: int
    post_id: UUID | None = None
    duty_units: int = 0
    six_ones_item: SixOnesItem | None = None
    evidence_level: EvidenceLevel
    waiting_minutes: int = 0
    second_confirmed_by: str | None = None  # where more than eight hours of the day count


class ActivityConfirmed(_ScoringFacts, Event):
    """The organiser confirmed the record: from now on it counts."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivityConfirmed"
    VERSION: ClassVar[int] = 1

    confirmed_by: str
    revision: int = 1


class ActivityDeclined(Event):
    """The organiser did not confirm the record; it never counts."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivityDeclined"
    VERSION: ClassVar[int] = 1

    record_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    reason: str
    declined_by: str


class RecordVouched(Event):
    """Somebody besides recorder and confirmer looked at the record of a long day, for the street when `by_street`."""

    TYPE: ClassVar[str] = "guangcai.activities.RecordVouched"
    VERSION: ClassVar[int] = 1

    record_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    vouched_by: str
    by_street: bool = False


class RecordCorrectionRequested(Event):
    """The member says that the record is wrong and how. The community answers until `answer_by`; without that day nobody promised one."""

    TYPE: ClassVar[str] = "guangcai.activities.RecordCorrectionRequested"
    VERSION: ClassVar[int] = 1

    record_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    request: str
    answer_by: date | None = None


class RecordCorrectionOverdue(Event):
    """The day passed and the community neither corrected the record nor said why it keeps it. Said once for each request."""

    TYPE: ClassVar[str] = "guangcai.activities.RecordCorrectionOverdue"
    VERSION: ClassVar[int] = 1

    record_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    due_on: date


class RecordCorrectionDeclined(Event):
    """The community checked and keeps the record, with the reason."""

    TYPE: ClassVar[str] = "guangcai.activities.RecordCorrectionDeclined"
    VERSION: ClassVar[int] = 1

    record_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    reason: str


class ActivityCorrected(_ScoringFacts, Event):
    """The confirmed record now counts as stated here; `corrects_event_id` is the event that it replaces, `before_*` what counted so far.
    After a second confirmation only the minutes change, and no request is answered by that.
    """

    TYPE: ClassVar[str] = "guangcai.activities.ActivityCorrected"
    VERSION: ClassVar[int] = 1

    corrects_event_id: UUID
    revision: int
    reason: str
    corrected_by: str
    before_minutes: int
    before_served_on: date
    before_post_id: UUID | None = None
    before_duty_units: int = 0
    before_six_ones_item: SixOnesItem | None = None
    is_second_confirmation: bool = False


class ActivityVoided(Event):
    """The confirmed record counts nothing any more; `voids_event_id` is the event that it takes back, `before_*` what counted so far."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivityVoided"
    VERSION: ClassVar[int] = 1

    record_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    voids_event_id: UUID
    revision: int
    reason: str
    voided_by: str
    before_minutes: int
    before_served_on: date
    before_post_id: UUID | None = None
    before_duty_units: int = 0
    before_six_ones_item: SixOnesItem | None = None
