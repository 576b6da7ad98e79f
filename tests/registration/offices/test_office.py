"""Who is what in an organisation, from one day to another."""

from datetime import timedelta
from uuid import UUID

from services.registration.offices.office import OFFICE, AssignOffice, EndOffice, OfficeUnknown, TermEndsBeforeItStarts
from shared.contracts.registration.organisations import OfficeAssigned, OfficeEnded, OfficeRole
from shared.decider import Release, Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import COMMUNITY, DAY

ID = UUID("0192ffff-0000-7000-8000-000000000002")


ASSIGN = AssignOffice(
    office_id=ID,
    organisation_id=COMMUNITY,
    role=OfficeRole.SECRETARY,
    holder="s-1",
    name_sealed=None,
    starts_on=DAY,
    ends_on=DAY,
    is_part_time=True,
)

assigned = OfficeAssigned(**ASSIGN.model_dump())
left_office = OfficeEnded(office_id=ID, organisation_id=COMMUNITY, role=OfficeRole.SECRETARY, holder="s-1", ended_on=DAY)


def test_an_office_is_held_and_ends() -> None:
    Scenario(OFFICE).when(ASSIGN).then(assigned)
    Scenario(OFFICE).given(assigned).when(EndOffice(ended_on=DAY)).then(left_office)
    Scenario(OFFICE).given(assigned, left_office).when(EndOffice(ended_on=DAY)).then_nothing()
    Scenario(OFFICE).when(EndOffice(ended_on=DAY)).then_rejected(OfficeUnknown)
    backwards = ASSIGN.model_copy(update={"ends_on": DAY - timedelta(days=1)})
    Scenario(OFFICE).when(backwards).then_rejected(TermEndsBeforeItStarts)


def test_a_branch_has_one_secretary_and_one_instructor_and_as_many_clerks_as_it_needs() -> None:
    (taken,), (free,) = OFFICE.reservations(assigned), OFFICE.reservations(left_office)
    assert isinstance(taken, Reserve)
    assert isinstance(free, Release)
    assert (taken.kind, taken.key, taken.limit) == (free.kind, free.key, 1)
    assert OFFICE.reservations(assigned.model_copy(update={"role": OfficeRole.INSTRUCTOR}))
    for event in (assigned, left_office):
        assert OFFICE.reservations(event.model_copy(update={"role": OfficeRole.CLERK})) == ()
