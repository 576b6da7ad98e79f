"""报到证: the certificate that a work unit issues for a member."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


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
