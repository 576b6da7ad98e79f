"""Events the examples start from. Invented ids; every event as the log would hold it."""

from datetime import date
from uuid import UUID

from shared.contracts.registration.certificates import LiaisonCertificateIssued
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.contracts.registration.members import MemberEnrolled
from shared.contracts.registration.registrations import MemberRegistered, RegistrationConfirmed, RegistrationReceiptIssued

MEMBER = UUID("0192aaaa-0000-7000-8000-000000000001")
OTHER_MEMBER = UUID("0192aaaa-0000-7000-8000-000000000002")
UNIT = UUID("0192bbbb-0000-7000-8000-000000000001")
OTHER_UNIT = UUID("0192bbbb-0000-7000-8000-000000000002")
COMMUNITY = UUID("0192cccc-0000-7000-8000-000000000001")
OTHER_COMMUNITY = UUID("0192cccc-0000-7000-8000-000000000002")
CERTIFICATE_ID = UUID("0192dddd-0000-7000-8000-000000000001")
REGISTRATION_ID = UUID("0192eeee-0000-7000-8000-000000000001")
CERTIFICATE_NO = "LX-7K3M9Q2A"
RECEIPT_NO = "HZ-5D8R1W6C"
DAY = date(2026, 3, 2)
EDGES = {"registration_id": REGISTRATION_ID, "member_id": MEMBER, "unit_id": UNIT, "community_id": COMMUNITY}
enrolled = MemberEnrolled(
    member_id=MEMBER,
    member_no="DY-4F6H8J2K",
    unit_id=UNIT,
    occupation_group=OccupationGroup.TEACHER,
    political_status=PoliticalStatus.MEMBER,
    residence_community_id=COMMUNITY,
    name_sealed="c2VhbGVkIG5hbWU=",
)
issued = LiaisonCertificateIssued(
    certificate_id=CERTIFICATE_ID, certificate_no=CERTIFICATE_NO, member_id=MEMBER, unit_id=UNIT, community_id=COMMUNITY
)
registered = MemberRegistered(
    registration_id=REGISTRATION_ID,
    member_id=MEMBER,
    certificate_id=CERTIFICATE_ID,
    certificate_no=CERTIFICATE_NO,
    unit_id=UNIT,
    community_id=COMMUNITY,
    occupation_group=OccupationGroup.TEACHER,
    political_status=PoliticalStatus.MEMBER,
    reported_on=DAY,
)
confirmed = (RegistrationConfirmed(**EDGES), RegistrationReceiptIssued(**EDGES, receipt_no=RECEIPT_NO))
