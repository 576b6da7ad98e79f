"""The read model is a function of the log: one by one or in batches, live or rebuilt."""

from dataclasses import dataclass

from ops.demo import make_roster
from ops.provision import Database
from services.registration.app import SERVICE
from shared.eventlog.feeds import Source
from shared.eventlog.log import Mark, Page
from shared.eventlog.rebuild import rebuild
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

BUREAU = "云溪区司法局"


@dataclass
class OneByOne:
    """A feed that hands out single events."""

    feed: Source

    async def heads(self, service: str) -> dict[str, Mark]:
        return await self.feed.heads(service)

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        return await self.feed.read(service, district, after, min(limit, 1))


PROFILE = {"skills": ["急救"], "preferences": ["周末"], "willingness": {"kinds": ["CULTURE"], "times": ["HOLIDAY"], "times_per_month": 1}}


async def a_bit_of_everything(town: Town) -> None:
    """Two members of a bureau: one goes the whole way and is erased, one is returned, reports again and withdraws."""
    service, unit = town.service, town.liaison(BUREAU)
    await town.send_roster(make_roster.ROSTER.read_bytes())
    issued = (await service.post(f"/units/{town.units[BUREAU]}/certificates", json={}, as_=unit)).json()["issued"]
    await service.settled()
    first, second = issued[:2]
    reported: list[str] = []
    for each in (first, second):
        body = {"certificate_no": each["certificate_no"], "consent_text_version": "2026-01"}
        answer = await service.post("/registrations", json=body, as_=town.member(each["member_id"]))
        reported.append(f"/registrations/{answer.json()['result']['registration_id']}")
    clerks = {str(community_id): town.clerk(name) for name, community_id in town.communities.items()}
    for path, token, body in [
        (f"{reported[0]}/confirmation", clerks[first["community_id"]], None),
        (f"{reported[0]}/acknowledgement", unit, None),
        (f"{reported[0]}/renewal", town.member(first["member_id"]), None),
        (f"{reported[0]}/suspension", unit, {"reason": "借调外地"}),
        (f"{reported[0]}/resumption", unit, None),
        (f"{reported[1]}/return", clerks[second["community_id"]], {"reason": "不在本社区居住"}),
        ("/registrations", town.member(second["member_id"]), {"certificate_no": second["certificate_no"]}),
        (f"/members/{second['member_id']}/profile", town.member(second["member_id"]), PROFILE),
        (f"/members/{second['member_id']}/contact", town.member(second["member_id"]), {"phone": None, "email": "new@members.example"}),
        (f"/members/{second['member_id']}/consents/DUAL_MANAGEMENT/withdrawal", town.member(second["member_id"]), None),
        (f"/members/{first['member_id']}/erasure", town.member(first["member_id"]), None),
        (f"/organisations/{town.units[BUREAU]}/contact", town.admin, {"contact_email": None}),
    ]:
        answer = await service.post(path, as_=token, **({"json": body} if body else {}))
        assert answer.is_success, (path, answer.text)
    await service.settled()


async def test_rebuilt_one_by_one_or_in_batches_it_is_the_same(service: ServiceUnderTest, database: Database) -> None:
    town = await new_town(service, "yunxi")
    await a_bit_of_everything(town)
    owner, role = database.url("registration_owner"), database.url("registration")
    batched = await rebuild(SERVICE.read_model(), service.feeds, owner_url=owner, service_url=role, swap=False)
    single = await rebuild(SERVICE.read_model(), OneByOne(service.feeds), owner_url=owner, service_url=role, swap=False)
    assert batched.is_equal
    assert single.is_equal
    assert batched.digest_rebuilt == single.digest_rebuilt
    assert batched.events >= 100


async def test_the_story_above_tells_every_kind_of_event(service: ServiceUnderTest) -> None:
    told = {event.name for event in await service.log("yunxi")}
    assert told >= {
        "OrganisationEstablished",
        "OrganisationContactChanged",
        "MemberEnrolled",
        "ContactDetailsChanged",
        "MemberProfileUpdated",
        "ConsentGiven",
        "ConsentWithdrawn",
        "PersonalDataErased",
        "LiaisonCertificateIssued",
        "MemberRegistered",
        "RegistrationConfirmed",
        "RegistrationReceiptIssued",
        "RegistrationReceiptAcknowledged",
        "RegistrationReturned",
        "RegistrationRenewed",
        "RegistrationSuspended",
        "RegistrationResumed",
        "RegistrationClosed",
    }
