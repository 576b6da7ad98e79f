"""Events of service record certificates (志愿服务记录证明): who recorded certifies, from confirmed records alone."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class CertifiedService(Value):
    """A confirmed record as the certificate lists it."""

    record_id: UUID
    record_no: str
    activity_name: str
    content: str
    served_on: date
    minutes: int


class ObjectionGround(StrEnum):
    """What somebody says is wrong with a certificate in publicity."""

    HOURS = "HOURS"  # 时长不符
    SERVICE = "SERVICE"  # 服务内容不符
    PERSON = "PERSON"  # 人员不符
    OTHER = "OTHER"


class ServiceCertificateIssued(Event):
    """The community certifies these services; `verification_code` is printed beside the number, and both are needed to check it.
    `person_in_charge` and `office` say who answers for it and where to ask, by function. Anybody may read a notice of it until
    `publicised_until` (公示); without that day it was never publicised.
    """

    TYPE: ClassVar[str] = "guangcai.activities.ServiceCertificateIssued"
    VERSION: ClassVar[int] = 1

    certificate_id: UUID
    certificate_no: str
    verification_code: str
    member_id: UUID
    community_id: UUID
    period_start: date
    period_end: date
    total_minutes: int
    services: tuple[CertifiedService, ...]
    issued_on: date
    issued_by: str
    person_in_charge: str | None = None
    office: str | None = None
    publicised_until: date | None = None


class ServiceCertificateRevoked(Event):
    """The certificate holds no more; whoever checks it is told so."""

    TYPE: ClassVar[str] = "guangcai.activities.ServiceCertificateRevoked"
    VERSION: ClassVar[int] = 1

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    community_id: UUID
    reason: str
    revoked_by: str


class ServiceCertificateSuperseded(Event):
    """A record on the certificate was corrected or voided: the paper no longer says what is recorded; a new one can be issued."""

    TYPE: ClassVar[str] = "guangcai.activities.ServiceCertificateSuperseded"
    VERSION: ClassVar[int] = 1

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    community_id: UUID
    record_id: UUID
    caused_by_event_id: UUID


class _Objection(Value):
    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    community_id: UUID
    objection_id: UUID


class ServiceCertificateObjected(_Objection, Event):
    """Somebody says during publicity that it is wrong. The community corrects the record, revokes the certificate, or dismisses this."""

    TYPE: ClassVar[str] = "guangcai.activities.ServiceCertificateObjected"
    VERSION: ClassVar[int] = 1

    ground: ObjectionGround
    reason: str
    raised_by: str


class ServiceCertificateObjectionDismissed(_Objection, Event):
    """The community looked and the certificate stands, with the reason."""

    TYPE: ClassVar[str] = "guangcai.activities.ServiceCertificateObjectionDismissed"
    VERSION: ClassVar[int] = 1

    reason: str
    dismissed_by: str
