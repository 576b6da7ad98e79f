"""Publicity (公示) of service record certificates: a notice that anybody can read for some days, and objections to it.

Invariant: a notice holds what the rules ask for and no more (masked name, number, hours, issuer), and nobody keeps the name. Objections
come from people with an account; others turn to the community, which enters them: there are no anonymous objections.
"""

import asyncio
from datetime import date
from html import escape
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from services.activities.access import DEFAULT_LIMIT, After, Limit, acting_for, after_id, allow, member_id
from services.activities.certificates import queries
from services.activities.certificates.certificate import CERTIFICATE, DismissObjection, NotIssued, ObjectionDraft, ObjectToCertificate
from services.activities.certificates.queries import ObjectionView, Publicised
from services.activities.listing import Listing
from services.activities.wording import Reason
from shared.calendar.local_time import local_day
from shared.contracts.activities.certificates import ServiceCertificateIssued
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer, allow_anonymous
from shared.http.paging import Page, page_of
from shared.identity import Role
from shared.privacy.names import Names, if_reachable
from shared.texts import text

router = APIRouter()
ObjectionStatus = Literal["OPEN", "UPHELD", "DISMISSED"]
MOST_NOTICES: Final = 20  # registration is asked for every name on the page
Notices = Annotated[int, Query(ge=1, le=MOST_NOTICES)]
COLUMNS: Final = ("certificate_no", "name", "total", "issuer", "issued_on", "publicised_until")
PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{title}</title></head><body><h1>{title}</h1><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{more}</body></html>
"""


class CertificateNotice(BaseModel):
    """What is publicised. `masked_name` and `issuer` null: registration cannot be asked now, or knows no name any more."""

    certificate_id: UUID
    certificate_no: str
    masked_name: str | None
    hours: str
    community_id: UUID
    issuer: str | None
    issued_on: date
    publicised_until: date


class DismissBody(Command):
    """Why the certificate is right."""

    reason: Reason


@router.get(
    "/districts/{district}/certificate-notices",
    responses={200: {"content": {"text/html": {}}}},
    response_model=Page[CertificateNotice],
)
async def certificate_notices(
    request: Request,
    call: Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))],
    after: After = None,
    limit: Notices = MOST_NOTICES,
) -> Page[CertificateNotice] | HTMLResponse:
    """Certificates in publicity, without an account: a page for browsers, JSON otherwise. Revoked ones are not among them."""
    async with call.read() as tx:
        found = await queries.in_publicity(tx, call.district, local_day(call.now), after_id(after), limit)
    page = page_of(found, limit, lambda each: (each.certificate_id,))
    names: Names = request.app.state.names
    issuers = await names.of_communities(call.district, (each.community_id for each in page.items))
    items = await asyncio.gather(*(_notice(names, call.district, each, issuers[each.community_id]) for each in page.items))
    notices = Page[CertificateNotice](items=items, next=page.next)
    return HTMLResponse(_html(notices)) if "text/html" in request.headers.get("accept", "") else notices


@router.post("/certificates/{certificate_id}/objections", status_code=201)
async def object_to_certificate(
    certificate_id: UUID, body: ObjectionDraft, call: Annotated[Call, Depends(allow("object_to_certificate"))]
) -> CommandAnswer:
    """Say what is wrong with a certificate in publicity; the community and the member hear of it."""
    await _issued(call, certificate_id)
    objection_id = call.new_id("objection")
    command = ObjectToCertificate(**dict(body), objection_id=objection_id, raised_by=call.principal.subject, today=local_day(call.now))
    answer = await call.handle(CERTIFICATE, certificate_id, command)
    return answer.with_result(objection_id=objection_id) if answer.event_ids else answer


@router.post("/certificates/{certificate_id}/objections/{objection_id}/dismiss")
async def dismiss_objection(
    certificate_id: UUID, objection_id: UUID, body: DismissBody, call: Annotated[Call, Depends(allow("dismiss_objection"))]
) -> CommandAnswer:
    """Say why the certificate is right. Who agrees with the objection corrects the record or revokes the certificate instead."""
    issued = await _issued(call, certificate_id)
    call.principal.require_organisation(issued.community_id)
    command = DismissObjection(objection_id=objection_id, reason=body.reason, dismissed_by=call.principal.subject)
    return await call.handle(CERTIFICATE, certificate_id, command)


@router.get("/certificate-objections")
async def objection_list(
    call: Annotated[Call, Depends(allow("see_certificate"))],
    community_id: UUID | None = None,
    status: ObjectionStatus | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ObjectionView]:
    """Objections to certificates of the caller's communities; for members to their own."""
    own = member_id(call.principal) if Role.MEMBER in call.principal.roles else None
    wanted = Listing(
        communities=acting_for(call.principal),
        member_id=own,
        community_id=community_id,
        status=status,
        after=after_id(after),
        limit=limit,
    )
    async with call.read() as tx:
        return page_of(await queries.objections(tx, call.district, wanted), limit, lambda each: (each.objection_id,))


async def _issued(call: Call, certificate_id: UUID) -> ServiceCertificateIssued:
    state = await call.state(CERTIFICATE, certificate_id)
    if isinstance(state, NotIssued):
        raise NotFound
    return state.issued


async def _notice(names: Names, district: str, found: Publicised, issuer: str | None) -> CertificateNotice:
    masked_name = await if_reachable(names.on_notice(district, found.member_id))
    facts: dict[str, Any] = found.model_dump(exclude={"member_id", "total_minutes"})
    return CertificateNotice(**facts, masked_name=masked_name, issuer=issuer, hours=f"{found.total_minutes / 60:.2f}")


def _html(page: Page[CertificateNotice]) -> str:
    def said(key: str) -> str:
        words = text("activities", "labels", key)
        return escape(f"{words.zh} · {words.en}")

    def row(each: CertificateNotice) -> str:
        days = (each.issued_on.isoformat(), each.publicised_until.isoformat())
        cells = (each.certificate_no, each.masked_name or "", f"{each.hours} h", each.issuer or "", *days)
        return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"

    heads = "".join(f"<th>{said(f'paper_{column}')}</th>" for column in COLUMNS)
    more = f'<p><a href="?after={escape(page.next)}">{said("publicity_more")}</a></p>' if page.next else ""
    return PAGE.format(title=said("publicity_title"), heads=heads, rows="".join(map(row, page.items)), more=more)
