"""The words of the organisation aggregate: its commands, the rules that can be broken, and which kind belongs under which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import Field

from shared.contracts.registration import OccupationGroup, OrganisationKind
from shared.contracts.registration_organisations import HonourLevel, MemberCategoriesDeclared
from shared.decider import Command, DomainError

KIND = OrganisationKind
# None: stands at the top of the tree.
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


class ChangeOrganisationContact(Command):
    """Set or remove the office mailbox."""

    contact_email: str | None


class RenameOrganisation(Command):
    """Call the organisation something else."""

    name: str
    renamed_on: date


class DissolveOrganisation(Command):
    """Let the organisation take part no longer. `active` is how many of what the caller found to hang on it still."""

    dissolved_on: date
    reason: str = Field(min_length=1, max_length=200)
    active: dict[str, int]


class AwardHonour(Command):
    """Enter a title that the organisation received."""

    honour_id: UUID
    level: HonourLevel
    title: str
    year: int


class RevokeHonour(Command):
    """Take a title out again."""

    honour_id: UUID
    reason: str


class JoinAsPartner(Command):
    """Make a unit a partner of this community. `partner_kind` is what the caller found."""

    partner_id: UUID
    partner_kind: OrganisationKind | None
    joined_on: date


class LeaveAsPartner(Command):
    """End the partnership of a unit with this community."""

    partner_id: UUID
    left_on: date


class IntroduceCommunity(Command):
    """Tell members about the community."""

    overview: str
    network: str
    difficulties: str
    ongoing_work: str


class DeclareMemberCategories(Command):
    """Say how many members of each category the community has. `categories` are the programme's, `declared_on` is today."""

    as_of: date
    counts: dict[str, int]
    categories: tuple[str, ...]
    declared_on: date


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


class OrganisationNameTaken(DomainError):
    """The district already has an organisation of this kind with this name."""


class CreditCodeTaken(DomainError):
    """Another organisation of the district has this unified social credit code."""


class CommunityNeedsStreet(DomainError):
    """A community must name the street it belongs to."""


class OrganisationMisplaced(DomainError):
    """An organisation of this kind does not belong there."""


class WorkUnitNeedsOccupationGroup(DomainError):
    """A work unit must state the occupation group of its members."""


class OrganisationUnknown(DomainError):
    """There is no such organisation."""


class OrganisationIsInUse(DomainError):
    """Something active still hangs on this organisation; move or close it first."""


class OrganisationIsDissolved(DomainError):
    """This organisation was dissolved."""


class OnlyForCommunities(DomainError):
    """Only communities have partner units, introduce themselves and declare their members."""


class PartnerMustBeUnit(DomainError):
    """A partner of a community is a work unit or a partner unit."""


class InServiceIsCounted(DomainError):
    """In-service members are counted from their registrations and never declared."""


class CategoriesDiffer(DomainError):
    """A declaration gives a number for every category of the programme and for no other."""


class CountedInFuture(DomainError):
    """Members are counted on a day that has come."""


class CountedLaterAlready(DomainError):
    """The community has declared its members as of a later day."""


class HonourUnknown(DomainError):
    """The organisation has no such honour."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class Established:
    """It takes part; `former_names` still find it, `introduction` is what a community told last, as the fields of its event, `declared` the
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


Organisation = Unknown | Established | Dissolved
