"""A registration moves to another community, or with its member to another work unit."""

from uuid import UUID

from services.registration.certificates.certificate import CERTIFICATE, IssueLiaisonCertificate
from services.registration.registrations.registration import REGISTRATION
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
from shared.contracts.registration.changes import (
    RegistrationTransferDeclined,
    RegistrationTransferred,
    RegistrationTransferRequested,
    RegistrationUnitChanged,
)
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.registrations import RegistrationClosed, RegistrationSuspended
from shared.decider import Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import (
    CERTIFICATE_ID,
    COMMUNITY,
    DAY,
    EDGES,
    MEMBER,
    OTHER_COMMUNITY,
    OTHER_UNIT,
    RECEIPT_NO,
    REGISTRATION_ID,
    UNIT,
    confirmed,
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
    for before in ((*HERE, followed), (*HERE, suspended, followed)):
        Scenario(REGISTRATION).given(*before).when(follow).then_nothing()
    Scenario(REGISTRATION).given(*HERE, closed).when(follow).then_nothing()
