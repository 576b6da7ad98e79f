"""Registration (报到): a member reports to a community, the community answers, the receipt goes back to the unit.

Invariant: one active registration per member; only with a live certificate for that member and that community; consent gates entry, never
exit; nobody confirms their own registration. One certificate makes one registration, so reporting twice with it is the same registration.
"""

from datetime import date
from typing import Final, assert_never
from uuid import UUID

from pydantic import Field

from services.registration.certificates.certificate import CertificateUnknown
from services.registration.registrations.closure import CloseRegistration, ResumeRegistration, SuspendRegistration, close, resume, suspend
from services.registration.registrations.renewals import RemindOfRenewal, RenewRegistration, remind, renew
from services.registration.registrations.state import (
    CATEGORY,
    Closed,
    Confirmed,
    MemberMayNotConfirm,
    NotRegistered,
    Pending,
    Registration,
    RegistrationIsClosed,
    RegistrationNotConfirmed,
    Returned,
    Suspended,
    Ties,
    edges_of,
    evolve,
    refused,
    reservations,
)
from services.registration.registrations.transfers import (
    AcceptTransfer,
    DeclineTransfer,
    FollowWorkUnit,
    OpenTransferred,
    RequestTransfer,
    accept_transfer,
    decline_transfer,
    follow_work_unit,
    open_transferred,
    request_transfer,
)
from shared.contracts.event import Event
from shared.contracts.registration.codes import ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.contracts.registration.registrations import (
    MemberRegistered,
    RegistrationConfirmed,
    RegistrationReceiptAcknowledged,
    RegistrationReceiptIssued,
    RegistrationReturned,
)
from shared.decider import Command, Decider, DomainError


class RegisterMember(Command):
    """Report with a certificate. `certificate` is what the caller found (None: none); consents and status are the member's today."""

    registration_id: UUID
    member_id: UUID
    community_id: UUID
    certificate: Ties | None
    certificate_is_live: bool
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    consents: frozenset[ConsentPurpose]
    reported_on: date


class CertificateIsNotLive(DomainError):
    """The liaison certificate was revoked; ask the work unit for a new one."""


class CertificateIsForAnotherMember(DomainError):
    """The liaison certificate was issued to another member."""


class CertificateIsForAnotherCommunity(DomainError):
    """The liaison certificate is for another community; report to the one it names."""


class ConsentMissing(DomainError):
    """The member has to consent to dual management first; nobody is registered without it."""


class ConfirmRegistration(Command):
    """The community takes the member on and answers with a receipt."""

    confirmed_by: str
    receipt_no: str


class ReturnRegistration(Command):
    """The community does not take the member on."""

    reason: str = Field(min_length=1, max_length=200)


class RegistrationNotPending(DomainError):
    """The community has already answered this registration."""


class AcknowledgeReceipt(Command):
    """The work unit has seen the receipt."""


RegistrationCommand = (
    RegisterMember
    | ConfirmRegistration
    | ReturnRegistration
    | AcknowledgeReceipt
    | RenewRegistration
    | RemindOfRenewal
    | SuspendRegistration
    | ResumeRegistration
    | CloseRegistration
    | RequestTransfer
    | DeclineTransfer
    | AcceptTransfer
    | OpenTransferred
    | FollowWorkUnit
)


def decide(command: RegistrationCommand, state: Registration) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command:
        case RegisterMember():
            return _register(command, state)
        case ConfirmRegistration():
            return _confirm(command, state)
        case ReturnRegistration():
            return _return(command, state)
        case AcknowledgeReceipt():
            return _acknowledge(state)
        case RenewRegistration():
            return renew(command, state)
        case RemindOfRenewal():
            return remind(command, state)
        case SuspendRegistration():
            return suspend(command, state)
        case ResumeRegistration():
            return resume(command, state)
        case CloseRegistration():
            return close(command, state)
        case RequestTransfer():
            return request_transfer(command, state)
        case DeclineTransfer():
            return decline_transfer(command, state)
        case AcceptTransfer():
            return accept_transfer(command, state)
        case OpenTransferred():
            return open_transferred(command, state)
        case FollowWorkUnit():
            return follow_work_unit(command, state)
        case _:
            assert_never(command)


def _register(command: RegisterMember, state: Registration) -> tuple[Event, ...]:
    certificate = command.certificate
    if certificate is None:
        raise CertificateUnknown
    if certificate.member_id != command.member_id:
        raise CertificateIsForAnotherMember
    if certificate.community_id != command.community_id:
        raise CertificateIsForAnotherCommunity
    if isinstance(state, Closed):
        raise RegistrationIsClosed
    if isinstance(state, Pending | Confirmed | Suspended):
        return ()
    if not command.certificate_is_live:
        raise CertificateIsNotLive
    if ConsentPurpose.DUAL_MANAGEMENT not in command.consents:
        raise ConsentMissing(purpose=ConsentPurpose.DUAL_MANAGEMENT.value)
    return (
        MemberRegistered(
            registration_id=command.registration_id,
            occupation_group=command.occupation_group,
            political_status=command.political_status,
            reported_on=command.reported_on,
            **certificate.model_dump(),
        ),
    )


def _confirm(command: ConfirmRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Pending():
            if command.confirmed_by == str(state.ties.member_id):
                raise MemberMayNotConfirm
            facts = edges_of(state)
            receipt = RegistrationReceiptIssued(**facts, receipt_no=command.receipt_no, home_district=state.ties.home_district)
            return (RegistrationConfirmed(**facts), receipt)
        case Confirmed() | Suspended():
            return ()
        case _:
            raise refused(state, RegistrationNotPending())


def _return(command: ReturnRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Pending():
            return (RegistrationReturned(**edges_of(state), certificate_id=state.ties.certificate_id, reason=command.reason),)
        case Returned():
            return ()
        case _:
            raise refused(state, RegistrationNotPending())


def _acknowledge(state: Registration) -> tuple[Event, ...]:
    confirmed = state.confirmed if isinstance(state, Suspended) else state
    if not isinstance(confirmed, Confirmed):
        raise refused(state, RegistrationNotConfirmed())
    if confirmed.is_acknowledged:
        return ()
    return (RegistrationReceiptAcknowledged(**edges_of(confirmed), receipt_no=confirmed.receipt_no),)


REGISTRATION: Final[Decider[RegistrationCommand, Registration]] = Decider(
    category=CATEGORY, initial=NotRegistered(), decide=decide, evolve=evolve, reservations=reservations
)
