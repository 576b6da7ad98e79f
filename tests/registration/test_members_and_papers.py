"""The rules of members, certificates and organisations, by example."""

import pytest
from pydantic import ValidationError

from services.registration.certificates import certificate
from services.registration.certificates.certificate import (
    CERTIFICATE,
    CertificateAlreadyIssued,
    CertificateIsInUse,
    CertificateNumberTaken,
    CertificateUnknown,
    IssueLiaisonCertificate,
    RevokeLiaisonCertificate,
)
from services.registration.members import member
from services.registration.members.consents import GiveConsent, WithdrawConsent
from services.registration.members.member import MEMBER as MEMBERS
from services.registration.members.member import (
    ChangeWorkUnit,
    EnrolMember,
    EraseMember,
    MemberCommand,
    MemberIsErased,
    MemberNumberTaken,
    MemberUnknown,
)
from services.registration.members.profile import ChangeContactDetails, UpdateProfile, Willingness
from services.registration.organisations import organisation
from services.registration.organisations.organisation import (
    ORGANISATION,
    ChangeOrganisationContact,
    CommunityNeedsStreet,
    CreditCodeTaken,
    EstablishOrganisation,
    OrganisationNameTaken,
    OrganisationUnknown,
    WorkUnitNeedsOccupationGroup,
)
from shared.contracts.registration import (
    ConsentGiven,
    ConsentPurpose,
    ConsentWithdrawn,
    ContactDetailsChanged,
    LiaisonCertificateRevoked,
    MemberProfileUpdated,
    OccupationGroup,
    OrganisationContactChanged,
    OrganisationEstablished,
    OrganisationKind,
    PersonalDataErased,
    WorkUnitChanged,
)
from shared.contracts.service_preference import PostCategory, ServicePreference, ServiceTime
from shared.decider import Release, Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import CERTIFICATE_ID, COMMUNITY, MEMBER, OTHER_UNIT, UNIT, enrolled, issued

enrol = EnrolMember(**enrolled.model_dump())
agree = GiveConsent(purpose=ConsentPurpose.DUAL_MANAGEMENT, text_version="2026-01")
agreed = ConsentGiven(member_id=MEMBER, purpose=ConsentPurpose.DUAL_MANAGEMENT, text_version="2026-01")
erased = PersonalDataErased(member_id=MEMBER)
revoked = LiaisonCertificateRevoked(
    certificate_id=CERTIFICATE_ID, member_id=MEMBER, unit_id=UNIT, community_id=COMMUNITY, reason="填错社区"
)


def test_a_unit_enrols_a_member_once() -> None:
    Scenario(MEMBERS).when(enrol).then(enrolled)
    Scenario(MEMBERS).given(enrolled).when(enrol).then_nothing()


def test_the_member_declares_skills_and_willingness() -> None:
    updated = MemberProfileUpdated(member_id=MEMBER, skills=("书法",), preferences=("周末",))
    Scenario(MEMBERS).given(enrolled).when(UpdateProfile(skills=("书法",), preferences=("周末",))).then(updated)
    Scenario(MEMBERS).given(enrolled, updated).when(UpdateProfile(skills=("书法",), preferences=("周末",))).then_nothing()


def test_willingness_is_stated_as_a_whole_and_in_one_order() -> None:
    kinds = frozenset({PostCategory.MEDIATION, PostCategory.ENVIRONMENT})
    times = frozenset({ServiceTime.HOLIDAY, ServiceTime.WEEKEND_MORNING})
    command = UpdateProfile(skills=(), preferences=(), willingness=Willingness(kinds=kinds, times=times, times_per_month=2))
    declared = ServicePreference(
        kinds=(PostCategory.ENVIRONMENT, PostCategory.MEDIATION),
        times=(ServiceTime.WEEKEND_MORNING, ServiceTime.HOLIDAY),
        times_per_month=2,
    )
    updated = MemberProfileUpdated(member_id=MEMBER, skills=(), preferences=(), willingness=declared)
    Scenario(MEMBERS).given(enrolled).when(command).then(updated)
    Scenario(MEMBERS).given(enrolled, updated).when(command).then_nothing()
    nothing = UpdateProfile(skills=(), preferences=())
    Scenario(MEMBERS).given(enrolled, updated).when(nothing).then(MemberProfileUpdated(member_id=MEMBER, skills=(), preferences=()))


@pytest.mark.parametrize("number", [0, 32])
def test_how_often_a_month_is_bounded(number: int) -> None:
    with pytest.raises(ValidationError):
        Willingness(times_per_month=number)


def test_contact_details_are_replaced_sealed() -> None:
    changed = ContactDetailsChanged(member_id=MEMBER, phone_sealed="c2VhbGVk", email_sealed=None)
    Scenario(MEMBERS).given(enrolled).when(ChangeContactDetails(phone_sealed="c2VhbGVk", email_sealed=None)).then(changed)


def test_the_organisation_relation_moves_to_another_unit() -> None:
    move = ChangeWorkUnit(unit_id=OTHER_UNIT, occupation_group=OccupationGroup.POLICE)
    moved = WorkUnitChanged(member_id=MEMBER, from_unit_id=UNIT, unit_id=OTHER_UNIT, occupation_group=OccupationGroup.POLICE)
    Scenario(MEMBERS).given(enrolled).when(move).then(moved)
    Scenario(MEMBERS).given(enrolled, moved).when(move).then_nothing()


def test_consent_is_given_per_purpose_and_text_version() -> None:
    Scenario(MEMBERS).given(enrolled).when(agree).then(agreed)
    Scenario(MEMBERS).given(enrolled, agreed).when(agree).then_nothing()
    Scenario(MEMBERS).given(enrolled, agreed).when(agree.model_copy(update={"text_version": "2027-01"})).then_events(ConsentGiven)


def test_consent_can_always_be_withdrawn() -> None:
    withdraw = WithdrawConsent(purpose=ConsentPurpose.DUAL_MANAGEMENT)
    withdrawn = ConsentWithdrawn(member_id=MEMBER, purpose=ConsentPurpose.DUAL_MANAGEMENT, text_version="2026-01")
    Scenario(MEMBERS).given(enrolled, agreed).when(withdraw).then(withdrawn)
    Scenario(MEMBERS).given(enrolled, agreed, withdrawn).when(withdraw).then_nothing()
    Scenario(MEMBERS).given(enrolled, erased).when(withdraw).then_nothing()


def test_erasure_needs_no_reason_and_no_consent() -> None:
    Scenario(MEMBERS).given(enrolled).when(EraseMember()).then(erased)
    Scenario(MEMBERS).given(enrolled, erased).when(EraseMember()).then_nothing()


@pytest.mark.parametrize("command", [agree, enrol, UpdateProfile(skills=(), preferences=())])
def test_after_erasure_nothing_is_added(command: MemberCommand) -> None:
    Scenario(MEMBERS).given(enrolled, erased).when(command).then_rejected(MemberIsErased)


@pytest.mark.parametrize("command", [agree, EraseMember(), WithdrawConsent(purpose=ConsentPurpose.PUBLIC_NAMING)])
def test_who_is_on_no_roster_is_unknown(command: MemberCommand) -> None:
    Scenario(MEMBERS).when(command).then_rejected(MemberUnknown)


def test_member_numbers_are_unique() -> None:
    assert member.reservations(enrolled) == (Reserve("member_no", enrolled.member_no, MemberNumberTaken),)


def test_a_certificate_is_issued_and_revoked() -> None:
    issue = IssueLiaisonCertificate(**issued.model_dump())
    Scenario(CERTIFICATE).when(issue).then(issued)
    Scenario(CERTIFICATE).given(issued).when(issue).then_nothing()
    Scenario(CERTIFICATE).given(issued).when(RevokeLiaisonCertificate(reason="填错社区")).then(revoked)
    Scenario(CERTIFICATE).given(issued, revoked).when(RevokeLiaisonCertificate(reason="再次")).then_nothing()
    Scenario(CERTIFICATE).when(RevokeLiaisonCertificate(reason="无")).then_rejected(CertificateUnknown)


def test_a_member_holds_one_live_certificate_and_numbers_are_given_once() -> None:
    assert certificate.reservations(issued) == (
        Reserve("certificate_no", issued.certificate_no, CertificateNumberTaken),
        Reserve("live_certificate", str(MEMBER), CertificateAlreadyIssued, holder=str(CERTIFICATE_ID)),
    )


def test_revoking_takes_the_single_use_so_that_nobody_can_register_with_it() -> None:
    assert certificate.reservations(revoked) == (
        Reserve("certificate_use", str(CERTIFICATE_ID), CertificateIsInUse, holder="revocation"),
        Release("live_certificate", str(MEMBER), holder=str(CERTIFICATE_ID)),
    )


def test_a_community_belongs_to_a_street() -> None:
    establish = EstablishOrganisation(organisation_id=COMMUNITY, kind=OrganisationKind.COMMUNITY, name="新风社区", community_type="文体型")
    Scenario(ORGANISATION).when(establish).then_rejected(CommunityNeedsStreet)
    below_street = establish.model_copy(update={"parent_id": UNIT, "parent_kind": OrganisationKind.STREET})
    Scenario(ORGANISATION).when(below_street).then_events(OrganisationEstablished)


def test_a_work_unit_states_its_occupation_group() -> None:
    establish = EstablishOrganisation(organisation_id=UNIT, kind=OrganisationKind.WORK_UNIT, name="育光小学")
    Scenario(ORGANISATION).when(establish).then_rejected(WorkUnitNeedsOccupationGroup)


def test_names_and_credit_codes_are_unique_in_a_district() -> None:
    unit = OrganisationEstablished(
        organisation_id=UNIT,
        kind=OrganisationKind.WORK_UNIT,
        name="育光小学",
        occupation_group=OccupationGroup.TEACHER,
        uscc="91350100M000100Y43",
    )
    assert organisation.reservations(unit) == (
        Reserve("organisation_name", "WORK_UNIT:育光小学", OrganisationNameTaken),
        Reserve("organisation_uscc", "91350100M000100Y43", CreditCodeTaken),
    )


def test_an_organisation_changes_its_office_mailbox() -> None:
    unit = OrganisationEstablished(
        organisation_id=UNIT, kind=OrganisationKind.WORK_UNIT, name="育光小学", occupation_group=OccupationGroup.TEACHER
    )
    changed = OrganisationContactChanged(organisation_id=UNIT, contact_email="office@yuguang.example")
    Scenario(ORGANISATION).given(unit).when(ChangeOrganisationContact(contact_email="office@yuguang.example")).then(changed)
    Scenario(ORGANISATION).given(unit, changed).when(ChangeOrganisationContact(contact_email="office@yuguang.example")).then_nothing()
    Scenario(ORGANISATION).when(ChangeOrganisationContact(contact_email=None)).then_rejected(OrganisationUnknown)
