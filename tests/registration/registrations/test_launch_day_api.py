"""The launch day (千人启动大会): everybody reports at once, desks press twice, and still everybody is registered exactly once."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx2
import pytest

from ops.demo import make_roster
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import XLSX, new_town

MEMBERS = 1000
AT_ONCE = 64  # requests under way together, as many as the service admits; more would only wait


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_thousand_report_at_once_and_everybody_is_registered_once(service: ServiceUnderTest, tmp_path: Path) -> None:
    town = await new_town(service, "launch")
    make_roster.write_workbook(tmp_path / "roster.xlsx", MEMBERS)
    files = {"file": ("花名册.xlsx", (tmp_path / "roster.xlsx").read_bytes(), XLSX)}
    twice = await asyncio.gather(*(service.insist("/rosters", files=files, as_=town.admin) for _ in range(2)))
    await service.settled()
    assert sum(answer.json()["enrolled"] for answer, _ in twice) == MEMBERS

    issued = [
        (await service.insist(f"/units/{unit_id}/certificates", json={}, as_=town.liaison(unit)))[0] for unit, unit_id in town.units.items()
    ]
    certificates = [certificate for answer in issued for certificate in answer.json()["issued"]]
    assert len(certificates) == MEMBERS
    await service.settled()

    # The member with the phone and the clerk at the desk, at the same moment, with different idempotency keys.
    desks = {str(community_id): town.clerk(community) for community, community_id in town.communities.items()}
    slots = asyncio.Semaphore(AT_ONCE)

    async def report(number: str, who: str) -> tuple[httpx2.Response, float]:
        async with slots:
            return await service.insist("/registrations", json={"consent_text_version": "2026-01", "certificate_no": number}, as_=who)

    answers = await asyncio.gather(
        *(
            report(each["certificate_no"], who)
            for each in certificates
            for who in (town.member(each["member_id"]), desks[each["community_id"]])
        )
    )
    assert {answer.status_code for answer, _ in answers} == {201}, Counter(each.text for each, _ in answers if each.status_code != 201)
    names = Counter(event.name for event in await service.log("launch"))
    assert names["MemberEnrolled"] == names["LiaisonCertificateIssued"] == names["MemberRegistered"] == names["ConsentGiven"] == MEMBERS
    times = sorted(seconds for _, seconds in answers)
    p50, p99 = (times[len(times) * share // 100] for share in (50, 99))
    print(f"\n{len(times)} registrations, {AT_ONCE} at once: p50 {p50:.2f} s, p99 {p99:.2f} s")  # noqa: T201 - a figure for people, asserted nowhere
