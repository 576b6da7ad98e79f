"""Whatever happens to an activity, it never overflows, and what counts is what somebody else confirmed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from services.activities.gatherings.activity import ACTIVITY, AmendActivity, CancelActivity, PublishActivity
from services.activities.gatherings.attendance import ApproveLeave, AttendanceEntry, RecordAttendance, RequestLeave
from services.activities.gatherings.service_records import ConfirmedRecord, living_records_of
from services.activities.gatherings.sign_ups import SignUp, WithdrawSignUp
from services.activities.gatherings.state import people_of, records_of
from services.activities.records.confirming import ConfirmRoster, Decline
from services.activities.records.corrections import CorrectActivity, VoidActivity
from services.activities.records.record import RECORDS
from services.activities.records.service_log import LogActivity, LogEntry, TimeElsewhere
from services.activities.records.vouching import VouchRecord
from services.activities.work_hours import LONG_DAY
from shared.contracts.activities.codes import Attendance, LeaveReason, RecipientType
from shared.contracts.activities.records import (
    ActivityConfirmed,
    ActivityCorrected,
    ActivitySignedUp,
    ActivityVoided,
    SignUpWaitlisted,
    SignUpWithdrawn,
)
from tests.activities.given import AFTERWARDS, BEFORE, CLERK, SATURDAY_MORNING, SECRETARY, UNIT, member, planned, record_id, some_id
from tests.activities.streams import Stream

PEOPLE = st.integers(1, 6)
record_ids = st.builds(lambda person, attempt: record_id(person * 100 + attempt), PEOPLE, st.integers(1, 2))
subjects = st.one_of(st.just(SECRETARY), st.just(CLERK), st.builds(lambda person: str(member(person)), PEOPLE))
moments = st.sampled_from([BEFORE, SATURDAY_MORNING, AFTERWARDS])
revisions, minutes_served = st.integers(0, 3), st.integers(1, 200)
SERVED_BEFORE = 400  # minutes of the same day that count of three of the six in another activity
EARLY = TimeElsewhere(starts_at=SATURDAY_MORNING - timedelta(hours=8), ends_at=SATURDAY_MORNING - timedelta(hours=1), minutes=SERVED_BEFORE)
ELSEWHERE = {member(number): (EARLY,) for number in (4, 5, 6)}


class ActivityAndRecords(Stream):
    """A published activity from the first name on its list to corrected records, with six people and both of the desk."""

    decider, begins, then = ACTIVITY, (planned,), (PublishActivity(),)

    @rule(person=PEOPLE, now=moments)
    def sign_up(self, person: int, now: datetime) -> None:
        self.handle(SignUp(member_id=member(person), now=now))

    @rule(person=PEOPLE)
    def withdraw(self, person: int) -> None:
        self.handle(WithdrawSignUp(member_id=member(person), now=BEFORE))

    @rule(person=PEOPLE)
    def ask_for_leave(self, person: int) -> None:
        self.handle(RequestLeave(member_id=member(person), reason_code=LeaveReason.CARE))

    @rule(person=PEOPLE, subject=subjects)
    def approve_leave(self, person: int, subject: str) -> None:
        self.handle(ApproveLeave(member_id=member(person), approved_by=subject))

    @rule(person=PEOPLE, attendance=st.sampled_from(Attendance), subject=subjects, now=moments)
    def record_attendance(self, person: int, attendance: Attendance, subject: str, now: datetime) -> None:
        entry = AttendanceEntry(member_id=member(person), attendance=attendance)
        self.handle(RecordAttendance(entries=(entry,), recorder=subject, now=now))

    @rule(person=PEOPLE, attempt=st.integers(1, 2), subject=subjects, minutes=minutes_served)
    def log(self, person: int, attempt: int, subject: str, minutes: int) -> None:
        entry = LogEntry(record_id=record_id(person * 100 + attempt), member_id=member(person), unit_id=UNIT, minutes=minutes)
        values: Any = {"recipient_type": RecipientType.COMMUNITY, "content": "清理", "recorder": subject, "now": AFTERWARDS}
        self.handle(LogActivity(entries=(entry,), **values), RECORDS)

    @rule(subject=subjects)
    def confirm_all(self, subject: str) -> None:
        self.handle(ConfirmRoster(confirmed_by=subject, elsewhere=ELSEWHERE), RECORDS)

    @rule(subject=st.one_of(subjects, st.just("street")), record=record_ids, revision=revisions)
    def vouch(self, subject: str, record: UUID, revision: int) -> None:
        known = records_of(self.state).get(record)
        command = VouchRecord(
            record_id=record,
            vouched_by=subject,
            by_street=subject == "street",
            reason="第二人确认",
            corrects_event_id=some_id("ab", 1),
            revision=revision,
            elsewhere=ELSEWHERE.get(known.logged.member_id, ()) if known else (),
        )
        self.handle(command, RECORDS)

    @rule(subject=subjects, record=record_ids)
    def decline(self, subject: str, record: UUID) -> None:
        self.handle(ConfirmRoster(confirmed_by=subject, record_ids=(), decline=(Decline(record_id=record, reason="未参加"),)), RECORDS)

    @rule(record=record_ids, subject=subjects, minutes=minutes_served, revision=revisions)
    def correct(self, record: UUID, subject: str, minutes: int, revision: int) -> None:
        known = records_of(self.state).get(record)
        self.handle(
            CorrectActivity(
                record_id=record,
                corrects_event_id=some_id("ab", 1),
                revision=revision,
                corrected_by=subject,
                now=AFTERWARDS,
                reason="更正",
                minutes=minutes,
                elsewhere=ELSEWHERE.get(known.logged.member_id, ()) if known else (),
            ),
            RECORDS,
        )

    @rule(record=record_ids, subject=subjects, revision=revisions)
    def void(self, record: UUID, subject: str, revision: int) -> None:
        event_id = some_id("ab", 1)
        command = VoidActivity(record_id=record, voids_event_id=event_id, revision=revision, voided_by=subject, reason="作废")
        self.handle(command, RECORDS)

    @rule(capacity=st.integers(1, 4), waiting=st.integers(0, 3))
    def amend(self, capacity: int, waiting: int) -> None:
        self.handle(AmendActivity(capacity=capacity, waiting_list_limit=waiting, now=BEFORE))

    @rule()
    def cancel(self) -> None:
        self.handle(CancelActivity(reason="暴雨"))

    @invariant()
    def places_are_kept_and_used(self) -> None:
        people, capacity = people_of(self.state), self.state.plan.capacity
        assert len(people.signed_up) <= capacity
        assert not people.waiting or len(people.signed_up) == capacity  # nobody waits while a place is free

    @invariant()
    def the_waiting_list_is_exact(self) -> None:
        waiting: list[Any] = []
        for event in self.history:
            match event:
                case SignUpWaitlisted():
                    waiting.append(event.member_id)
                    assert event.position == len(waiting)
                case ActivitySignedUp(from_waiting_list=True):
                    assert waiting.pop(0) == event.member_id  # whoever waited longest
                case ActivitySignedUp():
                    assert not waiting  # nobody overtakes those who wait
                case SignUpWithdrawn() if event.member_id in waiting:
                    waiting.remove(event.member_id)
                case _:
                    pass
        assert list(people_of(self.state).waiting) == waiting

    @invariant()
    def what_counts_was_confirmed_by_somebody_else(self) -> None:
        counting: dict[Any, int] = {}
        records = records_of(self.state)
        for event in self.history:
            match event:
                case ActivityConfirmed():
                    assert event.confirmed_by not in (str(event.member_id), records[event.record_id].logged.recorder)
                    assert event.record_id not in counting
                    counting[event.record_id] = event.minutes
                case ActivityCorrected():
                    assert event.before_minutes == counting[event.record_id]
                    assert event.minutes <= (event.ends_at - event.starts_at) / timedelta(minutes=1)
                    counting[event.record_id] = event.minutes
                case ActivityVoided():
                    assert event.before_minutes == counting.pop(event.record_id)
                case _:
                    pass
        confirmed = {key: record.counting.minutes for key, record in records.items() if isinstance(record, ConfirmedRecord)}
        assert confirmed == counting

    @invariant()
    def beyond_eight_hours_of_a_day_counts_what_two_persons_confirmed(self) -> None:
        confirmed = [each for each in records_of(self.state).values() if isinstance(each, ConfirmedRecord)]
        for who in {each.logged.member_id for each in confirmed}:
            own = [each for each in confirmed if each.logged.member_id == who]
            alone = sum(each.counting.minutes for each in own if each.counting.second_confirmed_by is None)
            assert alone + sum(each.minutes for each in ELSEWHERE.get(who, ())) <= LONG_DAY
            for each in own:
                assert each.counting.second_confirmed_by not in {str(who), each.logged.recorder}
                assert each.counting.waiting_minutes >= 0

    @invariant()
    def who_did_not_come_has_no_record(self) -> None:
        absent = {who for who, what in people_of(self.state).attendance.items() if what is Attendance.NO_SHOW}
        assert not any(living_records_of(records_of(self.state), who) for who in absent)


def test_an_activity_never_overflows_and_what_counts_is_what_somebody_else_confirmed() -> None:
    run_state_machine_as_test(ActivityAndRecords)
