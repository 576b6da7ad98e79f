"""报到: from registering in the community to its end."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.codes import ClosureReason, OccupationGroup, PoliticalStatus


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
