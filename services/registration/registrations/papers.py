"""Printed papers: the certificate to carry, the receipt to file, the registration form to sign, the member's file. No phone is needed.

Invariant: a paper is printed for its member, unit and community only, and printing it is recorded as a reading of personal data.
"""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.registration.access import opened, today
from services.registration.certificates.api import require_own
from services.registration.certificates.checks import own_certificate, qr_code
from services.registration.citizen_number import masked
from services.registration.numbers import check_signs
from services.registration.organisations import queries as directory
from services.registration.organisations.organisation import ORGANISATION
from services.registration.organisations.state import Unknown
from services.registration.policy import allow
from services.registration.programmes.papers import Paper, printed_paper
from services.registration.programmes.programme import FORMS
from services.registration.registrations import queries
from services.registration.willingness import in_words
from shared.contracts.service_preference import ServicePreference
from shared.texts import text
from shared.web import Call, NotFound

router = APIRouter(tags=["printing"])

PDF = "application/pdf"
MOST_REGISTRATIONS = 50
ACTIVE = frozenset({"PENDING", "CONFIRMED", "SUSPENDED"})
PRINTED: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


@router.get("/certificates/{certificate_id}/certificate.pdf", response_class=Response, responses=PRINTED)
async def print_certificate(request: Request, certificate_id: UUID, call: Annotated[Call, Depends(allow("print_certificate"))]) -> Response:
    """The liaison certificate (联系证) with its code."""
    issued = await own_certificate(call, certificate_id)
    member = await member_lines(request, call, issued.member_id, "print_certificate")
    lines = {
        "certificate_no": issued.certificate_no,
        "check_signs": check_signs(certificate_id),
        "name": member["name"],
        "unit": await _name(call, issued.unit_id),
        "community": await _name(call, issued.community_id),
    }
    return await sheet(call, "certificate", lines, qr_code(request, call, issued).decode())


@router.get("/registrations/{registration_id}/receipt.pdf", response_class=Response, responses=PRINTED)
async def print_receipt(request: Request, registration_id: UUID, call: Annotated[Call, Depends(allow("print_registration"))]) -> Response:
    """The receipt (报到回执单) of a confirmed registration."""
    registration = await _own_registration(call, registration_id)
    if registration.receipt_no is None:
        raise NotFound
    member = await member_lines(request, call, registration.member_id, "print_receipt")
    lines = {
        "receipt_no": registration.receipt_no,
        "certificate_no": registration.certificate_no,
        "name": member["name"],
        "unit": await _name(call, registration.unit_id),
        "community": await _name(call, registration.community_id),
        "reported_on": registration.reported_on.isoformat(),
    }
    return await sheet(call, "receipt", lines)


@router.get("/registrations/{registration_id}/form.pdf", response_class=Response, responses=PRINTED)
async def print_form(request: Request, registration_id: UUID, call: Annotated[Call, Depends(allow("print_registration"))]) -> Response:
    """The registration form (报到登记表), filled in with what is known."""
    registration = await _own_registration(call, registration_id)
    member = await member_lines(request, call, registration.member_id, "print_form")
    places = {"unit": await _name(call, registration.unit_id), "community": await _name(call, registration.community_id)}
    lines = member | _facts(registration) | places
    return await sheet(call, "form", lines)


@router.get("/members/{member_id}/file.pdf", response_class=Response, responses=PRINTED)
async def print_member_file(request: Request, member_id: UUID, call: Annotated[Call, Depends(allow("print_registration"))]) -> Response:
    """The member's file of the programme (一档): who, from where, registered where and when. No thoughts, no living conditions."""
    async with call.read() as tx:
        scope = queries.Scope(member_id=member_id)
        history = (await queries.registrations(tx, call.district, scope, None, (None, MOST_REGISTRATIONS))).items
        names = await directory.names(tx, call.district)
    newest = max(history, key=lambda each: (each.status in ACTIVE, each.reported_on), default=None)
    if newest is None:
        raise NotFound
    require_own(call, queries.Scope(member_id=member_id, unit_id=newest.unit_id, community_id=newest.community_id))
    member = await member_lines(request, call, member_id, "print_file")
    told = [f"{each.reported_on} {names.get(each.community_id, '')} {_value(each.status)}" for each in history]
    lines = (
        member
        | _facts(newest)
        | {
            "unit": names.get(newest.unit_id, ""),
            "community": names.get(newest.community_id, ""),
            "history": "；".join(sorted(told)),
        }
    )
    return await sheet(call, "file", lines)


def _facts(registration: queries.Registration) -> dict[str, str]:
    return {
        "occupation": _value(registration.occupation_group),
        "political_status": _value(registration.political_status),
        "reported_on": registration.reported_on.isoformat(),
    }


def _value(code: str) -> str:
    return text("registration", "labels", f"value_{code.lower()}").zh


async def _own_registration(call: Call, registration_id: UUID) -> queries.Registration:
    async with call.read() as tx:
        registration = await queries.registration(tx, call.district, registration_id)
    if registration is None:
        raise NotFound
    edges = {"unit_id": registration.unit_id, "community_id": registration.community_id, "member_id": registration.member_id}
    require_own(call, queries.Scope(**edges))
    return registration


async def member_lines(request: Request, call: Call, member_id: UUID, purpose: str) -> dict[str, str]:
    """What papers say about a member; the reading is recorded. Raises NotFound."""
    async with call.read() as tx:
        row = await queries.member(tx, call.district, member_id)
    if row is None:
        raise NotFound
    ring = await opened(request, call, [member_id], purpose, numbers=True)
    number = ring.open(member_id, "citizen_number", row["citizen_number_sealed"])
    return {
        "name": ring.open(member_id, "name", row["name_sealed"]) or "",
        "citizen_number": "" if number is None else masked(number),
        "member_no": row["member_no"],
        "skills": "、".join(row["skills"]),
        "preferences": "、".join(row["preferences"]),
        "willingness": in_words(ServicePreference.model_validate(row["willingness"])),
    }


async def _name(call: Call, organisation_id: UUID) -> str:
    organisation = await call.state(ORGANISATION, organisation_id)
    return "" if isinstance(organisation, Unknown) else organisation.name


async def sheet(call: Call, kind: str, lines: dict[str, str], svg: str = "") -> Response:
    """The sheet in Chinese, in the words and with the fields of the programme that runs today: that is what it is filed as."""
    async with call.read() as tx:
        programme = await directory.programme_on(tx, call.district, today(call))
    vocabulary, forms = ({}, {}) if programme is None else (programme.vocabulary, programme.forms)

    def word(key: str) -> str:
        return vocabulary.get(key) or text("registration", "labels", f"paper_{key}").zh

    shown = [(word(key), lines[key]) for key in forms.get(kind, FORMS[kind])]
    paper = Paper(word(kind), shown, word(f"{kind}_note"), word("seal"), svg)
    content = await asyncio.to_thread(printed_paper, paper)
    return Response(content, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{kind}.pdf"'})
