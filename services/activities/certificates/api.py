"""HTTP of service record certificates: issue, revoke, show."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activities.access import allow, member_id
from services.activities.certificates import queries
from services.activities.certificates.certificate import CERTIFICATE, CertificateDraft, IssueCertificate, NotIssued, RevokeCertificate
from services.activities.certificates.queries import CertificateView
from services.activities.wording import Reason
from shared.calendar.local_time import local_day
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter()


class RevokeBody(Command):
    """Why the certificate does not hold any more."""

    reason: Reason


@router.post("/certificates", status_code=201)
async def issue_certificate(body: CertificateDraft, call: Annotated[Call, Depends(allow("issue_certificate"))]) -> CommandAnswer:
    """Certify a member's confirmed service of a period; who recorded certifies."""
    call.principal.require_organisation(body.community_id)
    async with call.read() as tx:
        services = await queries.certifiable(tx, call.district, body.member_id, body.community_id, (body.period_start, body.period_end))
    certificate_id = call.new_id("certificate")
    command = IssueCertificate(
        **dict(body),
        certificate_id=certificate_id,
        secret_id=call.secret_id("verification code"),
        services=services,
        issued_on=local_day(call.now),
        issued_by=call.principal.subject,
    )
    answer, state = await call.decided(CERTIFICATE, certificate_id, command)
    if isinstance(state, NotIssued):
        raise NotFound
    facts = state.issued.model_dump(mode="json", include={"certificate_id", "certificate_no", "verification_code", "total_minutes"})
    return answer.with_result(**facts)


@router.post("/certificates/{certificate_id}/revoke")
async def revoke_certificate(
    certificate_id: UUID, body: RevokeBody, call: Annotated[Call, Depends(allow("revoke_certificate"))]
) -> CommandAnswer:
    """Take a certificate back, with the reason."""
    state = await call.state(CERTIFICATE, certificate_id)
    if isinstance(state, NotIssued):
        raise NotFound
    call.principal.require_organisation(state.issued.community_id)
    return await call.handle(CERTIFICATE, certificate_id, RevokeCertificate(reason=body.reason, revoked_by=call.principal.subject))


@router.get("/me/certificates")
async def my_certificates(call: Annotated[Call, Depends(allow("see_own_certificates"))]) -> list[CertificateView]:
    """Return the caller's certificates."""
    async with call.read() as tx:
        return await queries.certificates_of(tx, call.district, member_id(call.principal))


@router.get("/certificates/{certificate_id}")
async def certificate_detail(certificate_id: UUID, call: Annotated[Call, Depends(allow("see_certificate"))]) -> CertificateView:
    """Return one certificate, to its member and its community, for printing."""
    async with call.read() as tx:
        found = await queries.certificate(tx, call.district, certificate_id)
    if found is None or not (call.principal.is_member(found.member_id) or found.community_id in call.principal.organisations):
        raise NotFound
    return found
