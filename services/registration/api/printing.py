"""Printed papers: the certificate to carry, the receipt to file, the registration form to sign. Whoever has no phone loses nothing.

Invariant: a paper is printed for its member, unit and community only, and printing it is recorded as a reading of personal data.
"""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.registration import queries
from services.registration.api.certificate_checks import own_certificate, qr_code
from services.registration.api.certificates import require_own
from services.registration.api.scope import opened
from services.registration.domain.numbers import check_signs
from services.registration.domain.organisation import ORGANISATION, Established
from services.registration.papers import Paper, printed_paper
from services.registration.policy import allow
from shared.texts import text
from shared.web import Call, NotFound

router = APIRouter(tags=["printing"])

PDF = "application/pdf"
PRINTED: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


@router.get("/certificates/{certificate_id}/certificate.pdf", response_class=Response, responses=PRINTED)
async def print_certificate(request: Request, certificate_id: UUID, call: Annotated[Call, Depends(allow("print_certificate"))]) -> Response:
    """The liaison certificate (联系证) with its code."""
    issued = await own_certificate(call, certificate_id)
    member = await _member(request, call, issued.member_id, "print_certificate")
    lines = {
        "certificate_no": issued.certificate_no,
        "check_signs": check_signs(certificate_id),
        "name": member["name"],
        "unit": await _name(call, issued.unit_id),
        "community": await _name(call, issued.community_id),
    }
    return await _sheet("certificate", lines, qr_code(request, call, issued).decode())


@router.get("/registrations/{registration_id}/receipt.pdf", response_class=Response, responses=PRINTED)
async def print_receipt(request: Request, registration_id: UUID, call: Annotated[Call, Depends(allow("print_registration"))]) -> Response:
    """The receipt (报到回执单) of a confirmed registration."""
    registration = await _own_registration(call, registration_id)
    if registration.receipt_no is None:
        raise NotFound
    member = await _member(request, call, registration.member_id, "print_receipt")
    lines = {
        "receipt_no": registration.receipt_no,
        "certificate_no": registration.certificate_no,
        "name": member["name"],
        "unit": await _name(call, registration.unit_id),
        "community": await _name(call, registration.community_id),
        "reported_on": registration.reported_on.isoformat(),
    }
    return await _sheet("receipt", lines)


@router.get("/registrations/{registration_id}/form.pdf", response_class=Response, responses=PRINTED)
async def print_form(request: Request, registration_id: UUID, call: Annotated[Call, Depends(allow("print_registration"))]) -> Response:
    """The registration form (报到登记表), filled in with what is known."""
    registration = await _own_registration(call, registration_id)
    member = await _member(request, call, registration.member_id, "print_form")
    lines = {
        "name": member["name"],
        "member_no": member["member_no"],
        "occupation": text("registration", "labels", f"value_{registration.occupation_group.lower()}").zh,
        "political_status": text("registration", "labels", f"value_{registration.political_status}").zh,
        "unit": await _name(call, registration.unit_id),
        "community": await _name(call, registration.community_id),
        "reported_on": registration.reported_on.isoformat(),
        "skills": member["skills"],
        "preferences": member["preferences"],
    }
    return await _sheet("form", lines)


async def _own_registration(call: Call, registration_id: UUID) -> queries.Registration:
    async with call.read() as tx:
        registration = await queries.registration(tx, call.district, registration_id)
    if registration is None:
        raise NotFound
    edges = {"unit_id": registration.unit_id, "community_id": registration.community_id, "member_id": registration.member_id}
    require_own(call, queries.Scope(**edges))
    return registration


async def _member(request: Request, call: Call, member_id: UUID, purpose: str) -> dict[str, str]:
    async with call.read() as tx:
        row = await queries.member(tx, call.district, member_id)
    if row is None:
        raise NotFound
    ring = await opened(request, call, [member_id], purpose)
    return {
        "name": ring.open(member_id, "name", row["name_sealed"]) or "",
        "member_no": row["member_no"],
        "skills": "、".join(row["skills"]),
        "preferences": "、".join(row["preferences"]),
    }


async def _name(call: Call, organisation_id: UUID) -> str:
    organisation = await call.state(ORGANISATION, organisation_id)
    return organisation.name if isinstance(organisation, Established) else ""


async def _sheet(kind: str, lines: dict[str, str], svg: str = "") -> Response:
    """The sheet in Chinese: that is what it is filed as."""

    def word(key: str) -> str:
        return text("registration", "labels", f"paper_{key}").zh

    paper = Paper(word(kind), [(word(key), value) for key, value in lines.items()], word(f"{kind}_note"), word("seal"), svg)
    content = await asyncio.to_thread(printed_paper, paper)
    return Response(content, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{kind}.pdf"'})
