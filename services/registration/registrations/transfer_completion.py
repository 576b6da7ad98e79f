"""After a transfer was accepted: the certificate and the registration that take the place of the old ones.

Invariant: repeating it finds the same certificate and the same registration.
"""

from uuid import UUID

from services.registration.certificates.certificate import CERTIFICATE, IssueLiaisonCertificate
from services.registration.members.member import MEMBER
from services.registration.members.state import Enrolled
from services.registration.numbers import CERTIFICATE_PREFIX, RECEIPT_PREFIX, printed
from services.registration.registrations.registration import REGISTRATION, CloseRegistration
from services.registration.registrations.state import Closed, Ties, registration_with
from services.registration.registrations.transfers import OpenTransferred, transfer_certificate
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import ClosureReason, ConsentPurpose
from shared.http.endpoints import Call


async def complete_transfer(call: Call, registration_id: UUID) -> tuple[UUID, str] | None:
    """Open the registration that a transferred one handed its place to: id and receipt number; None when there is nothing to open."""
    state = await call.state(REGISTRATION, registration_id)
    if not isinstance(state, Closed) or state.moved_to is None:
        return None
    member = await call.state(MEMBER, state.ties.member_id)
    if not isinstance(member, Enrolled):
        return None
    certificate_id = transfer_certificate(registration_id)
    opened = registration_with(certificate_id)
    ties = Ties(
        member_id=member.member_id,
        certificate_id=certificate_id,
        certificate_no=printed(CERTIFICATE_PREFIX, certificate_id),
        unit_id=member.unit_id,
        community_id=state.moved_to,
        home_district=state.ties.home_district,
    )
    await call.step("transfer certificate").handle(CERTIFICATE, certificate_id, IssueLiaisonCertificate(**ties.model_dump()))
    command = OpenTransferred(
        registration_id=opened,
        ties=ties,
        occupation_group=member.occupation_group,
        political_status=member.political_status,
        reported_on=local_day(call.now),
        receipt_no=printed(RECEIPT_PREFIX, opened),
    )
    await call.step("open transferred").handle(REGISTRATION, opened, command)
    if ConsentPurpose.DUAL_MANAGEMENT not in member.consents:  # withdrawn while the papers were on their way
        leave = CloseRegistration(closed_on=local_day(call.now), reason=ClosureReason.WITHDRAWN)
        await call.step("leave").handle(REGISTRATION, opened, leave)
    return opened, command.receipt_no
