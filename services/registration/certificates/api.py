"""Liaison certificates (联系证): units issue them, one by one or for everybody, and revoke them; anybody may check the paper."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.registration.access import Scope, require_own, require_unit
from services.registration.bulk import MOST_AT_ONCE, Broken, Refused, each, last_position
from services.registration.certificates import queries
from services.registration.certificates.access import issued
from services.registration.certificates.certificate import (
    CERTIFICATE,
    CertificateAlreadyIssued,
    IssueLiaisonCertificate,
    RevokeLiaisonCertificate,
)
from services.registration.exports import exported
from services.registration.inputs import Body, Cursor, Limit, Reason
from services.registration.members import queries as members
from services.registration.members.access import enrolled
from services.registration.numbers import CERTIFICATE_PREFIX, printed
from services.registration.organisations.access import established
from services.registration.policy import allow
from shared.contracts.registration.codes import OrganisationKind
from shared.decider import DomainError
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page

router = APIRouter(tags=["certificates"])


class ResidenceCommunityMissing(DomainError):
    """The roster does not name the member's community; say which community the certificate is for."""


class IssueBody(Body):
    """One certificate; without `community_id` for the community the roster names."""

    member_id: UUID
    community_id: UUID | None = None
    certificate_no: Annotated[str, Field(pattern=r"^[0-9A-Za-z\-〔〕第号一-鿿]{4,40}$")] | None = None


class IssueAllBody(Body):
    """Certificates for these members, or for everybody on the unit's roster."""

    member_ids: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE)] | None = None


class RevokeBody(Body):
    """Why."""

    reason: Reason


class Issued(BaseModel):
    """One certificate of a bulk issue."""

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    community_id: UUID


class IssuedAll(BaseModel):
    """What became of a bulk issue: new certificates, members who hold one already, and those who cannot get one."""

    issued: list[Issued]
    already: list[UUID]
    refused: list[Refused]
    position: dict[str, Any]


@router.post("/certificates", status_code=201)
async def issue_certificate(body: IssueBody, call: Annotated[Call, Depends(allow("issue_certificate"))]) -> CommandAnswer:
    """Issue a certificate to one member of the unit."""
    command = await _command(call, body.member_id, "certificate", body.community_id, body.certificate_no)
    require_unit(call, command.unit_id)
    answer = await call.handle(CERTIFICATE, command.certificate_id, command)
    return answer.with_result(certificate_id=command.certificate_id, certificate_no=command.certificate_no)


@router.post("/units/{unit_id}/certificates", status_code=201)
async def issue_certificates(unit_id: UUID, body: IssueAllBody, call: Annotated[Call, Depends(allow("issue_certificate"))]) -> IssuedAll:
    """Issue certificates to the members of a unit; who holds a live one is skipped."""
    require_unit(call, unit_id)
    if body.member_ids is None:
        async with call.read() as tx:
            member_ids = await members.unit_member_ids(tx, call.district, unit_id, MOST_AT_ONCE)
    else:
        member_ids = list(dict.fromkeys(body.member_ids))

    async def issue(member_id: UUID) -> tuple[IssueLiaisonCertificate, CommandAnswer]:
        command = await _command(call, member_id, f"certificate/{member_id}")
        if command.unit_id != unit_id:
            raise NotFound
        return command, await call.step(f"certificate/{member_id}").handle(CERTIFICATE, command.certificate_id, command)

    results = await each(member_ids, issue)
    done = [result for result in results if isinstance(result, tuple)]
    broken = [(member_id, result.code) for member_id, result in zip(member_ids, results, strict=True) if isinstance(result, Broken)]
    held = CertificateAlreadyIssued.code()
    return IssuedAll(
        issued=[Issued(**command.model_dump(exclude={"unit_id", "home_district"})) for command, _ in done],
        already=[member_id for member_id, code in broken if code == held],
        refused=[Refused(id=member_id, code=code) for member_id, code in broken if code != held],
        position=last_position("registration", [answer for _, answer in done]),
    )


@router.post("/certificates/{certificate_id}/revocation")
async def revoke_certificate(
    certificate_id: UUID, body: RevokeBody, call: Annotated[Call, Depends(allow("revoke_certificate"))]
) -> CommandAnswer:
    """Withdraw a certificate nobody has registered with."""
    certificate, _ = await issued(call, certificate_id)
    require_unit(call, certificate.unit_id)
    return await call.handle(CERTIFICATE, certificate_id, RevokeLiaisonCertificate(reason=body.reason))


@exported(router, "/certificates", "certificates")
async def list_certificates(
    call: Annotated[Call, Depends(allow("list_certificates"))],
    scope: Annotated[Scope, Depends()],
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[queries.Certificate]:
    """Certificates of one's unit, community, or one's own."""
    require_own(call, scope)
    async with call.read() as tx:
        return await queries.certificates(tx, call.district, scope, after, limit)


@router.get("/certificate-checks/{certificate_no}")
async def check_certificate(certificate_no: str, call: Annotated[Call, Depends(allow("check_certificate"))]) -> queries.CertificateCheck:
    """Is this paper good? Says nothing about the member."""
    async with call.read() as tx:
        row = await queries.certificate_by_number(tx, call.district, certificate_no)
    if row is None:
        raise NotFound
    return queries.CertificateCheck(
        certificate_no=certificate_no, is_valid=row["status"] != "REVOKED", unit_name=row["unit_name"], community_name=row["community_name"]
    )


async def _command(
    call: Call, member_id: UUID, label: str, community_id: UUID | None = None, number: str | None = None
) -> IssueLiaisonCertificate:
    member = await enrolled(call, member_id)
    community_id = community_id or member.residence_community_id
    if community_id is None:
        raise ResidenceCommunityMissing
    await established(call, community_id, OrganisationKind.COMMUNITY)
    certificate_id = call.new_id(label)
    return IssueLiaisonCertificate(
        certificate_id=certificate_id,
        certificate_no=number or printed(CERTIFICATE_PREFIX, certificate_id),
        member_id=member_id,
        unit_id=member.unit_id,
        community_id=community_id,
    )
