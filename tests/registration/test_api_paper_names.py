"""Names for papers of other services: masked unless a certificate is printed, and on record for the member either way."""

from uuid import UUID

from shared.identity import Role
from tests.registration.conftest import HERE, SCHOOL, Town


async def test_a_name_for_a_certificate_is_masked_for_checks_and_on_record(town: Town) -> None:
    member_id, _ = await town.registered(SCHOOL, HERE)
    path = f"/paper-names/{member_id}"
    service = town.service.token(Role.SERVICE, subject="service:activities")
    masked = (await town.service.get(path, as_=service)).json()["name"]
    full = (await town.service.get(path, as_=service, params={"masked": "false"})).json()["name"]
    assert masked == full[0] + "*" * (len(full) - 1)
    looked = await town.service.get(f"/members/{member_id}/accesses", as_=town.member(UUID(str(member_id))))
    assert {"certificate_check", "service_certificate"} <= {each["purpose"] for each in looked.json()["items"]}
    assert (await town.service.get(path, as_=town.member(UUID(str(member_id))))).status_code == 403
