"""Responsibility areas of four sizes, household groups with coverage, and patrol rotas that suggest and never assign."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.activities import errors
from services.activities.neighbourhoods.neighbourhood import (
    AREA,
    GROUP,
    AreaLiesInALargerOne,
    CloseArea,
    CountGroup,
    DissolveGroup,
    DrawArea,
    FormGroup,
    NameLeader,
)
from services.activities.series.rota import Turn, suggested
from shared.contracts.activities import (
    AreaSize,
    HouseholdGroupCounted,
    HouseholdGroupDissolved,
    HouseholdGroupFormed,
    HouseholdGroupLed,
    ResponsibilityAreaClosed,
    ResponsibilityAreaDrawn,
    ResponsibilityAreaRedrawn,
)
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, member, some_id

AREA_ID, GROUP_ID = some_id("af", 1), some_id("a9", 1)
DRAFT: dict[str, Any] = {"area_id": AREA_ID, "community_id": COMMUNITY, "size": AreaSize.BUILDING, "name": "三号楼"}
drawn = ResponsibilityAreaDrawn(**DRAFT)
GROUP_IDS = {"group_id": GROUP_ID, "community_id": COMMUNITY}
formed = HouseholdGroupFormed(**GROUP_IDS, name="三号楼一单元", homes=12)


def test_an_area_lies_in_a_larger_one():
    Scenario(AREA).when(DrawArea(**DRAFT)).then(drawn)
    Scenario(AREA).when(DrawArea(**DRAFT, parent_size=AreaSize.TRACT)).then(drawn)
    Scenario(AREA).when(DrawArea(**DRAFT | {"size": AreaSize.ZONE}, parent_size=AreaSize.TRACT)).then_rejected(AreaLiesInALargerOne)
    Scenario(AREA).when(DrawArea(**DRAFT, parent_size=AreaSize.BUILDING)).then_rejected(AreaLiesInALargerOne)
    counted = DRAFT | {"homes": 48}
    Scenario(AREA).given(drawn).when(DrawArea(**counted)).then(ResponsibilityAreaRedrawn(**counted))
    Scenario(AREA).given(drawn).when(DrawArea(**DRAFT)).then_nothing()
    closed = ResponsibilityAreaClosed(area_id=AREA_ID, community_id=COMMUNITY, reason="拆迁")
    Scenario(AREA).given(drawn).when(CloseArea(reason="拆迁")).then(closed)
    Scenario(AREA).given(drawn, closed).when(DrawArea(**counted)).then_rejected(errors.WrongStep)


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
    Scenario(GROUP).given(formed, dissolved).when(CountGroup(homes=3)).then_rejected(errors.WrongStep)


@given(
    people=st.integers(2, 7),
    capacities=st.lists(st.one_of(st.none(), st.integers(1, 2)), max_size=12),
)
def test_a_rota_is_even_and_puts_nobody_on_a_day_twice(people: int, capacities: list[int | None]):
    turns = [Turn(some_id("dd", number), capacity, frozenset()) for number, capacity in enumerate(capacities)]
    found = suggested(turns, {member(number): 0 for number in range(people)})
    counts = Counter(each for chosen in found.values() for each in chosen)
    assert all(len(set(chosen)) == len(chosen) for chosen in found.values())
    assert max(counts.values(), default=0) - min((counts[member(number)] for number in range(people)), default=0) <= 1
    assert all(len(found[turn.activity_id]) == min(people, turn.open_places) for turn in turns)


def test_a_rota_asks_those_who_had_fewer_turns_and_leaves_taken_places_alone():
    turn = Turn(some_id("dd", 1), 2, frozenset({member(1)}))
    assert suggested([turn], {member(1): 0, member(2): 5, member(3): 1}) == {turn.activity_id: (member(3),)}


async def area(district: District, status: int = 201, **changes: Any) -> str:
    body = {"community_id": str(COMMUNITY), "size": "ZONE", "name": "东区"} | changes
    answer = await district.post("/areas", district.clerk, status, **body)
    return answer["result"]["area_id"] if status == 201 else answer["code"]


async def test_areas_are_taken_on_through_posts_and_coverage_is_counted(district: District) -> None:
    zone = await area(district)
    building = await area(district, size="BUILDING", name="三号楼", parent_id=zone, homes=48)
    assert await area(district, 409, size="ZONE", name="西区", parent_id=building) == "area_lies_in_a_larger_one"
    assert await area(district, 422, parent_id=str(some_id("af", 99))) == "malformed"
    assert await area(district, 403, community_id=str(OTHER_COMMUNITY)) == "forbidden"
    post_id = await district.open_post(area_id=building)
    claim = await district.claim(post_id, 1)
    await district.post(f"/posts/{post_id}/claims/{claim['claim_id']}/confirm", district.secretary)
    group = {"community_id": str(COMMUNITY), "name": "三号楼一单元", "area_id": building}
    first = (await district.post("/household-groups", district.clerk, 201, **group, homes=12))["result"]["group_id"]
    second = (await district.post("/household-groups", district.clerk, 201, **group, homes=12))["result"]["group_id"]
    await district.post(f"/household-groups/{first}/leader", district.member(2))
    await district.post(f"/household-groups/{first}/leader", district.member(6), 403)
    await district.post(f"/household-groups/{second}/leader", district.clerk, is_resident=True)
    await district.post(f"/household-groups/{second}/leader", district.member(2), 404, is_resident=True)
    report = await district.get("/reports/coverage", district.clerk, community_id=str(COMMUNITY))
    sizes = {each["size"]: (each["areas"], each["taken_on"]) for each in report["areas"]}
    assert sizes == {"ZONE": (1, 0), "TRACT": (0, 0), "BUILDING": (1, 1), "COURTYARD": (0, 0)}
    assert (report["groups"], report["homes"], report["led"], report["led_by_members_percent"]) == (2, 24, 2, 50)
    assert (report["all_homes"], report["covered_percent"]) == (None, None)  # the zone was not counted yet
    zone_facts = {"community_id": str(COMMUNITY), "size": "ZONE", "name": "东区"}
    await district.post(f"/areas/{zone}/redraw", district.clerk, **zone_facts, homes=96)
    assert (await district.get("/reports/coverage", district.admin))["covered_percent"] == 25
    await district.post(f"/household-groups/{second}/count", district.clerk, homes=36)
    assert (await district.get("/reports/coverage", district.admin))["covered_percent"] == 50
    await district.post(f"/household-groups/{second}/dissolve", district.clerk, reason="并组")
    await district.post(f"/areas/{building}/close", district.clerk, reason="拆迁")
    (seen,) = (await district.get(f"/communities/{COMMUNITY}/household-groups", district.clerk))["items"]
    assert (seen["homes"], seen["leader_id"]) == (12, str(member(2)))
    assert [each["name"] for each in (await district.get("/areas", district.member(1)))["items"]] == ["东区"]
    await district.get("/reports/coverage", district.elsewhere, 403, community_id=str(COMMUNITY))


async def test_a_patrol_rota_is_a_suggestion_and_signing_up_takes_the_turn(district: District) -> None:
    team = {"community_id": str(COMMUNITY), "kind": "COMMUNITY_SECURITY", "name": "义务巡逻队"}
    team_id = (await district.post("/teams", district.clerk, 201, **team))["result"]["team_id"]
    for number in (1, 2, 3, 4):
        await district.post(f"/teams/{team_id}/join", district.member(number))
    series = {
        "community_id": str(COMMUNITY),
        "title": "夜间义务巡逻",
        "activity_type": "VOLUNTEER_SERVICE",
        "rule": "FREQ=WEEKLY;BYDAY=FR",
        "first_day": "2026-01-05",
        "starts": "19:00",
        "ends": "21:00",
        "place": "社区广场",
        "capacity": 2,
        "team_id": team_id,
    }
    series_id = (await district.post("/series", district.clerk, 201, **series))["result"]["series_id"]
    planned = (await district.post(f"/series/{series_id}/plan", district.clerk, until="2026-01-31"))["planned"]
    for activity_id in planned:
        await district.post(f"/activities/{activity_id}/publish", district.clerk)
    turns = await district.get(f"/series/{series_id}/rota", district.clerk)
    counts = Counter(each for turn in turns for each in turn["suggested"])
    assert (len(turns), set(counts.values())) == (4, {2})
    (own,) = {each for turn in await district.get(f"/series/{series_id}/rota", district.member(1)) for each in turn["suggested"]}
    assert own == str(member(1))
    await district.post(f"/activities/{planned[0]}/sign-ups", district.member(4), 201)
    first = (await district.get(f"/series/{series_id}/rota", district.clerk))[0]
    assert (first["signed_up"], first["open_places"], len(first["suggested"])) == ([str(member(4))], 1, 1)
    district.service.now += timedelta(days=10)
    assert len(await district.get(f"/series/{series_id}/rota", district.clerk)) == 3
    await district.get(f"/series/{some_id('ac', 9)}/rota", district.clerk, 404)
