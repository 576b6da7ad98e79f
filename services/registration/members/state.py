"""Phases of an entry on a roster, and how each event moves it on."""

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.registration.members.account import Account, evolve_account
from shared.contracts.event import Event
from shared.contracts.registration.changes import (
    CorrectableField,
    CorrectionAgreed,
    CorrectionDeclined,
    CorrectionRequested,
    MemberContactLost,
    MemberContactRestored,
    MemberIdentitiesMerged,
    OccupationGroupChanged,
    PoliticalStatusChanged,
    ResidenceCommunityChanged,
    RetentionApplied,
    RetentionKind,
)
from shared.contracts.registration.codes import ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.contracts.registration.members import (
    ConsentGiven,
    ConsentWithdrawn,
    MemberEnrolled,
    MemberProfileUpdated,
    PersonalDataErased,
    WorkUnitChanged,
)
from shared.contracts.service_preference import ServicePreference


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """On the roster of a unit. `consents`: purpose → text version agreed to; `wanted`: field → corrected value, sealed; `retained`: what
    is not kept any longer.
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
    """Merged into another entry of the same person."""

    member_id: UUID
    into_member_id: UUID


Member = NotEnrolled | Enrolled | Erased | Merged


def evolve(state: Member, event: Event) -> Member:
    """State after one more event; what this aggregate does not know changes nothing."""
    match state, event:
        case NotEnrolled(), MemberEnrolled():
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
            return replace(state, skills=event.skills, preferences=event.preferences, willingness=event.willingness)
        case Enrolled(), ConsentGiven():
            return replace(state, consents=state.consents | {event.purpose: event.text_version})
        case Enrolled(), ConsentWithdrawn():
            return replace(state, consents={purpose: text for purpose, text in state.consents.items() if purpose is not event.purpose})
        case Enrolled(), MemberContactLost():
            return replace(state, lost_on=event.lost_on)
        case Enrolled(), MemberContactRestored():
            return replace(state, lost_on=None)
        case Enrolled(), MemberIdentitiesMerged():
            return Merged(member_id=event.member_id, into_member_id=event.into_member_id)
        case Enrolled() | Merged(), PersonalDataErased():
            return Erased(member_id=event.member_id)
        case Enrolled(), _:
            return replace(_corrected(state, event), account=evolve_account(state.account, event))
        case _:
            return state


def _corrected(state: Enrolled, event: Event) -> Enrolled:
    """The member after one more event about what the roster says; others change nothing."""
    match event:
        case CorrectionRequested():
            return replace(state, wanted=state.wanted | {event.field: event.value_sealed})
        case CorrectionAgreed() | CorrectionDeclined():
            return replace(state, wanted={field: value for field, value in state.wanted.items() if field is not event.field})
        case PoliticalStatusChanged():
            return replace(state, political_status=event.political_status)
        case OccupationGroupChanged():
            return replace(state, occupation_group=event.occupation_group)
        case ResidenceCommunityChanged():
            return replace(state, residence_community_id=event.residence_community_id)
        case RetentionApplied():
            return replace(state, retained=state.retained | {event.kind})
        case _:
            return state
