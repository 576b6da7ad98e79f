"""Phases of an organisation, and how each event moves it on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.contracts.registration.organisations import (
    CommunityIntroduced,
    HonourRevoked,
    MemberCategoriesDeclared,
    OrganisationContactChanged,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationHonoured,
    OrganisationRenamed,
    PartnerUnitJoined,
    PartnerUnitLeft,
)


@dataclass(frozen=True, slots=True)
class NotEstablished:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Established:
    """It takes part; `former_names` still find it, `introduction` is a community's latest, as the fields of its event, `declared` the
    members it counted last.
    """

    organisation_id: UUID
    kind: OrganisationKind
    name: str
    occupation_group: OccupationGroup | None
    contact_email: str | None
    parent_id: UUID | None = None
    uscc: str | None = None
    former_names: tuple[str, ...] = ()
    honours: frozenset[UUID] = frozenset()
    revoked: frozenset[UUID] = frozenset()
    partners: frozenset[UUID] = frozenset()
    introduction: Mapping[str, str] = field(default_factory=dict[str, str])
    declared: MemberCategoriesDeclared | None = None


@dataclass(frozen=True, slots=True)
class Dissolved:
    """Papers of its time still name it."""

    name: str


Organisation = NotEstablished | Established | Dissolved


def evolve(state: Organisation, event: Event) -> Organisation:
    """State after one more event; what this aggregate does not know changes nothing."""
    match state, event:
        case NotEstablished(), OrganisationEstablished():
            return Established(
                organisation_id=event.organisation_id,
                kind=event.kind,
                name=event.name,
                occupation_group=event.occupation_group,
                contact_email=event.contact_email,
                parent_id=event.parent_id,
                uscc=event.uscc,
            )
        case Established(), OrganisationRenamed():
            former = tuple(name for name in (*state.former_names, event.former_name) if name != event.name)
            return replace(state, name=event.name, former_names=former)
        case Established(), OrganisationDissolved():
            return Dissolved(name=event.name)
        case Established(), OrganisationContactChanged():
            return replace(state, contact_email=event.contact_email)
        case Established(), OrganisationHonoured():
            return replace(state, honours=state.honours | {event.honour_id})
        case Established(), HonourRevoked():
            return replace(state, revoked=state.revoked | {event.honour_id})
        case Established(), PartnerUnitJoined():
            return replace(state, partners=state.partners | {event.partner_id})
        case Established(), PartnerUnitLeft():
            return replace(state, partners=state.partners - {event.partner_id})
        case Established(), CommunityIntroduced():
            return replace(state, introduction=event.model_dump(exclude={"community_id"}))
        case Established(), MemberCategoriesDeclared():
            return replace(state, declared=event)
        case _:
            return state
