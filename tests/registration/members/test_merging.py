"""Contact lost and found, and two entries of one person."""

from uuid import UUID

import pytest

from services.registration.members import member
from services.registration.members.consents import WithdrawConsent
from services.registration.members.member import MEMBER as MEMBERS
from services.registration.members.member import (
    ChangeWorkUnit,
    DuplicateIsRegistered,
    EraseMember,
    MarkLostContact,
    MemberIsErased,
    MemberIsMerged,
    MergeInto,
    MergeNeedsAnotherMember,
    RestoreContact,
)
from shared.contracts.registration.changes import MemberContactLost, MemberContactRestored, MemberIdentitiesMerged
from shared.contracts.registration.codes import ConsentPurpose, OccupationGroup
from shared.contracts.registration.members import PersonalDataErased
from shared.decider import Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import DAY, MEMBER, OTHER_MEMBER, OTHER_UNIT, UNIT, enrolled

lost = MemberContactLost(member_id=MEMBER, lost_on=DAY)
restored = MemberContactRestored(member_id=MEMBER, restored_on=DAY)
merge = MergeInto(into_member_id=OTHER_MEMBER, into_is_enrolled=True, reason="证件号一致")
merged = MemberIdentitiesMerged(member_id=MEMBER, into_member_id=OTHER_MEMBER, unit_id=UNIT, reason="证件号一致")


def test_contact_is_lost_and_found_once() -> None:
    Scenario(MEMBERS).given(enrolled).when(MarkLostContact(lost_on=DAY)).then(lost)
    Scenario(MEMBERS).given(enrolled, lost).when(MarkLostContact(lost_on=DAY)).then_nothing()
    Scenario(MEMBERS).given(enrolled, lost).when(RestoreContact(restored_on=DAY)).then(restored)
    Scenario(MEMBERS).given(enrolled).when(RestoreContact(restored_on=DAY)).then_nothing()


def test_two_entries_of_one_person_become_one() -> None:
    Scenario(MEMBERS).given(enrolled).when(merge).then(merged)
    Scenario(MEMBERS).given(enrolled, merged).when(merge).then_nothing()
    assert member.reservations(merged) == (
        Reserve("active_registration", str(MEMBER), DuplicateIsRegistered, holder="merged"),
        Reserve("live_certificate", str(MEMBER), DuplicateIsRegistered, holder="merged"),
    )


@pytest.mark.parametrize("wrong", [{"into_member_id": MEMBER}, {"into_is_enrolled": False}])
def test_an_entry_is_merged_into_another_member_on_a_roster(wrong: dict[str, object]) -> None:
    Scenario(MEMBERS).given(enrolled).when(merge.model_copy(update=wrong)).then_rejected(MergeNeedsAnotherMember)


def test_a_merged_entry_takes_nothing_more_but_can_be_left_and_erased() -> None:
    done = Scenario(MEMBERS).given(enrolled, merged)
    move = ChangeWorkUnit(unit_id=OTHER_UNIT, occupation_group=OccupationGroup.POLICE)
    done.when(move).then_rejected(MemberIsMerged, into_member_id=str(OTHER_MEMBER))
    done.when(merge.model_copy(update={"into_member_id": UUID(int=3)})).then_rejected(MemberIsMerged, into_member_id=str(OTHER_MEMBER))
    done.when(WithdrawConsent(purpose=ConsentPurpose.DUAL_MANAGEMENT)).then_nothing()
    erased = PersonalDataErased(member_id=MEMBER)
    done.when(EraseMember()).then(erased)
    Scenario(MEMBERS).given(enrolled, merged, erased).when(move).then_rejected(MemberIsErased)
