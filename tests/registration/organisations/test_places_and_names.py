"""An organisation has its place, its name and its mailbox."""

from services.registration.organisations import organisation
from services.registration.organisations.organisation import (
    ORGANISATION,
    ChangeOrganisationContact,
    CommunityNeedsStreet,
    CreditCodeTaken,
    EstablishOrganisation,
    OrganisationNameTaken,
    OrganisationUnknown,
    WorkUnitNeedsOccupationGroup,
)
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.contracts.registration.organisations import OrganisationContactChanged, OrganisationEstablished
from shared.decider import Reserve
from shared.testing.scenario import Scenario
from tests.registration.given import COMMUNITY, UNIT


def test_a_community_belongs_to_a_street() -> None:
    establish = EstablishOrganisation(organisation_id=COMMUNITY, kind=OrganisationKind.COMMUNITY, name="新风社区", community_type="文体型")
    Scenario(ORGANISATION).when(establish).then_rejected(CommunityNeedsStreet)
    below_street = establish.model_copy(update={"parent_id": UNIT, "parent_kind": OrganisationKind.STREET})
    Scenario(ORGANISATION).when(below_street).then_events(OrganisationEstablished)


def test_a_work_unit_states_its_occupation_group() -> None:
    establish = EstablishOrganisation(organisation_id=UNIT, kind=OrganisationKind.WORK_UNIT, name="育光小学")
    Scenario(ORGANISATION).when(establish).then_rejected(WorkUnitNeedsOccupationGroup)


def test_names_and_credit_codes_are_unique_in_a_district() -> None:
    unit = OrganisationEstablished(
        organisation_id=UNIT,
        kind=OrganisationKind.WORK_UNIT,
        name="育光小学",
        occupation_group=OccupationGroup.TEACHER,
        uscc="91350100M000100Y43",
    )
    assert organisation.reservations(unit) == (
        Reserve("organisation_name", "WORK_UNIT:育光小学", OrganisationNameTaken),
        Reserve("organisation_uscc", "91350100M000100Y43", CreditCodeTaken),
    )


def test_an_organisation_changes_its_office_mailbox() -> None:
    unit = OrganisationEstablished(
        organisation_id=UNIT, kind=OrganisationKind.WORK_UNIT, name="育光小学", occupation_group=OccupationGroup.TEACHER
    )
    changed = OrganisationContactChanged(organisation_id=UNIT, contact_email="office@yuguang.example")
    Scenario(ORGANISATION).given(unit).when(ChangeOrganisationContact(contact_email="office@yuguang.example")).then(changed)
    Scenario(ORGANISATION).given(unit, changed).when(ChangeOrganisationContact(contact_email="office@yuguang.example")).then_nothing()
    Scenario(ORGANISATION).when(ChangeOrganisationContact(contact_email=None)).then_rejected(OrganisationUnknown)
