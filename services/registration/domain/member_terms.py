"""The words of the member aggregate: its commands, the rules that can be broken, the phases a roster entry goes through."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.registration import ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.decider import Command, DomainError


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


class ChangeContactDetails(Command):
    """Replace phone and e-mail (None removes)."""

    phone_sealed: str | None
    email_sealed: str | None


class ChangeWorkUnit(Command):
    """Move the member's organisation relation to another unit."""

    unit_id: UUID
    occupation_group: OccupationGroup


class UpdateProfile(Command):
    """Say what one can and would like to do."""

    skills: tuple[str, ...] = Field(max_length=20)
    preferences: tuple[str, ...] = Field(max_length=20)


class GiveConsent(Command):
    """Agree to one purpose."""

    purpose: ConsentPurpose
    text_version: str


class WithdrawConsent(Command):
    """Take consent to one purpose back."""

    purpose: ConsentPurpose


class EraseMember(Command):
    """Make the member's personal data unreadable for ever."""


class MarkLostContact(Command):
    """Say that the member cannot be reached."""

    lost_on: date


class RestoreContact(Command):
    """Say that the member was reached again."""

    restored_on: date


class MergeInto(Command):
    """Give this entry up for another one of the same person. `into_is_enrolled` is what the caller found there."""

    into_member_id: UUID
    into_is_enrolled: bool
    reason: str = Field(min_length=1, max_length=200)


class RequestNameCorrection(Command):
    """Say that the roster has the name wrong."""

    name_sealed: str


class CorrectName(Command):
    """Agree to the correction that was asked for."""


class DeclineNameCorrection(Command):
    """Keep the name as it is."""

    reason: str = Field(min_length=1, max_length=200)


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
    | RequestNameCorrection
    | CorrectName
    | DeclineNameCorrection
)


class MemberUnknown(DomainError):
    """There is no such member on a roster."""


class MemberIsErased(DomainError):
    """The personal data of this member were erased; nothing can be added."""


class MemberNumberTaken(DomainError):
    """Another member has this member number."""


class MemberIsMerged(DomainError):
    """This entry was merged into another one of the same person; use that one."""


class NameCorrectionNotRequested(DomainError):
    """Nobody asked to correct the name of this member."""


class MergeNeedsAnotherMember(DomainError):
    """An entry is merged into another member who is on a roster."""


class DuplicateIsRegistered(DomainError):
    """The entry to give up is registered or holds a live certificate; close or revoke that first, or merge the other way round."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """On the roster of a unit. `consents` maps a purpose to the text version agreed to."""

    member_id: UUID
    member_no: str
    unit_id: UUID
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    residence_community_id: UUID | None
    skills: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    consents: dict[ConsentPurpose, str] = field(default_factory=dict)
    lost_on: date | None = None
    wanted_name_sealed: str | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """Only the pseudonymous id is left."""

    member_id: UUID


@dataclass(frozen=True, slots=True)
class Merged:
    """Given up for another entry of the same person."""

    member_id: UUID
    into_member_id: UUID


Member = Unknown | Enrolled | Erased | Merged
