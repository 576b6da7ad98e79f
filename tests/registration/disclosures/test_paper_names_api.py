"""Names for papers of other services: masked unless a certificate is printed, and on record for the member either way."""

import pytest_asyncio

from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, HERE = "云溪区育光小学", "新风社区"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def test_a_name_for_a_certificate_is_masked_for_checks_and_on_record(town: Town) -> None:
    member_id, _ = await town.registered(SCHOOL, HERE)
    path = f"/paper-names/{member_id}"
    service = town.service.token(Role.SERVICE, subject="service:activities", district=town.district)
    masked = (await town.service.get(path, as_=service)).json()["name"]
    full = (await town.service.get(path, as_=service, params={"masked": "false"})).json()["name"]
    assert masked == full[0] + "*" * (len(full) - 1)
    await town.service.get(path, as_=service, params={"purpose": "award_notice"})
    assert (await town.service.get(path, as_=service, params={"purpose": "curiosity"})).status_code == 422
    looked = await town.service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))
    assert {"certificate_check", "service_certificate", "award_notice"} <= {each["purpose"] for each in looked.json()["items"]}
    assert (await town.service.get(path, as_=town.member(member_id))).status_code == 403


async def test_a_bulletin_gets_names_by_pinyin_of_those_who_consent_and_they_see_it(town: Town) -> None:
    named, unnamed = [await town.enrolled(SCHOOL, name) for name in ("郑启明", "单雄", "柳青")], await town.enrolled(SCHOOL, "白羽")
    for member_id in named:
        consent = {"purpose": "PUBLIC_NAMING", "text_version": "2026-01"}
        assert (await town.service.post(f"/members/{member_id}/consents", json=consent, as_=town.member(member_id))).is_success
    service = town.service.token(Role.SERVICE, subject="service:activities", district=town.district)

    async def asked(*who: str, status: int = 200, as_: str = service) -> dict[str, list[str]]:
        await town.service.settled()
        answer = await town.service.post("/bulletin-names", json={"member_ids": who}, as_=as_)
        assert answer.status_code == status, answer.text
        return answer.json()

    assert await asked(*named, unnamed) == {"names": ["柳青", "单雄", "郑启明"]}
    for member_id, purposes in ((named[0], ["bulletin"]), (unnamed, [])):
        looked = await town.service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))
        assert [each["purpose"] for each in looked.json()["items"]] == purposes
    await town.service.post(f"/members/{named[0]}/consents/PUBLIC_NAMING/withdrawal", as_=town.member(named[0]))
    await town.service.post(f"/members/{named[1]}/erasure", as_=town.member(named[1]))
    assert await asked(*named) == {"names": ["柳青"]}
    assert await asked(unnamed) == {"names": []}
    await asked(status=422)
    await asked(*[named[0]] * 2001, status=422)
    for as_ in (town.admin, town.clerk(HERE), town.member(named[0])):
        await asked(*named, status=403, as_=as_)
    other = town.service.token(Role.SERVICE, subject="service:activities", district="elsewhere")
    assert await asked(*named, as_=other) == {"names": []}
