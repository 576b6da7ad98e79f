"""The rules of the tree, of offices, delegations and programmes, by example."""

from datetime import date, timedelta
from uuid import UUID

import pytest
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
from services.registration.offices.office import OFFICE, AssignOffice, EndOffice, OfficeUnknown, TermEndsBeforeItStarts
from services.registration.organisations.community import (
    IntroduceCommunity,
    JoinAsPartner,
    LeaveAsPartner,
    OnlyForCommunities,
    PartnerMustBeUnit,
)
from services.registration.organisations.honours import AwardHonour, HonourUnknown, RevokeHonour
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
from services.registration.programmes.programme import (
    FORMS,
    PROGRAMME,
    AmendProgramme,
    AnnounceProgramme,
    FormFieldsInvalid,
    FormUnknown,
    ProgrammeEndsBeforeItStarts,
    ProgrammeUnknown,
)
from shared.contracts.registration import OccupationGroup, OrganisationEstablished, OrganisationKind
from shared.contracts.registration_organisations import (
    CommunityIntroduced,
    DelegationGranted,
    HonourLevel,
    HonourRevoked,
    OfficeAssigned,
    OfficeEnded,
    OfficeRole,
    OrganisationDissolved,
    OrganisationHonoured,
    OrganisationRenamed,
    PartnerUnitJoined,
    PartnerUnitLeft,
    ProgrammeAmended,
    ProgrammeAnnounced,
)
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


def test_honours_are_entered_once_and_taken_out_with_a_reason() -> None:
    award = AwardHonour(honour_id=ID, level=HonourLevel.CITY, title="示范社区", year=2025)
    honoured = OrganisationHonoured(organisation_id=COMMUNITY, **award.model_dump())
    revoke, revoked = RevokeHonour(honour_id=ID, reason="录错"), HonourRevoked(organisation_id=COMMUNITY, honour_id=ID, reason="录错")
    Scenario(ORGANISATION).given(community).when(award).then(honoured)
    Scenario(ORGANISATION).given(community, honoured).when(award).then_nothing()
    Scenario(ORGANISATION).given(community, honoured).when(revoke).then(revoked)
    Scenario(ORGANISATION).given(community, honoured, revoked).when(revoke).then_nothing()
    Scenario(ORGANISATION).given(community).when(revoke).then_rejected(HonourUnknown)
    Scenario(ORGANISATION).when(award).then_rejected(OrganisationUnknown)


def test_units_become_partners_of_communities_and_leave() -> None:
    join = JoinAsPartner(partner_id=UNIT, partner_kind=KIND.WORK_UNIT, joined_on=DAY)
    joined = PartnerUnitJoined(community_id=COMMUNITY, partner_id=UNIT, joined_on=DAY)
    left = PartnerUnitLeft(community_id=COMMUNITY, partner_id=UNIT, left_on=DAY)
    Scenario(ORGANISATION).given(community).when(join).then(joined)
    Scenario(ORGANISATION).given(community, joined).when(join).then_nothing()
    Scenario(ORGANISATION).given(community, joined).when(LeaveAsPartner(partner_id=UNIT, left_on=DAY)).then(left)
    Scenario(ORGANISATION).given(community).when(LeaveAsPartner(partner_id=UNIT, left_on=DAY)).then_nothing()
    Scenario(ORGANISATION).given(unit).when(join).then_rejected(OnlyForCommunities)
    street = join.model_copy(update={"partner_kind": KIND.STREET})
    Scenario(ORGANISATION).given(community).when(street).then_rejected(PartnerMustBeUnit)


def test_a_community_introduces_itself_and_repeating_it_says_nothing_new() -> None:
    introduce = IntroduceCommunity(overview="三栋楼", network="党委、居委会、工作站", difficulties="停车难", ongoing_work="楼道整治")
    introduced = CommunityIntroduced(community_id=COMMUNITY, **introduce.model_dump())
    Scenario(ORGANISATION).given(community).when(introduce).then(introduced)
    Scenario(ORGANISATION).given(community, introduced).when(introduce).then_nothing()
    Scenario(ORGANISATION).given(unit).when(introduce).then_rejected(OnlyForCommunities)


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
    assert OFFICE.reservations(assigned.model_copy(update={"role": OfficeRole.CLERK})) == ()


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


ANNOUNCE = AnnounceProgramme(
    programme_id=ID,
    name="光彩在家园",
    legal_basis="区委组织部〔2026〕1号",
    starts_on=DAY,
    ends_on=None,
    vocabulary={"certificate": "报到介绍信"},
    forms={"form": ("name", "unit", "community")},
)
announced = ProgrammeAnnounced(**ANNOUNCE.model_dump())


def test_a_programme_is_announced_and_stated_anew() -> None:
    amend = AmendProgramme(**ANNOUNCE.model_dump())
    Scenario(PROGRAMME).when(ANNOUNCE).then(announced)
    Scenario(PROGRAMME).given(announced).when(amend).then_nothing()
    Scenario(PROGRAMME).when(amend).then_rejected(ProgrammeUnknown)
    (event,) = Scenario(PROGRAMME).given(announced).when(amend.model_copy(update={"name": "双管双评"})).then_events(ProgrammeAmended)
    Scenario(PROGRAMME).given(announced, event).when(amend.model_copy(update={"name": "双管双评"})).then_nothing()
    backwards = ANNOUNCE.model_copy(update={"ends_on": DAY - timedelta(days=1)})
    Scenario(PROGRAMME).when(backwards).then_rejected(ProgrammeEndsBeforeItStarts)


@given(st.sampled_from(sorted(FORMS)).flatmap(lambda form: st.tuples(st.just(form), st.permutations(FORMS[form]))))
def test_a_form_prints_its_fields_in_any_order(chosen: tuple[str, list[str]]) -> None:
    form, fields = chosen
    Scenario(PROGRAMME).when(ANNOUNCE.model_copy(update={"forms": {form: tuple(fields)}})).then_events(ProgrammeAnnounced)


@pytest.mark.parametrize(
    ("form", "fields"),
    [("form", ()), ("form", ("name", "name")), ("form", ("name", "thoughts")), ("certificate", ("name", "unit")), ("receipt", ("name",))],
)
def test_a_form_prints_only_what_it_can_fill_and_keeps_its_number(form: str, fields: tuple[str, ...]) -> None:
    Scenario(PROGRAMME).when(ANNOUNCE.model_copy(update={"forms": {form: fields}})).then_rejected(FormFieldsInvalid, form=form)
    Scenario(PROGRAMME).when(ANNOUNCE.model_copy(update={"forms": {"diary": ("name",)}})).then_rejected(FormUnknown)
