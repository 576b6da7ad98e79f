"""Printed papers: the receipt to file, the registration form to sign, the member's file. No phone is needed.

Invariant: printed for the member, unit and community only, and recorded as a reading of personal data.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.registration.access import Scope, require_own
from services.registration.display_names import organisation_names
from services.registration.members.papers import member_lines
from services.registration.organisations.access import name_of
from services.registration.policy import allow
from services.registration.programmes.papers import PRINTED, sheet
from services.registration.registrations import queries
from shared.http.answers import NotFound
from shared.http.endpoints import Call
from shared.texts import text

router = APIRouter(tags=["printing"])
MOST_REGISTRATIONS = 50
ACTIVE = frozenset({"PENDING", "CONFIRMED", "SUSPENDED"})


@router.get("/registrations/{registration_id}/receipt.pdf", response_class=Response, responses=PRINTED)
async def print_receipt(registration_id: UUID, call: Annotated[Call, Depends(allow("print_registration"))]) -> Response:
    """The receipt (报到回执单) of a confirmed registration."""
    registration = await _own_registration(call, registration_id)
    if registration.receipt_no is None:
        raise NotFound
    member = await member_lines(call, registration.member_id, "print_receipt")
    lines = {
        "receipt_no": registration.receipt_no,
        "certificate_no": registration.certificate_no,
        "name": member["name"],
        "unit": await name_of(call, registration.unit_id),
        "community": await name_of(call, registration.community_id),
        "reported_on": registration.reported_on.isoformat(),
    }
    return await sheet(call, "receipt", lines)


@router.get("/registrations/{registration_id}/form.pdf", response_class=Response, responses=PRINTED)
async def print_form(registration_id: UUID, call: Annotated[Call, Depends(allow("print_registration"))]) -> Response:
    """The registration form (报到登记表), filled in with what is known."""
    registration = await _own_registration(call, registration_id)
    member = await member_lines(call, registration.member_id, "print_form")
    places = {"unit": await name_of(call, registration.unit_id), "community": await name_of(call, registration.community_id)}
    lines = member | _facts(registration) | places
    return await sheet(call, "form", lines)


@router.get("/members/{member_id}/file.pdf", response_class=Response, responses=PRINTED)
async def print_member_file(member_id: UUID, call: Annotated[Call, Depends(allow("print_registration"))]) -> Response:
    """The member's file of the programme (一档): who, from where, registered where and when. No thoughts, no living conditions."""
    async with call.read() as tx:
        scope = Scope(member_id=member_id)
        history = (await queries.registrations(tx, call.district, scope, None, (None, MOST_REGISTRATIONS))).items
        names = await organisation_names(tx, call.district)
    newest = max(history, key=lambda each: (each.status in ACTIVE, each.reported_on), default=None)
    if newest is None:
        raise NotFound
    require_own(call, Scope(member_id=member_id, unit_id=newest.unit_id, community_id=newest.community_id))
    member = await member_lines(call, member_id, "print_file")
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
    require_own(call, Scope(**edges))
    return registration
