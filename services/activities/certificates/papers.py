"""The certificate on paper, and the public page that says whether a paper still holds.

Invariant: nothing is answered without number and code together; the page shows a masked name, and none when registration cannot be asked.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from services.activities.access import allow
from services.activities.certificates import queries
from services.activities.certificates.queries import CertificateView
from shared.calendar.local_time import local_day
from shared.http.answers import NotFound
from shared.http.endpoints import Call, allow_anonymous
from shared.identity import Role
from shared.papers.printing import PRINTED, printed_answer, qr_code
from shared.privacy.names import Names, NamesUnreachable
from shared.texts import Text, text

router = APIRouter()
TEMPLATE: Final = Path(__file__).with_name("certificate.typ")
PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{title}</title></head><body><h1>{title}</h1><p><strong>{status}</strong></p><dl>{lines}</dl></body></html>
"""
# The same size of answer and the same words for every wrong guess: nothing can be found by trying.
CODE: Final = Query(min_length=1, max_length=40, description="the verification code printed beside the number")


class CheckedCertificate(BaseModel):
    """What anybody who holds the paper may know. `status`: ISSUED, SUPERSEDED (a record on it says something else now), REVOKED.
    `publicised_until`: until then anybody may object; null when that is over.
    """

    certificate_no: str
    status: str
    is_current: bool
    masked_name: str | None
    member_no: str | None
    community_id: UUID
    period_start: date
    period_end: date
    total_minutes: int
    issued_on: date
    publicised_until: date | None


@dataclass(frozen=True, slots=True)
class CertificateSheet:
    """What is printed on the sheet; `svg` is the code that leads to the public check."""

    title: str
    lines: Sequence[tuple[str, str]]
    headers: Sequence[str]
    services: Sequence[tuple[str, str, str, str]]
    note: str
    seal: str
    svg: str


@router.get("/certificates/{certificate_id}/certificate.pdf", response_class=Response, responses=PRINTED)
async def print_certificate(request: Request, certificate_id: UUID, call: Annotated[Call, Depends(allow("see_certificate"))]) -> Response:
    """The certificate as PDF, for its member and its community; only one that holds is printed."""
    async with call.read() as tx:
        found = await queries.certificate(tx, call.district, certificate_id)
        is_current = found is not None and await queries.is_still_true(tx, call.district, certificate_id)
    if found is None or not (call.principal.is_member(found.member_id) or found.community_id in call.principal.organisations):
        raise NotFound
    if found.status != "ISSUED" or not is_current:
        raise NotFound
    names: Names = request.app.state.names
    name = await names.of_member(call.district, found.member_id, masked=False)
    community = await names.of_community(call.district, found.community_id)
    page = request.url_for("check_certificate", district=call.district, number=found.certificate_no)
    sheet = _sheet(found, name or "", community or "", str(page.include_query_params(code=found.verification_code)))
    return await printed_answer("certificate", TEMPLATE, asdict(sheet))


def _sheet(found: CertificateView, name: str, community: str, url: str) -> CertificateSheet:
    lines = {
        "certificate_no": found.certificate_no,
        "verification_code": found.verification_code,
        "name": name,
        "member_no": found.member_no or "",
        "period": f"{found.period_start} – {found.period_end}",
        "total": f"{found.total_minutes // 60} 小时 {found.total_minutes % 60} 分",
        "issuer": community,
        "person_in_charge": found.person_in_charge or "",
        "handler": found.issued_by,
        "office": found.office or "",
        "issued_on": found.issued_on.isoformat(),
    }
    return CertificateSheet(
        title=_word("paper_title").zh,
        lines=[(_word(f"paper_{key}").zh, value) for key, value in lines.items()],
        headers=[_word(f"paper_column_{each}").zh for each in ("record_no", "day", "service", "minutes")],
        services=[
            (each.record_no, each.served_on.isoformat(), f"{each.activity_name}:{each.content}", str(each.minutes))
            for each in found.services
        ],
        note=_word("paper_note").zh,
        seal=_word("paper_seal").zh,
        svg=qr_code(url),
    )


def _word(key: str) -> Text:
    return text("activities", "labels", key)


@router.get(
    "/districts/{district}/certificates/{number}",
    responses={200: {"content": {"text/html": {}}}},
    response_model=CheckedCertificate,
)
async def check_certificate(
    request: Request, number: str, code: Annotated[str, CODE], call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))]
) -> CheckedCertificate | HTMLResponse:
    """Check a certificate without an account: a page for browsers, JSON otherwise. Every wrong guess is answered alike."""
    async with call.read() as tx:
        found = await queries.checked(tx, call.district, number, code.upper())
        if found is None:
            raise NotFound
        is_current = found.status == "ISSUED" and await queries.is_still_true(tx, call.district, found.certificate_id)
    facts = found.model_dump(include=set(CheckedCertificate.model_fields))
    if found.status == "ISSUED" and not is_current:
        facts["status"] = "SUPERSEDED"
    if not is_current or (found.publicised_until is not None and found.publicised_until < local_day(call.now)):
        facts["publicised_until"] = None
    checked = CheckedCertificate(**facts, is_current=is_current, masked_name=await _masked(request, call, found.member_id))
    return HTMLResponse(_page(checked)) if "text/html" in request.headers.get("accept", "") else checked


async def _masked(request: Request, call: Call, member_id: UUID) -> str | None:
    names: Names = request.app.state.names
    try:
        return await names.of_member(call.district, member_id, masked=True)
    except NamesUnreachable:
        return None


def _page(checked: CheckedCertificate) -> str:
    def said(key: str) -> str:
        words = _word(key)
        return escape(f"{words.zh} · {words.en}")

    shown = {
        "certificate_no": checked.certificate_no,
        "name": checked.masked_name or "",
        "member_no": checked.member_no or "",
        "period": f"{checked.period_start} – {checked.period_end}",
        "total": f"{checked.total_minutes / 60:.2f} h",
        "issued_on": checked.issued_on.isoformat(),
    }
    if checked.publicised_until is not None:
        shown["publicised_until"] = checked.publicised_until.isoformat()
    lines = "".join(f"<dt>{said(f'paper_{key}')}</dt><dd>{escape(value)}</dd>" for key, value in shown.items())
    return PAGE.format(title=said("paper_title"), status=said(f"certificate_status_{checked.status.lower()}"), lines=lines)
