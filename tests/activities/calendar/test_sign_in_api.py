"""The optional sign-in code changes every minute; a secret calendar link holds until it is taken back."""

from datetime import UTC, datetime, timedelta

from services.activities.calendar.link import LINK, OpenLink, RevokeLink
from services.activities.calendar.secret_codes import holds_until, is_sign_in_code, link_of, link_token, sign_in_code
from services.activities.gatherings.activity import ACTIVITY
from services.activities.gatherings.attendance import SIGN_IN_CODE, ActivityHasNotBegun, CheckIn
from services.activities.gatherings.sign_ups import SignUpIsOver
from services.activities.gatherings.state import ActivityIsNotOpen
from services.activities.refusals import WrongStep
from shared.contracts.activities.codes import Attendance
from shared.contracts.activities.links import CalendarLinkOpened, CalendarLinkRevoked
from shared.contracts.activities.records import AttendanceRecorded
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import ACTIVITY_ID, BEFORE, SATURDAY_MORNING, SATURDAY_NOON, member, person, planned, published, some_id

KEY, OTHER_KEY = b"a key", b"another key"
NOON = datetime(2026, 3, 7, 4, 0, 30, tzinfo=UTC)


def test_a_code_holds_for_its_minute_and_the_next_one():
    code = sign_in_code(KEY, "north", ACTIVITY_ID, NOON)
    assert (len(code), code.isdecimal(), holds_until(NOON)) == (6, True, NOON + timedelta(seconds=30))
    assert is_sign_in_code(KEY, "north", ACTIVITY_ID, NOON + timedelta(seconds=89), code)
    assert not is_sign_in_code(KEY, "north", ACTIVITY_ID, NOON + timedelta(seconds=90), code)
    assert not is_sign_in_code(KEY, "north", ACTIVITY_ID, NOON - timedelta(seconds=60), code)
    others = (
        sign_in_code(OTHER_KEY, "north", ACTIVITY_ID, NOON),
        sign_in_code(KEY, "north", some_id("dd", 2), NOON),
        sign_in_code(KEY, "south", ACTIVITY_ID, NOON),
    )
    assert code not in others


def test_a_token_is_good_for_its_link_and_district_only():
    link_id = some_id("a1", 1)
    token = link_token(KEY, "zhanqian", link_id)
    assert link_of(KEY, "zhanqian", token) == link_id
    wrong = (token[:-1] + ("a" if token[-1] != "a" else "b"), token[:32], some_id("a1", 2).hex + token[32:], "", "x" * 58)
    assert [link_of(KEY, "zhanqian", each) for each in wrong] == [None] * 5
    assert link_of(KEY, "xigu", token) is None
    assert link_of(OTHER_KEY, "zhanqian", token) is None


def test_checking_in_notes_the_attendance_while_the_activity_is_on():
    given = Scenario(ACTIVITY).given(planned, published)
    there = AttendanceRecorded(**person(1), attendance=Attendance.ATTENDED, recorder=SIGN_IN_CODE)
    given.when(CheckIn(member_id=member(1), now=SATURDAY_MORNING - timedelta(minutes=30))).then(there)
    given.when(CheckIn(member_id=member(1), now=SATURDAY_MORNING)).then_nothing()
    Scenario(ACTIVITY).given(planned, published).when(CheckIn(member_id=member(1), now=BEFORE)).then_rejected(ActivityHasNotBegun)
    late = CheckIn(member_id=member(1), now=SATURDAY_NOON + timedelta(minutes=1))
    Scenario(ACTIVITY).given(planned, published).when(late).then_rejected(SignUpIsOver)
    Scenario(ACTIVITY).given(planned).when(CheckIn(member_id=member(1), now=SATURDAY_MORNING)).then_rejected(ActivityIsNotOpen)


def test_only_its_member_revokes_a_link():
    ids = {"link_id": some_id("a1", 1), "member_id": member(1)}
    opened, revoked = CalendarLinkOpened(**ids), CalendarLinkRevoked(**ids)
    Scenario(LINK).when(OpenLink(**ids)).then(opened)
    Scenario(LINK).given(opened).when(RevokeLink(member_id=member(2))).then_rejected(WrongStep)
    Scenario(LINK).given(opened).when(RevokeLink(member_id=member(1))).then(revoked)
    Scenario(LINK).given(opened, revoked).when(RevokeLink(member_id=member(1))).then_nothing()


async def test_a_member_checks_in_by_the_code_that_is_shown(district: District) -> None:
    activity_id = await district.open_activity()
    path = f"/activities/{activity_id}"
    district.service.now += timedelta(days=2)
    shown = await district.get(f"{path}/sign-in-code", district.clerk)
    await district.get(f"{path}/sign-in-code", district.member(1), 403)
    await district.get(f"{path}/sign-in-code", district.elsewhere, 403)
    wrong = f"{(int(shown['code']) + 1) % 10**6:06}"
    assert (await district.post(f"{path}/check-in", district.member(1), 409, code=wrong))["code"] == "sign_in_code_wrong"
    await district.post(f"{path}/check-in", district.member(1), 422, code="12345")
    await district.post(f"{path}/check-in", district.member(1), 201, code=shown["code"])
    roster = await district.get(f"{path}/roster", district.secretary)
    assert [(each["attendance"], each["attendance_recorder"]) for each in roster["members"]] == [("ATTENDED", "sign-in-code")]
    district.service.now += timedelta(minutes=2)
    assert (await district.post(f"{path}/check-in", district.member(2), 409, code=shown["code"]))["code"] == "sign_in_code_wrong"


async def test_a_secret_link_shows_a_members_calendar_until_it_is_revoked(district: District) -> None:
    activity_id = await district.open_activity()
    await district.post(f"/activities/{activity_id}/sign-ups", district.member(1), 201)
    link = (await district.post("/me/calendar-links", district.member(1), 201))["result"]
    await district.service.settled()
    client = district.service.client
    times = {"Guangcai-Time": district.service.now.isoformat()}
    seen = await client.get(link["path"], headers=times)
    assert (seen.status_code, seen.headers["content-type"].split(";")[0]) == (200, "text/calendar")
    assert activity_id in seen.text
    assert str(member(1)) not in seen.text
    tampered = link["path"].replace(".ics", "a.ics")
    assert (await client.get(tampered, headers=times)).status_code == 404
    assert await district.get("/me/calendar-links", district.member(1)) == [link]
    assert await district.get("/me/calendar-links", district.member(2)) == []
    await district.post(f"/me/calendar-links/{link['link_id']}/revoke", district.member(2), 404)
    await district.post(f"/me/calendar-links/{link['link_id']}/revoke", district.member(1))
    await district.service.settled()
    assert (await client.get(link["path"], headers=times)).status_code == 404
