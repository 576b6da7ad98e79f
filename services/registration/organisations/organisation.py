"""Organisations of a district: streets, communities, work units, and what belongs to them.

Invariant: everything has its place in the tree; a name is unique per kind (and parent, where names repeat), and so is a unified social
credit code; a work unit has one occupation group.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from pydantic import Field

from services.registration.organisations.community import IntroduceCommunity, JoinAsPartner, LeaveAsPartner, introduce, join, leave
from services.registration.organisations.declarations import DeclareMemberCategories, declare
from services.registration.organisations.honours import AwardHonour, RevokeHonour, award, revoke
from services.registration.organisations.state import Dissolved, Established, NotEstablished, Organisation, evolve
from shared.contracts.event import Event
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.contracts.registration.organisations import (
    OrganisationContactChanged,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationRenamed,
)
from shared.decider import Command, Decider, DomainError, Release, Reservation, Reserve

KIND = OrganisationKind
# None: at the top of the tree.
BELONGS_UNDER: Final[Mapping[OrganisationKind, frozenset[OrganisationKind | None]]] = {
    KIND.DISTRICT: frozenset({None}),
    KIND.STREET: frozenset({None, KIND.DISTRICT}),
    KIND.COMMUNITY: frozenset({KIND.STREET}),
    KIND.WORK_UNIT: frozenset({None, KIND.DISTRICT, KIND.STREET, KIND.WORK_UNIT}),
    KIND.BRANCH: frozenset({KIND.COMMUNITY, KIND.WORK_UNIT}),
    KIND.RESIDENTS_COMMITTEE: frozenset({KIND.COMMUNITY}),
    KIND.WORKSTATION: frozenset({KIND.COMMUNITY}),
    KIND.SERVICE_POINT: frozenset({KIND.COMMUNITY}),
    KIND.MASS_ORGANISATION: frozenset({None, KIND.DISTRICT, KIND.STREET, KIND.COMMUNITY, KIND.WORK_UNIT}),
    KIND.ASSOCIATION: frozenset({None, KIND.DISTRICT, KIND.STREET, KIND.COMMUNITY}),
    KIND.PARTNER_UNIT: frozenset({None, KIND.DISTRICT, KIND.STREET}),
}
# Known by their name throughout the district; the others ("first branch") by their name and what they belong to.
OF_ONE_NAME: Final = frozenset({KIND.DISTRICT, KIND.STREET, KIND.COMMUNITY, KIND.WORK_UNIT, KIND.PARTNER_UNIT})


class EstablishOrganisation(Command):
    """Let an organisation take part. `parent_kind` is what the caller found under `parent_id` (None: nothing)."""

    organisation_id: UUID
    kind: OrganisationKind
    name: str
    parent_id: UUID | None = None
    parent_kind: OrganisationKind | None = None
    community_type: str | None = None
    occupation_group: OccupationGroup | None = None
    uscc: str | None = None
    contact_email: str | None = None
    place: str | None = None


class CommunityNeedsStreet(DomainError):
    """A community must name the street it belongs to."""


class OrganisationMisplaced(DomainError):
    """An organisation of this kind does not belong there."""


class WorkUnitNeedsOccupationGroup(DomainError):
    """A work unit must state the occupation group of its members."""


class OrganisationNameTaken(DomainError):
    """The district already has an organisation of this kind with this name."""


class CreditCodeTaken(DomainError):
    """Another organisation of the district has this unified social credit code."""


class ChangeOrganisationContact(Command):
    """Set or remove the office mailbox."""

    contact_email: str | None


class RenameOrganisation(Command):
    """Call the organisation something else."""

    name: str
    renamed_on: date


class DissolveOrganisation(Command):
    """Dissolve the organisation. `active` is how many of what the caller found to depend on it: kind → count."""

    dissolved_on: date
    reason: str = Field(min_length=1, max_length=200)
    active: dict[str, int]


class OrganisationIsInUse(DomainError):
    """Something active still hangs on this organisation; move or close it first."""


class OrganisationUnknown(DomainError):
    """There is no such organisation."""


class OrganisationIsDissolved(DomainError):
    """This organisation was dissolved."""


OrganisationCommand = (
    EstablishOrganisation
    | ChangeOrganisationContact
    | RenameOrganisation
    | DissolveOrganisation
    | AwardHonour
    | RevokeHonour
    | JoinAsPartner
    | LeaveAsPartner
    | IntroduceCommunity
    | DeclareMemberCategories
)


def decide(command: OrganisationCommand, state: Organisation) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match state:
        case NotEstablished():
            if not isinstance(command, EstablishOrganisation):
                raise OrganisationUnknown
            return _establish(command)
        case Dissolved():
            if not isinstance(command, EstablishOrganisation | DissolveOrganisation):
                raise OrganisationIsDissolved
            return ()
        case Established():
            return _decide_established(command, state)
        case _:
            assert_never(state)


def _decide_established(command: OrganisationCommand, state: Established) -> tuple[Event, ...]:
    match command:
        case EstablishOrganisation():
            return ()
        case ChangeOrganisationContact():
            return _change_contact(command, state)
        case RenameOrganisation():
            return _rename(command, state)
        case DissolveOrganisation():
            return _dissolve(command, state)
        case AwardHonour():
            return award(command, state)
        case RevokeHonour():
            return revoke(command, state)
        case JoinAsPartner():
            return join(command, state)
        case LeaveAsPartner():
            return leave(command, state)
        case IntroduceCommunity():
            return introduce(command, state)
        case DeclareMemberCategories():
            return declare(command, state)
        case _:
            assert_never(command)


def _change_contact(command: ChangeOrganisationContact, state: Established) -> tuple[Event, ...]:
    changed = OrganisationContactChanged(organisation_id=state.organisation_id, contact_email=command.contact_email)
    return () if state.contact_email == command.contact_email else (changed,)


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


ORGANISATION: Final[Decider[OrganisationCommand, Organisation]] = Decider(
    category="organisation", initial=NotEstablished(), decide=decide, evolve=evolve, reservations=reservations
)
