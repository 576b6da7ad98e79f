"""The way of a member through registration over HTTP: roster, certificate, report, confirmation, receipt, and what is refused on it."""

import io

import pytest_asyncio
from python_calamine import CalamineWorkbook

from ops.demo import make_roster
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
ROSTER = make_roster.ROSTER.read_bytes()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    town = await new_town(service, "yunxi")
    answer = await town.send_roster(ROSTER)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["rows"], answer.json()["enrolled"], answer.json()["already_enrolled"]) == (79, 75, 0)
    return town


async def members(town: Town, unit: str) -> list[dict[str, str]]:
    answer = await town.service.get(f"/units/{town.units[unit]}/members", as_=town.liaison(unit), params={"limit": 500})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def community_of(town: Town, member: dict[str, str]) -> str:
    return next(name for name, community_id in town.communities.items() if str(community_id) == member["residence_community_id"])


async def certified(town: Town, unit: str, place: int) -> tuple[dict[str, str], str]:
    """The member at `place` of the unit's list, with a certificate."""
    member = (await members(town, unit))[place]
    body = {"member_id": member["member_id"]}
    answer = await town.service.post("/certificates", json=body, as_=town.liaison(unit))
    assert answer.status_code == 201, answer.text
    await town.service.settled()
    return member, answer.json()["result"]["certificate_no"]


async def registered(town: Town, unit: str, place: int) -> tuple[dict[str, str], str]:
    """The same member, reported; and the registration's id."""
    member, number = await certified(town, unit, place)
    body = {"certificate_no": number, "consent_text_version": "2026-01"}
    answer = await town.service.post("/registrations", json=body, as_=town.member(member["member_id"]))
    assert answer.status_code == 201, answer.text
    await town.service.settled()
    return member, answer.json()["result"]["registration_id"]


async def test_the_problems_come_back_as_text_and_as_a_workbook(town: Town) -> None:
    first = (await town.send_roster(ROSTER)).json()
    assert [(each["row"], each["column"], each["code"]) for each in first["problems"]] == [
        (14, "C", "citizen_number_numeric"),
        (30, "C", "citizen_number_invalid"),
        (48, "E", "unknown_unit"),
        (68, "C", "duplicate_in_file"),
    ]
    assert "文本" in first["problems"][0]["reason_zh"]
    outcome = await town.service.get(f"/rosters/{first['roster_id']}", as_=town.admin)
    assert (outcome.json()["enrolled"], len(outcome.json()["problems"])) == (75, 4)
    sheet = await town.service.get(f"/rosters/{first['roster_id']}/errors.xlsx", as_=town.admin)
    with CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)) as book:
        assert [row[1] for row in book.get_sheet_by_index(0).to_python()] == ["行号", "14", "30", "48", "68"]


async def test_the_same_roster_again_adds_nobody(town: Town) -> None:
    before = len(await town.service.log(town.district))
    again = (await town.send_roster(ROSTER)).json()
    assert (again["enrolled"], again["already_enrolled"]) == (0, 75)
    assert len(await town.service.log(town.district)) == before


async def test_a_dry_run_changes_nothing_and_says_what_would_happen(service: ServiceUnderTest) -> None:
    town = await new_town(service, "dry")
    before = len(await service.log("dry"))
    answer = (await town.send_roster(ROSTER, data={"dry_run": "true"})).json()
    assert (answer["dry_run"], answer["enrolled"], answer["already_enrolled"], len(answer["problems"])) == (True, 75, 0, 4)
    assert len(await service.log("dry")) == before


async def test_no_personal_data_are_readable_in_the_log(town: Town) -> None:
    log = b"".join(event.body for event in await town.service.log(town.district))
    for person in make_roster.rows():
        for text in (person.name, person.citizen_number, person.phone, person.email):
            assert text.encode() not in log


async def test_a_unit_sees_its_own_members_by_name(town: Town) -> None:
    expected = {person.name for person in make_roster.rows() if person.unit == SCHOOL}
    assert {member["name"] for member in await members(town, SCHOOL)} == expected


async def test_the_whole_circle_from_certificate_to_acknowledged_receipt(town: Town) -> None:
    service = town.service
    member, registration_id = await registered(town, SCHOOL, 0)
    community = community_of(town, member)
    waiting = await service.get("/registrations", as_=town.clerk(community), params={"community_id": str(town.communities[community])})
    assert [each["status"] for each in waiting.json()["items"] if each["registration_id"] == registration_id] == ["PENDING"]

    confirmed = await service.post(f"/registrations/{registration_id}/confirmation", as_=town.clerk(community))
    assert [name.split(".")[2] for name in confirmed.json()["event_types"]] == ["RegistrationConfirmed", "RegistrationReceiptIssued"]
    open_receipts = await service.get("/receipts/outstanding", as_=town.liaison(SCHOOL), params={"unit_id": str(town.units[SCHOOL])})
    assert confirmed.json()["result"]["receipt_no"] in {each["receipt_no"] for each in open_receipts.json()["items"]}

    acknowledged = await service.post(f"/registrations/{registration_id}/acknowledgement", as_=town.liaison(SCHOOL))
    assert acknowledged.status_code == 200
    seen = await service.get(f"/registrations/{registration_id}", as_=town.member(member["member_id"]))
    assert (seen.json()["status"], seen.json()["receipt_acknowledged"]) == ("CONFIRMED", True)

    register = await service.get(f"/communities/{town.communities[community]}/register", as_=town.clerk(community))
    assert member["name"] in {line["name"] for line in register.json()["items"]}


async def test_a_retry_gets_the_first_answer_back(town: Town) -> None:
    member, number = await certified(town, SCHOOL, 1)
    key, body = town.service.key(), {"certificate_no": number, "consent_text_version": "2026-01"}
    first = await town.service.post("/registrations", json=body, as_=town.member(member["member_id"]), key=key)
    events = len(await town.service.log(town.district))
    again = await town.service.post("/registrations", json=body, as_=town.member(member["member_id"]), key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    other_key = await town.service.post("/registrations", json=body, as_=town.member(member["member_id"]))
    assert (other_key.status_code, other_key.json()["event_ids"]) == (201, [])
    assert other_key.json()["result"]["registration_id"] == first.json()["result"]["registration_id"]
    assert len(await town.service.log(town.district)) == events


async def test_at_the_desk_the_clerk_registers_on_behalf_of_the_member(town: Town) -> None:
    member, number = await certified(town, SCHOOL, 2)
    clerk = town.clerk(community_of(town, member))
    body = {"certificate_no": number, "consent_text_version": "2026-01"}
    answer = await town.service.post("/registrations", json=body, as_=clerk)
    assert answer.status_code == 201, answer.text
    event = (await town.service.log(town.district))[-1]
    assert (event.name, event.on_behalf_of) == ("MemberRegistered", member["member_id"])


async def test_without_consent_nobody_is_registered_and_nothing_is_written(town: Town) -> None:
    member, number = await certified(town, SCHOOL, 3)
    before = len(await town.service.log(town.district))
    answer = await town.service.post("/registrations", json={"certificate_no": number}, as_=town.member(member["member_id"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
    assert len(await town.service.log(town.district)) == before


async def test_a_certificate_of_somebody_else_or_for_elsewhere_is_refused(town: Town) -> None:
    member, number = await certified(town, SCHOOL, 4)
    body = {"certificate_no": number, "consent_text_version": "2026-01"}
    other = (await members(town, SCHOOL))[0]["member_id"]
    before = len(await town.service.log(town.district))
    answer = await town.service.post("/registrations", json=body, as_=town.member(other))
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate_is_for_another_member")
    elsewhere = next(name for name in town.communities if name != community_of(town, member))
    answer = await town.service.post("/registrations", json=body, as_=town.clerk(elsewhere))
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate_is_for_another_community")
    answer = await town.service.post("/registrations", json=body | {"certificate_no": "LX-00000-00000"}, as_=town.member(other))
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate_unknown")
    assert len(await town.service.log(town.district)) == before


async def test_a_member_holds_one_live_certificate_and_a_used_one_is_not_revoked(town: Town) -> None:
    member, number = await certified(town, SCHOOL, 5)
    again = await town.service.post("/certificates", json={"member_id": member["member_id"]}, as_=town.liaison(SCHOOL))
    assert (again.status_code, again.json()["code"]) == (409, "certificate_already_issued")
    listed = await town.service.get("/certificates", as_=town.liaison(SCHOOL), params={"unit_id": str(town.units[SCHOOL])})
    certificate = next(each for each in listed.json()["items"] if each["certificate_no"] == number)
    await town.service.post(
        "/registrations", json={"certificate_no": number, "consent_text_version": "2026-01"}, as_=town.member(member["member_id"])
    )
    path = f"/certificates/{certificate['certificate_id']}/revocation"
    used = await town.service.post(path, json={"reason": "填错社区"}, as_=town.liaison(SCHOOL))
    assert (used.status_code, used.json()["code"]) == (409, "certificate_is_in_use")


async def test_a_revoked_certificate_is_known_as_such_and_a_new_one_can_be_issued(town: Town) -> None:
    member, number = await certified(town, BUREAU, 0)
    listed = await town.service.get("/certificates", as_=town.member(member["member_id"]), params={"member_id": member["member_id"]})
    certificate_id = listed.json()["items"][0]["certificate_id"]
    await town.service.post(f"/certificates/{certificate_id}/revocation", json={"reason": "填错社区"}, as_=town.liaison(BUREAU))
    check = await town.service.get(f"/certificate-checks/{number}", as_=town.clerk("南园社区"))
    assert check.json() == {
        "certificate_no": number,
        "is_valid": False,
        "unit_name": BUREAU,
        "community_name": community_of(town, member),
    }
    body = {"certificate_no": number, "consent_text_version": "2026-01"}
    refused = await town.service.post("/registrations", json=body, as_=town.member(member["member_id"]))
    assert (refused.status_code, refused.json()["code"]) == (409, "certificate_is_not_live")
    reissued = await town.service.post("/certificates", json={"member_id": member["member_id"]}, as_=town.liaison(BUREAU))
    assert reissued.status_code == 201


async def test_a_returned_registration_frees_the_certificate(town: Town) -> None:
    member, registration_id = await registered(town, BUREAU, 1)
    clerk = town.clerk(community_of(town, member))
    await town.service.post(f"/registrations/{registration_id}/return", json={"reason": "不在本社区居住"}, as_=clerk)
    own = await town.service.get(f"/members/{member['member_id']}", as_=town.member(member["member_id"]))
    assert [each["status"] for each in own.json()["registrations"]] == ["RETURNED"]
    assert [each["status"] for each in own.json()["certificates"]] == ["ISSUED"]
    body = {"certificate_no": own.json()["certificates"][0]["certificate_no"]}
    again = await town.service.post("/registrations", json=body, as_=town.member(member["member_id"]))
    assert (again.status_code, again.json()["result"]["registration_id"]) == (201, registration_id)


async def test_nobody_confirms_their_own_registration(town: Town) -> None:
    member, registration_id = await registered(town, SCHOOL, 6)
    community = town.communities[community_of(town, member)]
    both = town.service.token(
        Role.MEMBER, Role.COMMUNITY_SECRETARY, subject=member["member_id"], organisations=[community], district=town.district
    )
    answer = await town.service.post(f"/registrations/{registration_id}/confirmation", as_=both)
    assert (answer.status_code, answer.json()["code"]) == (409, "member_may_not_confirm")


async def test_a_stale_version_is_refused(town: Town) -> None:
    member, registration_id = await registered(town, SCHOOL, 7)
    clerk = town.clerk(community_of(town, member))
    answer = await town.service.post(f"/registrations/{registration_id}/confirmation", as_=clerk, headers={"If-Match": '"7"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale_version")


async def test_a_registration_is_renewed_rests_and_ends_and_the_member_may_report_anew(town: Town) -> None:
    member, registration_id = await registered(town, SCHOOL, 8)
    path, own, unit = f"/registrations/{registration_id}", town.member(member["member_id"]), town.liaison(SCHOOL)
    await town.service.post(f"{path}/confirmation", as_=town.clerk(community_of(town, member)))
    assert (await town.service.post(f"{path}/renewal", as_=own)).status_code == 200
    assert (await town.service.post(f"{path}/suspension", json={"reason": "借调外地"}, as_=unit)).status_code == 200
    refused = await town.service.post(f"{path}/renewal", as_=own)
    assert (refused.status_code, refused.json()["code"]) == (409, "registration_is_suspended")
    assert (await town.service.post(f"{path}/resumption", as_=unit)).status_code == 200
    assert (await town.service.post(f"{path}/closure", json={"reason": "MOVED"}, as_=own)).status_code == 403
    assert (await town.service.post(f"{path}/closure", json={"reason": "WITHDRAWN"}, as_=own)).status_code == 200
    seen = (await town.service.get(path, as_=own)).json()
    assert (seen["status"], seen["reason"]) == ("CLOSED", "WITHDRAWN")
    fresh = await town.service.post("/certificates", json={"member_id": member["member_id"]}, as_=unit)
    await town.service.settled()
    body = {"certificate_no": fresh.json()["result"]["certificate_no"]}
    anew = await town.service.post("/registrations", json=body, as_=own)
    assert anew.status_code == 201
    assert anew.json()["result"]["registration_id"] != registration_id


async def test_units_and_communities_work_in_bulk_and_repeating_it_changes_nothing(service: ServiceUnderTest) -> None:
    town = await new_town(service, "bulk")
    await town.send_roster(ROSTER)
    for unit, unit_id in town.units.items():
        issued = (await service.post(f"/units/{unit_id}/certificates", json={}, as_=town.liaison(unit))).json()
        assert issued["refused"] == []
        again = (await service.post(f"/units/{unit_id}/certificates", json={}, as_=town.liaison(unit))).json()
        assert (again["issued"], len(again["already"])) == ([], len(issued["issued"]))
        await service.settled()
        for certificate in issued["issued"]:
            body = {"certificate_no": certificate["certificate_no"], "consent_text_version": "2026-01"}
            answer = await service.post("/registrations", json=body, as_=town.member(certificate["member_id"]))
            assert answer.status_code == 201, answer.text
    await service.settled()
    for community, community_id in town.communities.items():
        confirmed = (await service.post(f"/communities/{community_id}/confirmations", json={}, as_=town.clerk(community))).json()
        assert len(confirmed["confirmed"]) == sum(make_roster.JOINT_TABLE[community])
        await service.settled()
    for unit, unit_id in town.units.items():
        done = (await service.post(f"/units/{unit_id}/acknowledgements", json={}, as_=town.liaison(unit))).json()
        assert (len(done["acknowledged"]), done["refused"]) == (len(await members(town, unit)), [])

    report = (await service.get("/reports/registrants", as_=town.admin)).json()
    assert report["total"] == 75
    assert {each["name"]: each["count"] for each in report["by_community"]} == {
        name: sum(counts) for name, counts in make_roster.JOINT_TABLE.items()
    }
    assert {each["occupation_group"]: each["count"] for each in report["by_occupation"]} == {
        "DISTRICT_ORGAN": 8,
        "TEACHER": 37,
        "POLICE": 20,
        "STREET_OFFICE": 10,
    }
    public = (await service.get("/reports/registrants", as_=town.clerk("新风社区"))).json()
    assert next(each["count"] for each in public["by_community"] if each["name"] == "钢铁社区") is None
    assert not [each for each in public["cells"] if each["count"] in {1, 2}]
