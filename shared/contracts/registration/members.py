"""The roster: members, their contact details, work units and consents, and the erasure of their personal data."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.codes import ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.contracts.service_preference import ServicePreference


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
