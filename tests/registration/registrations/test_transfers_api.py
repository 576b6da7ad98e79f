"""Transfers to another community, and renewals that are missing."""

from datetime import timedelta

import pytest_asyncio

from ops.provision import Database
from services.registration.app import SERVICE
from shared.eventlog.rebuild import rebuild
from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def registrations_of(town: Town, member_id: str) -> list[dict[str, str | None]]:
    answer = await town.service.get("/registrations", as_=town.member(member_id), params={"member_id": member_id})
    return answer.json()["items"]


async def test_a_member_moves_to_another_community_with_a_receipt_for_the_unit(town: Town) -> None:
    service = town.service
    member_id, registration_id = await town.registered(SCHOOL, HERE)
    path, body = f"/registrations/{registration_id}", {"to_community_id": str(town.communities[THERE]), "reason": "搬家"}
    assert (await service.post(f"{path}/transfer", as_=town.clerk(THERE))).json()["code"] == "transfer_not_requested"
    assert (await service.post(f"{path}/transfer-request", json=body, as_=town.clerk(THERE))).status_code == 403
    assert (await service.post(f"{path}/transfer-request", json=body, as_=town.member(member_id))).status_code == 200
    waiting = await service.get(f"/communities/{town.communities[THERE]}/transfers", as_=town.clerk(THERE))
    assert [each["registration_id"] for each in waiting.json()["items"]] == [registration_id]

    assert (await service.post(f"{path}/transfer", as_=town.clerk(HERE))).status_code == 403
    first = await service.post(f"{path}/transfer", as_=town.clerk(THERE))
    again = await service.post(f"{path}/transfer", as_=town.clerk(THERE))
    assert first.status_code == again.status_code == 200
    assert first.json()["result"] == again.json()["result"]
    new_id = first.json()["result"]["registration_id"]
    own = await registrations_of(town, member_id)
    assert {each["registration_id"]: (each["status"], each["community_id"]) for each in own} == {
        registration_id: ("CLOSED", str(town.communities[HERE])),
        new_id: ("CONFIRMED", str(town.communities[THERE])),
    }
    assert {each["transferred_to"] for each in own} == {new_id, None}
    receipts = await service.get("/receipts/outstanding", as_=town.liaison(SCHOOL), params={"unit_id": str(town.units[SCHOOL])})
    assert first.json()["result"]["receipt_no"] in {each["receipt_no"] for each in receipts.json()["items"]}
    names = [event.name for event in await service.log(town.district)]
    assert names.count("MemberRegistered") == 2, "the reaction and the requests together open it once"


async def test_a_transfer_is_declined_or_taken_back(town: Town) -> None:
    member_id, registration_id = await town.registered(SCHOOL, HERE)
    path, body = f"/registrations/{registration_id}", {"to_community_id": str(town.communities[THERE]), "reason": "搬家"}
    for who in (town.clerk(THERE), town.member(member_id)):
        await town.service.post(f"{path}/transfer-request", json=body, as_=town.liaison(SCHOOL))
        assert (await town.service.post(f"{path}/transfer-refusal", json={"reason": "地址不符"}, as_=who)).status_code == 200
    seen = (await town.service.get(path, as_=town.member(member_id))).json()
    assert (seen["status"], seen["transfer_to"]) == ("CONFIRMED", None)
    nowhere = body | {"to_community_id": str(town.units[SCHOOL])}
    assert (await town.service.post(f"{path}/transfer-request", json=nowhere, as_=town.liaison(SCHOOL))).status_code == 404


async def test_without_consent_no_transfer_leaves_an_active_registration_behind(town: Town) -> None:
    member_id, registration_id = await town.registered(SCHOOL, HERE)
    path, body = f"/registrations/{registration_id}", {"to_community_id": str(town.communities[THERE]), "reason": "搬家"}
    await town.service.post(f"{path}/transfer-request", json=body, as_=town.member(member_id))
    await town.service.post(f"/members/{member_id}/consents/DUAL_MANAGEMENT/withdrawal", as_=town.member(member_id))
    # The reaction to the withdrawal has not run yet: the transfer is accepted first.
    assert (await town.service.post(f"{path}/transfer", as_=town.clerk(THERE))).status_code == 200
    assert {each["status"] for each in await registrations_of(town, member_id)} == {"CLOSED"}


async def test_missing_renewals_are_listed_after_half_a_year(town: Town) -> None:
    service = town.service
    member_id, registration_id = await town.registered(BUREAU, THERE)
    scope, clerk = {"community_id": str(town.communities[THERE])}, town.clerk(THERE)

    async def due() -> set[str]:
        answer = await service.get("/renewals/due", as_=clerk, params=scope)
        return {each["registration_id"] for each in answer.json()["items"]}

    assert await due() == set()
    service.now = NEW_YEAR + timedelta(days=183)
    try:
        assert registration_id in await due()
        await service.post(f"/members/{member_id}/profile", json={"skills": [], "preferences": ["周末"]}, as_=town.member(member_id))
        await service.settled()  # time goes on: the reminder is due
        reminded = [each for each in await service.log(town.district) if each.name == "RegistrationRenewalDue"]
        assert [each.data.due_on for each in reminded if str(each.data.registration_id) == registration_id] == [service.now.date()]
        await service.post(f"/registrations/{registration_id}/renewal", as_=town.member(member_id))
        assert registration_id not in await due()
    finally:
        service.now = NEW_YEAR
    assert (await service.get("/renewals/due", as_=clerk)).status_code == 403


async def test_the_read_model_of_all_that_is_a_function_of_the_log(town: Town, database: Database) -> None:
    await town.service.settled()
    told = {event.name for event in await town.service.log(town.district)}
    assert told >= {
        "RegistrationTransferRequested",
        "RegistrationTransferDeclined",
        "RegistrationTransferred",
        "RegistrationRenewalDue",
    }
    owner, role = database.url("registration_owner"), database.url("registration")
    rebuilt = await rebuild(SERVICE.read_model(), town.service.feeds, owner_url=owner, service_url=role, swap=False)
    assert rebuilt.is_equal
