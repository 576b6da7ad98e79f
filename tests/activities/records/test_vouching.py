"""Long days need a second look, very long ones the street's; flags are judged again when records are confirmed; late entries say why."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.activities.records.confirming import ConfirmRoster
from services.activities.records.record import RECORDS
from services.activities.records.service_log import LateEntryNeedsReason, LogActivity, LogEntry, TimeElsewhere
from services.activities.records.vouching import (
    FlaggedRecordNeedsALook,
    RecorderMayNotConfirm,
    RecordIsNotOpen,
    RecordUnknown,
    SecondConfirmationNeeded,
    StreetReviewNeeded,
    VouchRecord,
)
from services.activities.refusals import NobodyConfirmsTheirOwn
from shared.contracts.activities.codes import RecipientType, RecordFlag
from shared.contracts.activities.records import ActivityLogged, RecordVouched
from shared.identity import Role
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import (
    AFTERWARDS,
    CLERK,
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
)

OPEN = (planned, published)
ACCEPT = {"confirmed_by": SECRETARY, "accept_flagged": (record_id(1),)}
LONG, VERY_LONG = (RecordFlag.OVER_EIGHT_HOURS,), (RecordFlag.OVER_TWELVE_HOURS,)


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


def test_a_long_day_that_the_member_recorded_needs_a_second_person():
    own = logged(1, flags=LONG, recorder=str(member(1)))
    alone = Scenario(RECORDS).given(*OPEN, own).when(ConfirmRoster(**ACCEPT))
    alone.then_rejected(SecondConfirmationNeeded, record_ids=[str(record_id(1))])
    Scenario(RECORDS).given(*OPEN, own, vouched(SECRETARY)).when(ConfirmRoster(**ACCEPT)).then_rejected(SecondConfirmationNeeded)
    Scenario(RECORDS).given(*OPEN, own, vouched(CLERK)).when(ConfirmRoster(**ACCEPT)).then(confirmed(1))
    Scenario(RECORDS).given(*OPEN, logged(1, flags=LONG)).when(ConfirmRoster(**ACCEPT)).then(confirmed(1))


def test_more_than_twelve_hours_need_the_street():
    given = (*OPEN, logged(1, flags=VERY_LONG))
    Scenario(RECORDS).given(*given).when(ConfirmRoster(**ACCEPT)).then_rejected(StreetReviewNeeded)
    Scenario(RECORDS).given(*given, vouched("second")).when(ConfirmRoster(**ACCEPT)).then_rejected(StreetReviewNeeded)
    Scenario(RECORDS).given(*given, vouched("street", by_street=True)).when(ConfirmRoster(**ACCEPT)).then(confirmed(1))


def test_nobody_vouches_for_their_own_record_or_one_they_recorded():
    given = (*OPEN, logged(1, flags=LONG))

    def vouch(by: str, number: int = 1) -> VouchRecord:
        return VouchRecord(record_id=record_id(number), vouched_by=by)

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
    path, accept = f"/activities/{activity_id}", {"accept_flagged": [record]}
    assert (await district.post(f"{path}/confirm", district.secretary, 409, **accept))["code"] == "street_review_needed"
    await district.post(f"{path}/records/{record}/vouch", district.elsewhere, 403)
    await district.post(f"{path}/records/{record}/vouch", district.member(2), 403)
    street = district.service.token(Role.STREET_ADMIN, subject="street")
    await district.post(f"{path}/records/{record}/vouch", street)
    await district.post(f"{path}/confirm", district.secretary, **accept)


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
