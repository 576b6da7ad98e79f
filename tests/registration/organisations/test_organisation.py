"""The tree of organisations: what belongs where, what it is called, how it is dissolved."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.organisations.organisation import (
    ORGANISATION,
    ChangeOrganisationContact,
    DissolveOrganisation,
    EstablishOrganisation,
    OrganisationIsDissolved,
    OrganisationIsInUse,
    OrganisationMisplaced,
    OrganisationNameTaken,
    OrganisationUnknown,
    RenameOrganisation,
)
from services.registration.organisations.state import Established
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.contracts.registration.organisations import OrganisationDissolved, OrganisationEstablished, OrganisationRenamed
from shared.decider import Release, Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import COMMUNITY, DAY, UNIT
from tests.registration.model import Model

STREET = UUID("0192ffff-0000-7000-8000-000000000001")
ID = UUID("0192ffff-0000-7000-8000-000000000002")
KIND = OrganisationKind
community = OrganisationEstablished(organisation_id=COMMUNITY, kind=KIND.COMMUNITY, name="新风社区", parent_id=STREET)
unit = OrganisationEstablished(organisation_id=UNIT, kind=KIND.WORK_UNIT, name="育光小学", occupation_group=OccupationGroup.TEACHER)


def establish(kind: OrganisationKind, under: OrganisationKind | None) -> EstablishOrganisation:
    group = OccupationGroup.TEACHER if kind is KIND.WORK_UNIT else None
    parent_id = None if under is None else STREET
    return EstablishOrganisation(
        organisation_id=ID, kind=kind, name="某组织", parent_id=parent_id, parent_kind=under, occupation_group=group
    )


@pytest.mark.parametrize(
    ("kind", "under"),
    [
        (KIND.STREET, None),
        (KIND.COMMUNITY, KIND.STREET),
        (KIND.WORK_UNIT, None),
        (KIND.WORK_UNIT, KIND.WORK_UNIT),
        (KIND.BRANCH, KIND.COMMUNITY),
        (KIND.BRANCH, KIND.WORK_UNIT),
        (KIND.RESIDENTS_COMMITTEE, KIND.COMMUNITY),
        (KIND.WORKSTATION, KIND.COMMUNITY),
        (KIND.SERVICE_POINT, KIND.COMMUNITY),
        (KIND.MASS_ORGANISATION, KIND.COMMUNITY),
        (KIND.MASS_ORGANISATION, KIND.WORK_UNIT),
        (KIND.ASSOCIATION, None),
        (KIND.ASSOCIATION, KIND.STREET),
        (KIND.PARTNER_UNIT, None),
    ],
)
def test_every_kind_has_its_place_in_the_tree(kind: OrganisationKind, under: OrganisationKind | None) -> None:
    Scenario(ORGANISATION).when(establish(kind, under)).then_events(OrganisationEstablished)


@pytest.mark.parametrize(
    ("kind", "under"),
    [(KIND.BRANCH, None), (KIND.BRANCH, KIND.STREET), (KIND.SERVICE_POINT, KIND.WORK_UNIT), (KIND.STREET, KIND.COMMUNITY)],
)
def test_nothing_stands_where_it_does_not_belong(kind: OrganisationKind, under: OrganisationKind | None) -> None:
    Scenario(ORGANISATION).when(establish(kind, under)).then_rejected(OrganisationMisplaced)


def test_a_parent_that_does_not_exist_is_no_parent() -> None:
    lost = establish(KIND.WORK_UNIT, None).model_copy(update={"parent_id": STREET})
    Scenario(ORGANISATION).when(lost).then_rejected(OrganisationMisplaced)


def test_branches_of_one_name_stand_under_different_parents() -> None:
    first = OrganisationEstablished(organisation_id=ID, kind=KIND.BRANCH, name="第一党支部", parent_id=COMMUNITY)
    keys = {place.key for each in (COMMUNITY, UNIT) for place in ORGANISATION.reservations(first.model_copy(update={"parent_id": each}))}
    assert len(keys) == 2
    (place,) = ORGANISATION.reservations(community.model_copy(update={"parent_id": UNIT}))
    assert (place,) == ORGANISATION.reservations(community)


def test_a_renamed_organisation_keeps_its_former_name_and_may_take_it_back() -> None:
    rename = RenameOrganisation(name="新风里社区", renamed_on=DAY)
    among = {"organisation_id": COMMUNITY, "kind": KIND.COMMUNITY, "parent_id": STREET, "renamed_on": DAY}
    renamed = OrganisationRenamed(**among, former_name="新风社区", name="新风里社区")
    back = OrganisationRenamed(**among, former_name="新风里社区", name="新风社区")
    Scenario(ORGANISATION).given(community).when(rename).then(renamed)
    Scenario(ORGANISATION).given(community, renamed).when(rename).then_nothing()
    Scenario(ORGANISATION).given(community, renamed).when(RenameOrganisation(name="新风社区", renamed_on=DAY)).then(back)
    Scenario(ORGANISATION).when(rename).then_rejected(OrganisationUnknown)
    assert ORGANISATION.reservations(renamed) == (Reserve("organisation_name", "COMMUNITY:新风里社区", OrganisationNameTaken),)


def test_an_organisation_is_dissolved_once_nothing_active_hangs_on_it() -> None:
    dissolve = DissolveOrganisation(dissolved_on=DAY, reason="并入南园社区", active={"members": 0, "registrations": 0})
    renamed = OrganisationRenamed(organisation_id=UNIT, kind=KIND.WORK_UNIT, former_name="育光小学", name="育光学校", renamed_on=DAY)
    coded = unit.model_copy(update={"uscc": "91350100M000100Y43"})
    dissolved = OrganisationDissolved(
        organisation_id=UNIT,
        kind=KIND.WORK_UNIT,
        name="育光学校",
        former_names=("育光小学",),
        uscc="91350100M000100Y43",
        dissolved_on=DAY,
        reason="并入南园社区",
    )
    Scenario(ORGANISATION).given(coded, renamed).when(dissolve).then(dissolved)
    busy = dissolve.model_copy(update={"active": {"members": 3, "registrations": 0}})
    Scenario(ORGANISATION).given(coded).when(busy).then_rejected(OrganisationIsInUse, members=3)
    done = Scenario(ORGANISATION).given(coded, renamed, dissolved)
    done.when(busy).then_nothing()
    for late in (RenameOrganisation(name="别的名字", renamed_on=DAY), ChangeOrganisationContact(contact_email=None)):
        done.when(late).then_rejected(OrganisationIsDissolved)
    assert ORGANISATION.reservations(dissolved) == (
        Release("organisation_name", "WORK_UNIT:育光学校"),
        Release("organisation_name", "WORK_UNIT:育光小学"),
        Release("organisation_uscc", "91350100M000100Y43"),
    )


@given(st.lists(st.tuples(st.sampled_from([UNIT, COMMUNITY]), st.sampled_from(["甲", "乙", "丙", None])), max_size=20))
def test_whatever_they_are_called_no_name_finds_two_organisations(steps: list[tuple[UUID, str | None]]) -> None:
    model = Model()
    for id_, name in ((UNIT, "甲"), (COMMUNITY, "乙")):
        model.handle(
            ORGANISATION,
            id_,
            EstablishOrganisation(organisation_id=id_, kind=KIND.WORK_UNIT, name=name, occupation_group=OccupationGroup.TEACHER),
        )
    for id_, name in steps:
        gone = DissolveOrganisation(dissolved_on=DAY, reason="撤销", active={})
        model.handle(ORGANISATION, id_, gone if name is None else RenameOrganisation(name=name, renamed_on=DAY))
        live = [state for state in model.states.values() if isinstance(state, Established)]
        names = [name for state in live for name in (state.name, *state.former_names)]
        assert len(set(names)) == len(names)
        assert {key.removeprefix("WORK_UNIT:") for (_, key), holders in model.places.items() if holders} == set(names)
