"""Organisations of a district: streets, communities, work units, and what belongs to them.

Invariant: everything has its place in the tree; a name is unique per kind (and parent, where names repeat), and so is a unified social
credit code; a work unit has one occupation group; only communities have partners, introduce themselves and declare their members, each
category of the programme once and nobody whom the system counts.
"""

from dataclasses import replace

from services.registration.organisations.state import (
    BELONGS_UNDER,
    OF_ONE_NAME,
    AwardHonour,
    CategoriesDiffer,
    ChangeOrganisationContact,
    CommunityNeedsStreet,
    CountedInFuture,
    CountedLaterAlready,
    CreditCodeTaken,
    DeclareMemberCategories,
    Dissolved,
    DissolveOrganisation,
    Established,
    EstablishOrganisation,
    HonourUnknown,
    InServiceIsCounted,
    IntroduceCommunity,
    JoinAsPartner,
    LeaveAsPartner,
    OnlyForCommunities,
    Organisation,
    OrganisationCommand,
    OrganisationIsDissolved,
    OrganisationIsInUse,
    OrganisationMisplaced,
    OrganisationNameTaken,
    OrganisationUnknown,
    PartnerMustBeUnit,
    RenameOrganisation,
    RevokeHonour,
    Unknown,
    WorkUnitNeedsOccupationGroup,
)
from services.registration.programmes.programme import IN_SERVICE
from shared.contracts.event import Event
from shared.contracts.registration import OrganisationContactChanged, OrganisationEstablished, OrganisationKind
from shared.contracts.registration_organisations import (
    CommunityIntroduced,
    HonourRevoked,
    MemberCategoriesDeclared,
    OrganisationDissolved,
    OrganisationHonoured,
    OrganisationRenamed,
    PartnerUnitJoined,
    PartnerUnitLeft,
)
from shared.decider import Decider, Release, Reservation, Reserve


def decide(command: OrganisationCommand, state: Organisation) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command, state:
        case EstablishOrganisation(), Unknown():
            return _establish(command)
        case (EstablishOrganisation(), Established() | Dissolved()) | (DissolveOrganisation(), Dissolved()):
            return ()
        case _, Unknown():
            raise OrganisationUnknown
        case _, Dissolved():
            raise OrganisationIsDissolved
        case RenameOrganisation(), Established():
            return _rename(command, state)
        case DissolveOrganisation(), Established():
            return _dissolve(command, state)
        case ChangeOrganisationContact(), Established():
            changed = OrganisationContactChanged(organisation_id=state.organisation_id, contact_email=command.contact_email)
            return () if state.contact_email == command.contact_email else (changed,)
        case AwardHonour(), Established():
            known = command.honour_id in state.honours | state.revoked
            return () if known else (OrganisationHonoured(organisation_id=state.organisation_id, **command.model_dump()),)
        case RevokeHonour(), Established():
            return _revoke(command, state)
        case JoinAsPartner() | LeaveAsPartner() | IntroduceCommunity() | DeclareMemberCategories(), Established():
            if state.kind is not OrganisationKind.COMMUNITY:
                raise OnlyForCommunities
            return _of_community(command, state)


def _establish(command: EstablishOrganisation) -> tuple[Event, ...]:
    if command.kind is OrganisationKind.COMMUNITY and command.parent_kind is not OrganisationKind.STREET:
        raise CommunityNeedsStreet
    is_parent_missing = command.parent_id is not None and command.parent_kind is None
    if is_parent_missing or command.parent_kind not in BELONGS_UNDER[command.kind]:
        raise OrganisationMisplaced
    if command.kind is OrganisationKind.WORK_UNIT and command.occupation_group is None:
        raise WorkUnitNeedsOccupationGroup
    return (OrganisationEstablished(**command.model_dump(exclude={"parent_kind"})),)


def _rename(command: RenameOrganisation, state: Established) -> tuple[Event, ...]:
    among = {"organisation_id": state.organisation_id, "kind": state.kind, "parent_id": state.parent_id}
    renamed = OrganisationRenamed(**among, former_name=state.name, **command.model_dump())
    return () if command.name == state.name else (renamed,)


def _dissolve(command: DissolveOrganisation, state: Established) -> tuple[Event, ...]:
    if in_use := {what: count for what, count in command.active.items() if count}:
        raise OrganisationIsInUse(**in_use)
    return (
        OrganisationDissolved(
            organisation_id=state.organisation_id,
            kind=state.kind,
            parent_id=state.parent_id,
            name=state.name,
            former_names=state.former_names,
            uscc=state.uscc,
            dissolved_on=command.dissolved_on,
            reason=command.reason,
        ),
    )


def _revoke(command: RevokeHonour, state: Established) -> tuple[Event, ...]:
    if command.honour_id in state.revoked:
        return ()
    if command.honour_id not in state.honours:
        raise HonourUnknown
    return (HonourRevoked(organisation_id=state.organisation_id, honour_id=command.honour_id, reason=command.reason),)


def _of_community(
    command: JoinAsPartner | LeaveAsPartner | IntroduceCommunity | DeclareMemberCategories, state: Established
) -> tuple[Event, ...]:
    match command:
        case JoinAsPartner():
            if command.partner_kind not in {OrganisationKind.WORK_UNIT, OrganisationKind.PARTNER_UNIT}:
                raise PartnerMustBeUnit
            joined = PartnerUnitJoined(community_id=state.organisation_id, partner_id=command.partner_id, joined_on=command.joined_on)
            return () if command.partner_id in state.partners else (joined,)
        case LeaveAsPartner():
            left = PartnerUnitLeft(community_id=state.organisation_id, partner_id=command.partner_id, left_on=command.left_on)
            return (left,) if command.partner_id in state.partners else ()
        case IntroduceCommunity():
            told = command.model_dump()
            return () if told == state.introduction else (CommunityIntroduced(community_id=state.organisation_id, **told),)
        case DeclareMemberCategories():
            return _declare(command, state)


def _declare(command: DeclareMemberCategories, state: Established) -> tuple[Event, ...]:
    if IN_SERVICE in command.counts:
        raise InServiceIsCounted
    if differing := set(command.counts) ^ set(command.categories):
        raise CategoriesDiffer(categories=command.categories, differing=sorted(differing))
    if command.as_of > command.declared_on:
        raise CountedInFuture
    if state.declared is not None and state.declared.as_of > command.as_of:
        raise CountedLaterAlready(as_of=state.declared.as_of)
    declared = MemberCategoriesDeclared(community_id=state.organisation_id, as_of=command.as_of, counts=command.counts)
    return () if declared == state.declared else (declared,)


def evolve(state: Organisation, event: Event) -> Organisation:
    """State after one more event; what this aggregate does not know changes nothing."""
    match state, event:
        case Unknown(), OrganisationEstablished():
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
            return replace(state, honours=state.honours - {event.honour_id}, revoked=state.revoked | {event.honour_id})
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


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Names and credit codes are unique among those that take part; a former name stays taken, because it still finds its organisation."""
    match event:
        case OrganisationEstablished():
            name = Reserve("organisation_name", _name_key(event, event.name), OrganisationNameTaken)
            return (name,) if event.uscc is None else (name, Reserve("organisation_uscc", event.uscc, CreditCodeTaken))
        case OrganisationRenamed():
            return (Reserve("organisation_name", _name_key(event, event.name), OrganisationNameTaken),)
        case OrganisationDissolved():
            names = tuple(Release("organisation_name", _name_key(event, name)) for name in (event.name, *event.former_names))
            return names if event.uscc is None else (*names, Release("organisation_uscc", event.uscc))
        case _:
            return ()


def _name_key(event: OrganisationEstablished | OrganisationRenamed | OrganisationDissolved, name: str) -> str:
    scope = event.kind if event.kind in OF_ONE_NAME else f"{event.kind}:{event.parent_id}"
    return f"{scope}:{name}"


ORGANISATION: Decider[OrganisationCommand, Organisation] = Decider(
    category="organisation", initial=Unknown(), decide=decide, evolve=evolve, reservations=reservations
)
