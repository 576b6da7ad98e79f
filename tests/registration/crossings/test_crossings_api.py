"""Unit in one district, community in another: the whole circle across the border, and what neither side may see (guard rail G18)."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

import services.registration
from ops.provision import Database
from services.registration.app import SERVICE
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"
NAME = "邵清越"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def host(service: ServiceUnderTest) -> Town:
    return await new_town(service, "beian")


async def paper_of(home: Town, member_id: str, **body: str) -> dict[str, str]:
    body = {"host_district": "beian", "host_community": THERE} | body
    answer = await home.service.post(f"/members/{member_id}/away-certificates", json=body, as_=home.liaison(SCHOOL))
    assert answer.status_code == 201, answer.text
    await home.service.settled()
    return answer.json()["result"]


async def receive(host: Town, paper: dict[str, str], community: str = THERE, **changed: str) -> Any:
    body = {key: paper[key] for key in ("certificate_no", "check_signs")} | {"home_district": "yunxi", "consent_text_version": "2026-01"}
    path = f"/communities/{host.communities[community]}/guests"
    answer = await host.service.post(path, json=body | changed, as_=host.clerk(community))
    await host.service.settled()
    return answer


async def received(home: Town, host: Town) -> tuple[str, dict[str, str], dict[str, str]]:
    """A member whom the other district took on: id at home, the paper, and the ids there."""
    member_id = await home.enrolled(SCHOOL, NAME)
    await home.service.settled()
    paper = await paper_of(home, member_id)
    answer = await receive(host, paper)
    assert answer.status_code == 201, answer.text
    there = answer.json()["result"]
    confirmed = await host.service.post(f"/registrations/{there['registration_id']}/confirmation", as_=host.clerk(THERE))
    assert confirmed.status_code == 200, confirmed.text
    await host.service.settled()
    return member_id, paper, there


async def away(home: Town, crossing_id: str) -> dict[str, Any]:
    listed = await home.service.get(f"/units/{home.units[SCHOOL]}/away-registrations", as_=home.liaison(SCHOOL))
    return next(each for each in listed.json() if each["crossing_id"] == crossing_id)


async def registration(host: Town, there: dict[str, str]) -> dict[str, Any]:
    return (await host.service.get(f"/registrations/{there['registration_id']}", as_=host.admin)).json()


async def test_the_whole_circle_across_the_border(home: Town, host: Town) -> None:
    service = home.service
    member_id, paper, there = await received(home, host)
    edge, at_host = await away(home, paper["crossing_id"]), await registration(host, there)
    assert (edge["status"], edge["host_community"], edge["receipt_no"]) == ("CONFIRMED", THERE, at_host["receipt_no"])
    assert (at_host["status"], at_host["receipt_acknowledged"]) == ("CONFIRMED", False)
    acknowledge = f"/away-registrations/{paper['crossing_id']}/acknowledgement"
    assert (await service.post(acknowledge, as_=home.liaison(BUREAU))).status_code == 403
    assert (await service.post(acknowledge, as_=home.liaison(SCHOOL))).status_code == 200
    await service.settled()
    await service.settled()
    assert (await away(home, paper["crossing_id"]))["receipt_acknowledged"] is True
    assert (await registration(host, there))["receipt_acknowledged"] is True
    own = (await service.get(f"/members/{member_id}", as_=home.member(member_id))).json()
    assert [each["host_district"] for each in own["away"]] == ["beian"]
    looked = (await service.get(f"/members/{member_id}/accesses", as_=home.member(member_id))).json()["items"]
    assert (f"clerk {THERE}", "crossing to beian") in {(each["actor"], each["purpose"]) for each in looked}
    register = (await service.get(f"/communities/{host.communities[THERE]}/register", as_=host.clerk(THERE))).json()["items"]
    assert (NAME, f"{SCHOOL}（yunxi）") in {(line["name"], line["unit_name"]) for line in register}
    guests = (await service.get(f"/communities/{host.communities[THERE]}/guests", as_=host.clerk(THERE))).json()
    assert (there["member_id"], "yunxi", "CONFIRMED") in {(each["member_id"], each["home_district"], each["status"]) for each in guests}


async def test_each_side_sees_its_own_part_and_nothing_of_the_other(home: Town, host: Town) -> None:
    service = home.service
    member_id, paper, there = await received(home, host)
    logs = {town.district: b"".join(event.body for event in await service.log(town.district)) for town in (home, host)}
    assert member_id.encode() not in logs["beian"], "the host knows the guest by another id"
    assert str(home.units[SCHOOL]).encode() not in logs["beian"]
    for hidden in (there["member_id"], there["registration_id"], str(host.communities[THERE])):
        assert hidden.encode() not in logs["yunxi"]
    assert NAME.encode() not in logs["yunxi"] + logs["beian"]
    for path, reader in (
        (f"/registrations/{there['registration_id']}", home.admin),
        (f"/members/{there['member_id']}", service.token(Role.MEMBER, subject=there["member_id"], district="yunxi")),
        (f"/members/{member_id}", service.token(Role.MEMBER, subject=member_id, district="beian")),
    ):
        assert (await service.get(path, as_=reader)).status_code == 404
    liaison = service.token(Role.UNIT_LIAISON, subject="l", organisations=[home.units[SCHOOL]], district="beian")
    assert (await service.get(f"/units/{home.units[SCHOOL]}/away-registrations", as_=liaison)).json() == []
    assert (await service.post(f"/away-registrations/{paper['crossing_id']}/acknowledgement", as_=liaison)).status_code == 404


def test_two_modules_and_no_others_change_the_district_of_a_call() -> None:
    folder = Path(services.registration.__file__).parent
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if re.search(r"replace\(.*\bdistrict=", path.read_text())}
    assert found == {"crossings/api.py", "crossings/reactions.py"}


async def test_who_does_not_hold_the_paper_learns_nothing(home: Town, host: Town, service: ServiceUnderTest) -> None:
    member_id = await home.enrolled(SCHOOL, NAME)
    await service.settled()
    paper = await paper_of(home, member_id)
    third = await new_town(service, "dongcheng")
    for answer in [
        await receive(host, paper, check_signs="AAAAAAAA"),
        await receive(host, paper, certificate_no="KQ-00000-00000"),
        await receive(host, paper, home_district="beian"),
        await receive(host, paper, home_district="nowhere"),
        await receive(third, paper),
    ]:
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    looked = (await service.get(f"/members/{member_id}/accesses", as_=home.member(member_id))).json()["items"]
    assert not [each for each in looked if each["purpose"].startswith("crossing")]
    strange = f"/communities/{host.communities[THERE]}/guests"
    body = {key: paper[key] for key in ("certificate_no", "check_signs")} | {"home_district": "yunxi", "consent_text_version": "2026-01"}
    assert (await service.post(strange, json=body, as_=host.clerk(HERE))).status_code == 403


async def test_sending_the_paper_again_receives_nobody_twice(home: Town, host: Town) -> None:
    _, paper, there = await received(home, host)
    before = len(await host.service.log("beian"))
    again = await receive(host, paper)
    assert (again.status_code, again.json()["event_ids"], again.json()["result"]["member_id"]) == (201, [], there["member_id"])
    assert len(await host.service.log("beian")) == before


async def test_one_live_certificate_at_home_or_away(home: Town, host: Town) -> None:
    service, member_id = home.service, await home.enrolled(SCHOOL, NAME)
    await service.settled()
    paper = await paper_of(home, member_id)
    ordinary = {"member_id": member_id, "community_id": str(home.communities[HERE])}
    refused = await service.post("/certificates", json=ordinary, as_=home.liaison(SCHOOL))
    assert (refused.status_code, refused.json()["code"]) == (409, "certificate_already_issued")
    own_district = {"host_district": "yunxi", "host_community": HERE}
    stays = await service.post(f"/members/{member_id}/away-certificates", json=own_district, as_=home.liaison(SCHOOL))
    assert stays.json()["code"] == "crossing_stays_in_district"
    early = await service.post(f"/away-registrations/{paper['crossing_id']}/acknowledgement", as_=home.liaison(SCHOOL))
    assert early.json()["code"] == "away_not_confirmed"
    closure = f"/away-registrations/{paper['crossing_id']}/closure"
    assert (await service.post(closure, json={"reason": "MOVED"}, as_=home.liaison(BUREAU))).status_code == 403
    assert (await service.post(closure, json={"reason": "MOVED"}, as_=home.liaison(SCHOOL))).status_code == 200
    assert (await receive(host, paper)).status_code == 404, "the paper is not good any more"
    assert (await service.post("/certificates", json=ordinary, as_=home.liaison(SCHOOL))).status_code == 201
    assert (
        await service.post(f"/away-registrations/{uuid4()}/closure", json={"reason": "MOVED"}, as_=home.liaison(SCHOOL))
    ).status_code == 404


@pytest.mark.parametrize("side", ["the unit ends it", "the community ends it", "the guest withdraws consent", "the member leaves at home"])
async def test_what_one_side_ends_is_ended_on_both(home: Town, host: Town, side: str) -> None:
    service = home.service
    member_id, paper, there = await received(home, host)
    path, who, body = {
        "the unit ends it": (f"/away-registrations/{paper['crossing_id']}/closure", home.liaison(SCHOOL), {"reason": "RETIRED"}),
        "the community ends it": (f"/registrations/{there['registration_id']}/closure", host.clerk(THERE), {"reason": "MOVED"}),
        "the guest withdraws consent": (
            f"/members/{there['member_id']}/consents/CROSS_DISTRICT/withdrawal",
            host.member(there["member_id"]),
            {},
        ),
        "the member leaves at home": (f"/members/{member_id}/erasure", home.member(member_id), {}),
    }[side]
    assert (await service.post(path, json=body, as_=who)).status_code == 200
    for _ in range(3):  # there and back again
        await service.settled()
    expected = body.get("reason", "WITHDRAWN")
    edge, at_host = await away(home, paper["crossing_id"]), await registration(host, there)
    assert (edge["status"], edge["reason"]) == ("ENDED", expected)
    assert (at_host["status"], at_host["reason"]) == ("CLOSED", expected)
    names = [event.name for event in await service.log("yunxi") if paper["crossing_id"] in event.stream]
    assert names.count("AwayRegistrationEnded") == 1


async def test_a_guest_who_moves_within_the_host_district_stays_a_guest(home: Town, host: Town) -> None:
    service = home.service
    _, paper, there = await received(home, host)
    path = f"/registrations/{there['registration_id']}"
    move = {"to_community_id": str(host.communities[HERE]), "reason": "搬家"}
    assert (await service.post(f"{path}/transfer-request", json=move, as_=host.clerk(THERE))).status_code == 200
    assert (await service.post(f"{path}/transfer", as_=host.clerk(HERE))).status_code == 200
    for _ in range(3):
        await service.settled()
    edge = await away(home, paper["crossing_id"])
    assert (edge["status"], edge["host_community"], edge["receipt_acknowledged"]) == ("CONFIRMED", HERE, False)


async def test_the_read_model_of_all_that_is_a_function_of_the_log(home: Town, database: Database) -> None:
    await home.service.settled()
    told = {event.name for district in ("yunxi", "beian") for event in await home.service.log(district)}
    assert told >= {
        "AwayCertificateIssued",
        "AwayRegistrationConfirmed",
        "AwayReceiptAcknowledged",
        "AwayRegistrationEnded",
        "GuestReceived",
    }
    owner, role = database.url("registration_owner"), database.url("registration")
    rebuilt = await rebuild(SERVICE.read_model(), home.service.feeds, owner_url=owner, service_url=role, swap=False)
    assert rebuilt.is_equal
