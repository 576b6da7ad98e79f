"""The printed certificate and the desk: QR, the public page that tells nothing to guessers, a stack of papers sent more than once."""

import re
from uuid import UUID

import pytest_asyncio

from services.registration.numbers import check_signs
from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def certificate_of(town: Town, member_id: str) -> dict[str, str]:
    answer = await town.service.get("/certificates", as_=town.member(member_id), params={"member_id": member_id})
    return answer.json()["items"][0]


def check_signs_of(paper: dict[str, str]) -> str:
    return check_signs(UUID(paper["certificate_id"]))


async def public(town: Town, number: str, check: str, accept: str = "application/json") -> tuple[int, str]:
    await town.service.settled()
    path = f"/districts/{town.district}/certificates/verify/{number}"
    answer = await town.service.client.get(path, params={"check": check}, headers={"Accept": accept})
    return answer.status_code, answer.text


async def test_whoever_holds_the_paper_learns_whether_it_is_good_and_nothing_about_the_member(town: Town) -> None:
    member_id, number = await town.certified(SCHOOL, HERE, "邵清越")
    paper = await certificate_of(town, member_id)
    check = check_signs_of(paper)
    status, body = await public(town, number, check)
    assert (status, body) == (200, f'{{"certificate_no":"{number}","status":"VALID","unit_name":"{SCHOOL}","community_name":"{HERE}"}}')
    status, page = await public(town, number, check.lower(), "text/html")
    assert status == 200
    assert "有效" in page
    assert member_id not in body + page
    assert "邵清越" not in body + page

    report = {"certificate_no": number, "consent_text_version": "2026-01"}
    await town.service.post("/registrations", json=report, as_=town.member(member_id))
    assert '"USED"' in (await public(town, number, check))[1]


async def test_a_revoked_paper_says_so(town: Town) -> None:
    member_id, number = await town.certified(SCHOOL, HERE)
    paper = await certificate_of(town, member_id)
    path = f"/certificates/{paper['certificate_id']}/revocation"
    await town.service.post(path, json={"reason": "填错"}, as_=town.liaison(SCHOOL))
    assert '"REVOKED"' in (await public(town, number, check_signs_of(paper)))[1]


async def test_numbers_cannot_be_tried_out(town: Town) -> None:
    member_id, number = await town.certified(SCHOOL, HERE)
    right = check_signs_of(await certificate_of(town, member_id))
    known = await public(town, number, "")
    unknown = await public(town, "LX-00000-00000", right)
    assert known[0] == unknown[0] == 404
    strip = re.compile(r'"instance":"[^"]*",?')
    assert strip.sub("", known[1]) == strip.sub("", unknown[1])
    assert (await town.service.client.get(f"/districts/elsewhere/certificates/verify/{number}", params={"check": right})).status_code == 404


async def test_the_code_on_the_paper_leads_to_its_page(town: Town) -> None:
    member_id, _ = await town.certified(SCHOOL, HERE)
    path = f"/certificates/{(await certificate_of(town, member_id))['certificate_id']}/qr.svg"
    answer = await town.service.get(path, as_=town.liaison(SCHOOL))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert b"<svg" in answer.content
    assert (await town.service.get(path, as_=town.liaison(BUREAU))).status_code == 403


async def test_certificate_receipt_and_form_are_printed_for_the_three_concerned_and_it_is_on_record(town: Town) -> None:
    member_id, registration_id = await town.registered(SCHOOL, HERE)
    paper = await certificate_of(town, member_id)
    for path in (
        f"/certificates/{paper['certificate_id']}/certificate.pdf",
        f"/registrations/{registration_id}/receipt.pdf",
        f"/registrations/{registration_id}/form.pdf",
    ):
        printed = await town.service.get(path, as_=town.clerk(HERE))
        assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf"), printed.text
        assert printed.content.startswith(b"%PDF-")
        assert b"NotoSansSC" in printed.content
        assert (await town.service.get(path, as_=town.clerk(THERE))).status_code == 403
    looked = await town.service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))
    assert {"print_certificate", "print_receipt", "print_form"} <= {each["purpose"] for each in looked.json()["items"]}
