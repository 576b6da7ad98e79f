"""What changes later, by example: another community, another unit, contact lost and found, two entries of one person."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.registration.access_log.retention import ACCESS_RETENTION, AccessesAreKept, ApplyAccessRetention
from services.registration.certificates.certificate import CERTIFICATE, IssueLiaisonCertificate
from services.registration.members import member
from services.registration.members.consents import WithdrawConsent
from services.registration.members.corrections import (
    AgreeToCorrection,
    ApplyRetention,
    ChangePoliticalStatus,
    CorrectionNotRequested,
    DeclineCorrection,
    RequestCorrection,
)
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
from services.registration.registrations.registration import REGISTRATION
from services.registration.registrations.renewals import RemindOfRenewal
from services.registration.registrations.state import (
    MemberAlreadyRegistered,
    MemberMayNotConfirm,
    RegistrationIsClosed,
    RegistrationIsSuspended,
    RegistrationNotConfirmed,
    RegistrationUnknown,
    Ties,
    registration_with,
    reservations,
)
from services.registration.registrations.transfers import (
    AcceptTransfer,
    DeclineTransfer,
    FollowWorkUnit,
    OpenTransferred,
    RequestTransfer,
    TransferNotRequested,
    TransferToSameCommunity,
    transfer_certificate,
)
from shared.contracts.registration import (
    ClosureReason,
    ConsentPurpose,
    OccupationGroup,
    PersonalDataErased,
    PoliticalStatus,
    RegistrationClosed,
    RegistrationRenewed,
    RegistrationSuspended,
)
from shared.contracts.registration_changes import (
    AccessRetentionApplied,
    CorrectableField,
    CorrectionAgreed,
    CorrectionDeclined,
    CorrectionRequested,
    MemberContactLost,
    MemberContactRestored,
    MemberIdentitiesMerged,
    PoliticalStatusChanged,
    RegistrationRenewalDue,
    RegistrationTransferDeclined,
    RegistrationTransferred,
    RegistrationTransferRequested,
    RegistrationUnitChanged,
    RetentionApplied,
    RetentionKind,
)
from shared.decider import Reserve
from shared.retention import month_after
from shared.testing.scenario import Scenario
from tests.registration.given import (
    CERTIFICATE_ID,
    COMMUNITY,
    DAY,
    EDGES,
    MEMBER,
    OTHER_COMMUNITY,
    OTHER_MEMBER,
    OTHER_UNIT,
    RECEIPT_NO,
    REGISTRATION_ID,
    UNIT,
    confirmed,
    enrolled,
    registered,
)
from tests.registration.model import Model

NEW_CERTIFICATE = transfer_certificate(REGISTRATION_ID)
NEW_REGISTRATION = registration_with(NEW_CERTIFICATE)
HERE = (registered, *confirmed)

request = RequestTransfer(to_community_id=OTHER_COMMUNITY, reason="搬家")
accept = AcceptTransfer(accepted_by="clerk-2", transferred_on=DAY)
requested = RegistrationTransferRequested(**EDGES, to_community_id=OTHER_COMMUNITY, reason="搬家")
declined = RegistrationTransferDeclined(**EDGES, to_community_id=OTHER_COMMUNITY, reason="地址不符")
closed = RegistrationClosed(**EDGES, certificate_id=CERTIFICATE_ID, closed_on=DAY, reason=ClosureReason.MOVED)
transferred = RegistrationTransferred(
    **EDGES, to_community_id=OTHER_COMMUNITY, new_registration_id=NEW_REGISTRATION, new_certificate_id=NEW_CERTIFICATE, transferred_on=DAY
)
suspended = RegistrationSuspended(**EDGES, suspended_on=DAY, reason="借调外地")
follow = FollowWorkUnit(unit_id=OTHER_UNIT)
followed = RegistrationUnitChanged(
    registration_id=REGISTRATION_ID, member_id=MEMBER, community_id=COMMUNITY, from_unit_id=UNIT, unit_id=OTHER_UNIT
)
lost = MemberContactLost(member_id=MEMBER, lost_on=DAY)
restored = MemberContactRestored(member_id=MEMBER, restored_on=DAY)
merge = MergeInto(into_member_id=OTHER_MEMBER, into_is_enrolled=True, reason="证件号一致")
merged = MemberIdentitiesMerged(member_id=MEMBER, into_member_id=OTHER_MEMBER, unit_id=UNIT, reason="证件号一致")

ties = Ties(member_id=MEMBER, certificate_id=NEW_CERTIFICATE, certificate_no="LX-NEW", unit_id=UNIT, community_id=OTHER_COMMUNITY)
opening = OpenTransferred(
    registration_id=NEW_REGISTRATION,
    ties=ties,
    occupation_group=registered.occupation_group,
    political_status=registered.political_status,
    reported_on=DAY,
    receipt_no=RECEIPT_NO,
)


def test_a_transfer_is_asked_for_once_and_changes_nothing_yet() -> None:
    Scenario(REGISTRATION).given(*HERE).when(request).then(requested)
    Scenario(REGISTRATION).given(*HERE, requested).when(request).then_nothing()


def test_a_transfer_leads_elsewhere_and_only_from_a_confirmed_registration() -> None:
    same = request.model_copy(update={"to_community_id": COMMUNITY})
    Scenario(REGISTRATION).given(*HERE).when(same).then_rejected(TransferToSameCommunity)
    Scenario(REGISTRATION).given(registered).when(request).then_rejected(RegistrationNotConfirmed)
    Scenario(REGISTRATION).given(*HERE, suspended).when(request).then_rejected(RegistrationIsSuspended)
    Scenario(REGISTRATION).when(request).then_rejected(RegistrationUnknown)


def test_accepting_ends_here_and_hands_the_place_over_in_one_decision() -> None:
    Scenario(REGISTRATION).given(*HERE, requested).when(accept).then(closed, transferred)
    Scenario(REGISTRATION).given(*HERE, requested, closed, transferred).when(accept).then_nothing()
    assert reservations(transferred) == (
        Reserve("active_registration", str(MEMBER), MemberAlreadyRegistered, holder=f"registration/{NEW_REGISTRATION}"),
        Reserve("live_certificate", str(MEMBER), MemberAlreadyRegistered, holder=str(NEW_CERTIFICATE)),
    )


def test_nobody_accepts_what_was_not_asked_for_or_their_own_transfer() -> None:
    Scenario(REGISTRATION).given(*HERE).when(accept).then_rejected(TransferNotRequested)
    Scenario(REGISTRATION).given(*HERE, requested, declined).when(accept).then_rejected(TransferNotRequested)
    Scenario(REGISTRATION).given(*HERE, closed).when(accept).then_rejected(RegistrationIsClosed)
    own = accept.model_copy(update={"accepted_by": str(MEMBER)})
    Scenario(REGISTRATION).given(*HERE, requested).when(own).then_rejected(MemberMayNotConfirm)


def test_a_declined_transfer_leaves_the_registration_where_it_is() -> None:
    decline = DeclineTransfer(reason="地址不符")
    Scenario(REGISTRATION).given(*HERE, requested).when(decline).then(declined)
    Scenario(REGISTRATION).given(*HERE, requested, declined).when(decline).then_rejected(TransferNotRequested)
    Scenario(REGISTRATION).given(*HERE, requested, declined).when(request).then(requested)


def test_between_ending_and_opening_nobody_takes_the_place() -> None:
    model, stream, who = Model(), ("registration", REGISTRATION_ID), str(MEMBER)
    state = REGISTRATION.initial
    for event in (*HERE, requested):
        state = REGISTRATION.evolve(state, event)
    model.states[stream] = state
    model.places["active_registration", who] = {f"registration/{REGISTRATION_ID}"}
    model.places["live_certificate", who] = {str(CERTIFICATE_ID)}
    model.handle(REGISTRATION, REGISTRATION_ID, accept)
    assert model.places["active_registration", who] == {f"registration/{NEW_REGISTRATION}"}

    other = IssueLiaisonCertificate(certificate_id=UUID(int=9), **ties.model_dump(exclude={"certificate_id"}))
    model.handle(CERTIFICATE, UUID(int=9), other)
    assert model.states["certificate", UUID(int=9)] == CERTIFICATE.initial, "another certificate came between"

    model.handle(CERTIFICATE, NEW_CERTIFICATE, IssueLiaisonCertificate(**ties.model_dump()))
    model.handle(REGISTRATION, NEW_REGISTRATION, opening)
    assert model.places["active_registration", who] == {f"registration/{NEW_REGISTRATION}"}
    assert model.places["certificate_use", str(NEW_CERTIFICATE)] == {f"registration/{NEW_REGISTRATION}"}


def test_primary_management_passes_to_the_new_unit() -> None:
    Scenario(REGISTRATION).given(*HERE).when(follow).then(followed)
    Scenario(REGISTRATION).given(*HERE, suspended).when(follow).then(followed)
    Scenario(REGISTRATION).given(*HERE, followed).when(follow).then_nothing()
    Scenario(REGISTRATION).given(*HERE, closed).when(follow).then_nothing()


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
    done.when(WithdrawConsent(purpose=ConsentPurpose.DUAL_MANAGEMENT)).then_nothing()
    erased = PersonalDataErased(member_id=MEMBER)
    done.when(EraseMember()).then(erased)
    Scenario(MEMBERS).given(enrolled, merged, erased).when(move).then_rejected(MemberIsErased)


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
    promote = ChangePoliticalStatus(political_status=PoliticalStatus.MEMBER)
    Scenario(MEMBERS).given(enrolled).when(promote).then_nothing()
    Scenario(MEMBERS).given(enrolled, changed).when(promote).then_events(PoliticalStatusChanged)


def test_retention_is_applied_once() -> None:
    apply = ApplyRetention(kind=RetentionKind.CITIZEN_NUMBER, applied_on=DAY)
    applied = RetentionApplied(member_id=MEMBER, kind=RetentionKind.CITIZEN_NUMBER, applied_on=DAY)
    Scenario(MEMBERS).given(enrolled).when(apply).then(applied)
    Scenario(MEMBERS).given(enrolled, applied).when(apply).then_nothing()


def test_who_looked_is_kept_for_three_years_and_given_up_once() -> None:
    until, due = date(2026, 2, 1), date(2029, 2, 1)
    apply = ApplyAccessRetention(until=until, entries=7, applied_on=due)
    applied = AccessRetentionApplied(until=until, entries=7, applied_on=due)
    Scenario(ACCESS_RETENTION).when(apply).then(applied)
    Scenario(ACCESS_RETENTION).given(applied).when(apply).then_nothing()
    Scenario(ACCESS_RETENTION).given(applied).when(apply.model_copy(update={"until": date(2026, 1, 1)})).then_nothing()
    early = apply.model_copy(update={"applied_on": due - timedelta(days=1)})
    Scenario(ACCESS_RETENTION).when(early).then_rejected(AccessesAreKept)
    assert [month_after(day) for day in (date(2026, 11, 30), date(2026, 12, 1), date(2028, 2, 29))] == [
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2028, 3, 1),
    ]


def test_a_renewal_is_reminded_of_once_and_only_while_it_is_missing() -> None:
    day = DAY + timedelta(days=183)
    remind, due = RemindOfRenewal(since=DAY, due_on=day), RegistrationRenewalDue(**EDGES, due_on=day)
    renewed = RegistrationRenewed(**EDGES, renewed_on=DAY + timedelta(days=1))
    rests = RegistrationSuspended(**EDGES, suspended_on=DAY, reason="借调")
    Scenario(REGISTRATION).given(registered, *confirmed).when(remind).then(due)
    Scenario(REGISTRATION).given(registered, *confirmed, due).when(remind).then_nothing()
    Scenario(REGISTRATION).given(registered, *confirmed, renewed).when(remind).then_nothing()
    Scenario(REGISTRATION).given(registered, *confirmed, rests).when(remind).then_nothing()
    Scenario(REGISTRATION).given(registered).when(remind).then_nothing()
