"""Honours, partners and introductions."""

from uuid import UUID

from services.registration.organisations.community import (
    IntroduceCommunity,
    JoinAsPartner,
    LeaveAsPartner,
    OnlyForCommunities,
    PartnerMustBeUnit,
)
from services.registration.organisations.honours import AwardHonour, HonourUnknown, RevokeHonour
from services.registration.organisations.organisation import ORGANISATION, OrganisationUnknown
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.contracts.registration.organisations import (
    CommunityIntroduced,
    HonourLevel,
    HonourRevoked,
    OrganisationEstablished,
    OrganisationHonoured,
    PartnerUnitJoined,
    PartnerUnitLeft,
)
from shared.testing.scenario import Scenario
from tests.registration.given import COMMUNITY, DAY, UNIT

STREET = UUID("0192ffff-0000-7000-8000-000000000001")
ID = UUID("0192ffff-0000-7000-8000-000000000002")
KIND = OrganisationKind
community = OrganisationEstablished(organisation_id=COMMUNITY, kind=KIND.COMMUNITY, name="新风社区", parent_id=STREET)
unit = OrganisationEstablished(organisation_id=UNIT, kind=KIND.WORK_UNIT, name="育光小学", occupation_group=OccupationGroup.TEACHER)


def test_honours_are_entered_once_and_taken_out_with_a_reason() -> None:
    award = AwardHonour(honour_id=ID, level=HonourLevel.CITY, title="示范社区", year=2025)
    honoured = OrganisationHonoured(organisation_id=COMMUNITY, **award.model_dump())
    revoke, revoked = RevokeHonour(honour_id=ID, reason="录错"), HonourRevoked(organisation_id=COMMUNITY, honour_id=ID, reason="录错")
    Scenario(ORGANISATION).given(community).when(award).then(honoured)
    Scenario(ORGANISATION).given(community, honoured).when(award).then_nothing()
    Scenario(ORGANISATION).given(community, honoured).when(revoke).then(revoked)
    Scenario(ORGANISATION).given(community, honoured, revoked).when(revoke).then_nothing()
    Scenario(ORGANISATION).given(community, honoured, revoked).when(award).then_nothing()
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
    Scenario(ORGANISATION).given(community, joined, left).when(join).then(joined)
    Scenario(ORGANISATION).given(unit).when(join).then_rejected(OnlyForCommunities)
    Scenario(ORGANISATION).given(unit).when(LeaveAsPartner(partner_id=UNIT, left_on=DAY)).then_rejected(OnlyForCommunities)
    street = join.model_copy(update={"partner_kind": KIND.STREET})
    Scenario(ORGANISATION).given(community).when(street).then_rejected(PartnerMustBeUnit)


def test_a_community_introduces_itself_and_repeating_it_says_nothing_new() -> None:
    introduce = IntroduceCommunity(overview="三栋楼", network="党委、居委会、工作站", difficulties="停车难", ongoing_work="楼道整治")
    introduced = CommunityIntroduced(community_id=COMMUNITY, **introduce.model_dump())
    Scenario(ORGANISATION).given(community).when(introduce).then(introduced)
    Scenario(ORGANISATION).given(community, introduced).when(introduce).then_nothing()
    Scenario(ORGANISATION).given(unit).when(introduce).then_rejected(OnlyForCommunities)
