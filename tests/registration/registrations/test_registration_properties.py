"""Any sequence of commands keeps the invariants across streams, and evolve folds any event in any phase."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.registration.certificates.certificate import CERTIFICATE, IssueLiaisonCertificate, Live, Revoked, RevokeLiaisonCertificate
from services.registration.members.member import MEMBER as MEMBERS
from services.registration.organisations.organisation import ORGANISATION
from services.registration.registrations.closure import CloseRegistration, ResumeRegistration, SuspendRegistration
from services.registration.registrations.registration import (
    REGISTRATION,
    AcknowledgeReceipt,
    ConfirmRegistration,
    RegisterMember,
    ReturnRegistration,
)
from services.registration.registrations.renewals import RenewRegistration
from services.registration.registrations.state import Confirmed, Pending, Suspended, Ties
from shared.contracts.catalogue import published_events
from shared.contracts.event import Event
from shared.contracts.registration.codes import ClosureReason, ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.contracts.registration.registrations import RegistrationConfirmed
from shared.decider import Decider
from tests.registration.model import Model

DAY = date(2026, 3, 2)
MEMBER_IDS = [UUID(int=n) for n in (1, 2)]
COMMUNITY_IDS = [UUID(int=n) for n in (11, 12)]
CERTIFICATE_IDS = [UUID(int=n) for n in (21, 22, 23)]
UNIT_ID = UUID(int=31)


certificates, members, communities = st.sampled_from(CERTIFICATE_IDS), st.sampled_from(MEMBER_IDS), st.sampled_from(COMMUNITY_IDS)
purposes = st.frozensets(st.sampled_from(ConsentPurpose))


class CertificatesAndRegistrations(RuleBasedStateMachine):
    """Three certificates and the three registrations made with them, by two members in two communities."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()

    @rule(certificate=certificates, member=members, community=communities)
    def issue(self, certificate: UUID, member: UUID, community: UUID) -> None:
        self.model.handle(CERTIFICATE, certificate, IssueLiaisonCertificate(**_ties(certificate, member, community).model_dump()))

    @rule(certificate=certificates)
    def revoke(self, certificate: UUID) -> None:
        self.model.handle(CERTIFICATE, certificate, RevokeLiaisonCertificate(reason="填错"))

    @rule(certificate=certificates, member=members, community=communities, is_live=st.booleans(), consents=purposes)
    def register(self, certificate: UUID, member: UUID, community: UUID, is_live: bool, consents: frozenset[ConsentPurpose]) -> None:
        command = RegisterMember(
            registration_id=certificate,
            member_id=member,
            community_id=community,
            certificate=_ties(certificate, member, community),
            certificate_is_live=is_live,
            occupation_group=OccupationGroup.POLICE,
            political_status=PoliticalStatus.PROBATIONARY,
            consents=consents,
            reported_on=DAY,
        )
        self.model.handle(REGISTRATION, certificate, command)

    @rule(registration=certificates, by=st.sampled_from([*map(str, MEMBER_IDS), "clerk"]))
    def confirm(self, registration: UUID, by: str) -> None:
        events = self.model.handle(REGISTRATION, registration, ConfirmRegistration(confirmed_by=by, receipt_no=registration.hex))
        assert not [each for each in events if isinstance(each, RegistrationConfirmed) and str(each.member_id) == by], "by the member"

    @rule(registration=certificates)
    def return_(self, registration: UUID) -> None:
        self.model.handle(REGISTRATION, registration, ReturnRegistration(reason="不在本社区居住"))

    @rule(registration=certificates)
    def acknowledge(self, registration: UUID) -> None:
        self.model.handle(REGISTRATION, registration, AcknowledgeReceipt())

    @rule(registration=certificates)
    def renew(self, registration: UUID) -> None:
        self.model.handle(REGISTRATION, registration, RenewRegistration(renewed_on=DAY))

    @rule(registration=certificates)
    def suspend(self, registration: UUID) -> None:
        self.model.handle(REGISTRATION, registration, SuspendRegistration(suspended_on=DAY, reason="借调"))

    @rule(registration=certificates)
    def resume(self, registration: UUID) -> None:
        self.model.handle(REGISTRATION, registration, ResumeRegistration(resumed_on=DAY))

    @rule(registration=certificates, reason=st.sampled_from(ClosureReason))
    def close(self, registration: UUID, reason: ClosureReason) -> None:
        self.model.handle(REGISTRATION, registration, CloseRegistration(closed_on=DAY, reason=reason))

    def _active(self) -> list[Ties]:
        states = [state for (category, _), state in self.model.states.items() if category == "registration"]
        active = [state for state in states if isinstance(state, Pending | Confirmed | Suspended)]
        return [(state.confirmed if isinstance(state, Suspended) else state).ties for state in active]

    @invariant()
    def a_member_has_one_active_registration(self) -> None:
        ties = self._active()
        assert len({each.member_id for each in ties}) == len(ties)

    @invariant()
    def nobody_is_registered_with_a_revoked_certificate(self) -> None:
        revoked = {key for key, state in self.model.states.items() if isinstance(state, Revoked)}
        assert not {("certificate", each.certificate_id) for each in self._active()} & revoked

    @invariant()
    def places_are_held_by_live_certificates(self) -> None:
        live = [
            state.member_id for (category, _), state in self.model.states.items() if category == "certificate" and isinstance(state, Live)
        ]
        held = [key for (kind, key), holders in self.model.places.items() if kind == "live_certificate" and holders]
        assert set(held) <= {str(member_id) for member_id in live}


def _ties(certificate_id: UUID, member_id: UUID, community_id: UUID) -> Ties:
    return Ties(
        member_id=member_id, certificate_id=certificate_id, certificate_no=certificate_id.hex, unit_id=UNIT_ID, community_id=community_id
    )


def test_any_sequence_of_commands_keeps_the_invariants() -> None:
    run_state_machine_as_test(CertificatesAndRegistrations)


OWN_EVENTS = [
    each for each in published_events("registration") if each.__module__.rpartition(".")[2] in ("certificates", "members", "registrations")
]
# What contracts accept (shared/contracts/values.py).
st.register_type_strategy(str, st.text(st.characters(exclude_categories=("C", "Zl", "Zp"))))
st.register_type_strategy(int, st.integers(-1000, 1_000_000))
for each in OWN_EVENTS:
    each.model_rebuild()  # deferred until the first one is seen; hypothesis looks before


@pytest.mark.parametrize("decider", [REGISTRATION, CERTIFICATE, MEMBERS, ORGANISATION], ids=lambda decider: decider.category)
@given(events=st.lists(st.one_of([st.builds(each) for each in OWN_EVENTS]), max_size=8))
def test_evolve_folds_any_event_in_any_phase(decider: Decider[Any, Any], events: list[Event]) -> None:
    state = decider.initial
    for event in events:
        state = decider.evolve(state, event)
        decider.reservations(event)


@given(st.one_of([st.builds(each) for each in OWN_EVENTS]))
def test_every_event_survives_json(event: Event) -> None:
    assert type(event).model_validate_json(event.model_dump_json()) == event
