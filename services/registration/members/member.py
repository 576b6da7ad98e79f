"""A member on a work unit's roster: who (sealed), what they offer, what they agreed to.

Invariant: personal fields enter sealed or not at all; withdrawing consent and erasure are never refused; after erasure nothing is added.
"""

from datetime import date
from typing import Final, assert_never
from uuid import UUID

from pydantic import Field

from services.registration.members.account import (
    AccountCommand,
    ClaimAccount,
    IssueAccountCode,
    ReleaseAccount,
    TakeOverAccount,
    account_reservations,
    decide_account,
    release,
)
from services.registration.members.consents import GiveConsent, WithdrawConsent, give_consent, withdraw_consent
from services.registration.members.corrections import (
    AgreeToCorrection,
    ApplyRetention,
    ChangePoliticalStatus,
    CorrectionCommand,
    DeclineCorrection,
    RequestCorrection,
    correct,
)
from services.registration.members.profile import ChangeContactDetails, UpdateProfile, change_contact, update_profile
from services.registration.members.state import Enrolled, Erased, Member, Merged, NotEnrolled, evolve
from shared.contracts.event import Event
from shared.contracts.registration.accounts import AccountReleaseReason
from shared.contracts.registration.changes import MemberContactLost, MemberContactRestored, MemberIdentitiesMerged
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.contracts.registration.members import MemberEnrolled, PersonalDataErased, WorkUnitChanged
from shared.decider import Command, Decider, DomainError, Reservation, Reserve


class EnrolMember(Command):
    """Put a member on the roster of a work unit."""

    member_id: UUID
    member_no: str
    unit_id: UUID
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    residence_community_id: UUID | None = None
    roster_id: UUID | None = None
    name_sealed: str
    citizen_number_sealed: str | None = None
    phone_sealed: str | None = None
    email_sealed: str | None = None


class MemberNumberTaken(DomainError):
    """Another member has this member number."""


class ChangeWorkUnit(Command):
    """Move the member's organisation relation to another unit."""

    unit_id: UUID
    occupation_group: OccupationGroup


class EraseMember(Command):
    """Make the member's personal data unreadable for ever."""


class MarkLostContact(Command):
    """Say that the member cannot be reached."""

    lost_on: date


class RestoreContact(Command):
    """Say that the member was reached again."""

    restored_on: date


class MergeInto(Command):
    """Merge this entry into another one of the same person. `into_is_enrolled` is what the caller found there."""

    into_member_id: UUID
    into_is_enrolled: bool
    reason: str = Field(min_length=1, max_length=200)


class MergeNeedsAnotherMember(DomainError):
    """An entry is merged into another member who is on a roster."""


class DuplicateIsRegistered(DomainError):
    """The entry to give up is registered or holds a live certificate; close or revoke that first, or merge the other way round."""


class MemberUnknown(DomainError):
    """There is no such member on a roster."""


class MemberIsErased(DomainError):
    """The personal data of this member were erased; nothing can be added."""


class MemberIsMerged(DomainError):
    """This entry was merged into another one of the same person; use that one."""


MemberCommand = (
    EnrolMember
    | ChangeContactDetails
    | ChangeWorkUnit
    | UpdateProfile
    | GiveConsent
    | WithdrawConsent
    | EraseMember
    | MarkLostContact
    | RestoreContact
    | MergeInto
    | CorrectionCommand
    | AccountCommand
)


def decide(command: MemberCommand, state: Member) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match state:
        case NotEnrolled():
            if not isinstance(command, EnrolMember):
                raise MemberUnknown
            return (MemberEnrolled(**command.model_dump()),)
        case Erased():
            if not isinstance(command, EraseMember | WithdrawConsent):
                raise MemberIsErased
            return ()
        case Merged():
            return _decide_merged(command, state)
        case Enrolled():
            return _decide_enrolled(command, state)
        case _:
            assert_never(state)


def _decide_merged(command: MemberCommand, state: Merged) -> tuple[Event, ...]:
    match command:
        case EnrolMember() | WithdrawConsent():
            return ()
        case MergeInto() if command.into_member_id == state.into_member_id:
            return ()
        case EraseMember():
            return (PersonalDataErased(member_id=state.member_id),)
        case _:
            raise MemberIsMerged(into_member_id=str(state.into_member_id))


def _decide_enrolled(command: MemberCommand, state: Enrolled) -> tuple[Event, ...]:
    match command:
        case EnrolMember():
            return ()
        case ChangeContactDetails():
            return change_contact(command, state)
        case ChangeWorkUnit():
            return _change_work_unit(command, state)
        case UpdateProfile():
            return update_profile(command, state)
        case GiveConsent():
            return give_consent(command, state)
        case WithdrawConsent():
            return withdraw_consent(command, state)
        case EraseMember():
            released = release(state.member_id, state.account, AccountReleaseReason.ERASED)
            return (*released, PersonalDataErased(member_id=state.member_id))
        case MarkLostContact():
            return () if state.lost_on is not None else (MemberContactLost(member_id=state.member_id, lost_on=command.lost_on),)
        case RestoreContact():
            restored = MemberContactRestored(member_id=state.member_id, restored_on=command.restored_on)
            return () if state.lost_on is None else (restored,)
        case MergeInto():
            return _merge(command, state)
        case RequestCorrection() | AgreeToCorrection() | DeclineCorrection() | ChangePoliticalStatus() | ApplyRetention():
            return correct(command, state)
        case IssueAccountCode() | ClaimAccount() | TakeOverAccount() | ReleaseAccount():
            return decide_account(command, state.member_id, state.account)
        case _:
            assert_never(command)


def _change_work_unit(command: ChangeWorkUnit, state: Enrolled) -> tuple[Event, ...]:
    if (command.unit_id, command.occupation_group) == (state.unit_id, state.occupation_group):
        return ()
    return (
        WorkUnitChanged(
            member_id=state.member_id, from_unit_id=state.unit_id, unit_id=command.unit_id, occupation_group=command.occupation_group
        ),
    )


def _merge(command: MergeInto, state: Enrolled) -> tuple[Event, ...]:
    if command.into_member_id == state.member_id or not command.into_is_enrolled:
        raise MergeNeedsAnotherMember
    merged = MemberIdentitiesMerged(
        member_id=state.member_id, into_member_id=command.into_member_id, unit_id=state.unit_id, reason=command.reason
    )
    return (*release(state.member_id, state.account, AccountReleaseReason.MERGED), merged)


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Member numbers are unique. Citizen numbers are too, by the vault's blind index: they must not enter an event."""
    match event:
        case MemberEnrolled():
            return (Reserve("member_no", event.member_no, MemberNumberTaken),)
        case MemberIdentitiesMerged():
            # The entry's only places, taken for ever: it is not registered now and never will be.
            who, holder = str(event.member_id), "merged"
            return (
                Reserve("active_registration", who, DuplicateIsRegistered, holder=holder),
                Reserve("live_certificate", who, DuplicateIsRegistered, holder=holder),
            )
        case _:
            return account_reservations(event)


MEMBER: Final[Decider[MemberCommand, Member]] = Decider(
    category="member", initial=NotEnrolled(), decide=decide, evolve=evolve, reservations=reservations
)
