"""A community declares its members by category."""

from datetime import timedelta
from uuid import UUID

from services.registration.organisations.community import OnlyForCommunities
from services.registration.organisations.declarations import (
    CategoriesDiffer,
    CountedInFuture,
    CountedLaterAlready,
    DeclareMemberCategories,
    InServiceIsCounted,
)
from services.registration.organisations.organisation import ORGANISATION, OrganisationUnknown
from services.registration.programmes.programme import IN_SERVICE, MEMBER_CATEGORIES, PROGRAMME, AnnounceProgramme, CategoryReserved
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.contracts.registration.organisations import MemberCategoriesDeclared, OrganisationEstablished
from shared.testing.scenario import Scenario
from tests.registration.given import COMMUNITY, DAY, UNIT

# AC-17: those whose contract ended, laid off, demobilised, retired, residents, staff of organs
DOCUMENT = dict(zip(MEMBER_CATEGORIES, (126, 15, 10, 12, 14, 22), strict=True))


community = OrganisationEstablished(organisation_id=COMMUNITY, kind=OrganisationKind.COMMUNITY, name="新风社区", parent_id=UNIT)
unit = OrganisationEstablished(
    organisation_id=UNIT, kind=OrganisationKind.WORK_UNIT, name="育光小学", occupation_group=OccupationGroup.TEACHER
)

declare = DeclareMemberCategories(as_of=DAY, counts=DOCUMENT, categories=MEMBER_CATEGORIES, declared_on=DAY)
declared = MemberCategoriesDeclared(community_id=COMMUNITY, as_of=DAY, counts=DOCUMENT)


def test_a_community_declares_every_category_of_the_programme_and_no_other() -> None:
    Scenario(ORGANISATION).given(community).when(declare).then(declared)
    Scenario(ORGANISATION).given(community, declared).when(declare).then_nothing()
    for counts in ({}, DOCUMENT | {"other": 1}, {"laid_off": 3}):
        Scenario(ORGANISATION).given(community).when(declare.model_copy(update={"counts": counts})).then_rejected(CategoriesDiffer)
    Scenario(ORGANISATION).given(unit).when(declare).then_rejected(OnlyForCommunities)
    Scenario(ORGANISATION).when(declare).then_rejected(OrganisationUnknown)


def test_in_service_members_are_never_declared() -> None:
    twice = declare.model_copy(update={"counts": DOCUMENT | {IN_SERVICE: 5}})
    Scenario(ORGANISATION).given(community).when(twice).then_rejected(InServiceIsCounted)
    own = AnnounceProgramme(
        programme_id=UUID(int=1),
        name="双管双评",
        legal_basis="某〔2026〕1号",
        starts_on=DAY,
        ends_on=None,
        vocabulary={},
        forms={},
        member_categories={IN_SERVICE: "在职"},
    )
    Scenario(PROGRAMME).when(own).then_rejected(CategoryReserved, categories=[IN_SERVICE])


def test_a_day_to_come_and_a_day_before_the_last_count_are_refused() -> None:
    before, after = DAY - timedelta(days=1), DAY + timedelta(days=1)
    Scenario(ORGANISATION).given(community).when(declare.model_copy(update={"as_of": after})).then_rejected(CountedInFuture)
    older = declare.model_copy(update={"as_of": before})
    Scenario(ORGANISATION).given(community, declared).when(older).then_rejected(CountedLaterAlready, as_of=DAY)
