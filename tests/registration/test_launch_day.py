"""The launch day (千人启动大会): everybody reports at once, desks press twice, and still everybody is registered exactly once."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx

from ops.demo import make_roster
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import XLSX, new_town

MEMBERS = 100


async def test_everybody_reports_at_once_and_is_registered_once(service: ServiceUnderTest, tmp_path: Path) -> None:
    town = await new_town(service, "launch")
    make_roster.write_workbook(tmp_path / "roster.xlsx", MEMBERS)
    files = {"file": ("花名册.xlsx", (tmp_path / "roster.xlsx").read_bytes(), XLSX)}
    twice = await asyncio.gather(*(service.post("/rosters", files=files, as_=town.admin) for _ in range(2)))
    await service.settled()
    assert sum(answer.json()["enrolled"] for answer in twice) == MEMBERS

    issued = await asyncio.gather(
        *(service.post(f"/units/{unit_id}/certificates", json={}, as_=town.liaison(unit)) for unit, unit_id in town.units.items())
    )
    certificates = [certificate for answer in issued for certificate in answer.json()["issued"]]
    assert len(certificates) == MEMBERS
    await service.settled()

    # The member with the phone and the clerk at the desk, at the same moment, with different idempotency keys.
    desks = {str(community_id): town.clerk(community) for community, community_id in town.communities.items()}
    body = {"consent_text_version": "2026-01"}
    slots = asyncio.Semaphore(20)

    async def report(number: str, who: str) -> httpx.Response:
        key = service.key()
        async with slots:
            for _ in range(10):  # "not now" is answered by the same request again, as every client does
                answer = await service.post("/registrations", json=body | {"certificate_no": number}, as_=who, key=key)
                if answer.status_code != 503:
                    return answer
        message = "the service never had time"
        raise AssertionError(message)

    answers = await asyncio.gather(
        *(
            report(each["certificate_no"], who)
            for each in certificates
            for who in (town.member(each["member_id"]), desks[each["community_id"]])
        )
    )
    assert {answer.status_code for answer in answers} == {201}, Counter(answer.text for answer in answers if answer.status_code != 201)
    names = Counter(event.name for event in await service.log("launch"))
    assert names["MemberEnrolled"] == names["LiaisonCertificateIssued"] == names["MemberRegistered"] == names["ConsentGiven"] == MEMBERS
