"""Events of registration: who exists, who reports where, with which certificate and receipt.

Personal fields are sealed per member (`*_sealed`: base64 of nonce and AES-256-GCM ciphertext); without the member's key they are noise,
and the key is destroyed on `PersonalDataErased`. Everything else names members by pseudonymous id only.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.service_preference import ServicePreference


class OrganisationKind(StrEnum):
    """Place of an organisation in the tree district → street → community, the work units beside it, and what belongs to one of these."""

    DISTRICT = "DISTRICT"
    STREET = "STREET"
    COMMUNITY = "COMMUNITY"
    WORK_UNIT = "WORK_UNIT"
    BRANCH = "BRANCH"  # 党支部 of a community or unit
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"  # 居委会
    WORKSTATION = "WORKSTATION"  # 社区工作站, 登记站
    SERVICE_POINT = "SERVICE_POINT"  # 社区服务点
    MASS_ORGANISATION = "MASS_ORGANISATION"  # 妇联, 工会, 关工委, 共青团
    ASSOCIATION = "ASSOCIATION"  # 在职党员志愿者协会
    PARTNER_UNIT = "PARTNER_UNIT"  # 驻街单位, 共建单位 without members of its own in the programme


class OccupationGroup(StrEnum):
    """职业类别: the partition of registrants by occupation that a programme reports on."""

    DISTRICT_ORGAN = "DISTRICT_ORGAN"  # 区机关
    TEACHER = "TEACHER"  # 教师
    POLICE = "POLICE"  # 公安
    STREET_OFFICE = "STREET_OFFICE"  # 各办事处


class PoliticalStatus(StrEnum):
    """政治面貌, GB/T 4762 codes; only these two may register."""

    MEMBER = "01"  # 中共党员
    PROBATIONARY = "02"  # 预备党员


class ClosureReason(StrEnum):
    """Why a registration ended."""

    LEFT_SERVICE = "LEFT_SERVICE"
    RETIRED = "RETIRED"
    MOVED = "MOVED"
    DIED = "DIED"
    WITHDRAWN = "WITHDRAWN"


class ConsentPurpose(StrEnum):
    """What a member may agree to; each purpose has its own text, version and recipients."""

    DUAL_MANAGEMENT = "DUAL_MANAGEMENT"  # unit and community exchange registration, service records and assessments
    PUBLIC_NAMING = "PUBLIC_NAMING"  # name on notice boards and in bulletins
    DIRECT_CONTACT = "DIRECT_CONTACT"  # letters and messages outside the inbox
    CROSS_DISTRICT = "CROSS_DISTRICT"  # the work unit's and the community's district exchange name, unit and receipt


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


class MemberEnrolled(Event):
    """A work unit put a member on its roster; the member has not reported anywhere yet."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberEnrolled"
    VERSION: ClassVar[int] = 1

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


class ContactDetailsChanged(Event):
    """The member gave new contact details; both fields state what holds from now on (None: none)."""

    TYPE: ClassVar[str] = "guangcai.registration.ContactDetailsChanged"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    phone_sealed: str | None
    email_sealed: str | None


class WorkUnitChanged(Event):
    """The member's organisation relation moved to another work unit."""

    TYPE: ClassVar[str] = "guangcai.registration.WorkUnitChanged"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    from_unit_id: UUID
    unit_id: UUID
    occupation_group: OccupationGroup


class MemberProfileUpdated(Event):
    """Self-declared skills, interests (`preferences`) and willingness; all of it states what holds from now on. Never scored."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberProfileUpdated"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    skills: tuple[str, ...]
    preferences: tuple[str, ...]
    willingness: ServicePreference = ServicePreference()


class ConsentGiven(Event):
    """The member agreed to one purpose, in the words of one text version."""

    TYPE: ClassVar[str] = "guangcai.registration.ConsentGiven"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    purpose: ConsentPurpose
    text_version: str


class ConsentWithdrawn(Event):
    """The member withdrew consent to one purpose; `text_version` is the one that had been agreed to."""

    TYPE: ClassVar[str] = "guangcai.registration.ConsentWithdrawn"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    purpose: ConsentPurpose
    text_version: str


class PersonalDataErased(Event):
    """The member's key is destroyed: every sealed field of this member is unreadable from now on. Readers drop what they derived."""

    TYPE: ClassVar[str] = "guangcai.registration.PersonalDataErased"
    VERSION: ClassVar[int] = 1

    member_id: UUID


class LiaisonCertificateIssued(Event):
    """联系证: the work unit sends one member to one community. Single use. `home_district`: of a work unit in another district."""

    TYPE: ClassVar[str] = "guangcai.registration.LiaisonCertificateIssued"
    VERSION: ClassVar[int] = 1

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    home_district: str | None = None


class LiaisonCertificateRevoked(Event):
    """The work unit withdrew a certificate nobody has registered with."""

    TYPE: ClassVar[str] = "guangcai.registration.LiaisonCertificateRevoked"
    VERSION: ClassVar[int] = 1

    certificate_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    reason: str


class MemberRegistered(Event):
    """报到: the member reported to the community with a certificate; the community has not answered yet."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberRegistered"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    certificate_id: UUID
    certificate_no: str
    unit_id: UUID
    community_id: UUID
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    reported_on: date
    home_district: str | None = None


class RegistrationConfirmed(Event):
    """The community took the member on; assisting management begins."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationConfirmed"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID


class RegistrationReceiptIssued(Event):
    """回执单: the community tells the work unit that the member reported."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationReceiptIssued"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    receipt_no: str
    home_district: str | None = None


class RegistrationReceiptAcknowledged(Event):
    """The work unit has seen the receipt; the circle is closed."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationReceiptAcknowledged"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    receipt_no: str


class RegistrationReturned(Event):
    """The community did not take the member on, with a reason. The certificate can be used again."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationReturned"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    certificate_id: UUID
    unit_id: UUID
    community_id: UUID
    reason: str


class RegistrationRenewed(Event):
    """The member confirmed profile and willingness once more (half-yearly)."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationRenewed"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    renewed_on: date


class RegistrationSuspended(Event):
    """The registration rests (long illness, secondment, …); days in suspension are not eligible days."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationSuspended"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    suspended_on: date
    reason: str


class RegistrationResumed(Event):
    """The registration counts again."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationResumed"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    resumed_on: date


class RegistrationClosed(Event):
    """The registration ended; the member may register elsewhere with a new certificate."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationClosed"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    certificate_id: UUID
    unit_id: UUID
    community_id: UUID
    closed_on: date
    reason: ClosureReason
    home_district: str | None = None
