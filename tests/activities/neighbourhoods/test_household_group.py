"""Household groups: counted, led, dissolved."""

from services.activities.neighbourhoods.household_group import GROUP, CountGroup, DissolveGroup, FormGroup, NameLeader
from services.activities.refusals import WrongStep
from shared.contracts.activities.neighbourhoods import (
    HouseholdGroupCounted,
    HouseholdGroupDissolved,
    HouseholdGroupFormed,
    HouseholdGroupLed,
)
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, member
from tests.activities.neighbourhoods.test_area import GROUP_ID

GROUP_IDS = {"group_id": GROUP_ID, "community_id": COMMUNITY}


formed = HouseholdGroupFormed(**GROUP_IDS, name="三号楼一单元", homes=12)


def test_a_group_is_formed_counted_led_and_dissolved():
    Scenario(GROUP).when(FormGroup(**GROUP_IDS, name="三号楼一单元", homes=12)).then(formed)
    Scenario(GROUP).given(formed).when(CountGroup(homes=12)).then_nothing()
    Scenario(GROUP).given(formed).when(CountGroup(homes=11)).then(HouseholdGroupCounted(**GROUP_IDS, homes=11))
    led = HouseholdGroupLed(**GROUP_IDS, member_id=member(1))
    Scenario(GROUP).given(formed).when(NameLeader(member_id=member(1))).then(led)
    Scenario(GROUP).given(formed, led).when(NameLeader(member_id=member(1))).then_nothing()
    Scenario(GROUP).given(formed, led).when(NameLeader(member_id=None)).then(HouseholdGroupLed(**GROUP_IDS, member_id=None))
    dissolved = HouseholdGroupDissolved(**GROUP_IDS, reason="并组")
    Scenario(GROUP).given(formed).when(DissolveGroup(reason="并组")).then(dissolved)
    Scenario(GROUP).given(formed, dissolved).when(CountGroup(homes=3)).then_rejected(WrongStep)


def test_the_latest_count_of_homes_is_the_one_that_holds():
    counted = HouseholdGroupCounted(**GROUP_IDS, homes=11)
    Scenario(GROUP).given(formed, counted).when(CountGroup(homes=11)).then_nothing()
    Scenario(GROUP).given(formed, counted).when(CountGroup(homes=12)).then(HouseholdGroupCounted(**GROUP_IDS, homes=12))
