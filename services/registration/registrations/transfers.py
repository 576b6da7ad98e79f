"""A registration moves: to another community, or along with its member to another work unit.

Invariant: the old registration ends and hands its places to the new one in one decision, so there is never a second active registration and
never a moment in which somebody else could take the place; the new one opens confirmed, and its receipt informs the unit.
"""

from datetime import date
from uuid import UUID

from pydantic import Field

from services.registration.registrations.state import (
    Closed,
    Confirmed,
    MemberMayNotConfirm,
    NotRegistered,
    Pending,
    Registration,
    RegistrationIsSuspended,
    RegistrationNotConfirmed,
    Suspended,
    Ties,
    edges_of,
    refused,
    registration_with,
)
from shared.contracts.event import Event
from shared.contracts.registration.changes import (
    RegistrationTransferDeclined,
    RegistrationTransferred,
    RegistrationTransferRequested,
    RegistrationUnitChanged,
)
from shared.contracts.registration.codes import ClosureReason, OccupationGroup, PoliticalStatus
from shared.contracts.registration.registrations import (
    MemberRegistered,
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationReceiptIssued,
)
from shared.decider import Command, DomainError
from shared.identifiers import part_id


class RequestTransfer(Command):
    """Ask another community to take the member on."""

    to_community_id: UUID
    reason: str = Field(min_length=1, max_length=200)


class TransferToSameCommunity(DomainError):
    """The member is registered in this community already."""


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


class DeclineTransfer(Command):
    """Do not take the member on, or take the request back."""

    reason: str = Field(min_length=1, max_length=200)


class TransferNotRequested(DomainError):
    """Nobody asked to transfer this registration to another community."""


def decline_transfer(command: DeclineTransfer, state: Registration) -> tuple[Event, ...]:
    """The other community says no, or the request is taken back."""
    if not isinstance(state, Confirmed) or state.transfer_to is None:
        raise refused(state, TransferNotRequested())
    return (RegistrationTransferDeclined(**edges_of(state), to_community_id=state.transfer_to, reason=command.reason),)


class AcceptTransfer(Command):
    """The other community takes the member on: this registration ends and hands its place over."""

    accepted_by: str
    transferred_on: date


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
                    home_district=None,  # moved within the district: the home district is informed of the new receipt instead
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


class OpenTransferred(Command):
    """Open the registration that a transfer handed its place to; confirmed from the start, with a receipt for the unit."""

    registration_id: UUID
    ties: Ties
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    reported_on: date
    receipt_no: str


def open_transferred(command: OpenTransferred, state: Registration) -> tuple[Event, ...]:
    """Registered, confirmed and with a receipt, in one decision."""
    if not isinstance(state, NotRegistered):
        return ()
    registered = MemberRegistered(**command.model_dump(exclude={"ties", "receipt_no"}), **command.ties.model_dump())
    facts = edges_of(Pending(command.registration_id, command.ties))
    receipt = RegistrationReceiptIssued(**facts, receipt_no=command.receipt_no, home_district=command.ties.home_district)
    return (registered, RegistrationConfirmed(**facts), receipt)


class FollowWorkUnit(Command):
    """Pass primary management to the member's new work unit."""

    unit_id: UUID


def follow_work_unit(command: FollowWorkUnit, state: Registration) -> tuple[Event, ...]:
    """Primary management passes to the new unit."""
    active = state.confirmed if isinstance(state, Suspended) else state
    if isinstance(active, NotRegistered | Closed) or active.ties.unit_id == command.unit_id:
        return ()
    edges = edges_of(active)
    return (RegistrationUnitChanged(**{**edges, "from_unit_id": edges["unit_id"], "unit_id": command.unit_id}),)


def transfer_certificate(registration_id: UUID) -> UUID:
    """The certificate that a transfer issues: a registration is transferred once, so repeating it finds the same paper."""
    return part_id(registration_id, "transfer")
