"""Organisations of a district: streets, communities, work units.

Invariant: a name is unique per kind and district, and so is a unified social credit code; a community belongs to a street, a work unit
has one occupation group.
"""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration import OccupationGroup, OrganisationContactChanged, OrganisationEstablished, OrganisationKind
from shared.decider import Command, Decider, DomainError, Reservation, Reserve


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


class ChangeOrganisationContact(Command):
    """Set or remove the office mailbox."""

    contact_email: str | None


OrganisationCommand = EstablishOrganisation | ChangeOrganisationContact


class OrganisationNameTaken(DomainError):
    """The district already has an organisation of this kind with this name."""


class CreditCodeTaken(DomainError):
    """Another organisation of the district has this unified social credit code."""


class CommunityNeedsStreet(DomainError):
    """A community must name the street it belongs to."""


class WorkUnitNeedsOccupationGroup(DomainError):
    """A work unit must state the occupation group of its members."""


class OrganisationUnknown(DomainError):
    """There is no such organisation."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Established:
    """The organisation takes part."""

    organisation_id: UUID
    kind: OrganisationKind
    name: str
    occupation_group: OccupationGroup | None
    contact_email: str | None


Organisation = Unknown | Established


def decide(command: OrganisationCommand, state: Organisation) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command:
        case EstablishOrganisation():
            return _establish(command, state)
        case ChangeOrganisationContact():
            return _change_contact(command, state)


def _establish(command: EstablishOrganisation, state: Organisation) -> tuple[Event, ...]:
    if isinstance(state, Established):
        return ()
    if command.kind is OrganisationKind.COMMUNITY and command.parent_kind is not OrganisationKind.STREET:
        raise CommunityNeedsStreet
    if command.kind is OrganisationKind.WORK_UNIT and command.occupation_group is None:
        raise WorkUnitNeedsOccupationGroup
    return (OrganisationEstablished(**command.model_dump(exclude={"parent_kind"})),)


def _change_contact(command: ChangeOrganisationContact, state: Organisation) -> tuple[Event, ...]:
    if isinstance(state, Unknown):
        raise OrganisationUnknown
    if state.contact_email == command.contact_email:
        return ()
    return (OrganisationContactChanged(organisation_id=state.organisation_id, contact_email=command.contact_email),)


def evolve(state: Organisation, event: Event) -> Organisation:
    """State after one more event; what this aggregate does not know changes nothing."""
    match state, event:
        case _, OrganisationEstablished():
            return Established(
                organisation_id=event.organisation_id,
                kind=event.kind,
                name=event.name,
                occupation_group=event.occupation_group,
                contact_email=event.contact_email,
            )
        case Established(), OrganisationContactChanged():
            return Established(state.organisation_id, state.kind, state.name, state.occupation_group, event.contact_email)
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Names and credit codes are unique."""
    match event:
        case OrganisationEstablished():
            name = Reserve("organisation_name", f"{event.kind}:{event.name}", OrganisationNameTaken)
            return (name,) if event.uscc is None else (name, Reserve("organisation_uscc", event.uscc, CreditCodeTaken))
        case _:
            return ()


ORGANISATION: Decider[OrganisationCommand, Organisation] = Decider(
    category="organisation", initial=Unknown(), decide=decide, evolve=evolve, reservations=reservations
)
