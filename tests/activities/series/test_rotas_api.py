"""Patrol rotas suggest and never assign."""

from collections import Counter
from datetime import timedelta

from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, member, some_id


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
