"""The printed certificate (联系证): its QR code, and the public page behind it for whoever holds the paper.

Invariant: the page says whether the paper is good, from whom and for where, and nothing about the member; without the check signs printed
beside the number it says nothing at all, so numbers cannot be tried out.
"""

import hmac
import io
from html import escape
from typing import Annotated
from uuid import UUID

import segno
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from services.registration.certificates import queries
from services.registration.certificates.access import own_certificate
from services.registration.certificates.certificate import Live
from services.registration.numbers import check_signs
from services.registration.policy import allow
from shared.http.answers import NotFound
from shared.http.endpoints import Call, allow_anonymous
from shared.identity import Role
from shared.texts import text

router = APIRouter(tags=["certificates"])

SVG = "image/svg+xml"
STATUS = {"ISSUED": "VALID", "USED": "USED", "REVOKED": "REVOKED"}
PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{title}</title></head>
<body><h1>{title}</h1><p><strong>{status}</strong></p><dl><dt>编号 · Number</dt><dd>{number}</dd>
<dt>单位 · Work unit</dt><dd>{unit}</dd><dt>社区 · Community</dt><dd>{community}</dd></dl></body></html>
"""


@router.get("/certificates/{certificate_id}/qr.svg", response_class=Response, responses={200: {"content": {SVG: {}}}})
async def certificate_qr(request: Request, certificate_id: UUID, call: Annotated[Call, Depends(allow("print_certificate"))]) -> Response:
    """QR code of the public page, for the member, the unit and the community of the certificate."""
    return Response(qr_code(request, call, await own_certificate(call, certificate_id)), media_type=SVG)


def qr_code(request: Request, call: Call, issued: Live) -> bytes:
    """SVG of the code that leads to the certificate's public page."""
    page = request.url_for("verify_certificate", district=call.district, certificate_no=issued.certificate_no)
    out = io.BytesIO()
    segno.make(str(page.include_query_params(check=check_signs(issued.certificate_id))), error="m").save(out, kind="svg", scale=4)
    return out.getvalue()


@router.get(
    "/districts/{district}/certificates/verify/{certificate_no}",
    responses={200: {"content": {"text/html": {}}}},
    response_model=queries.CertificateVerification,
)
async def verify_certificate(
    request: Request,
    certificate_no: str,
    call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))],
    check: Annotated[str, Query(max_length=20, description="the signs printed beside the number")] = "",
) -> queries.CertificateVerification | HTMLResponse:
    """Is this paper good? For anybody who holds it: a page for browsers, JSON otherwise."""
    async with call.read() as tx:
        row = await queries.certificate_by_number(tx, call.district, certificate_no)
    # Always one comparison, and one answer for "no such number" and "wrong signs".
    expected = check_signs(UUID(int=0) if row is None else row["certificate_id"])
    if not hmac.compare_digest(expected.encode(), check.strip().upper().encode()) or row is None:
        raise NotFound
    found = queries.CertificateVerification(
        certificate_no=certificate_no,
        status=STATUS[row["status"]],
        unit_name=row["unit_name"],
        community_name=row["community_name"],
    )
    return HTMLResponse(_page(found)) if "text/html" in request.headers.get("accept", "") else found


def _page(found: queries.CertificateVerification) -> str:
    title, status = (
        text("registration", "labels", "certificate_page"),
        text("registration", "labels", f"certificate_{found.status.lower()}"),
    )
    return PAGE.format(
        title=escape(f"{title.zh} · {title.en}"),
        status=escape(f"{status.zh} · {status.en}"),
        number=escape(found.certificate_no),
        unit=escape(found.unit_name or ""),
        community=escape(found.community_name or ""),
    )
