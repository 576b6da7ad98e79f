"""Events of registration about what changes later: another community, another work unit, contact lost and found, two entries of one person.

Members and organisations are named by pseudonymous id only, as in registration.py.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


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


class NameCorrectionRequested(Event):
    """The member says that the roster has the name wrong; the work unit has not answered yet."""

    TYPE: ClassVar[str] = "guangcai.registration.NameCorrectionRequested"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    name_sealed: str


class NameCorrected(Event):
    """The work unit agreed: this is the member's name from now on."""

    TYPE: ClassVar[str] = "guangcai.registration.NameCorrected"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    name_sealed: str


class NameCorrectionDeclined(Event):
    """The work unit keeps the name as it is and says why."""

    TYPE: ClassVar[str] = "guangcai.registration.NameCorrectionDeclined"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    reason: str
