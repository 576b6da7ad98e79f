"""Registrations (报到): members report, communities confirm or return, units acknowledge; later renewal, rest and end."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.registration.access import Scope, require_community, require_own, require_self, require_unit
from services.registration.bulk import MOST_AT_ONCE, Broken, Refused, each, last_position
from services.registration.certificates import queries as certificates
from services.registration.certificates.certificate import CERTIFICATE, CertificateUnknown, Live, Revoked
from services.registration.exports import exported
from services.registration.inputs import Body, ConsentTextVersion, Cursor, Limit, Reason
from services.registration.members.access import enrolled
from services.registration.members.consents import GiveConsent
from services.registration.members.member import MEMBER
from services.registration.numbers import RECEIPT_PREFIX, printed
from services.registration.policy import COMMUNITY, DISTRICT, allow
from services.registration.registrations import queries
from services.registration.registrations.access import require_either_manager, ties_of
from services.registration.registrations.closure import CloseRegistration, ResumeRegistration, SuspendRegistration
from services.registration.registrations.registration import (
    REGISTRATION,
    AcknowledgeReceipt,
    CertificateIsForAnotherCommunity,
    ConfirmRegistration,
    RegisterMember,
    ReturnRegistration,
)
from services.registration.registrations.renewals import RenewRegistration
from services.registration.registrations.state import Confirmed, Suspended, Ties, registration_with
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import ClosureReason, ConsentPurpose
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page

router = APIRouter(tags=["registrations"])


class RegisterBody(Body):
    """A certificate's number. `consent_text_version` records consent to dual management in the words of that text."""

    certificate_no: Annotated[str, Field(min_length=4, max_length=40)]
    consent_text_version: ConsentTextVersion | None = None


class ReasonBody(Body):
    """Why; the member can read it."""

    reason: Reason


class CloseBody(Body):
    """Why the registration ends."""

    reason: ClosureReason


class ManyBody(Body):
    """These registrations, or all that wait."""

    registration_ids: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE)] | None = None


class Confirmation(BaseModel):
    """One registration of a bulk confirmation."""

    registration_id: UUID
    member_id: UUID
    receipt_no: str


class ConfirmedAll(BaseModel):
    """What became of a bulk confirmation."""

    confirmed: list[Confirmation]
    refused: list[Refused]
    position: dict[str, Any]


class AcknowledgedAll(BaseModel):
    """What became of a bulk acknowledgement."""

    acknowledged: list[UUID]
    refused: list[Refused]
    position: dict[str, Any]


@router.post("/registrations", status_code=201)
async def register_member(body: RegisterBody, call: Annotated[Call, Depends(allow("register_member"))]) -> CommandAnswer:
    """Report to the community with a certificate: the member in person, or at the community's desk."""
    return await report(call, body, local_day(call.now))


async def report(call: Call, body: RegisterBody, reported_on: date, community_id: UUID | None = None) -> CommandAnswer:
    """Register whom the certificate names, with consent when given. `community_id`: the desk that takes the paper."""
    certificate, is_live = await _certificate(call, body.certificate_no)
    if community_id is not None and certificate.community_id != community_id:
        raise CertificateIsForAnotherCommunity
    member_id, community_id = _who_and_where(call, certificate)
    member = await enrolled(call, certificate.member_id)
    consents = set(member.consents)
    if body.consent_text_version:
        consents.add(ConsentPurpose.DUAL_MANAGEMENT)
    registration_id = registration_with(certificate.certificate_id)
    command = RegisterMember(
        registration_id=registration_id,
        member_id=member_id,
        community_id=community_id,
        certificate=certificate,
        certificate_is_live=is_live,
        occupation_group=member.occupation_group,
        political_status=member.political_status,
        consents=frozenset(consents),
        reported_on=reported_on,
    )
    if member_id != UUID(int=0) and str(member_id) != call.principal.subject:
        call = call.acting_for(str(member_id))
    if body.consent_text_version and member.consents.get(ConsentPurpose.DUAL_MANAGEMENT) != body.consent_text_version:
        # Rules first: who cannot register has not consented to anything either. A retry finds the consent and goes on to its first result.
        REGISTRATION.decide(command, await call.state(REGISTRATION, registration_id))
        consent = GiveConsent(purpose=ConsentPurpose.DUAL_MANAGEMENT, text_version=body.consent_text_version)
        await call.step("consent").handle(MEMBER, member_id, consent)
    answer = await call.handle(REGISTRATION, registration_id, command)
    return answer.with_result(registration_id=registration_id, member_id=member_id)


@router.post("/registrations/{registration_id}/confirmation")
async def confirm_registration(registration_id: UUID, call: Annotated[Call, Depends(allow("confirm_registration"))]) -> CommandAnswer:
    """Take the member on; the receipt goes back to the unit in the same decision."""
    require_community(call, (await ties_of(call, registration_id)).community_id)
    return await _confirm(call, registration_id)


@router.post("/communities/{community_id}/confirmations")
async def confirm_registrations(
    community_id: UUID, body: ManyBody, call: Annotated[Call, Depends(allow("confirm_registration"))]
) -> ConfirmedAll:
    """Take on everybody who waits, or these."""
    require_community(call, community_id)
    if body.registration_ids is None:
        async with call.read() as tx:
            registration_ids = await queries.pending_ids(tx, call.district, community_id, MOST_AT_ONCE)
    else:
        registration_ids = list(dict.fromkeys(body.registration_ids))

    async def confirm(registration_id: UUID) -> tuple[Ties, CommandAnswer]:
        ties = await ties_of(call, registration_id)
        if ties.community_id != community_id:
            raise NotFound
        return ties, await _confirm(call.step(f"confirm/{registration_id}"), registration_id)

    results = await each(registration_ids, confirm)
    pairs = list(zip(registration_ids, results, strict=True))
    done = [(registration_id, *result) for registration_id, result in pairs if isinstance(result, tuple)]
    return ConfirmedAll(
        confirmed=[
            Confirmation(registration_id=registration_id, member_id=ties.member_id, receipt_no=answer.result["receipt_no"])
            for registration_id, ties, answer in done
        ],
        refused=[Refused(id=registration_id, code=result.code) for registration_id, result in pairs if isinstance(result, Broken)],
        position=last_position("registration", [answer for _, _, answer in done]),
    )


@router.post("/registrations/{registration_id}/return")
async def return_registration(
    registration_id: UUID, body: ReasonBody, call: Annotated[Call, Depends(allow("return_registration"))]
) -> CommandAnswer:
    """Do not take the member on, with a reason."""
    require_community(call, (await ties_of(call, registration_id)).community_id)
    return await call.handle(REGISTRATION, registration_id, ReturnRegistration(reason=body.reason))


@router.post("/registrations/{registration_id}/acknowledgement")
async def acknowledge_receipt(registration_id: UUID, call: Annotated[Call, Depends(allow("acknowledge_receipt"))]) -> CommandAnswer:
    """The unit has seen the receipt."""
    require_unit(call, (await ties_of(call, registration_id)).unit_id)
    return await call.handle(REGISTRATION, registration_id, AcknowledgeReceipt())


@router.post("/units/{unit_id}/acknowledgements")
async def acknowledge_receipts(
    unit_id: UUID, body: ManyBody, call: Annotated[Call, Depends(allow("acknowledge_receipt"))]
) -> AcknowledgedAll:
    """Acknowledge all outstanding receipts of the unit, or these."""
    require_unit(call, unit_id)
    if body.registration_ids is None:
        async with call.read() as tx:
            waiting = await queries.outstanding_receipts(tx, call.district, unit_id, call.now, (None, MOST_AT_ONCE))
        registration_ids = [receipt.registration_id for receipt in waiting.items]
    else:
        registration_ids = list(dict.fromkeys(body.registration_ids))

    async def acknowledge(registration_id: UUID) -> CommandAnswer:
        if (await ties_of(call, registration_id)).unit_id != unit_id:
            raise NotFound
        return await call.step(f"acknowledge/{registration_id}").handle(REGISTRATION, registration_id, AcknowledgeReceipt())

    results = await each(registration_ids, acknowledge)
    pairs = list(zip(registration_ids, results, strict=True))
    return AcknowledgedAll(
        acknowledged=[registration_id for registration_id, result in pairs if isinstance(result, CommandAnswer)],
        refused=[Refused(id=registration_id, code=result.code) for registration_id, result in pairs if isinstance(result, Broken)],
        position=last_position("registration", [result for result in results if isinstance(result, CommandAnswer)]),
    )


@router.post("/registrations/{registration_id}/renewal")
async def renew_registration(registration_id: UUID, call: Annotated[Call, Depends(allow("renew_registration"))]) -> CommandAnswer:
    """The member confirms profile and willingness once more."""
    require_self(call, (await ties_of(call, registration_id)).member_id)
    return await call.handle(REGISTRATION, registration_id, RenewRegistration(renewed_on=local_day(call.now)))


@router.post("/registrations/{registration_id}/suspension")
async def suspend_registration(
    registration_id: UUID, body: ReasonBody, call: Annotated[Call, Depends(allow("suspend_registration"))]
) -> CommandAnswer:
    """Let the registration rest."""
    require_either_manager(call, await ties_of(call, registration_id))
    return await call.handle(REGISTRATION, registration_id, SuspendRegistration(suspended_on=local_day(call.now), reason=body.reason))


@router.post("/registrations/{registration_id}/resumption")
async def resume_registration(registration_id: UUID, call: Annotated[Call, Depends(allow("resume_registration"))]) -> CommandAnswer:
    """Let it count again."""
    require_either_manager(call, await ties_of(call, registration_id))
    return await call.handle(REGISTRATION, registration_id, ResumeRegistration(resumed_on=local_day(call.now)))


@router.post("/registrations/{registration_id}/closure")
async def close_registration(
    registration_id: UUID, body: CloseBody, call: Annotated[Call, Depends(allow("close_registration"))]
) -> CommandAnswer:
    """End it. The member may withdraw at any time; other reasons are for the two managers."""
    ties = await ties_of(call, registration_id)
    if not (call.principal.is_member(ties.member_id) and body.reason is ClosureReason.WITHDRAWN):
        require_either_manager(call, ties)
    return await call.handle(REGISTRATION, registration_id, CloseRegistration(closed_on=local_day(call.now), reason=body.reason))


@exported(router, "/registrations", "registrations")
async def list_registrations(
    call: Annotated[Call, Depends(allow("list_registrations"))],
    scope: Annotated[Scope, Depends()],
    status: Annotated[str | None, Field(pattern="^(PENDING|CONFIRMED|SUSPENDED|RETURNED|CLOSED)$")] = None,
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[queries.Registration]:
    """Registrations of one's unit, community, or one's own; the district sees all, pseudonymous."""
    if not call.principal.has_any(DISTRICT):
        require_own(call, scope)
    async with call.read() as tx:
        return await queries.registrations(tx, call.district, scope, status, (after, limit))


@router.get("/registrations/{registration_id}")
async def read_registration(registration_id: UUID, call: Annotated[Call, Depends(allow("list_registrations"))]) -> queries.Registration:
    """One registration, for its member, its unit, its community and the district."""
    async with call.read() as tx:
        registration = await queries.registration(tx, call.district, registration_id)
    if registration is None:
        raise NotFound
    if not call.principal.has_any(DISTRICT):
        scope = Scope(unit_id=registration.unit_id, community_id=registration.community_id, member_id=registration.member_id)
        require_own(call, scope)
    return registration


async def _certificate(call: Call, number: str) -> tuple[Ties, bool]:
    """The certificate with this number and whether it is live. Raises CertificateUnknown."""
    async with call.read() as tx:
        row = await certificates.certificate_by_number(tx, call.district, number)
    if row is None:
        raise CertificateUnknown
    match await call.state(CERTIFICATE, row["certificate_id"]):
        case Live() as issued:
            is_live = True
        case Revoked(issued):
            is_live = False
        case _:
            raise CertificateUnknown
    ties = Ties(
        member_id=issued.member_id,
        certificate_id=issued.certificate_id,
        certificate_no=issued.certificate_no,
        unit_id=issued.unit_id,
        community_id=issued.community_id,
        home_district=issued.home_district,
    )
    return ties, is_live


def _who_and_where(call: Call, certificate: Ties) -> tuple[UUID, UUID]:
    """Who reports, and where: what the certificate says when the caller may say it, else what the caller is."""
    if call.principal.has_any(COMMUNITY) and certificate.community_id in call.principal.organisations:
        return certificate.member_id, certificate.community_id
    if call.principal.is_member(certificate.member_id):
        return certificate.member_id, certificate.community_id
    if call.principal.has_any(COMMUNITY) and call.principal.organisations:
        return certificate.member_id, min(call.principal.organisations)
    return UUID(int=0), certificate.community_id


async def _confirm(call: Call, registration_id: UUID) -> CommandAnswer:
    command = ConfirmRegistration(confirmed_by=call.principal.subject, receipt_no=printed(RECEIPT_PREFIX, registration_id))
    answer, state = await call.decided(REGISTRATION, registration_id, command)
    confirmed = state.confirmed if isinstance(state, Suspended) else state
    return answer.with_result(receipt_no=confirmed.receipt_no if isinstance(confirmed, Confirmed) else command.receipt_no)
