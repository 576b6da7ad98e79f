"""Registration (报到): a member reports to a community, the community answers, the receipt goes back to the unit.

Invariant: one active registration per member; only with a live certificate for that member and that community; consent gates entry, never
exit; nobody confirms their own registration. One certificate makes one registration, so reporting twice with it is the same registration.
"""

from services.registration.certificates.certificate import CertificateUnknown
from services.registration.registrations.state import CATEGORY, edges_of, evolve, refused, reservations
from services.registration.registrations.terms import (
    AcceptTransfer,
    AcknowledgeReceipt,
    CertificateIsForAnotherCommunity,
    CertificateIsForAnotherMember,
    CertificateIsNotLive,
    Closed,
    CloseRegistration,
    Confirmed,
    ConfirmRegistration,
    ConsentMissing,
    DeclineTransfer,
    FollowWorkUnit,
    MemberMayNotConfirm,
    NotRegistered,
    OpenTransferred,
    Pending,
    RegisterMember,
    Registration,
    RegistrationCommand,
    RegistrationIsClosed,
    RegistrationIsSuspended,
    RegistrationNotConfirmed,
    RegistrationNotPending,
    RegistrationUnknown,
    RemindOfRenewal,
    RenewRegistration,
    RequestTransfer,
    ResumeRegistration,
    Returned,
    ReturnRegistration,
    Suspended,
    SuspendRegistration,
)
from services.registration.registrations.transfers import (
    accept_transfer,
    decline_transfer,
    follow_work_unit,
    open_transferred,
    remind,
    request_transfer,
)
from shared.contracts.event import Event
from shared.contracts.registration import (
    ConsentPurpose,
    MemberRegistered,
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationReceiptAcknowledged,
    RegistrationReceiptIssued,
    RegistrationRenewed,
    RegistrationResumed,
    RegistrationReturned,
    RegistrationSuspended,
)
from shared.decider import Decider


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
            return _renew(command, state)
        case RemindOfRenewal():
            return remind(command, state)
        case SuspendRegistration():
            return _suspend(command, state)
        case ResumeRegistration():
            return _resume(command, state)
        case CloseRegistration():
            return _close(command, state)
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


def _renew(command: RenewRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Confirmed():
            if state.renewed_on is not None and command.renewed_on <= state.renewed_on:
                return ()
            return (RegistrationRenewed(**edges_of(state), renewed_on=command.renewed_on),)
        case Suspended():
            raise RegistrationIsSuspended
        case _:
            raise refused(state, RegistrationNotConfirmed())


def _suspend(command: SuspendRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Confirmed():
            return (RegistrationSuspended(**edges_of(state), suspended_on=command.suspended_on, reason=command.reason),)
        case Suspended():
            return ()
        case _:
            raise refused(state, RegistrationNotConfirmed())


def _resume(command: ResumeRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Suspended():
            return (RegistrationResumed(**edges_of(state.confirmed), resumed_on=command.resumed_on),)
        case Confirmed():
            return ()
        case _:
            raise refused(state, RegistrationNotConfirmed())


def _close(command: CloseRegistration, state: Registration) -> tuple[Event, ...]:
    active = state.confirmed if isinstance(state, Suspended) else state
    match active:
        case NotRegistered():
            raise RegistrationUnknown
        case Closed():
            return ()
        case Pending() | Confirmed() | Returned():
            paper = active.ties.model_dump(include={"certificate_id", "home_district"})
            return (RegistrationClosed(**edges_of(active), **paper, closed_on=command.closed_on, reason=command.reason),)


REGISTRATION: Decider[RegistrationCommand, Registration] = Decider(
    category=CATEGORY, initial=NotRegistered(), decide=decide, evolve=evolve, reservations=reservations
)
