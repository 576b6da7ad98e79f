"""The words of the member aggregate: its commands, the rules that can be broken, the phases a roster entry goes through."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.members.account import Account, AccountCommand
from shared.contracts.registration import ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.contracts.registration_changes import CorrectableField, RetentionKind
from shared.contracts.service_preference import PostCategory, ServicePreference, ServiceTime
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


class Willingness(Command):
    """服务意愿: fields of service, times, how often a month at most. What is not named stays unknown."""

    kinds: frozenset[PostCategory] = frozenset()
    times: frozenset[ServiceTime] = frozenset()
    times_per_month: Annotated[int, Field(ge=1, le=31)] | None = None

    @property
    def declared(self) -> ServicePreference:
        """The same in one order, so that saying it again in another order changes nothing."""
        kinds = tuple(each for each in PostCategory if each in self.kinds)
        times = tuple(each for each in ServiceTime if each in self.times)
        return ServicePreference(kinds=kinds, times=times, times_per_month=self.times_per_month)


class UpdateProfile(Command):
    """Say what one can and would like to do."""

    skills: tuple[str, ...] = Field(max_length=20)
    preferences: tuple[str, ...] = Field(max_length=20)
    willingness: Willingness = Willingness()


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


class RequestCorrection(Command):
    """Say that the roster has a field wrong."""

    field: CorrectableField
    value_sealed: str


class AgreeToCorrection(Command):
    """Agree to what was asked for. A field that others read in the clear comes along as the caller opened it."""

    field: CorrectableField
    political_status: PoliticalStatus | None = None
    occupation_group: OccupationGroup | None = None
    residence_community_id: UUID | None = None


class DeclineCorrection(Command):
    """Keep the field as it is."""

    field: CorrectableField
    reason: str = Field(min_length=1, max_length=200)


class ChangePoliticalStatus(Command):
    """Record that a probationary member became a full one."""

    political_status: PoliticalStatus


class ApplyRetention(Command):
    """Give up what need not be kept any longer."""

    kind: RetentionKind
    applied_on: date


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
    | RequestCorrection
    | AgreeToCorrection
    | DeclineCorrection
    | ChangePoliticalStatus
    | ApplyRetention
    | AccountCommand
)


class MemberUnknown(DomainError):
    """There is no such member on a roster."""


class MemberIsErased(DomainError):
    """The personal data of this member were erased; nothing can be added."""


class MemberNumberTaken(DomainError):
    """Another member has this member number."""


class MemberIsMerged(DomainError):
    """This entry was merged into another one of the same person; use that one."""


class CorrectionNotRequested(DomainError):
    """Nobody asked to correct this field of the member."""


class CitizenNumberTaken(DomainError):
    """Another member of the district has this citizen number; two entries of one person are merged by the district."""


class CitizenNumberNotKept(DomainError):
    """The citizen number of this member was given up half a year after the registration ended, so there is nothing to correct."""


class MergeNeedsAnotherMember(DomainError):
    """An entry is merged into another member who is on a roster."""


class DuplicateIsRegistered(DomainError):
    """The entry to give up is registered or holds a live certificate; close or revoke that first, or merge the other way round."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """On the roster of a unit. `consents`: purpose → text version agreed to; `wanted`: field → corrected value, sealed; `retained`: what
    was given up already.
    """

    member_id: UUID
    member_no: str
    unit_id: UUID
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    residence_community_id: UUID | None
    skills: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    willingness: ServicePreference = field(default_factory=ServicePreference)
    consents: dict[ConsentPurpose, str] = field(default_factory=dict)
    lost_on: date | None = None
    wanted: dict[CorrectableField, str] = field(default_factory=dict[CorrectableField, str])
    retained: frozenset[RetentionKind] = frozenset()
    account: Account = field(default_factory=Account)


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
