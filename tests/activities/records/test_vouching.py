"""Eight hours of a day count at once, the rest after a second look; overlaps are judged at confirmation; late entries say why."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.activities.records.confirming import ConfirmRoster
from services.activities.records.corrections import CorrectActivity, DeclineRecordCorrection
from services.activities.records.record import RECORDS
from services.activities.records.service_log import LateEntryNeedsReason, LogActivity, LogEntry, TimeElsewhere
from services.activities.records.vouching import (
    ConfirmerMayNotVouch,
    FlaggedRecordNeedsALook,
    RecorderMayNotConfirm,
    RecordHasMovedOn,
    RecordIsNotOpen,
    RecordUnknown,
    StreetReviewNeeded,
    VouchRecord,
)
from services.activities.refusals import NobodyConfirmsTheirOwn
from shared.contracts.activities.codes import RecipientType, RecordFlag
from shared.contracts.activities.records import (
    ActivityConfirmed,
    ActivityCorrected,
    ActivityLogged,
    RecordCorrectionDeclined,
    RecordCorrectionRequested,
    RecordVouched,
)
from shared.identity import Role
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import (
    AFTERWARDS,
    CLERK,
    COMMUNITY,
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
ACCEPT = {"confirmed_by": SECRETARY, "accept_flagged": (record_id(1),)}
LONG = (RecordFlag.OVER_EIGHT_HOURS,)
EVENT_ID = some_id("ab", 1)


@pytest.fixture(autouse=True)
def same_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test on the service starts on the same day."""
    if "district" not in request.fixturenames:
        yield
        return
    service = request.getfixturevalue("service")
    start = service.now
    yield
    service.now = start


def vouched(by: str, *, by_street: bool = False) -> RecordVouched:
    return RecordVouched(**person(1), record_id=record_id(1), vouched_by=by, by_street=by_street)


SECOND, STREET = "second", "street"
AROUND_THE_CLOCK = {"ends_at": SATURDAY_MORNING + timedelta(hours=14)}


def day(minutes: int, **changes: Any) -> ActivityLogged:
    """A record of so many minutes of one day."""
    return logged(1, minutes=minutes, **AROUND_THE_CLOCK, **changes)


def counting(minutes: int, waiting: int, second: str | None = None) -> ActivityConfirmed:
    return confirmed(1, minutes=minutes, waiting_minutes=waiting, second_confirmed_by=second, **AROUND_THE_CLOCK)


def vouch(by: str, number: int = 1, revision: int = 1, **changes: Any) -> VouchRecord:
    return VouchRecord(
        record_id=record_id(number), vouched_by=by, reason="第二人确认", corrects_event_id=EVENT_ID, revision=revision, **changes
    )


def elsewhere(minutes: int, hours_later: int = 0, days_later: int = 0) -> TimeElsewhere:
    starts_at = SATURDAY_MORNING + timedelta(days=days_later, hours=hours_later)
    return TimeElsewhere(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), minutes=minutes)


@pytest.mark.parametrize("recorder", [CLERK, str(member(1))])
def test_of_nine_hours_eight_count_at_once_and_the_ninth_after_a_second_confirmation(recorder: str):
    """Whoever recorded them."""
    own = day(540, recorder=recorder, flags=LONG)
    Scenario(RECORDS).given(*OPEN, own).when(ConfirmRoster(confirmed_by=SECRETARY)).then(counting(480, 60))
    given = (*OPEN, own, counting(480, 60))
    Scenario(RECORDS).given(*given).when(vouch(SECRETARY)).then_rejected(ConfirmerMayNotVouch)
    event, more = Scenario(RECORDS).given(*given).when(vouch(SECOND)).then_events(RecordVouched, ActivityCorrected)
    assert (more.minutes, more.waiting_minutes, more.second_confirmed_by, more.is_second_confirmation) == (540, 0, SECOND, True)
    assert (more.before_minutes, more.revision, more.corrects_event_id, more.served_on) == (480, 2, EVENT_ID, own.served_on)
    Scenario(RECORDS).given(*given, event, more).when(vouch(SECOND, revision=2)).then_rejected(RecordIsNotOpen)
    Scenario(RECORDS).given(*given).when(vouch(SECOND, revision=7)).then_rejected(RecordHasMovedOn)


def test_who_vouched_before_is_the_second_unless_they_confirm_themselves():
    given = (*OPEN, day(540), vouched(SECOND))
    Scenario(RECORDS).given(*given).when(ConfirmRoster(confirmed_by=SECRETARY)).then(counting(540, 0, SECOND))
    Scenario(RECORDS).given(*given).when(ConfirmRoster(confirmed_by=SECOND)).then(
        counting(480, 60).model_copy(update={"confirmed_by": SECOND})
    )


def test_what_is_above_twelve_hours_waits_for_the_street():
    given = (*OPEN, day(13 * 60))
    Scenario(RECORDS).given(*given).when(ConfirmRoster(confirmed_by=SECRETARY)).then(counting(480, 300))
    Scenario(RECORDS).given(*given, vouched(SECOND)).when(ConfirmRoster(confirmed_by=SECRETARY)).then(counting(720, 60, SECOND))
    seen = (*given, vouched(STREET, by_street=True))
    Scenario(RECORDS).given(*seen).when(ConfirmRoster(confirmed_by=SECRETARY)).then(counting(780, 0, STREET))
    before = (*given, counting(480, 300))
    (first, more) = Scenario(RECORDS).given(*before).when(vouch(SECOND)).then_events(RecordVouched, ActivityCorrected)
    assert (more.minutes, more.waiting_minutes) == (720, 60)
    Scenario(RECORDS).given(*before, first, more).when(vouch("third", revision=2)).then_rejected(StreetReviewNeeded)
    (_, all_of_it) = (
        Scenario(RECORDS)
        .given(*before, first, more)
        .when(vouch(STREET, revision=2, by_street=True))
        .then_events(RecordVouched, ActivityCorrected)
    )
    assert (all_of_it.minutes, all_of_it.waiting_minutes, all_of_it.before_minutes) == (780, 0, 720)


@pytest.mark.parametrize(
    ("others", "minutes", "counts"),
    [
        ((elsewhere(300, 10),), 240, 180),
        ((elsewhere(480, 10),), 240, 0),
        ((elsewhere(600, 10),), 240, 0),
        ((elsewhere(300, 10), elsewhere(120, 12)), 240, 60),
        ((elsewhere(480, days_later=1), elsewhere(480, days_later=-1)), 480, 480),
        ((), 480, 480),
        ((), 481, 480),
    ],
)
def test_the_eight_hours_are_those_of_the_day(others: tuple[TimeElsewhere, ...], minutes: int, counts: int):
    """Of all activities together."""
    command = ConfirmRoster(confirmed_by=SECRETARY, elsewhere={member(1): others}, accept_flagged=(record_id(1),))
    (event,) = Scenario(RECORDS).given(*OPEN, day(minutes)).when(command).then_events(ActivityConfirmed)
    assert (event.minutes, event.waiting_minutes) == (counts, minutes - counts)


def test_two_records_of_a_day_share_its_eight_hours():
    late = SATURDAY_MORNING + timedelta(hours=14)
    second = logged(2, **person(1), minutes=300, starts_at=late, ends_at=late + timedelta(minutes=300))
    given = (*OPEN, day(360), second)
    one, two = Scenario(RECORDS).given(*given).when(ConfirmRoster(confirmed_by=SECRETARY)).then_events(ActivityConfirmed, ActivityConfirmed)
    assert [(each.minutes, each.waiting_minutes) for each in (one, two)] == [(360, 0), (120, 180)]


def correct(minutes: int | None = None, revision: int = 1, **changes: Any) -> CorrectActivity:
    values: dict[str, Any] = {
        "corrects_event_id": EVENT_ID,
        "corrected_by": SECRETARY,
        "now": AFTERWARDS + timedelta(days=1),
        "reason": "时长有误",
        **changes,
    }
    return CorrectActivity(record_id=record_id(1), minutes=minutes, revision=revision, **values)


def test_nobody_alone_corrects_a_day_above_eight_hours():
    given = (*OPEN, day(120), counting(120, 0))
    (longer,) = Scenario(RECORDS).given(*given).when(correct(600)).then_events(ActivityCorrected)
    assert (longer.minutes, longer.waiting_minutes, longer.is_second_confirmation) == (480, 120, False)
    Scenario(RECORDS).given(*given, longer).when(vouch(SECRETARY, revision=2)).then_rejected(ConfirmerMayNotVouch)
    _, more = Scenario(RECORDS).given(*given, longer).when(vouch(SECOND, revision=2)).then_events(RecordVouched, ActivityCorrected)
    assert (more.minutes, more.waiting_minutes) == (600, 0)


def test_a_second_confirmation_holds_for_what_was_seen():
    given = (*OPEN, day(600), vouched(SECOND), counting(600, 0, SECOND))
    (units,) = Scenario(RECORDS).given(*given).when(correct(duty_units=3)).then_events(ActivityCorrected)
    assert (units.minutes, units.waiting_minutes, units.second_confirmed_by) == (600, 0, SECOND)
    (shorter,) = Scenario(RECORDS).given(*given).when(correct(540)).then_events(ActivityCorrected)
    assert (shorter.minutes, shorter.waiting_minutes, shorter.second_confirmed_by) == (540, 0, SECOND)
    (longer,) = Scenario(RECORDS).given(*given).when(correct(660)).then_events(ActivityCorrected)
    assert (longer.minutes, longer.waiting_minutes, longer.second_confirmed_by) == (480, 180, None)
    _, again = Scenario(RECORDS).given(*given, longer).when(vouch(SECOND, revision=2)).then_events(RecordVouched, ActivityCorrected)
    assert (again.minutes, again.waiting_minutes) == (660, 0)


def test_a_second_confirmation_leaves_the_members_request_open():
    asked = RecordCorrectionRequested(
        **person(1), record_id=record_id(1), request="应为十小时", answer_by=SATURDAY_MORNING.date() + timedelta(days=14)
    )
    given = (*OPEN, day(540), counting(480, 60), asked)
    events = Scenario(RECORDS).given(*given).when(vouch(SECOND)).then_events(RecordVouched, ActivityCorrected)
    declined = DeclineRecordCorrection(record_id=record_id(1), declined_by=SECRETARY, reason="签到表为九小时")
    Scenario(RECORDS).given(*given, *events).when(declined).then_events(RecordCorrectionDeclined)


def test_nobody_vouches_for_their_own_record_or_one_they_recorded():
    given = (*OPEN, logged(1, flags=LONG))
    Scenario(RECORDS).given(*given).when(vouch("second")).then(vouched("second"))
    Scenario(RECORDS).given(*given, vouched("second")).when(vouch("second")).then_nothing()
    Scenario(RECORDS).given(*given).when(vouch(str(member(1)))).then_rejected(NobodyConfirmsTheirOwn)
    Scenario(RECORDS).given(*given).when(vouch(CLERK)).then_rejected(RecorderMayNotConfirm)
    Scenario(RECORDS).given(*given).when(vouch("second", 9)).then_rejected(RecordUnknown)
    Scenario(RECORDS).given(*given, confirmed(1)).when(vouch("second")).then_rejected(RecordIsNotOpen)


def test_overlaps_are_judged_again_when_a_record_is_confirmed():
    since = TimeElsewhere(starts_at=SATURDAY_MORNING + timedelta(hours=1), ends_at=SATURDAY_NOON, minutes=120)
    given, elsewhere = (*OPEN, logged(1)), {member(1): (since,)}
    blind = ConfirmRoster(confirmed_by=SECRETARY, elsewhere=elsewhere)
    Scenario(RECORDS).given(*given).when(blind).then_rejected(FlaggedRecordNeedsALook, record_ids=[str(record_id(1))])
    Scenario(RECORDS).given(*given).when(ConfirmRoster(**ACCEPT, elsewhere=elsewhere)).then(confirmed(1))


def test_a_late_entry_says_why():
    entry = LogEntry(member_id=member(1), record_id=record_id(1), unit_id=UNIT)
    values: dict[str, Any] = {"recipient_type": RecipientType.COMMUNITY, "content": "清理楼道", "entries": (entry,), "recorder": CLERK}
    late = AFTERWARDS + timedelta(days=40)
    Scenario(RECORDS).given(*OPEN).when(LogActivity(**values, now=late)).then_rejected(LateEntryNeedsReason, days=30)
    explained = LogActivity(**values, now=late, late_reason="纸质记录补录")
    (event,) = Scenario(RECORDS).given(*OPEN).when(explained).then_events(ActivityLogged)
    assert event.late_reason == "纸质记录补录"


async def test_a_very_long_day_goes_through_the_street(district: District) -> None:
    starts_at = district.service.now + timedelta(days=2)
    activity_id = await district.open_activity(ends_at=(starts_at + timedelta(hours=13)).isoformat())
    district.service.now += timedelta(days=4)
    record = (await district.log(activity_id, 1))["result"]["record_ids"][str(member(1))]
    path = f"/activities/{activity_id}"

    async def counted() -> tuple[str, int, int]:
        await district.service.settled()
        (found,) = (await district.get("/me/records", district.member(1)))["items"]
        return found["status"], found["minutes"], found["waiting_minutes"]

    await district.post(f"{path}/confirm", district.secretary)
    assert await counted() == ("CONFIRMED", 480, 300)
    await district.post(f"{path}/records/{record}/vouch", district.elsewhere, 403)
    await district.post(f"{path}/records/{record}/vouch", district.member(2), 403)
    assert (await district.post(f"{path}/records/{record}/vouch", district.secretary, 409))["code"] == "confirmer_may_not_vouch"
    second = district.service.token(Role.COMMUNITY_CLERK, subject="second", organisations=[COMMUNITY])
    await district.post(f"{path}/records/{record}/vouch", second)
    assert await counted() == ("CONFIRMED", 720, 60)
    third = district.service.token(Role.COMMUNITY_CLERK, subject="third", organisations=[COMMUNITY])
    assert (await district.post(f"{path}/records/{record}/vouch", third, 409))["code"] == "street_review_needed"
    street = district.service.token(Role.STREET_ADMIN, subject="street")
    await district.post(f"{path}/records/{record}/vouch", street)
    assert await counted() == ("CONFIRMED", 780, 0)


async def test_confirming_looks_at_what_was_confirmed_since(district: District) -> None:
    first, second = await district.open_activity(), await district.open_activity(title="文艺演出")
    district.service.now += timedelta(days=3)
    early = (await district.log(first, 1))["result"]["record_ids"][str(member(1))]
    await district.service.settled()
    late = (await district.log(second, 1))["result"]["record_ids"][str(member(1))]
    await district.post(f"/activities/{second}/confirm", district.secretary, accept_flagged=[late])
    await district.service.settled()
    refused = await district.post(f"/activities/{first}/confirm", district.secretary, 409)
    assert (refused["code"], refused["facts"]) == ("flagged_record_needs_a_look", {"record_ids": [early]})
    await district.post(f"/activities/{first}/confirm", district.secretary, accept_flagged=[early])


async def test_two_records_of_a_member_count_what_was_elsewhere_once(district: District) -> None:
    morning = (district.service.now + timedelta(days=2)).replace(hour=0)  # eight o'clock in China

    def times(begins: int, ends: int) -> dict[str, str]:
        return {"starts_at": (morning + timedelta(hours=begins)).isoformat(), "ends_at": (morning + timedelta(hours=ends)).isoformat()}

    first, second = await district.open_activity(**times(0, 5)), await district.open_activity(title="文艺演出", **times(6, 10))
    district.service.now += timedelta(days=3)
    await district.log(first, 1)
    await district.post(f"/activities/{first}/confirm", district.secretary)
    for begins in (6, 8):
        await district.service.settled()
        assert (await district.log(second, 1, **times(begins, begins + 1)))["result"]["flagged"] == {}
    await district.post(f"/activities/{second}/confirm", district.secretary)  # seven hours in all, nothing to look at
