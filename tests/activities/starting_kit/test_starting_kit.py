"""The starting kit: a new community proposes the posts of its type in one go, and opens what it wants."""

from services.activities.series.templates import CommunityType
from services.activities.starting_kit.starting_kit import KitCode, models_for, series_for
from shared.contracts.activities.posts import PostProposed
from shared.contracts.service_preference import PostCategory
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY

PATH = f"/communities/{COMMUNITY}/starting-kit"
BODY = {"community_type": "平安型", "place": "公园社区"}


def test_every_type_has_posts_and_series_of_its_own():
    for kind in CommunityType:
        models = models_for(kind)
        assert [each.community_type for each in models].count(kind) == 1
        assert len({each.category for each in models}) >= len(models) - 1
        assert len(series_for(kind)) >= 3
    assert {each.code for kind in CommunityType for each in models_for(kind)} == set(KitCode)
    assert PostCategory.LEGAL_AID not in {each.category for kind in CommunityType for each in models_for(kind)}  # needs a qualification


async def test_a_new_community_takes_the_kit_and_opens_what_it_wants(district: District) -> None:
    seen = await district.get(PATH, district.clerk, **BODY)
    assert [each["title"] for each in seen["posts"]] == ["夜间巡逻岗", "楼道环境岗", "政策咨询岗", "邻里关爱岗", "矛盾调解岗"]
    assert not any(each["is_done"] for each in seen["steps"])
    assert await district.service.names() == []
    taken = await district.post(PATH, district.clerk, 201, **BODY)
    assert set(taken["proposed"]) == {"EVENING_PATROL", "CLEAN_STAIRCASES", "POLICY_DESK", "NEIGHBOURS_IN_NEED", "MEDIATOR"}
    assert await district.service.names() == [PostProposed.TYPE.rpartition(".")[2]] * 5
    assert (await district.get("/posts", district.member(1), status="OPEN"))["items"] == []
    post_id = taken["proposed"]["MEDIATOR"]
    await district.post(f"/posts/{post_id}/amend", district.secretary, reason="人手有限", capacity=2)
    await district.post(f"/posts/{post_id}/establish", district.secretary)
    (opened,) = (await district.get("/posts", district.member(1), status="OPEN"))["items"]
    assert (opened["title"], opened["capacity"], opened["place"]) == ("矛盾调解岗", 2, "公园社区")
    draft = next(each for each in taken["series"] if each["template"] == "SAFETY_PATROL")
    await district.post("/series", district.clerk, 201, **draft)
    steps = {each["title"]["en"]: each["is_done"] for each in (await district.get(PATH, district.clerk, **BODY))["steps"]}
    assert list(steps.values()) == [True, True, True, False, False, False]


async def test_the_kit_again_proposes_what_is_missing_and_changes_nothing_else(district: District) -> None:
    first = await district.post(PATH, district.clerk, 201, **BODY)
    again = await district.post(PATH, district.clerk, 201, **BODY)
    assert (again["proposed"], again["already_there"]) == ({}, first["proposed"])
    other = await district.post(PATH, district.clerk, 201, **(BODY | {"community_type": "LEARNING"}))
    assert set(other["proposed"]) == {"READING_ROOM"}
    assert (await district.service.names()).count("PostProposed") == 6


async def test_the_kit_is_for_the_own_community_and_a_known_type(district: District) -> None:
    await district.post(PATH, district.elsewhere, 403, **BODY)
    await district.post(PATH, district.member(1), 403, **BODY)
    await district.get(PATH, district.elsewhere, 403, **BODY)
    await district.post(PATH, district.clerk, 422, **(BODY | {"community_type": "繁华型"}))
    await district.post(PATH, district.clerk, 422, community_type="平安型")
