"""Activities, records, the six ones, teams, suggestions and matters over HTTP, on real PostgreSQL."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.activities.records import ActivityCorrected
from shared.contracts.registration.codes import OccupationGroup
from shared.identity import Role
from tests.activities.conftest import District, registered
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, UNIT, member


@pytest.fixture(autouse=True)
def same_day(service: Any) -> Iterator[None]:
    """Every test starts on the same day."""
    start = service.now
    yield
    service.now = start


def later(district: District, **delta: int) -> None:
    district.service.now += timedelta(**delta)


async def roster_of(district: District, activity_id: str) -> dict[str, dict[str, Any]]:
    roster = await district.get(f"/activities/{activity_id}/roster", district.secretary)
    return {each["member_id"]: each for each in roster["members"]}


async def test_a_roster_is_confirmed_in_three_steps(district: District) -> None:
    activity_id = await district.open_activity()
    for number in (1, 2, 3):
        await district.post(f"/activities/{activity_id}/sign-ups", district.member(number), 201)
    later(district, days=3)
    entries = [{"member_id": str(member(3)), "attendance": "NO_SHOW"}]
    await district.post(f"/activities/{activity_id}/attendance", district.clerk, entries=entries)
    logged = await district.log(activity_id, 1, 2, 4)
    assert len(logged["result"]["record_ids"]) == 3
    waiting = await district.get("/confirmations", district.secretary)
    assert [(each["activity_id"], each["open_records"]) for each in waiting["items"]] == [(activity_id, 3)]
    people = await roster_of(district, activity_id)
    assert (people[str(member(3))]["attendance"], people[str(member(3))]["attendance_recorder"]) == ("NO_SHOW", "clerk")
    assert not people[str(member(4))]["is_signed_up"]
    walk_in = people[str(member(4))]["records"][0]["record_id"]
    decline = [{"record_id": walk_in, "reason": "未参加"}]
    confirmed = await district.post(f"/activities/{activity_id}/confirm", district.secretary, decline=decline)
    assert (len(confirmed["result"]["confirmed"]), confirmed["result"]["declined"]) == (2, [walk_in])
    assert (await district.get("/confirmations", district.secretary))["items"] == []
    (record,) = (await district.get("/me/records", district.member(1)))["items"]
    assert (record["status"], record["minutes"], record["evidence_level"]) == ("CONFIRMED", 180, "ORGANISER_CONFIRMED")
    six_ones = await district.get("/me/six-ones", district.member(1))
    assert [(each["item"], each["source_id"]) for each in six_ones["done"]] == [("VOLUNTEER_ACTIVITY", record["record_id"])]
    assert six_ones["done"][0]["source_event_id"] == record["event_id"]
    assert len(six_ones["missing"]) == 5


async def test_neither_the_recorder_nor_the_member_confirms(district: District) -> None:
    activity_id = await district.open_activity()
    later(district, days=3)
    await district.log(activity_id, 1)
    path = f"/activities/{activity_id}/confirm"
    assert (await district.post(path, district.clerk, 409))["code"] == "recorder_may_not_confirm"
    both = district.service.token(Role.MEMBER, Role.COMMUNITY_SECRETARY, subject=str(member(1)), organisations=[COMMUNITY])
    assert (await district.post(path, both, 409))["code"] == "nobody_confirms_their_own"
    await district.post(path, district.elsewhere, 403)
    await district.post(path, district.foreign_secretary, 404)
    await district.post(path, district.member(2), 403)


async def test_a_member_logs_their_own_service_only(district: District) -> None:
    activity_id = await district.open_activity()
    later(district, days=3)
    await district.log(activity_id, 2, as_=district.member(1), status=403)
    await district.log(activity_id, 1, as_=district.member(1))
    person = (await roster_of(district, activity_id))[str(member(1))]
    assert person["records"][0]["evidence_level"] == "SELF_REPORTED"
    await district.post(f"/activities/{activity_id}/confirm", district.clerk)


async def test_records_are_checked(district: District) -> None:
    activity_id = await district.open_activity()
    assert (await district.log(activity_id, 1, status=409))["code"] == "future_record"
    later(district, days=3)
    assert (await district.log(activity_id, 99, status=409))["code"] == "not_registered"
    assert (await district.log(activity_id, 1, 1, status=409))["code"] == "already_logged"
    assert (await district.log(activity_id, 1, minutes=181, status=409))["code"] == "minutes_exceed_duration"
    bad: list[dict[str, Any]] = [
        {"minutes": 0},
        {"minutes": "long"},
        {"travel_minutes": -1},
        {"starts_at": "2026-01-07T17:00:00"},
        {"unknown": 1},
    ]
    for line in bad:
        assert (await district.log(activity_id, 1, status=422, **line))["code"] == "malformed"
    await district.log(activity_id, status=422)
    await district.log(activity_id, 1, 2)
    assert (await district.log(activity_id, 2, 3, status=409))["code"] == "already_logged"
    assert (await district.service.names()).count("ActivityLogged") == 2


async def test_overlaps_and_long_days_are_accepted_one_by_one(district: District) -> None:
    first = await district.open_activity()
    second = await district.open_activity(title="文艺演出")
    later(district, days=3)
    await district.log(first, 1)
    await district.service.settled()
    answer = await district.log(second, 1)
    record_id = answer["result"]["record_ids"][str(member(1))]
    assert answer["result"]["flagged"] == {record_id: ["OVERLAP"]}
    refused = await district.post(f"/activities/{second}/confirm", district.secretary, 409)
    assert (refused["code"], refused["facts"]) == ("flagged_record_needs_a_look", {"record_ids": [record_id]})
    await district.post(f"/activities/{second}/confirm", district.secretary, accept_flagged=[record_id])


async def test_corrections_name_the_event_in_force_and_voids_take_the_item_back(district: District) -> None:
    activity_id = await district.open_activity()
    later(district, days=3)
    answer = await district.log(activity_id, 1)
    record_id = answer["result"]["record_ids"][str(member(1))]
    path = f"/activities/{activity_id}/records/{record_id}"
    await district.service.settled()
    assert (await district.post(f"{path}/correct", district.secretary, 409, reason="早", minutes=60))["code"] == "record_is_not_confirmed"
    confirmed = await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    assert (await district.post(f"{path}/correct", district.secretary, 409, reason="早", minutes=60))["code"] == "record_has_moved_on"
    await district.service.settled()
    await district.post(f"{path}/correction-requests", district.member(2), 404, request="应为一小时")
    await district.post(f"{path}/correction-requests", district.member(1), 201, request="应为一小时")
    (record,) = (await district.get("/me/records", district.member(1)))["items"]
    assert record["correction_requested"] == "应为一小时"
    await district.post(f"{path}/correct", district.secretary, reason="按签到表", minutes=60)
    corrected = (await district.service.log())[-1].data
    assert isinstance(corrected, ActivityCorrected)
    assert [str(corrected.corrects_event_id)] == confirmed["event_ids"]
    assert (corrected.before_minutes, corrected.minutes) == (180, 60)
    await district.service.settled()
    await district.post(f"{path}/void", district.clerk, 403, reason="记错人")
    await district.post(f"{path}/void", district.secretary, reason="记错人")
    (record,) = (await district.get("/me/records", district.member(1)))["items"]
    assert (record["status"], record["revision"]) == ("VOIDED", 3)
    assert (await district.get("/me/six-ones", district.member(1)))["done"] == []
    names = await district.service.names()
    assert (names.count("SixOnesItemCompleted"), names.count("SixOnesItemReopened")) == (1, 1)


async def test_g10_a_request_for_a_correction_has_a_day_and_goes_one_level_up_when_it_passes(district: District) -> None:
    activity_id = await district.open_activity()
    later(district, days=3)
    record_id = (await district.log(activity_id, 1))["result"]["record_ids"][str(member(1))]
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    path = f"/activities/{activity_id}/records/{record_id}/correction-requests"
    asked = (await district.post(path, district.member(1), 201, request="应为四小时"))["result"]
    (waiting,) = (await district.get("/correction-requests", district.clerk))["items"]
    assert (waiting["request"], waiting["answer_by"], waiting["is_overdue"]) == ("应为四小时", asked["answer_by"], False)
    (own,) = (await district.get("/me/records", district.member(1)))["items"]
    assert own["answer_correction_by"] == asked["answer_by"]
    street = district.service.token(Role.STREET_ADMIN, subject="street")
    for other in (street, district.admin, district.elsewhere):
        assert (await district.get("/correction-requests", other))["items"] == []
    await district.get("/correction-requests", district.member(1), 403)
    later(district, days=20)
    assert (await district.post(path, district.member(1), 201, request="应为五小时"))["result"] == asked  # asking again moves no day
    await district.service.settled()
    overdue = [each.data for each in await district.service.log() if each.name == "RecordCorrectionOverdue"]
    assert [each.due_on.isoformat() for each in overdue] == [asked["answer_by"]]
    (late,) = (await district.get("/correction-requests", street))["items"]
    assert (late["is_overdue"], late["request"]) == (True, "应为五小时")
    assert (await district.get("/correction-requests", district.clerk, overdue=True))["items"] == [late]
    assert (await district.get("/correction-requests", district.elsewhere, overdue=True))["items"] == []
    await district.post(f"{path}/decline", district.clerk, reason="签到表为三小时")
    assert (await district.get("/correction-requests", street))["items"] == []
    (own,) = (await district.get("/me/records", district.member(1)))["items"]
    assert (own["correction_requested"], own["answer_correction_by"]) == (None, None)


async def test_g4_a_member_takes_away_all_that_activities_holds_and_nothing_of_others(district: District) -> None:
    activity_id = await district.open_activity()
    for number in (1, 2):
        await district.post(f"/activities/{activity_id}/sign-ups", district.member(number), 201)
    await district.claim(await district.open_post(), 1)
    await district.service.settled()
    copy = await district.get("/me/copy", district.member(1))
    assert copy["service"] == "activities"
    assert {name: len(rows) for name, rows in copy["tables"].items() if rows} == {"registrants": 1, "participants": 1, "post_claims": 1}
    assert copy["tables"]["participants"][0]["activity_id"] == activity_id
    assert str(member(2)) not in str(copy)
    await district.get("/me/copy", district.clerk, 403)
    elsewhere = district.service.token(Role.MEMBER, subject=str(member(1)), district="elsewhere")
    assert not any((await district.get("/me/copy", elsewhere))["tables"].values())


async def test_the_last_seat_goes_to_one(district: District) -> None:
    activity_id = await district.open_activity(capacity=1)
    path = f"/activities/{activity_id}/sign-ups"
    answers = await asyncio.gather(*(district.service.post(path, as_=district.member(n), json={}) for n in range(1, 6)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409, 409]
    assert {each.json()["code"] for each in answers if each.status_code == 409} == {"activity_is_full"}


async def test_who_waits_for_a_seat_moves_up_in_order(district: District) -> None:
    activity_id = await district.open_activity(capacity=1, waiting_list_limit=2)
    path = f"/activities/{activity_id}/sign-ups"
    answers = [(await district.post(path, district.member(number), 201))["result"] for number in (1, 2, 3)]
    assert answers == [{"outcome": "signed_up"}, {"outcome": "waitlisted", "position": 1}, {"outcome": "waitlisted", "position": 2}]
    assert (await district.post(path, district.member(4), 409))["code"] == "activity_is_full"
    detail = await district.get(f"/activities/{activity_id}", district.clerk)
    assert (detail["signed_up"], detail["waiting"]) == (1, 2)
    (mine,) = (await district.get("/me/activities", district.member(3)))["items"]
    assert (mine["is_signed_up"], mine["waiting_position"]) == (False, 2)
    await district.post(f"{path}/withdraw", district.member(1))
    (mine,) = (await district.get("/me/activities", district.member(2)))["items"]
    assert (mine["is_signed_up"], mine["waiting_position"]) == (True, None)
    roster = await district.get(f"/activities/{activity_id}/roster", district.clerk)
    line = {each["member_id"]: each["waiting_position"] for each in roster["members"]}
    assert line == {str(member(1)): None, str(member(2)): None, str(member(3)): 1}


async def test_signing_up_leave_and_assisted_entry(district: District) -> None:
    activity_id = await district.open_activity()
    path = f"/activities/{activity_id}"
    assert (await district.post(f"{path}/sign-ups", district.member(99), 409))["code"] == "not_registered"
    await district.post(f"{path}/sign-ups", district.clerk, 422, member_id=str(member(2)))
    await district.post(f"{path}/sign-ups", district.clerk, 201, member_id=str(member(2)), consent="电话同意")
    await district.post(f"{path}/sign-ups", district.member(1), 201)
    await district.post(f"{path}/sign-ups", district.member(3), 201)
    await district.post(f"{path}/sign-ups/withdraw", district.member(3))
    await district.post(f"{path}/leave", district.member(1), 201, reason_code="HEALTH")
    await district.post(f"{path}/leave", district.member(2), 422, reason_code="感冒")
    await district.post(f"{path}/leave/{member(1)}/approve", district.elsewhere, 403)
    await district.post(f"{path}/leave/{member(1)}/approve", district.secretary)
    (mine,) = (await district.get("/me/activities", district.member(1)))["items"]
    assert (mine["leave"], mine["is_signed_up"]) == ("APPROVED", True)
    later(district, days=3)
    entries = [{"member_id": str(member(1)), "attendance": "NO_SHOW"}]
    assert (await district.post(f"{path}/attendance", district.clerk, 409, entries=entries))["code"] == "leave_was_approved"


async def test_plans_are_for_organisers_until_published(district: District) -> None:
    starts_at = district.service.now.replace(day=12, hour=2)  # Monday 10:00 in China
    draft = {
        "community_id": str(COMMUNITY),
        "title": "政策宣讲",
        "activity_type": "POLICY_TALK",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "place": "会议室",
    }
    leader = district.service.token(Role.TEAM_LEADER, subject="leader", organisations=[COMMUNITY])
    answer = await district.post("/activities", leader, 201, **draft)
    assert answer["result"]["warnings"] == ["within_work_hours_without_unit_consent"]
    path = f"/activities/{answer['result']['activity_id']}"
    await district.get(path, district.member(1), 404)
    assert (await district.get("/activities", district.elsewhere))["items"] == []
    assert (await district.get(path, leader))["time_band"] == "WITHIN_WORK_HOURS"
    await district.post(f"{path}/publish", leader)
    assert (await district.get(path, district.member(1)))["six_ones_item"] == "POLICY_TALK"
    await district.post(f"{path}/amend", district.secretary, place="三楼会议室", is_announced=True)
    await district.post(f"{path}/cancel", district.secretary, reason="调整安排")
    assert (await district.get(path, district.member(1)))["place"] == "三楼会议室"
    await district.post("/activities", district.clerk, 422, **(draft | {"starts_at": "2026-01-12T10:00:00"}))
    backwards = draft | {"ends_at": draft["starts_at"]}
    assert (await district.post("/activities", district.clerk, 409, **backwards))["code"] == "activity_ends_before_it_starts"
    await district.post("/activities", district.clerk, 403, **(draft | {"community_id": str(OTHER_COMMUNITY)}))


async def test_lists_narrow_and_page_by_start(district: District) -> None:
    made = [await district.open_activity(title=f"第{number}次") for number in range(3)]
    page = await district.get("/activities", district.member(1), limit=2)
    rest = await district.get("/activities", district.member(1), limit=2, after=page["next"])
    assert sorted(made) == sorted(each["activity_id"] for each in page["items"] + rest["items"])
    assert rest["next"] is None
    from_now = district.service.now.isoformat()
    assert len((await district.get("/activities", district.member(1), starts_from=from_now, status="PUBLISHED"))["items"]) == 3
    assert (await district.get("/activities", district.member(1), starts_before=from_now))["items"] == []
    await district.get("/activities", district.member(1), 422, starts_from="2026-01-01T00:00:00")
    await district.get("/activities", district.member(1), 422, after="WyIxIiwiMiJd")


async def test_community_and_unit_see_their_members(district: District) -> None:
    unit = district.service.token(Role.UNIT_LIAISON, subject="liaison", organisations=[UNIT])
    other_unit = district.service.token(Role.UNIT_LIAISON, subject="liaison", organisations=[uuid4()])
    path = f"/members/{member(1)}/records"
    for token, status in ((district.member(1), 200), (district.secretary, 200), (unit, 200)):
        await district.get(path, token, status)
    for token, status in ((district.member(2), 404), (district.elsewhere, 404), (other_unit, 404), (district.admin, 403)):
        await district.get(path, token, status)
    await district.get(f"/members/{member(1)}/six-ones", district.foreign_secretary, 404)


async def test_teams_are_suggested_by_occupation_and_joined_by_choice(district: District) -> None:
    district.service.foreign(*registered(7, occupation=OccupationGroup.POLICE), *registered(8, occupation=OccupationGroup.STREET_OFFICE))
    report = await district.get("/reports/team-suggestions", district.admin)
    assert {each["kind"]: each["suggested"] for each in report["items"]} == {
        "SUBSTITUTE_PARENTS": 6,
        "COMMUNITY_SECURITY": 1,
        "POLICY_PROMOTION": 1,
    }
    draft = {"community_id": str(COMMUNITY), "kind": "COMMUNITY_SECURITY", "name": "社区治安队", "aliases": ["社会治安队"]}
    team_id = (await district.post("/teams", district.clerk, 201, **draft))["result"]["team_id"]
    (suggested,) = await district.get("/me/team-suggestions", district.member(7))
    assert (suggested["team_id"], suggested["is_joined"]) == (team_id, False)
    assert await district.get("/me/team-suggestions", district.member(1)) == []
    await district.post(f"/teams/{team_id}/join", district.clerk, 403)
    await district.post(f"/teams/{team_id}/join", district.member(7))
    (team,) = (await district.get("/teams", district.member(1)))["items"]
    assert (team["members"], team["aliases"], team["occupation_groups"]) == (1, ["社会治安队"], ["POLICE"])
    report = await district.get("/reports/team-suggestions", district.secretary, community_id=str(COMMUNITY))
    assert [each["joined"] for each in report["items"]] == [0, 1, 0]
    await district.post(f"/teams/{team_id}/leave", district.member(7))
    await district.post(f"/teams/{uuid4()}/join", district.member(7), 404)


async def test_suggestions_and_matters_complete_their_items(district: District) -> None:
    draft = {"community_id": str(COMMUNITY), "title": "加装路灯", "text": "三号楼后巷昏暗"}
    suggestion = (await district.post("/suggestions", district.member(1), 201, **draft))["result"]["suggestion_id"]
    matter = (await district.post("/matters", district.member(1), 201, **draft))["result"]["matter_id"]
    await district.post(f"/suggestions/{suggestion}/accept", district.elsewhere, 403)
    await district.post(f"/suggestions/{suggestion}/accept", district.clerk)
    await district.post(f"/suggestions/{suggestion}/adopt", district.secretary, plan="五月安装")
    await district.post(f"/suggestions/{suggestion}/carried-out", district.clerk, result="已装四盏")
    await district.post(f"/matters/{matter}/approve", district.clerk)
    await district.post(f"/matters/{matter}/report", district.member(2), 404, result="已办")
    await district.post(f"/matters/{matter}/report", district.member(1), result="已办")
    await district.post(f"/matters/{matter}/complete", district.secretary)
    done = (await district.get("/me/six-ones", district.member(1)))["done"]
    assert [each["item"] for each in done] == ["PRACTICAL_MATTER", "SUGGESTION"]
    report = await district.get("/reports/six-ones", district.secretary, community_id=str(COMMUNITY), year=2026)
    counts = {each["item"]: each["completed"] for each in report["items"]}
    assert (report["members"], report["complete"], counts["SUGGESTION"], counts["POLICY_TALK"]) == (5, 0, 1, 0)
    assert len((await district.get("/suggestions", district.member(1)))["items"]) == 1
    assert (await district.get("/suggestions", district.member(2)))["items"] == []
    assert (await district.get("/matters", district.elsewhere))["items"] == []
    assert (await district.get("/matters", district.secretary, status="COMPLETED"))["items"][0]["matter_id"] == matter


async def test_a_retried_confirmation_gets_the_first_answer(district: District) -> None:
    activity_id = await district.open_activity()
    later(district, days=3)
    await district.log(activity_id, 1, 2)
    path, key = f"/activities/{activity_id}/confirm", uuid4()
    answers = [await district.service.post(path, as_=district.secretary, key=key, json={}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(answers[0].json()["result"]["confirmed"]) == 2
    assert (await district.service.names()).count("ActivityConfirmed") == 2


async def test_what_is_referred_to_belongs_to_the_community(district: District) -> None:
    text = {"title": "加装路灯", "text": "三号楼后巷昏暗"}
    for path in ("/suggestions", "/matters"):
        await district.post(path, district.member(6), 403, community_id=str(COMMUNITY), **text)
        await district.post(path, district.member(6), 201, community_id=str(OTHER_COMMUNITY), **text)
    need = {"community_id": str(OTHER_COMMUNITY), "category": "GREENING", "text": "补种绿篱", "place": "二号楼"}
    await district.post("/needs", district.member(1), 403, **need)
    need_id = (await district.post("/needs", district.elsewhere, 201, **need))["result"]["need_id"]
    with pytest.raises(AssertionError, match="a published need of this community"):
        await district.open_post(need_id=need_id)
    with pytest.raises(AssertionError, match="a post of this community"):
        await district.open_activity(post_id=str(uuid4()))


async def test_a_hundred_members_are_logged_and_confirmed_in_one_act(district: District) -> None:
    numbers = range(100, 200)
    for number in numbers:
        district.service.foreign(*registered(number))
    await district.service.settled()
    activity_id = await district.open_activity()
    later(district, days=3)
    await district.log(activity_id, *numbers)
    confirmed = await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    assert len(confirmed["result"]["confirmed"]) == 100
    assert len(await roster_of(district, activity_id)) == 100
