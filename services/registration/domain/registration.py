"""Registration (报到): a member reports to a community, the community answers, the receipt goes back to the unit.

Invariant: one active registration per member; only with a live certificate for that member and that community; consent gates entry, never
exit; nobody confirms their own registration. One certificate makes one registration, so reporting twice with it is the same registration.
"""

from dataclasses import replace
from uuid import UUID

from services.registration.domain.certificate import CertificateUnknown
from services.registration.domain.registration_terms import (
    AcknowledgeReceipt,
    CertificateAlreadyUsed,
    CertificateIsForAnotherCommunity,
    CertificateIsForAnotherMember,
    CertificateIsNotLive,
    Closed,
    CloseRegistration,
    Confirmed,
    ConfirmRegistration,
    ConsentMissing,
    MemberAlreadyRegistered,
    MemberMayNotConfirm,
    NotRegistered,
    Pending,
    RegisterMember,
    Registration,
    RegistrationCommand,
    RegistrationIsClosed,
    RegistrationIsSuspended,
    RegistrationNotConfirmed,
    RegistrationNotPending,
    RegistrationUnknown,
    RenewRegistration,
    ResumeRegistration,
    Returned,
    ReturnRegistration,
    Suspended,
    SuspendRegistration,
    Ties,
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
from shared.decider import Decider, DomainError, Release, Reservation, Reserve


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
        case SuspendRegistration():
            return _suspend(command, state)
        case ResumeRegistration():
            return _resume(command, state)
        case CloseRegistration():
            return _close(command, state)


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
            facts = _edges(state)
            return (RegistrationConfirmed(**facts), RegistrationReceiptIssued(**facts, receipt_no=command.receipt_no))
        case Confirmed() | Suspended():
            return ()
        case _:
            raise _refused(state, RegistrationNotPending())


def _return(command: ReturnRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Pending():
            return (RegistrationReturned(**_edges(state), certificate_id=state.ties.certificate_id, reason=command.reason),)
        case Returned():
            return ()
        case _:
            raise _refused(state, RegistrationNotPending())


def _acknowledge(state: Registration) -> tuple[Event, ...]:
    confirmed = state.confirmed if isinstance(state, Suspended) else state
    if not isinstance(confirmed, Confirmed):
        raise _refused(state, RegistrationNotConfirmed())
    if confirmed.is_acknowledged:
        return ()
    return (RegistrationReceiptAcknowledged(**_edges(confirmed), receipt_no=confirmed.receipt_no),)


def _renew(command: RenewRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Confirmed():
            if state.renewed_on is not None and command.renewed_on <= state.renewed_on:
                return ()
            return (RegistrationRenewed(**_edges(state), renewed_on=command.renewed_on),)
        case Suspended():
            raise RegistrationIsSuspended
        case _:
            raise _refused(state, RegistrationNotConfirmed())


def _suspend(command: SuspendRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Confirmed():
            return (RegistrationSuspended(**_edges(state), suspended_on=command.suspended_on, reason=command.reason),)
        case Suspended():
            return ()
        case _:
            raise _refused(state, RegistrationNotConfirmed())


def _resume(command: ResumeRegistration, state: Registration) -> tuple[Event, ...]:
    match state:
        case Suspended():
            return (RegistrationResumed(**_edges(state.confirmed), resumed_on=command.resumed_on),)
        case Confirmed():
            return ()
        case _:
            raise _refused(state, RegistrationNotConfirmed())


def _close(command: CloseRegistration, state: Registration) -> tuple[Event, ...]:
    active = state.confirmed if isinstance(state, Suspended) else state
    match active:
        case NotRegistered():
            raise RegistrationUnknown
        case Closed():
            return ()
        case Pending() | Confirmed() | Returned():
            certificate_id = active.ties.certificate_id
            return (
                RegistrationClosed(**_edges(active), certificate_id=certificate_id, closed_on=command.closed_on, reason=command.reason),
            )


def _edges(state: Pending | Confirmed | Returned) -> dict[str, UUID]:
    edges: dict[str, UUID] = state.ties.model_dump(include={"member_id", "unit_id", "community_id"})
    return {"registration_id": state.registration_id, **edges}


def _refused(state: Registration, otherwise: DomainError) -> DomainError:
    match state:
        case NotRegistered():
            return RegistrationUnknown()
        case Closed():
            return RegistrationIsClosed()
        case _:
            return otherwise


def evolve(state: Registration, event: Event) -> Registration:
    """State after one more event; what this aggregate does not know, or cannot follow here, changes nothing."""
    match state, event:
        case NotRegistered() | Returned(), MemberRegistered():
            return Pending(event.registration_id, Ties.model_validate(event.model_dump(include=set(Ties.model_fields))))
        case Pending(), RegistrationConfirmed():
            return Confirmed(state.registration_id, state.ties)
        case Pending(), RegistrationReturned():
            return Returned(state.registration_id, state.ties)
        case Confirmed(), RegistrationReceiptIssued():
            return replace(state, receipt_no=event.receipt_no)
        case Confirmed(), RegistrationReceiptAcknowledged():
            return replace(state, is_acknowledged=True)
        case Suspended(), RegistrationReceiptAcknowledged():
            return Suspended(replace(state.confirmed, is_acknowledged=True))
        case Confirmed(), RegistrationRenewed():
            return replace(state, renewed_on=event.renewed_on)
        case Confirmed(), RegistrationSuspended():
            return Suspended(state)
        case Suspended(), RegistrationResumed():
            return state.confirmed
        case Suspended(), RegistrationClosed():
            return Closed(state.confirmed.registration_id, state.confirmed.ties)
        case Pending() | Confirmed() | Returned(), RegistrationClosed():
            return Closed(state.registration_id, state.ties)
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """A member is registered once at a time; a certificate is used once. Its live place is given back when the registration ends."""
    match event:
        case MemberRegistered():
            return (
                Reserve("active_registration", str(event.member_id), MemberAlreadyRegistered),
                Reserve("certificate_use", str(event.certificate_id), CertificateAlreadyUsed),
            )
        case RegistrationReturned():
            return (Release("active_registration", str(event.member_id)), Release("certificate_use", str(event.certificate_id)))
        case RegistrationClosed():
            return (
                Release("active_registration", str(event.member_id)),
                Release("live_certificate", str(event.member_id), holder=str(event.certificate_id)),
            )
        case _:
            return ()


REGISTRATION: Decider[RegistrationCommand, Registration] = Decider(
    category="registration", initial=NotRegistered(), decide=decide, evolve=evolve, reservations=reservations
)
