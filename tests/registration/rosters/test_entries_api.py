"""One entry of the roster at a time: another work unit, contact lost and found, merging, enrolment without a workbook."""

import pytest_asyncio

from ops.provision import Database
from services.registration.app import SERVICE
from shared.eventlog.rebuild import rebuild
from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"
CITIZEN_NUMBER = "11010519491231002X"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def test_another_work_unit_takes_over_and_the_registration_follows(town: Town) -> None:
    member_id, registration_id = await town.registered(SCHOOL, HERE)
    path, body = f"/members/{member_id}/work-unit", {"unit_id": str(town.units[BUREAU])}
    assert (await town.service.post(path, json=body, as_=town.liaison(BUREAU))).status_code == 403
    assert (await town.service.post(path, json=body, as_=town.liaison(SCHOOL))).status_code == 200
    seen = (await town.service.get(f"/registrations/{registration_id}", as_=town.member(member_id))).json()
    assert seen["unit_id"] == str(town.units[BUREAU])
    acknowledged = f"/registrations/{registration_id}/acknowledgement"
    assert (await town.service.post(acknowledged, as_=town.liaison(SCHOOL))).status_code == 403
    assert (await town.service.post(acknowledged, as_=town.liaison(BUREAU))).status_code == 200


async def test_contact_lost_is_shown_to_the_member_who_may_restore_it(town: Town) -> None:
    member_id, _ = await town.registered(SCHOOL, HERE)
    path, own = f"/members/{member_id}", town.member(member_id)
    await town.service.settled()
    assert (await town.service.post(f"{path}/lost-contact", as_=town.clerk(THERE))).status_code == 403
    assert (await town.service.post(f"{path}/lost-contact", as_=town.clerk(HERE))).status_code == 200
    assert (await town.service.get(path, as_=own)).json()["lost_on"] == NEW_YEAR.date().isoformat()
    assert (await town.service.post(f"{path}/restored-contact", as_=own)).status_code == 200
    assert (await town.service.get(path, as_=own)).json()["lost_on"] is None


async def test_enrolment_without_a_workbook_is_as_strict_as_one(town: Town) -> None:
    path, own = f"/units/{town.units[SCHOOL]}/members", town.liaison(SCHOOL)
    base, wrong_number = {"name": "林 予安", "political_status": "02"}, "110105194912310021"
    for wrong in ({}, {"citizen_number": wrong_number}, {"phone": "12"}, {"email": "a@b.example", "name": ""}):
        answer = await town.service.post(path, json=base | wrong, as_=own)
        assert answer.status_code == 422, wrong
        assert wrong_number not in answer.text
    good = base | {"email": "linyuan@members.example"}
    assert (await town.service.post(path, json=good, as_=town.liaison(BUREAU))).status_code == 403
    assert (await town.service.post(path, json=good | {"residence_community_id": str(town.units[SCHOOL])}, as_=own)).status_code == 404
    assert (await town.service.post(path, json=good, as_=own)).json()["result"]["member_no"].startswith("DY-")


async def test_one_key_never_makes_one_member_of_two_persons(town: Town) -> None:
    path, own, key = f"/units/{town.units[SCHOOL]}/members", town.liaison(SCHOOL), town.service.key()
    persons = [{"name": name, "political_status": "01", "email": f"{name}@members.example"} for name in ("zhao", "qian")]
    first = (await town.service.post(path, json=persons[0], as_=own, key=key)).json()["result"]["member_id"]
    refused = await town.service.post(path, json=persons[1], as_=own, key=key)
    assert (refused.status_code, refused.json()["code"]) == (422, "command_id_reused")
    assert (await town.service.post(path, json=persons[0], as_=own)).json()["result"]["member_id"] == first
    assert (await town.service.post(path, json=persons[1], as_=own)).json()["result"]["member_id"] != first


async def test_one_person_entered_twice_is_merged_and_found_as_one(town: Town) -> None:
    service = town.service
    kept, given_up = await town.enrolled(SCHOOL, "何云帆"), await town.enrolled(SCHOOL, "何云帆", citizen_number=CITIZEN_NUMBER)
    assert await town.enrolled(SCHOOL, "何云帆", citizen_number=CITIZEN_NUMBER) == given_up
    registered, _ = await town.registered(SCHOOL, HERE)
    body = {"into_member_id": kept, "reason": "同一人"}
    refused = await service.post(f"/members/{registered}/merge", json=body, as_=town.admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate_is_registered")
    assert (await service.post(f"/members/{given_up}/merge", json=body, as_=town.liaison(SCHOOL))).status_code == 403
    assert (await service.post(f"/members/{given_up}/merge", json=body, as_=town.admin)).status_code == 200
    await service.settled()
    assert await town.enrolled(SCHOOL, "何云帆", citizen_number=CITIZEN_NUMBER) == kept
    listed = await service.get(f"/units/{town.units[SCHOOL]}/members", as_=town.liaison(SCHOOL))
    assert given_up not in {line["member_id"] for line in listed.json()["items"]}
    page = (await service.get(f"/members/{kept}", as_=town.member(kept))).json()
    assert [(each["member_id"], each["merged_into"], each["name"]) for each in page["merged"]] == [(given_up, kept, "何云帆")]
    copy = (await service.get(f"/members/{kept}/export", as_=town.member(kept))).json()
    assert copy["page"] == page
    await service.post(f"/members/{kept}/erasure", as_=town.member(kept))
    assert (await service.get(f"/members/{given_up}", as_=town.member(given_up))).json()["is_erased"]


async def test_the_read_model_of_all_that_is_a_function_of_the_log(town: Town, database: Database) -> None:
    await town.service.settled()
    told = {event.name for event in await town.service.log(town.district)}
    assert told >= {"RegistrationUnitChanged", "MemberContactLost", "MemberContactRestored", "MemberIdentitiesMerged"}
    owner, role = database.url("registration_owner"), database.url("registration")
    rebuilt = await rebuild(SERVICE.read_model(), town.service.feeds, owner_url=owner, service_url=role, swap=False)
    assert rebuilt.is_equal
