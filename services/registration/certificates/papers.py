"""The printed liaison certificate (联系证).

Invariant: printed for its member, unit and community only, and recorded as a reading of personal data.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.registration.certificates.access import own_certificate
from services.registration.certificates.checks import qr_code
from services.registration.members.papers import member_lines
from services.registration.numbers import check_signs
from services.registration.organisations.access import name_of
from services.registration.policy import allow
from services.registration.programmes.papers import PRINTED, sheet
from shared.http.endpoints import Call

router = APIRouter(tags=["printing"])


@router.get("/certificates/{certificate_id}/certificate.pdf", response_class=Response, responses=PRINTED)
async def print_certificate(request: Request, certificate_id: UUID, call: Annotated[Call, Depends(allow("print_certificate"))]) -> Response:
    """The liaison certificate (联系证) with its code."""
    issued = await own_certificate(call, certificate_id)
    member = await member_lines(call, issued.member_id, "print_certificate")
    lines = {
        "certificate_no": issued.certificate_no,
        "check_signs": check_signs(certificate_id),
        "name": member["name"],
        "unit": await name_of(call, issued.unit_id),
        "community": await name_of(call, issued.community_id),
    }
    return await sheet(call, "certificate", lines, qr_code(request, call, issued).decode())
