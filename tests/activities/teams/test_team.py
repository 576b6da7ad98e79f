"""Teams are suggested by occupation and joined by the member's own act."""

from services.activities.refusals import AlreadyExists, WrongStep
from services.activities.teams.team import TEAM, CreateTeam, JoinTeam, LeaveTeam, NotInTheTeam, suggested_kind
from shared.contracts.activities.codes import TeamKind
from shared.contracts.activities.community import ServiceTeamFormed, TeamJoined, TeamLeft
from shared.contracts.registration.codes import OccupationGroup
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, member, some_id

TEAM_ID = some_id("ad", 1)


TEAM_MEMBER = {"team_id": TEAM_ID, "community_id": COMMUNITY, "member_id": member(1)}


formed = ServiceTeamFormed(
    team_id=TEAM_ID,
    community_id=COMMUNITY,
    kind=TeamKind.COMMUNITY_SECURITY,
    name="社区治安队",
    aliases=("社会治安队",),
    occupation_groups=(OccupationGroup.POLICE,),
)


def test_a_team_is_suggested_by_occupation():
    assert {group: suggested_kind(group) for group in OccupationGroup} == {
        OccupationGroup.TEACHER: TeamKind.SUBSTITUTE_PARENTS,
        OccupationGroup.POLICE: TeamKind.COMMUNITY_SECURITY,
        OccupationGroup.DISTRICT_ORGAN: TeamKind.POLICY_PROMOTION,
        OccupationGroup.STREET_OFFICE: TeamKind.POLICY_PROMOTION,
    }
    draft = {"team_id": TEAM_ID, "community_id": COMMUNITY, "kind": TeamKind.COMMUNITY_SECURITY, "name": "社区治安队"}
    Scenario(TEAM).when(CreateTeam(**draft, aliases=("社会治安队",))).then(formed)
    Scenario(TEAM).given(formed).when(CreateTeam(**draft)).then_rejected(AlreadyExists)


def test_members_join_and_leave_by_their_own_act():
    joined, left = TeamJoined(**TEAM_MEMBER), TeamLeft(**TEAM_MEMBER)
    Scenario(TEAM).given(formed).when(JoinTeam(member_id=member(1))).then(joined)
    Scenario(TEAM).given(formed, joined).when(JoinTeam(member_id=member(1))).then_nothing()
    Scenario(TEAM).given(formed, joined).when(LeaveTeam(member_id=member(1))).then(left)
    Scenario(TEAM).given(formed).when(LeaveTeam(member_id=member(1))).then_rejected(NotInTheTeam)
    Scenario(TEAM).when(JoinTeam(member_id=member(1))).then_rejected(WrongStep)
