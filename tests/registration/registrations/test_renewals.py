"""A missing renewal is reminded of."""

from datetime import timedelta

from services.registration.registrations.registration import REGISTRATION
from services.registration.registrations.renewals import RemindOfRenewal
from shared.contracts.registration.changes import RegistrationRenewalDue
from shared.contracts.registration.registrations import RegistrationRenewed, RegistrationSuspended
from shared.testing.scenario import Scenario
from tests.registration.given import DAY, EDGES, confirmed, registered


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
