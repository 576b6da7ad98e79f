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
