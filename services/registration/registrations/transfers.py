"""A registration moves: to another community, along with its member to another work unit, or past the day on which it should be renewed.

Invariant: the old registration ends and hands its places to the new one in one decision, so there is never a second active registration and
never a moment in which somebody else could take the place; the new one opens confirmed, and its receipt tells the unit.
"""

from uuid import UUID

from services.registration.numbers import registration_with, transfer_certificate
from services.registration.registrations.state import edges_of, refused
from services.registration.registrations.terms import (
    AcceptTransfer,
    Closed,
    Confirmed,
    DeclineTransfer,
    FollowWorkUnit,
    MemberMayNotConfirm,
    NotRegistered,
    OpenTransferred,
    Pending,
    Registration,
    RegistrationIsSuspended,
    RegistrationNotConfirmed,
    RemindOfRenewal,
    RequestTransfer,
    Suspended,
    TransferNotRequested,
    TransferToSameCommunity,
)
from shared.contracts.event import Event
from shared.contracts.registration import (
    ClosureReason,
    MemberRegistered,
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationReceiptIssued,
)
from shared.contracts.registration_changes import (
    RegistrationRenewalDue,
    RegistrationTransferDeclined,
    RegistrationTransferred,
    RegistrationTransferRequested,
    RegistrationUnitChanged,
)


def request_transfer(command: RequestTransfer, state: Registration) -> tuple[Event, ...]:
    """The member moves; the other community has to answer."""
    match state:
        case Confirmed():
            if command.to_community_id == state.ties.community_id:
                raise TransferToSameCommunity
            if command.to_community_id == state.transfer_to:
                return ()
            return (RegistrationTransferRequested(**edges_of(state), to_community_id=command.to_community_id, reason=command.reason),)
        case Suspended():
            raise RegistrationIsSuspended
        case _:
            raise refused(state, RegistrationNotConfirmed())


def decline_transfer(command: DeclineTransfer, state: Registration) -> tuple[Event, ...]:
    """The other community says no, or the request is taken back."""
    if not isinstance(state, Confirmed) or state.transfer_to is None:
        raise refused(state, TransferNotRequested())
    return (RegistrationTransferDeclined(**edges_of(state), to_community_id=state.transfer_to, reason=command.reason),)


def accept_transfer(command: AcceptTransfer, state: Registration) -> tuple[Event, ...]:
    """End here and hand the place over, in one decision."""
    match state:
        case Closed(moved_to=UUID()):
            return ()
        case Confirmed(transfer_to=UUID() as to_community_id):
            if command.accepted_by == str(state.ties.member_id):
                raise MemberMayNotConfirm
            new_certificate_id = transfer_certificate(state.registration_id)
            return (
                RegistrationClosed(
                    **edges_of(state),
                    certificate_id=state.ties.certificate_id,
                    closed_on=command.transferred_on,
                    reason=ClosureReason.MOVED,
                    home_district=None,  # moved within the district: the home hears of the new receipt instead
                ),
                RegistrationTransferred(
                    **edges_of(state),
                    to_community_id=to_community_id,
                    new_registration_id=registration_with(new_certificate_id),
                    new_certificate_id=new_certificate_id,
                    transferred_on=command.transferred_on,
                ),
            )
        case _:
            raise refused(state, TransferNotRequested())


def open_transferred(command: OpenTransferred, state: Registration) -> tuple[Event, ...]:
    """Registered, confirmed and with a receipt, in one decision."""
    if not isinstance(state, NotRegistered):
        return ()
    registered = MemberRegistered(**command.model_dump(exclude={"ties", "receipt_no"}), **command.ties.model_dump())
    facts = edges_of(Pending(command.registration_id, command.ties))
    receipt = RegistrationReceiptIssued(**facts, receipt_no=command.receipt_no, home_district=command.ties.home_district)
    return (registered, RegistrationConfirmed(**facts), receipt)


def follow_work_unit(command: FollowWorkUnit, state: Registration) -> tuple[Event, ...]:
    """Primary management passes to the new unit."""
    active = state.confirmed if isinstance(state, Suspended) else state
    if isinstance(active, NotRegistered | Closed) or active.ties.unit_id == command.unit_id:
        return ()
    edges = edges_of(active)
    return (RegistrationUnitChanged(**{**edges, "from_unit_id": edges["unit_id"], "unit_id": command.unit_id}),)


def remind(command: RemindOfRenewal, state: Registration) -> tuple[Event, ...]:
    """Once per half year, and only who has not renewed meanwhile."""
    if not isinstance(state, Confirmed) or (state.renewed_on or command.since) > command.since:
        return ()
    if state.reminded_on is not None and state.reminded_on >= command.due_on:
        return ()
    return (RegistrationRenewalDue(**edges_of(state), due_on=command.due_on),)
