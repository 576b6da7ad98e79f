"""A member on a work unit's roster: who (sealed), what they offer, what they agreed to.

Invariant: personal fields enter sealed or not at all; withdrawing consent and erasure are never refused; after erasure nothing is added.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.registration import (
    ConsentGiven,
    ConsentPurpose,
    ConsentWithdrawn,
    ContactDetailsChanged,
    MemberEnrolled,
    MemberProfileUpdated,
    OccupationGroup,
    PersonalDataErased,
    PoliticalStatus,
    WorkUnitChanged,
)
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


MemberCommand = EnrolMember | ChangeContactDetails | ChangeWorkUnit | UpdateProfile | GiveConsent | WithdrawConsent | EraseMember


class MemberUnknown(DomainError):
    """There is no such member on a roster."""


class MemberIsErased(DomainError):
    """The personal data of this member were erased; nothing can be added."""


class MemberNumberTaken(DomainError):
    """Another member has this member number."""


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


@dataclass(frozen=True, slots=True)
class Erased:
    """Only the pseudonymous id is left."""

    member_id: UUID


Member = Unknown | Enrolled | Erased


def decide(command: MemberCommand, state: Member) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command, state:
        case EnrolMember(), Unknown():
            return (MemberEnrolled(**command.model_dump()),)
        case EnrolMember(), Enrolled():
            return ()
        case EraseMember() | WithdrawConsent(), Erased():
            return ()
        case _, Unknown():
            raise MemberUnknown
        case _, Erased():
            raise MemberIsErased
        case _, Enrolled():
            return _decide_enrolled(command, state)


def _decide_enrolled(command: MemberCommand, state: Enrolled) -> tuple[Event, ...]:
    match command:
        case ChangeContactDetails():
            changed = ContactDetailsChanged(member_id=state.member_id, phone_sealed=command.phone_sealed, email_sealed=command.email_sealed)
            return (changed,)
        case ChangeWorkUnit():
            return _change_work_unit(command, state)
        case UpdateProfile():
            return _update_profile(command, state)
        case GiveConsent():
            return _give_consent(command, state)
        case WithdrawConsent():
            return _withdraw_consent(command, state)
        case EraseMember():
            return (PersonalDataErased(member_id=state.member_id),)
        case EnrolMember():
            return ()


def _change_work_unit(command: ChangeWorkUnit, state: Enrolled) -> tuple[Event, ...]:
    if (command.unit_id, command.occupation_group) == (state.unit_id, state.occupation_group):
        return ()
    return (
        WorkUnitChanged(
            member_id=state.member_id, from_unit_id=state.unit_id, unit_id=command.unit_id, occupation_group=command.occupation_group
        ),
    )


def _update_profile(command: UpdateProfile, state: Enrolled) -> tuple[Event, ...]:
    if (command.skills, command.preferences) == (state.skills, state.preferences):
        return ()
    return (MemberProfileUpdated(member_id=state.member_id, skills=command.skills, preferences=command.preferences),)


def _give_consent(command: GiveConsent, state: Enrolled) -> tuple[Event, ...]:
    if state.consents.get(command.purpose) == command.text_version:
        return ()
    return (ConsentGiven(member_id=state.member_id, purpose=command.purpose, text_version=command.text_version),)


def _withdraw_consent(command: WithdrawConsent, state: Enrolled) -> tuple[Event, ...]:
    agreed = state.consents.get(command.purpose)
    if agreed is None:
        return ()
    return (ConsentWithdrawn(member_id=state.member_id, purpose=command.purpose, text_version=agreed),)


def evolve(state: Member, event: Event) -> Member:
    """State after one more event; what this aggregate does not know changes nothing."""
    match state, event:
        case Unknown(), MemberEnrolled():
            return Enrolled(
                member_id=event.member_id,
                member_no=event.member_no,
                unit_id=event.unit_id,
                occupation_group=event.occupation_group,
                political_status=event.political_status,
                residence_community_id=event.residence_community_id,
            )
        case Enrolled(), WorkUnitChanged():
            return replace(state, unit_id=event.unit_id, occupation_group=event.occupation_group)
        case Enrolled(), MemberProfileUpdated():
            return replace(state, skills=event.skills, preferences=event.preferences)
        case Enrolled(), ConsentGiven():
            return replace(state, consents=state.consents | {event.purpose: event.text_version})
        case Enrolled(), ConsentWithdrawn():
            return replace(state, consents={purpose: text for purpose, text in state.consents.items() if purpose is not event.purpose})
        case Enrolled(), PersonalDataErased():
            return Erased(member_id=event.member_id)
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Member numbers are unique. Citizen numbers are too, by the vault's blind index: they must not enter an event."""
    match event:
        case MemberEnrolled():
            return (Reserve("member_no", event.member_no, MemberNumberTaken),)
        case _:
            return ()


MEMBER: Decider[MemberCommand, Member] = Decider(
    category="member", initial=Unknown(), decide=decide, evolve=evolve, reservations=reservations
)
