"""A member is enrolled, declares a profile, agrees, withdraws and is erased."""

import pytest
from pydantic import ValidationError

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
from shared.contracts.registration.codes import ConsentPurpose, OccupationGroup
from shared.contracts.registration.members import (
    ConsentGiven,
    ConsentWithdrawn,
    ContactDetailsChanged,
    MemberProfileUpdated,
    PersonalDataErased,
    WorkUnitChanged,
)
from shared.contracts.service_preference import PostCategory, ServicePreference, ServiceTime
from shared.decider import Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import MEMBER, OTHER_UNIT, UNIT, enrolled

enrol = EnrolMember(**enrolled.model_dump())
agree = GiveConsent(purpose=ConsentPurpose.DUAL_MANAGEMENT, text_version="2026-01")
agreed = ConsentGiven(member_id=MEMBER, purpose=ConsentPurpose.DUAL_MANAGEMENT, text_version="2026-01")
erased = PersonalDataErased(member_id=MEMBER)


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
