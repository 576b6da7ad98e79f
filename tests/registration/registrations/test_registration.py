"""The rules of a registration, by example."""

from datetime import date

import pytest

from services.registration.certificates.certificate import CertificateUnknown
from services.registration.registrations.closure import CloseRegistration, ResumeRegistration, SuspendRegistration
from services.registration.registrations.registration import (
    REGISTRATION,
    AcknowledgeReceipt,
    CertificateIsForAnotherCommunity,
    CertificateIsForAnotherMember,
    CertificateIsNotLive,
    ConfirmRegistration,
    ConsentMissing,
    RegisterMember,
    RegistrationCommand,
    RegistrationNotPending,
    ReturnRegistration,
)
from services.registration.registrations.renewals import RenewRegistration
from services.registration.registrations.state import (
    CertificateAlreadyUsed,
    MemberAlreadyRegistered,
    MemberMayNotConfirm,
    Registration,
    RegistrationIsClosed,
    RegistrationIsSuspended,
    RegistrationNotConfirmed,
    RegistrationUnknown,
    Ties,
    reservations,
)
from shared.contracts.event import Event
from shared.contracts.registration.codes import ClosureReason, ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.contracts.registration.registrations import (
    RegistrationClosed,
    RegistrationReceiptAcknowledged,
    RegistrationRenewed,
    RegistrationResumed,
    RegistrationReturned,
    RegistrationSuspended,
)
from shared.decider import Release, Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import (
    CERTIFICATE_ID,
    CERTIFICATE_NO,
    COMMUNITY,
    DAY,
    EDGES,
    MEMBER,
    OTHER_COMMUNITY,
    OTHER_MEMBER,
    RECEIPT_NO,
    REGISTRATION_ID,
    UNIT,
    confirmed,
    registered,
)

LATER = date(2026, 9, 1)
TIES = Ties(member_id=MEMBER, certificate_id=CERTIFICATE_ID, certificate_no=CERTIFICATE_NO, unit_id=UNIT, community_id=COMMUNITY)
register = RegisterMember(
    registration_id=REGISTRATION_ID,
    member_id=MEMBER,
    community_id=COMMUNITY,
    certificate=TIES,
    certificate_is_live=True,
    occupation_group=OccupationGroup.TEACHER,
    political_status=PoliticalStatus.MEMBER,
    consents=frozenset({ConsentPurpose.DUAL_MANAGEMENT}),
    reported_on=DAY,
)
confirm = ConfirmRegistration(confirmed_by="clerk-1", receipt_no=RECEIPT_NO)
close = CloseRegistration(closed_on=LATER, reason=ClosureReason.MOVED)
suspended = RegistrationSuspended(**EDGES, suspended_on=DAY, reason="借调外地")
returned = RegistrationReturned(**EDGES, certificate_id=CERTIFICATE_ID, reason="不在本社区居住")
acknowledged = RegistrationReceiptAcknowledged(**EDGES, receipt_no=RECEIPT_NO)
closed = RegistrationClosed(**EDGES, certificate_id=CERTIFICATE_ID, closed_on=LATER, reason=ClosureReason.MOVED)


def scenario(*events: Event) -> Scenario[RegistrationCommand, Registration]:
    return Scenario(REGISTRATION).given(*events)


def test_a_member_registers_with_a_live_certificate() -> None:
    scenario().when(register).then(registered)


def test_registering_again_with_the_same_certificate_is_the_same_registration() -> None:
    for before in ((registered,), (registered, *confirmed), (registered, *confirmed, suspended)):
        scenario(*before).when(register).then_nothing()


def test_without_a_certificate_nobody_registers() -> None:
    scenario().when(register.model_copy(update={"certificate": None})).then_rejected(CertificateUnknown)


def test_a_revoked_certificate_is_refused() -> None:
    scenario().when(register.model_copy(update={"certificate_is_live": False})).then_rejected(CertificateIsNotLive)


def test_a_certificate_of_another_member_is_refused_even_when_it_is_used_already() -> None:
    borrowed = register.model_copy(update={"member_id": OTHER_MEMBER})
    scenario().when(borrowed).then_rejected(CertificateIsForAnotherMember)
    scenario(registered).when(borrowed).then_rejected(CertificateIsForAnotherMember)


def test_a_certificate_for_another_community_is_refused() -> None:
    scenario().when(register.model_copy(update={"community_id": OTHER_COMMUNITY})).then_rejected(CertificateIsForAnotherCommunity)


@pytest.mark.parametrize("consents", [frozenset(), frozenset({ConsentPurpose.PUBLIC_NAMING})])
def test_consent_to_dual_management_gates_entry(consents: frozenset[ConsentPurpose]) -> None:
    scenario().when(register.model_copy(update={"consents": consents})).then_rejected(ConsentMissing, purpose="DUAL_MANAGEMENT")


def test_the_community_confirms_and_the_receipt_goes_back_in_one_decision() -> None:
    scenario(registered).when(confirm).then(*confirmed)


def test_confirming_twice_issues_one_receipt() -> None:
    scenario(registered, *confirmed).when(confirm).then_nothing()


def test_nobody_confirms_their_own_registration() -> None:
    scenario(registered).when(confirm.model_copy(update={"confirmed_by": str(MEMBER)})).then_rejected(MemberMayNotConfirm)


def test_a_returned_registration_can_be_made_again_with_the_same_certificate() -> None:
    scenario(registered).when(ReturnRegistration(reason="不在本社区居住")).then(returned)
    scenario(registered, returned).when(register).then(registered)


def test_a_confirmed_registration_cannot_be_returned() -> None:
    scenario(registered, *confirmed).when(ReturnRegistration(reason="太晚")).then_rejected(RegistrationNotPending)


def test_the_unit_acknowledges_the_receipt_once() -> None:
    scenario(registered, *confirmed).when(AcknowledgeReceipt()).then(acknowledged)
    scenario(registered, *confirmed, acknowledged).when(AcknowledgeReceipt()).then_nothing()


def test_there_is_nothing_to_acknowledge_before_the_community_confirmed() -> None:
    scenario(registered).when(AcknowledgeReceipt()).then_rejected(RegistrationNotConfirmed)


def test_the_member_renews_and_a_repeated_renewal_of_that_day_is_one() -> None:
    renewed = RegistrationRenewed(**EDGES, renewed_on=LATER)
    scenario(registered, *confirmed).when(RenewRegistration(renewed_on=LATER)).then(renewed)
    scenario(registered, *confirmed, renewed).when(RenewRegistration(renewed_on=LATER)).then_nothing()
    scenario(registered, *confirmed, suspended).when(RenewRegistration(renewed_on=LATER)).then_rejected(RegistrationIsSuspended)


def test_a_registration_rests_and_counts_again() -> None:
    scenario(registered, *confirmed).when(SuspendRegistration(suspended_on=DAY, reason="借调外地")).then(suspended)
    resumed = RegistrationResumed(**EDGES, resumed_on=LATER)
    scenario(registered, *confirmed, suspended).when(ResumeRegistration(resumed_on=LATER)).then(resumed)
    scenario(registered, *confirmed, suspended, acknowledged, resumed).when(AcknowledgeReceipt()).then_nothing()


@pytest.mark.parametrize("before", [(registered,), (registered, *confirmed), (registered, *confirmed, suspended), (registered, returned)])
def test_a_registration_can_be_closed_from_every_phase(before: tuple[Event, ...]) -> None:
    scenario(*before).when(close).then(closed)


def test_a_closed_registration_stays_closed() -> None:
    done = scenario(registered, *confirmed, closed)
    done.when(close).then_nothing()
    done.when(register).then_rejected(RegistrationIsClosed)
    done.when(confirm).then_rejected(RegistrationIsClosed)


@pytest.mark.parametrize("command", [confirm, AcknowledgeReceipt(), close, ReturnRegistration(reason="无")])
def test_what_was_never_registered_cannot_be_answered(command: RegistrationCommand) -> None:
    scenario().when(command).then_rejected(RegistrationUnknown)


def test_a_member_is_registered_once_at_a_time_and_a_certificate_is_used_once() -> None:
    assert reservations(registered) == (
        Reserve("active_registration", str(MEMBER), MemberAlreadyRegistered),
        Reserve("certificate_use", str(CERTIFICATE_ID), CertificateAlreadyUsed),
    )


def test_returning_frees_member_and_certificate() -> None:
    assert reservations(returned) == (Release("active_registration", str(MEMBER)), Release("certificate_use", str(CERTIFICATE_ID)))


def test_closing_frees_the_member_but_never_the_use_of_the_certificate() -> None:
    assert reservations(closed) == (
        Release("active_registration", str(MEMBER)),
        Release("live_certificate", str(MEMBER), holder=str(CERTIFICATE_ID)),
    )
