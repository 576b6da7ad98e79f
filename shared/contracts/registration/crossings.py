"""Events of registration about members whose work unit and community are in two districts. Each district logs its own side.

Home: the district of the work unit. Host: the district of the community. `crossing_id` names the edge in both; nothing else is shared but
what these events say, and a host knows its guest under an id of its own.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.codes import ClosureReason


class AwayCertificateIssued(Event):
    """Home: the work unit sends a member to a community of another district. Single use."""

    TYPE: ClassVar[str] = "guangcai.registration.AwayCertificateIssued"
    VERSION: ClassVar[int] = 1

    crossing_id: UUID
    certificate_no: str
    member_id: UUID
    unit_id: UUID
    host_district: str
    host_community: str


class AwayRegistrationConfirmed(Event):
    """Home: the other district's community took the member on; its receipt came back. Again when the member moved there."""

    TYPE: ClassVar[str] = "guangcai.registration.AwayRegistrationConfirmed"
    VERSION: ClassVar[int] = 1

    crossing_id: UUID
    member_id: UUID
    unit_id: UUID
    host_district: str
    host_community: str
    receipt_no: str
    confirmed_on: date


class AwayReceiptAcknowledged(Event):
    """Home: the work unit has seen the receipt; the circle is closed across the border."""

    TYPE: ClassVar[str] = "guangcai.registration.AwayReceiptAcknowledged"
    VERSION: ClassVar[int] = 1

    crossing_id: UUID
    member_id: UUID
    unit_id: UUID
    host_district: str
    receipt_no: str


class AwayRegistrationEnded(Event):
    """Home: the edge ended, from whichever side; the member may register anew. Also for a certificate that nobody used."""

    TYPE: ClassVar[str] = "guangcai.registration.AwayRegistrationEnded"
    VERSION: ClassVar[int] = 1

    crossing_id: UUID
    member_id: UUID
    unit_id: UUID
    host_district: str
    ended_on: date
    reason: ClosureReason


class GuestReceived(Event):
    """Host: somebody from a work unit of another district reported here. MemberRegistered and what follows name the guest's own ids."""

    TYPE: ClassVar[str] = "guangcai.registration.GuestReceived"
    VERSION: ClassVar[int] = 1

    crossing_id: UUID
    home_district: str
    member_id: UUID
    registration_id: UUID
    community_id: UUID
    unit_id: UUID
