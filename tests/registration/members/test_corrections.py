"""What the roster says is corrected with the unit's agreement; retention is applied once."""

from functools import reduce
from uuid import UUID

from services.registration.members.corrections import (
    AgreeToCorrection,
    ApplyRetention,
    ChangePoliticalStatus,
    CorrectionNotRequested,
    DeclineCorrection,
    RequestCorrection,
)
from services.registration.members.member import MEMBER as MEMBERS
from services.registration.members.member import MarkLostContact, RestoreContact
from services.registration.members.state import Enrolled
from shared.contracts.registration.changes import (
    CorrectableField,
    CorrectionAgreed,
    CorrectionDeclined,
    CorrectionRequested,
    MemberContactLost,
    MemberContactRestored,
    OccupationGroupChanged,
    PoliticalStatusChanged,
    ResidenceCommunityChanged,
    RetentionApplied,
    RetentionKind,
)
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.testing.scenario import Scenario
from tests.registration.given import DAY, MEMBER, enrolled


def test_a_correction_holds_once_the_unit_agreed_to_exactly_that() -> None:
    name = CorrectableField.NAME
    asked = CorrectionRequested(member_id=MEMBER, field=name, value_sealed="bmV3")
    agreed = CorrectionAgreed(member_id=MEMBER, field=name, value_sealed="bmV3")
    kept = CorrectionDeclined(member_id=MEMBER, field=name, reason="与证件不符")
    Scenario(MEMBERS).given(enrolled).when(RequestCorrection(field=name, value_sealed="bmV3")).then(asked)
    Scenario(MEMBERS).given(enrolled, asked).when(AgreeToCorrection(field=name)).then(agreed)
    Scenario(MEMBERS).given(enrolled, asked).when(DeclineCorrection(field=name, reason="与证件不符")).then(kept)
    for answered in ((), (asked, agreed), (asked, kept), (asked.model_copy(update={"field": CorrectableField.PHONE}),)):
        Scenario(MEMBERS).given(enrolled, *answered).when(AgreeToCorrection(field=name)).then_rejected(CorrectionNotRequested)
        decline = DeclineCorrection(field=name, reason="与证件不符")
        Scenario(MEMBERS).given(enrolled, *answered).when(decline).then_rejected(CorrectionNotRequested)


def test_a_code_that_others_read_is_corrected_by_an_event_of_its_own() -> None:
    status = CorrectableField.POLITICAL_STATUS
    asked = CorrectionRequested(member_id=MEMBER, field=status, value_sealed="bmV3")
    agree = AgreeToCorrection(field=status, political_status=PoliticalStatus.PROBATIONARY)
    changed = PoliticalStatusChanged(member_id=MEMBER, political_status=PoliticalStatus.PROBATIONARY)
    Scenario(MEMBERS).given(enrolled, asked).when(agree).then(CorrectionAgreed(member_id=MEMBER, field=status), changed)
    for field, code, event in (
        (CorrectableField.OCCUPATION_GROUP, {"occupation_group": OccupationGroup.POLICE}, OccupationGroupChanged),
        (CorrectableField.RESIDENCE_COMMUNITY, {"residence_community_id": UUID(int=7)}, ResidenceCommunityChanged),
    ):
        wanted = CorrectionRequested(member_id=MEMBER, field=field, value_sealed="bmV3")
        both = (CorrectionAgreed(member_id=MEMBER, field=field), event(member_id=MEMBER, **code))
        Scenario(MEMBERS).given(enrolled, wanted).when(AgreeToCorrection(field=field, **code)).then(*both)
    promote = ChangePoliticalStatus(political_status=PoliticalStatus.MEMBER)
    Scenario(MEMBERS).given(enrolled).when(promote).then_nothing()
    Scenario(MEMBERS).given(enrolled, changed).when(promote).then_events(PoliticalStatusChanged)


def test_retention_is_applied_once() -> None:
    apply = ApplyRetention(kind=RetentionKind.CITIZEN_NUMBER, applied_on=DAY)
    applied = RetentionApplied(member_id=MEMBER, kind=RetentionKind.CITIZEN_NUMBER, applied_on=DAY)
    Scenario(MEMBERS).given(enrolled).when(apply).then(applied)
    Scenario(MEMBERS).given(enrolled, applied).when(apply).then_nothing()


def test_corrected_codes_are_those_of_the_member_from_then_on() -> None:
    community = UUID(int=7)
    moved = ResidenceCommunityChanged(member_id=MEMBER, residence_community_id=community)
    works = OccupationGroupChanged(member_id=MEMBER, occupation_group=OccupationGroup.POLICE)
    state = reduce(MEMBERS.evolve, (enrolled, moved, works), MEMBERS.initial)
    assert isinstance(state, Enrolled)
    assert (state.residence_community_id, state.occupation_group) == (community, OccupationGroup.POLICE)


def test_contact_that_was_restored_can_be_lost_again() -> None:
    lost = MemberContactLost(member_id=MEMBER, lost_on=DAY)
    restored = MemberContactRestored(member_id=MEMBER, restored_on=DAY)
    Scenario(MEMBERS).given(enrolled, lost).when(MarkLostContact(lost_on=DAY)).then_nothing()
    Scenario(MEMBERS).given(enrolled, lost, restored).when(MarkLostContact(lost_on=DAY)).then(lost)
    Scenario(MEMBERS).given(enrolled, lost, restored).when(RestoreContact(restored_on=DAY)).then_nothing()
