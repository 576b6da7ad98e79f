"""The words of the registration aggregate: its commands, the rules that can be broken, the phases a registration goes through."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.registration import ClosureReason, ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.decider import Command, DomainError


class Ties(Command):
    """The two edges of a registration and the paper that made them: unit – member – community. `home_district`: the unit is elsewhere."""

    member_id: UUID
    certificate_id: UUID
    certificate_no: str
    unit_id: UUID
    community_id: UUID
    home_district: str | None = None


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


class ConfirmRegistration(Command):
    """The community takes the member on and answers with a receipt."""

    confirmed_by: str
    receipt_no: str


class ReturnRegistration(Command):
    """The community does not take the member on."""

    reason: str = Field(min_length=1, max_length=200)


class AcknowledgeReceipt(Command):
    """The work unit has seen the receipt."""


class RenewRegistration(Command):
    """The member confirms profile and willingness once more."""

    renewed_on: date


class RemindOfRenewal(Command):
    """Say that half a year has passed since the day `since`."""

    since: date
    due_on: date


class SuspendRegistration(Command):
    """Let the registration rest."""

    suspended_on: date
    reason: str = Field(min_length=1, max_length=200)


class ResumeRegistration(Command):
    """Let it count again."""

    resumed_on: date


class CloseRegistration(Command):
    """End it."""

    closed_on: date
    reason: ClosureReason


class RequestTransfer(Command):
    """Ask another community to take the member on."""

    to_community_id: UUID
    reason: str = Field(min_length=1, max_length=200)


class DeclineTransfer(Command):
    """Do not take the member on, or take the request back."""

    reason: str = Field(min_length=1, max_length=200)


class AcceptTransfer(Command):
    """The other community takes the member on: this registration ends and hands its place over."""

    accepted_by: str
    transferred_on: date


class OpenTransferred(Command):
    """Open the registration that a transfer handed its place to; confirmed from the start, with a receipt for the unit."""

    registration_id: UUID
    ties: Ties
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    reported_on: date
    receipt_no: str


class FollowWorkUnit(Command):
    """Pass primary management to the member's new work unit."""

    unit_id: UUID


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


class RegistrationUnknown(DomainError):
    """There is no such registration."""


class CertificateIsNotLive(DomainError):
    """The liaison certificate was revoked."""


class CertificateIsForAnotherMember(DomainError):
    """The liaison certificate was issued to another member."""


class CertificateIsForAnotherCommunity(DomainError):
    """The liaison certificate was issued for another community."""


class CertificateAlreadyUsed(DomainError):
    """Another registration was made with this liaison certificate, or it was revoked."""


class ConsentMissing(DomainError):
    """The member has not consented to dual management; without it nobody can be registered."""


class MemberAlreadyRegistered(DomainError):
    """The member has an active registration; close it before registering elsewhere."""


class MemberMayNotConfirm(DomainError):
    """Nobody confirms their own registration."""


class RegistrationNotPending(DomainError):
    """The community has already answered this registration."""


class RegistrationNotConfirmed(DomainError):
    """The community has not confirmed this registration."""


class RegistrationIsSuspended(DomainError):
    """The registration is suspended; resume it first."""


class RegistrationIsClosed(DomainError):
    """The registration was closed; a new liaison certificate is needed."""


class TransferNotRequested(DomainError):
    """Nobody asked to transfer this registration to another community."""


class TransferToSameCommunity(DomainError):
    """The member is registered in this community already."""


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Reported; the community has not answered."""

    registration_id: UUID
    ties: Ties


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Taken on; the receipt is on its way or acknowledged."""

    registration_id: UUID
    ties: Ties
    receipt_no: str = ""
    is_acknowledged: bool = False
    renewed_on: date | None = None
    reminded_on: date | None = None
    transfer_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class Suspended:
    """Resting; `confirmed` is what it returns to."""

    confirmed: Confirmed


@dataclass(frozen=True, slots=True)
class Returned:
    """Not taken on; the member may report again with the same certificate."""

    registration_id: UUID
    ties: Ties


@dataclass(frozen=True, slots=True)
class Closed:
    """Ended for good; `moved_to` is the community that took the member on."""

    registration_id: UUID
    ties: Ties
    moved_to: UUID | None = None


Registration = NotRegistered | Pending | Confirmed | Suspended | Returned | Closed
