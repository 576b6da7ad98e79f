"""Events of registration about organisations: honours, partner units, what a community tells members about itself and how many it has, who
holds which office, who acts for whom, and the programme that the district runs.

Holders of offices and delegates are named by the pseudonymous subject of their account; a name is sealed as in registration.py.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind


class HonourLevel(StrEnum):
    """Who awarded an honour (荣誉称号)."""

    NATION = "NATION"
    PROVINCE = "PROVINCE"
    CITY = "CITY"
    DISTRICT = "DISTRICT"
    STREET = "STREET"


class OfficeRole(StrEnum):
    """What somebody is in an organisation, from one day to another."""

    SECRETARY = "SECRETARY"  # 书记
    LIAISON = "LIAISON"  # 联络员
    CLERK = "CLERK"  # 经办人
    INSTRUCTOR = "INSTRUCTOR"  # 指导员
    RESPONSIBLE = "RESPONSIBLE"  # 第一责任人


class OrganisationEstablished(Event):
    """An organisation takes part. `contact_email` is an office mailbox, never a person's; `place` is where a service point or office is."""

    TYPE: ClassVar[str] = "guangcai.registration.OrganisationEstablished"
    VERSION: ClassVar[int] = 1

    organisation_id: UUID
    kind: OrganisationKind
    name: str
    parent_id: UUID | None = None
    community_type: str | None = None
    occupation_group: OccupationGroup | None = None
    uscc: str | None = None
    contact_email: str | None = None
    place: str | None = None


class OrganisationContactChanged(Event):
    """The office mailbox of an organisation changed (None: it has none any more)."""

    TYPE: ClassVar[str] = "guangcai.registration.OrganisationContactChanged"
    VERSION: ClassVar[int] = 1

    organisation_id: UUID
    contact_email: str | None


class OrganisationRenamed(Event):
    """The organisation is called so from now on, and still found by its former name. Names are unique per kind, some per parent."""

    TYPE: ClassVar[str] = "guangcai.registration.OrganisationRenamed"
    VERSION: ClassVar[int] = 1

    organisation_id: UUID
    kind: OrganisationKind
    parent_id: UUID | None = None
    former_name: str
    name: str
    renamed_on: date


class OrganisationDissolved(Event):
    """The organisation takes part no longer: nobody is on its roster or registered with it. Its names and its code are free again."""

    TYPE: ClassVar[str] = "guangcai.registration.OrganisationDissolved"
    VERSION: ClassVar[int] = 1

    organisation_id: UUID
    kind: OrganisationKind
    parent_id: UUID | None = None
    name: str
    former_names: tuple[str, ...] = ()
    uscc: str | None = None
    dissolved_on: date
    reason: str


class OrganisationHonoured(Event):
    """An organisation received a title, e.g. 示范社区 of the city in 2025. Shown, never scored."""

    TYPE: ClassVar[str] = "guangcai.registration.OrganisationHonoured"
    VERSION: ClassVar[int] = 1

    organisation_id: UUID
    honour_id: UUID
    level: HonourLevel
    title: str
    year: int


class HonourRevoked(Event):
    """The honour was withdrawn or had been entered by mistake."""

    TYPE: ClassVar[str] = "guangcai.registration.HonourRevoked"
    VERSION: ClassVar[int] = 1

    organisation_id: UUID
    honour_id: UUID
    reason: str


class PartnerUnitJoined(Event):
    """共建单位: a unit builds together with the community from this day on."""

    TYPE: ClassVar[str] = "guangcai.registration.PartnerUnitJoined"
    VERSION: ClassVar[int] = 1

    community_id: UUID
    partner_id: UUID
    joined_on: date


class PartnerUnitLeft(Event):
    """The unit is no longer a partner of the community."""

    TYPE: ClassVar[str] = "guangcai.registration.PartnerUnitLeft"
    VERSION: ClassVar[int] = 1

    community_id: UUID
    partner_id: UUID
    left_on: date


class CommunityIntroduced(Event):
    """In return for the members' profiles the community tells about itself; all four texts state what holds from now on."""

    TYPE: ClassVar[str] = "guangcai.registration.CommunityIntroduced"
    VERSION: ClassVar[int] = 1

    community_id: UUID
    overview: str  # 基本情况
    network: str  # 组织网络
    difficulties: str  # 存在问题
    ongoing_work: str  # 正在开展的工作


class MemberCategoriesDeclared(Event):
    """How many members of each category have their organisation relation with the community, on the day `as_of`: counts and nobody's name.

    `counts` maps every category of the programme of that time to a number. In-service members who report here are not among them: they are
    counted from their registrations.
    """

    TYPE: ClassVar[str] = "guangcai.registration.MemberCategoriesDeclared"
    VERSION: ClassVar[int] = 1

    community_id: UUID
    as_of: date
    counts: dict[str, int]


class OfficeAssigned(Event):
    """Somebody holds an office in an organisation. `holder` is the subject of the account, `ends_on` the last day of the term."""

    TYPE: ClassVar[str] = "guangcai.registration.OfficeAssigned"
    VERSION: ClassVar[int] = 1

    office_id: UUID
    organisation_id: UUID
    role: OfficeRole
    holder: str
    name_sealed: str | None = None
    starts_on: date
    ends_on: date | None = None
    is_part_time: bool = False


class OfficeEnded(Event):
    """The office ended on that day."""

    TYPE: ClassVar[str] = "guangcai.registration.OfficeEnded"
    VERSION: ClassVar[int] = 1

    office_id: UUID
    organisation_id: UUID
    role: OfficeRole
    holder: str
    ended_on: date


class DelegationGranted(Event):
    """Who may act for whom in an organisation, as what, and until when. What is done so is recorded on behalf of `delegator`."""

    TYPE: ClassVar[str] = "guangcai.registration.DelegationGranted"
    VERSION: ClassVar[int] = 1

    delegation_id: UUID
    organisation_id: UUID
    delegator: str
    delegate: str
    roles: tuple[str, ...]
    starts_on: date
    ends_on: date
    reason: str


class DelegationEnded(Event):
    """The delegation was taken back before its last day."""

    TYPE: ClassVar[str] = "guangcai.registration.DelegationEnded"
    VERSION: ClassVar[int] = 1

    delegation_id: UUID
    organisation_id: UUID
    ended_on: date


class ProgrammeAnnounced(Event):
    """What the district runs: its name, the document it is based on, its period, its own words, and what its forms print.

    `vocabulary` maps a term of ours to the district's word, `forms` a form to its fields in order; what is not named stays as it is.
    `member_categories` are the categories communities count their members by, code → word; none named are the usual six.
    """

    TYPE: ClassVar[str] = "guangcai.registration.ProgrammeAnnounced"
    VERSION: ClassVar[int] = 1

    programme_id: UUID
    name: str
    legal_basis: str
    starts_on: date
    ends_on: date | None = None
    vocabulary: dict[str, str]
    forms: dict[str, tuple[str, ...]]
    member_categories: dict[str, str] = Field(default_factory=dict)


class ProgrammeAmended(Event):
    """The programme reads so from now on; all fields are stated again."""

    TYPE: ClassVar[str] = "guangcai.registration.ProgrammeAmended"
    VERSION: ClassVar[int] = 1

    programme_id: UUID
    name: str
    legal_basis: str
    starts_on: date
    ends_on: date | None = None
    vocabulary: dict[str, str]
    forms: dict[str, tuple[str, ...]]
    member_categories: dict[str, str] = Field(default_factory=dict)
