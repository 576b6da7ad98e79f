"""Who acts for whom, and for how long."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.registration.delegations.delegation import (
    DELEGATION,
    DelegationNotPassedOn,
    DelegationTermInvalid,
    DelegationToOneself,
    DelegationUnknown,
    EndDelegation,
    GrantDelegation,
)
from shared.contracts.registration.organisations import DelegationEnded, DelegationGranted
from shared.testing.scenario import Scenario
from tests.registration.given import COMMUNITY, DAY

ID = UUID("0192ffff-0000-7000-8000-000000000002")


GRANT = GrantDelegation(
    delegation_id=ID,
    organisation_id=COMMUNITY,
    delegator="s-1",
    delegate="c-1",
    roles=("COMMUNITY_SECRETARY",),
    starts_on=DAY,
    ends_on=DAY + timedelta(days=30),
    reason="兼职书记,工作日由经办人代办",
)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_delegation_lasts_a_year_at_most(starts_on: date, ends_on: date) -> None:
    scenario = Scenario(DELEGATION).when(GRANT.model_copy(update={"starts_on": starts_on, "ends_on": ends_on}))
    if 0 <= (ends_on - starts_on).days <= 366:
        scenario.then_events(DelegationGranted)
    else:
        scenario.then_rejected(DelegationTermInvalid)


def test_nobody_acts_for_themself_or_passes_a_delegation_on() -> None:
    Scenario(DELEGATION).when(GRANT.model_copy(update={"delegate": "s-1"})).then_rejected(DelegationToOneself)
    Scenario(DELEGATION).when(GRANT.model_copy(update={"is_acting": True})).then_rejected(DelegationNotPassedOn)
    Scenario(DELEGATION).when(EndDelegation(ended_on=DAY)).then_rejected(DelegationUnknown)


def test_a_delegation_is_taken_back_once() -> None:
    granted = DelegationGranted(**GRANT.model_dump(exclude={"is_acting"}))
    ended = DelegationEnded(delegation_id=ID, organisation_id=COMMUNITY, ended_on=DAY)
    Scenario(DELEGATION).given(granted).when(EndDelegation(ended_on=DAY)).then(ended)
    Scenario(DELEGATION).given(granted, ended).when(EndDelegation(ended_on=DAY)).then_nothing()
    Scenario(DELEGATION).given(granted, ended).when(GRANT).then_nothing()
