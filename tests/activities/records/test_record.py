"""Records: logged, confirmed as a whole roster, declined, corrected, voided."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.activities.gatherings.activity import ActivityEndsBeforeItStarts
from services.activities.gatherings.attendance import AlreadyLogged
from services.activities.gatherings.state import ActivityIsNotOpen
from services.activities.records.confirming import ConfirmRoster, Decline, NothingToConfirm
from services.activities.records.corrections import (
    CorrectActivity,
    CorrectionNotRequested,
    DeclineRecordCorrection,
    NothingCorrected,
    RecordHasMovedOn,
    RecordIsNotConfirmed,
    RemindOfCorrection,
    RequestRecordCorrection,
    VoidActivity,
)
from services.activities.records.record import RECORDS
from services.activities.records.service_log import (
    LogActivity,
    LogEntry,
    MarkedAbsent,
    MinutesExceedDuration,
    OutcomeEntry,
    OutsideTheActivity,
    TimeElsewhere,
)
from services.activities.records.vouching import FlaggedRecordNeedsALook, RecorderMayNotConfirm, RecordIsNotOpen, RecordUnknown
from services.activities.refusals import FutureRecord, NobodyConfirmsTheirOwn, TwoAdultsNeeded
from shared.contracts.activities.codes import ActivityOutcome, Attendance, EvidenceLevel, RecipientType, RecordFlag, SixOnesItem
from shared.contracts.activities.records import (
    ActivityCorrected,
    ActivityDeclined,
    ActivityLogged,
    ActivityVoided,
    AttendanceRecorded,
    RecordCorrectionDeclined,
    RecordCorrectionOverdue,
    RecordCorrectionRequested,
)
from shared.testing.scenario import Scenario
from tests.activities.given import (
    AFTERWARDS,
    CLERK,
    DAY,
    SATURDAY_MORNING,
    SATURDAY_NOON,
    SECRETARY,
    UNIT,
    confirmed,
    logged,
    member,
    person,
    planned,
    published,
    record_id,
    some_id,
)

OPEN = (planned, published)
EVENT_ID = some_id("ab", 1)
ANSWER_BY = date(2026, 3, 20)


def entry(number: int, **more: Any) -> LogEntry:
    return LogEntry(record_id=record_id(number), member_id=member(number), unit_id=UNIT, **{"duty_units": 1, **more})


def log(*entries: LogEntry, **more: Any) -> LogActivity:
    values = {"recipient_type": RecipientType.COMMUNITY, "content": "清理楼道小广告", "recorder": CLERK, "now": AFTERWARDS, **more}
    return LogActivity(entries=entries, **values)


def confirm(**more: Any) -> ConfirmRoster:
    return ConfirmRoster(**{"confirmed_by": SECRETARY, **more})


def correct(number: int = 1, **more: Any) -> CorrectActivity:
    values = {"corrects_event_id": EVENT_ID, "revision": 1, "corrected_by": SECRETARY, "reason": "时长有误", "now": AFTERWARDS, **more}
    return CorrectActivity(record_id=record_id(number), **values)


def void(number: int = 1, **more: Any) -> VoidActivity:
    values = {"voids_event_id": EVENT_ID, "revision": 1, "voided_by": SECRETARY, "reason": "记错人", **more}
    return VoidActivity(record_id=record_id(number), **values)


def record_ids(number: int) -> dict[str, Any]:
    return {"record_id": record_id(number), **person(number)}


def one_logged(command: LogActivity, *given: Any) -> ActivityLogged:
    (event,) = Scenario(RECORDS).given(*OPEN, *given).when(command).then_events(ActivityLogged)
    assert isinstance(event, ActivityLogged)
    return event


def test_a_roster_is_logged_in_one_act():
    Scenario(RECORDS).given(*OPEN).when(log(entry(1), entry(2))).then(logged(1), logged(2))


def test_minutes_leave_out_travel():
    assert one_logged(log(entry(1, travel_minutes=30))).minutes == 150
    assert one_logged(log(entry(1, minutes=90, travel_minutes=30))).minutes == 90
    too_long = log(entry(1, minutes=151, travel_minutes=30))
    Scenario(RECORDS).given(*OPEN).when(too_long).then_rejected(MinutesExceedDuration, available=150)
    Scenario(RECORDS).given(*OPEN).when(log(entry(1, travel_minutes=180))).then_rejected(MinutesExceedDuration)


def test_only_what_is_over_is_recorded_on_a_day_of_the_activity():
    Scenario(RECORDS).given(*OPEN).when(log(entry(1), now=SATURDAY_MORNING)).then_rejected(FutureRecord)
    backwards = entry(1, starts_at=SATURDAY_NOON, ends_at=SATURDAY_MORNING)
    Scenario(RECORDS).given(*OPEN).when(log(backwards)).then_rejected(ActivityEndsBeforeItStarts)
    other_day = entry(1, starts_at=SATURDAY_MORNING - timedelta(days=1), ends_at=SATURDAY_NOON - timedelta(days=1))
    Scenario(RECORDS).given(*OPEN).when(log(other_day)).then_rejected(OutsideTheActivity)
    Scenario(RECORDS).given(planned).when(log(entry(1))).then_rejected(ActivityIsNotOpen)


def test_the_same_time_is_not_recorded_twice_and_nothing_is_half_done():
    again = LogEntry(record_id=record_id(9), member_id=member(1), unit_id=UNIT)
    Scenario(RECORDS).given(*OPEN, logged(1)).when(log(entry(2), again)).then_rejected(AlreadyLogged, member_id=str(member(1)))
    Scenario(RECORDS).given(*OPEN).when(log(entry(1), again)).then_rejected(AlreadyLogged)


def test_a_declined_record_can_be_logged_anew():
    declined = ActivityDeclined(**record_ids(1), reason="记错", declined_by=SECRETARY)
    again = LogEntry(record_id=record_id(9), member_id=member(1), unit_id=UNIT)
    assert one_logged(log(again), logged(1), declined).record_id == record_id(9)


def test_somebody_noted_as_absent_is_not_logged():
    absent = AttendanceRecorded(**person(1), attendance=Attendance.NO_SHOW, recorder=CLERK)
    Scenario(RECORDS).given(*OPEN, absent).when(log(entry(1))).then_rejected(MarkedAbsent)


def test_approximate_outcomes_keep_their_wording():
    outcome = OutcomeEntry(metric="小广告", number=Decimal(1000), unit="条", approximate=True, text="1000余条")
    (kept,) = one_logged(log(entry(1), outcomes=(outcome,))).outcomes
    assert kept == ActivityOutcome(metric="小广告", number=Decimal(1000), unit="条", approximate=True, text="1000余条")


@pytest.mark.parametrize(
    ("minutes_elsewhere", "flags"),
    [(300, ()), (301, (RecordFlag.OVER_EIGHT_HOURS,)), (540, (RecordFlag.OVER_EIGHT_HOURS,)), (541, (RecordFlag.OVER_TWELVE_HOURS,))],
)
def test_long_days_are_flagged(minutes_elsewhere, flags):
    after = TimeElsewhere(starts_at=SATURDAY_NOON, ends_at=AFTERWARDS, minutes=minutes_elsewhere)
    assert one_logged(log(entry(1, elsewhere=(after,)))).flags == flags


def test_overlaps_with_other_activities_are_flagged():
    same_time = TimeElsewhere(starts_at=SATURDAY_MORNING, ends_at=SATURDAY_NOON, minutes=10)
    yesterday = TimeElsewhere(starts_at=SATURDAY_MORNING - timedelta(days=1), ends_at=SATURDAY_NOON - timedelta(days=1), minutes=700)
    assert one_logged(log(entry(1, elsewhere=(same_time,)))).flags == (RecordFlag.OVERLAP,)
    assert one_logged(log(entry(1, elsewhere=(yesterday,)))).flags == ()


def test_evidence_rises_only_by_somebody_elses_act():
    own = log(entry(1, measured=True), recorder=str(member(1)))
    assert one_logged(own).evidence_level is EvidenceLevel.SELF_REPORTED
    measured = one_logged(log(entry(1, measured=True)))
    assert measured.evidence_level is EvidenceLevel.MEASURED
    Scenario(RECORDS).given(*OPEN, measured).when(confirm()).then(confirmed(1, evidence_level=EvidenceLevel.MEASURED))


def test_one_act_confirms_the_whole_roster():
    given = (*OPEN, logged(1), logged(2), logged(3))
    decline = (Decline(record_id=record_id(3), reason="未参加"),)
    declined = ActivityDeclined(**record_ids(3), reason="未参加", declined_by=SECRETARY)
    Scenario(RECORDS).given(*given).when(confirm(decline=decline)).then(confirmed(1), confirmed(2), declined)


def test_a_chosen_part_is_confirmed_and_the_rest_stays_open():
    given = (*OPEN, logged(1), logged(2))
    Scenario(RECORDS).given(*given).when(confirm(record_ids=(record_id(2),))).then(confirmed(2))
    Scenario(RECORDS).given(*given, confirmed(2)).when(confirm(record_ids=(record_id(2),))).then_nothing()
    Scenario(RECORDS).given(*given, confirmed(2)).when(confirm()).then(confirmed(1))


def test_a_decided_record_is_not_decided_otherwise():
    declined = ActivityDeclined(**record_ids(1), reason="未参加", declined_by=SECRETARY)
    given = (*OPEN, logged(1), logged(2), declined, confirmed(2))
    Scenario(RECORDS).given(*given).when(confirm(record_ids=(record_id(1),))).then_rejected(RecordIsNotOpen)
    decline = (Decline(record_id=record_id(2), reason="未参加"),)
    Scenario(RECORDS).given(*given).when(confirm(decline=decline)).then_rejected(RecordIsNotOpen)
    Scenario(RECORDS).given(*given).when(confirm(record_ids=(record_id(7),))).then_rejected(RecordUnknown)
    Scenario(RECORDS).given(*OPEN).when(confirm()).then_rejected(NothingToConfirm)


def test_nobody_confirms_their_own_record_nor_one_they_recorded():
    given = (*OPEN, logged(1), logged(2))
    own = confirm(confirmed_by=str(member(1)))
    Scenario(RECORDS).given(*given).when(own).then_rejected(NobodyConfirmsTheirOwn, record_id=str(record_id(1)))
    Scenario(RECORDS).given(*given).when(confirm(confirmed_by=CLERK)).then_rejected(RecorderMayNotConfirm)


def test_flagged_records_are_accepted_one_by_one():
    flagged = logged(1, flags=(RecordFlag.OVERLAP,))
    given = (*OPEN, flagged, logged(2))
    Scenario(RECORDS).given(*given).when(confirm()).then_rejected(FlaggedRecordNeedsALook, record_ids=[str(record_id(1))])
    Scenario(RECORDS).given(*given).when(confirm(accept_flagged=(record_id(1),))).then(confirmed(1), confirmed(2))


def test_a_correction_names_the_event_it_corrects_and_what_counted_before():
    given = (*OPEN, logged(1), confirmed(1))
    before = {"before_minutes": 180, "before_served_on": DAY, "before_duty_units": 1, "before_post_id": logged(1).post_id}
    corrected = ActivityCorrected.model_validate(
        {
            **confirmed(1).model_dump(),
            **before,
            "before_six_ones_item": SixOnesItem.VOLUNTEER_ACTIVITY,
            "minutes": 120,
            "corrects_event_id": EVENT_ID,
            "revision": 2,
            "reason": "时长有误",
            "corrected_by": SECRETARY,
        }
    )
    Scenario(RECORDS).given(*given).when(correct(minutes=120)).then(corrected)
    Scenario(RECORDS).given(*given, corrected).when(correct(minutes=60)).then_rejected(RecordHasMovedOn, revision=2)
    (again,) = Scenario(RECORDS).given(*given, corrected).when(correct(minutes=60, revision=2)).then_events(ActivityCorrected)
    assert isinstance(again, ActivityCorrected)
    assert (again.before_minutes, again.minutes, again.revision) == (120, 60, 3)


def test_a_shorter_time_takes_its_minutes_along():
    given = (*OPEN, logged(1), confirmed(1))
    shorter = correct(ends_at=SATURDAY_MORNING + timedelta(hours=1))
    (corrected,) = Scenario(RECORDS).given(*given).when(shorter).then_events(ActivityCorrected)
    assert isinstance(corrected, ActivityCorrected)
    assert corrected.minutes == 60


def test_corrections_are_checked_like_records():
    given = (*OPEN, logged(1), confirmed(1))
    Scenario(RECORDS).given(*given).when(correct(minutes=181)).then_rejected(MinutesExceedDuration)
    Scenario(RECORDS).given(*given).when(correct(minutes=180)).then_rejected(NothingCorrected)
    Scenario(RECORDS).given(*given).when(correct(minutes=1, corrected_by=CLERK)).then_rejected(RecorderMayNotConfirm)
    own = correct(minutes=1, corrected_by=str(member(1)))
    Scenario(RECORDS).given(*given).when(own).then_rejected(NobodyConfirmsTheirOwn)
    Scenario(RECORDS).given(*OPEN, logged(1)).when(correct(minutes=1)).then_rejected(RecordIsNotConfirmed)


def test_a_voided_record_counts_nothing_and_stays_voided():
    given = (*OPEN, logged(1), confirmed(1))
    (voided,) = Scenario(RECORDS).given(*given).when(void()).then_events(ActivityVoided)
    assert isinstance(voided, ActivityVoided)
    assert (voided.voids_event_id, voided.before_minutes, voided.revision) == (EVENT_ID, 180, 2)
    Scenario(RECORDS).given(*given, voided).when(void()).then_nothing()
    Scenario(RECORDS).given(*given, voided).when(correct(minutes=1)).then_rejected(RecordIsNotConfirmed)
    Scenario(RECORDS).given(*given).when(void(voided_by=str(member(1)))).then_rejected(NobodyConfirmsTheirOwn)
    Scenario(RECORDS).given(*OPEN, logged(1)).when(void()).then_rejected(RecordIsNotConfirmed)


def test_a_member_asks_for_a_correction_of_their_own_record():
    given = (*OPEN, logged(1), confirmed(1))
    ask = RequestRecordCorrection(record_id=record_id(1), member_id=member(1), request="应为四小时", answer_by=ANSWER_BY)
    asked = RecordCorrectionRequested(**record_ids(1), request="应为四小时", answer_by=ANSWER_BY)
    decline = DeclineRecordCorrection(record_id=record_id(1), declined_by=SECRETARY, reason="签到表为三小时")
    declined = RecordCorrectionDeclined(**record_ids(1), reason="签到表为三小时")
    Scenario(RECORDS).given(*given).when(ask).then(asked)
    Scenario(RECORDS).given(*given).when(ask.model_copy(update={"member_id": member(2)})).then_rejected(RecordUnknown)
    Scenario(RECORDS).given(*given, asked).when(decline).then(declined)
    Scenario(RECORDS).given(*given).when(decline).then_rejected(CorrectionNotRequested)
    own = decline.model_copy(update={"declined_by": str(member(1))})
    Scenario(RECORDS).given(*given, asked).when(own).then_rejected(NobodyConfirmsTheirOwn)
    Scenario(RECORDS).given(*given, asked, declined).when(decline).then_rejected(CorrectionNotRequested)


def test_g10_a_request_keeps_its_day_and_when_it_passes_that_is_said_once():
    ask = RequestRecordCorrection(record_id=record_id(1), member_id=member(1), request="应为四小时", answer_by=ANSWER_BY)
    asked = RecordCorrectionRequested(**record_ids(1), request="应为四小时", answer_by=ANSWER_BY)
    overdue = RecordCorrectionOverdue(**record_ids(1), due_on=ANSWER_BY)
    remind = RemindOfCorrection(record_id=record_id(1), today=ANSWER_BY + timedelta(days=1))
    given = (*OPEN, logged(1), confirmed(1))
    again = ask.model_copy(update={"request": "应为五小时", "answer_by": ANSWER_BY + timedelta(days=9)})
    asked_again = asked.model_copy(update={"request": "应为五小时"})
    Scenario(RECORDS).given(*given, asked).when(again).then(asked_again)
    Scenario(RECORDS).given(*given, asked).when(remind.model_copy(update={"today": ANSWER_BY})).then_nothing()
    Scenario(RECORDS).given(*given, asked).when(remind).then(overdue)
    Scenario(RECORDS).given(*given, asked, overdue).when(remind).then_nothing()
    Scenario(RECORDS).given(*given, asked, overdue, asked_again).when(remind).then_nothing()
    declined = RecordCorrectionDeclined(**record_ids(1), reason="签到表为三小时")
    (corrected,) = Scenario(RECORDS).given(*given, asked).when(correct(minutes=60)).then_events(ActivityCorrected)
    for answer in (declined, corrected):
        Scenario(RECORDS).given(*given, asked, answer).when(remind).then_nothing()
    long_ago = RecordCorrectionRequested(**record_ids(1), request="应为四小时")
    Scenario(RECORDS).given(*given, long_ago).when(remind).then_nothing()
    Scenario(RECORDS).given(*given, long_ago).when(again).then(asked_again.model_copy(update={"answer_by": again.answer_by}))


def test_g14_service_with_minors_names_two_adults():
    with_minors = planned.model_copy(update={"is_with_minors": True})
    given = (with_minors, published)
    Scenario(RECORDS).given(*given).when(log(entry(1))).then_rejected(TwoAdultsNeeded)
    Scenario(RECORDS).given(*given).when(log(entry(1), entry(2))).then_events(ActivityLogged, ActivityLogged)
    Scenario(RECORDS).given(*given).when(log(entry(1), second_adult="社区社工")).then_events(ActivityLogged)
