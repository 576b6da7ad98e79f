"""Events of registration about what changes later: another community, another work unit, contact lost and found, two entries of one person.

Members and organisations are named by pseudonymous id only, as in registration.py.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus


class CorrectableField(StrEnum):
    """What a member may say is wrong."""

    NAME = "NAME"
    CITIZEN_NUMBER = "CITIZEN_NUMBER"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    POLITICAL_STATUS = "POLITICAL_STATUS"
    OCCUPATION_GROUP = "OCCUPATION_GROUP"
    RESIDENCE_COMMUNITY = "RESIDENCE_COMMUNITY"


class RetentionKind(StrEnum):
    """What a retention period was about."""

    CITIZEN_NUMBER = "CITIZEN_NUMBER"


class RegistrationTransferRequested(Event):
    """The member moves to another community, which has not answered yet; nothing has changed so far."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationTransferRequested"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    to_community_id: UUID
    reason: str


class RegistrationTransferDeclined(Event):
    """The other community does not take the member on, or the request was taken back; the registration stays where it is."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationTransferDeclined"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    to_community_id: UUID
    reason: str


class RegistrationTransferred(Event):
    """The other community took the member on: by the same decision this registration is closed and hands its place to the new one.

    MemberRegistered, RegistrationConfirmed and RegistrationReceiptIssued follow under `new_registration_id`.
    """

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationTransferred"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    to_community_id: UUID
    new_registration_id: UUID
    new_certificate_id: UUID
    transferred_on: date


class RegistrationUnitChanged(Event):
    """The member's work unit changed while registered: primary management passed to the new unit, the community stays."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationUnitChanged"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    community_id: UUID
    from_unit_id: UUID
    unit_id: UUID


class MemberContactLost(Event):
    """Unit or community can no longer reach the member; somebody should ask, nothing is deducted."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberContactLost"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    lost_on: date


class MemberContactRestored(Event):
    """The member was reached again."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberContactRestored"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    restored_on: date


class MemberIdentitiesMerged(Event):
    """Two entries were one person: `member_id` is given up, `into_member_id` stays. Readers may join what they hold."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberIdentitiesMerged"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    into_member_id: UUID
    unit_id: UUID
    reason: str


class CorrectionRequested(Event):
    """The member says that the roster has a field wrong; the work unit has not answered yet."""

    TYPE: ClassVar[str] = "guangcai.registration.CorrectionRequested"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    field: CorrectableField
    value_sealed: str


class CorrectionAgreed(Event):
    """The work unit agreed. `value_sealed` holds from now on; None: the event that follows in the same decision says what holds."""

    TYPE: ClassVar[str] = "guangcai.registration.CorrectionAgreed"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    field: CorrectableField
    value_sealed: str | None = None


class CorrectionDeclined(Event):
    """The work unit keeps the field as it is and says why; the member can read it."""

    TYPE: ClassVar[str] = "guangcai.registration.CorrectionDeclined"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    field: CorrectableField
    reason: str


class PoliticalStatusChanged(Event):
    """A probationary member became a full one (转正), or the roster had it wrong."""

    TYPE: ClassVar[str] = "guangcai.registration.PoliticalStatusChanged"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    political_status: PoliticalStatus


class OccupationGroupChanged(Event):
    """The member belongs to another occupation group than the roster said; the work unit stays."""

    TYPE: ClassVar[str] = "guangcai.registration.OccupationGroupChanged"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    occupation_group: OccupationGroup


class ResidenceCommunityChanged(Event):
    """The member lives in another community than the roster said; an active registration is not moved by that."""

    TYPE: ClassVar[str] = "guangcai.registration.ResidenceCommunityChanged"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    residence_community_id: UUID


class RegistrationRenewalDue(Event):
    """Half a year has passed since the member confirmed profile and willingness, or was confirmed: a reminder, nothing is deducted."""

    TYPE: ClassVar[str] = "guangcai.registration.RegistrationRenewalDue"
    VERSION: ClassVar[int] = 1

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    due_on: date


class RetentionApplied(Event):
    """What need not be kept any longer was made unreadable: the key of the citizen number, half a year after the registration ended."""

    TYPE: ClassVar[str] = "guangcai.registration.RetentionApplied"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    kind: RetentionKind
    applied_on: date


class AccessRetentionApplied(Event):
    """Who looked at whose personal data before `until` is on record no longer, three years later: that many entries are deleted."""

    TYPE: ClassVar[str] = "guangcai.registration.AccessRetentionApplied"
    VERSION: ClassVar[int] = 1

    until: date
    entries: int
    applied_on: date
