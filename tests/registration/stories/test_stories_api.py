"""Stories over HTTP: who may write, agree, publish and read; what is shown where; and that nothing of one outlives its member."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from ops.provision import Database
from services.registration.app import SERVICE
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU, HERE, THERE = "云溪区育光小学", "云溪区司法局", "新风社区", "钢铁社区"
WORDS = {"title": "雨夜里的一盏灯", "text": "郑启明同志连续三个雨夜值守积水路段。"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> AsyncIterator[Town]:
    yield await new_town(service, "stories")
    service.now = NEW_YEAR


def secretary(town: Town, role: Role = Role.UNIT_SECRETARY, where: str = SCHOOL, subject: str = "secretary") -> str:
    organisation = (town.units | town.communities)[where]
    return town.service.token(role, subject=subject, organisations=[organisation], district=town.district)


async def told(town: Town, path: str, as_: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = await town.service.post(path, as_=as_, json=body)
    assert answer.status_code == status, answer.text
    await town.service.settled()
    return answer.json()


async def drafted(town: Town, member_id: str, as_: str, where: str = SCHOOL, status: int = 201, **words: Any) -> dict[str, Any]:
    organisation_id = str((town.units | town.communities)[where])
    return await told(town, "/stories", as_, status, member_id=member_id, organisation_id=organisation_id, **(words or WORDS))


async def published(town: Town, member_id: str) -> str:
    """A story of the school about this member, agreed to and published; the id."""
    story_id = (await drafted(town, member_id, town.liaison(SCHOOL)))["result"]["story_id"]
    await told(town, f"/stories/{story_id}/agreement", town.member(member_id), text_version=1)
    await told(town, f"/stories/{story_id}/publication", secretary(town))
    return story_id


async def shown(town: Town, as_: str | None = None, **query: Any) -> list[dict[str, Any]]:
    answer = await town.service.get("/stories", as_=as_ or town.clerk(THERE), params={"limit": 500, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def own(town: Town, member_id: str) -> list[dict[str, Any]]:
    copy = await town.service.get(f"/members/{member_id}/export", as_=town.member(member_id))
    return copy.json()["page"]["stories"]


def ids(items: list[dict[str, Any]]) -> set[str]:
    return {each["story_id"] for each in items}


async def test_the_member_reads_exactly_what_is_published_and_takes_it_off_at_once(town: Town) -> None:
    member_id = await town.enrolled(SCHOOL, "郑启明")
    story = (await drafted(town, member_id, town.liaison(SCHOOL)))["result"]
    path = f"/stories/{story['story_id']}"
    (waiting,) = await own(town, member_id)
    assert (waiting["status"], waiting["text_version"], {name: waiting[name] for name in WORDS}) == ("DRAFTED", 1, WORDS)
    refused = await told(town, f"{path}/publication", secretary(town), 409)
    assert refused["code"] == "story_needs_agreement"
    await told(town, f"{path}/agreement", town.member(member_id), text_version=1)
    assert story["story_id"] not in ids(await shown(town))
    both = [town.units[SCHOOL], town.communities[HERE]]
    mixed = town.service.token(Role.UNIT_LIAISON, Role.COMMUNITY_SECRETARY, organisations=both, district=town.district)
    await told(town, f"{path}/publication", mixed, 403)  # a secretary, but elsewhere
    await told(town, f"{path}/publication", secretary(town))
    (read,) = [each for each in await shown(town) if each["story_id"] == story["story_id"]]
    assert {name: read[name] for name in WORDS} == WORDS
    assert (read["unit_id"], set(read)) == (
        str(town.units[SCHOOL]),
        {"story_id", "unit_id", "community_id", "title", "text", "published_at"},
    )
    await told(town, f"{path}/refusal", town.member(member_id))
    assert story["story_id"] not in ids(await shown(town))
    assert [each["status"] for each in await own(town, member_id)] == ["WITHDRAWN"]
    await told(town, f"{path}/refusal", town.member(member_id))
    stored = b"".join(event.body for event in await town.service.log(town.district))
    for word in WORDS.values():
        assert word.encode() not in stored
        assert word.encode("unicode-escape") not in stored


async def test_another_text_comes_off_and_needs_another_agreement(town: Town) -> None:
    member_id = await town.enrolled(SCHOOL, "柳青")
    path = f"/stories/{await published(town, member_id)}"
    changed = await told(town, f"{path}/text", town.liaison(SCHOOL), title="另一个标题", text="另一段文字")
    assert changed["result"]["text_version"] == 2
    assert path.removeprefix("/stories/") not in ids(await shown(town))
    await told(town, f"{path}/publication", secretary(town), 409)
    stale = await told(town, f"{path}/agreement", town.member(member_id), 409, text_version=1)
    assert stale["code"] == "story_has_changed"
    (waiting,) = await own(town, member_id)
    assert (waiting["status"], waiting["text"]) == ("DRAFTED", "另一段文字")
    await told(town, f"{path}/agreement", town.member(member_id), text_version=2)
    await told(town, f"{path}/publication", secretary(town))
    assert ("另一个标题", "另一段文字") in {(each["title"], each["text"]) for each in await shown(town)}


async def test_unit_and_community_write_about_their_own_and_only_the_member_answers(town: Town) -> None:
    member_id, _ = await town.registered(SCHOOL, HERE)
    await drafted(town, member_id, town.liaison(BUREAU), SCHOOL, 403)
    await drafted(town, member_id, town.liaison(BUREAU), BUREAU, 403)
    await drafted(town, member_id, town.clerk(THERE), THERE, 403)
    await drafted(town, member_id, town.clerk(HERE), SCHOOL, 403)
    for as_ in (town.admin, town.member(member_id)):
        await drafted(town, member_id, as_, SCHOOL, 403)
    await drafted(town, member_id, secretary(town, subject=member_id), SCHOOL, 403)  # nobody writes their own
    story_id = (await drafted(town, member_id, town.clerk(HERE), HERE))["result"]["story_id"]
    path = f"/stories/{story_id}"
    stranger = town.member(await town.enrolled(SCHOOL, "白羽"))
    for as_ in (town.clerk(HERE), town.liaison(SCHOOL), town.admin, stranger):
        await told(town, f"{path}/agreement", as_, 403, text_version=1)
        await told(town, f"{path}/refusal", as_, 403)
    await told(town, f"{path}/agreement", town.member(member_id), text_version=1)
    for as_ in (town.clerk(HERE), secretary(town), secretary(town, Role.COMMUNITY_SECRETARY, THERE), town.admin, town.member(member_id)):
        await told(town, f"{path}/publication", as_, 403)
    await told(town, f"{path}/publication", secretary(town, Role.COMMUNITY_SECRETARY, HERE, member_id), 403)
    await told(town, f"{path}/publication", secretary(town, Role.COMMUNITY_SECRETARY, HERE))
    listed = f"/organisations/{town.communities[HERE]}/stories"
    answer = await town.service.get(listed, as_=town.clerk(HERE))
    assert [(each["story_id"], each["status"]) for each in answer.json()["items"]] == [(story_id, "PUBLISHED")]
    for as_ in (town.liaison(SCHOOL), town.clerk(THERE), town.admin, town.member(member_id)):
        assert (await town.service.get(listed, as_=as_)).status_code == 403
    for as_ in (town.liaison(SCHOOL), town.clerk(THERE)):
        await told(town, f"{path}/text", as_, 403, **WORDS)
        await told(town, f"{path}/end", as_, 403)
    await told(town, f"{path}/end", town.clerk(HERE))
    assert story_id not in ids(await shown(town))
    (over,) = await own(town, member_id)
    assert (over["status"], over["title"], over["text"]) == ("GIVEN_UP", None, None)
    assert (await told(town, f"{path}/text", town.clerk(HERE), 409, **WORDS))["code"] == "story_is_given_up"


async def test_bad_words_are_refused_and_another_district_has_no_story(town: Town) -> None:
    member_id = await town.enrolled(SCHOOL, "柳青")
    for wrong in ({"title": "长" * 41}, {"text": "长" * 1001}, {"title": " "}, {"text": ""}, {"text": 7}, {"photo": "x"}):
        await drafted(town, member_id, town.liaison(SCHOOL), SCHOOL, 422, **{**WORDS, **wrong})
    longest = {"title": "长" * 40, "text": "长" * 1000}
    story_id = (await drafted(town, member_id, town.liaison(SCHOOL), **longest))["result"]["story_id"]
    key = town.service.key()
    body = {"member_id": member_id, "organisation_id": str(town.units[SCHOOL]), **WORDS}
    twice = [await town.service.post("/stories", as_=town.liaison(SCHOOL), json=body, key=key) for _ in range(2)]
    assert twice[0].json() == twice[1].json()
    await told(town, f"/stories/{story_id}/agreement", town.member(member_id), 422, text_version=0)
    nobody = UUID(int=7)
    await drafted(town, str(nobody), town.liaison(SCHOOL), SCHOOL, 404)
    for path in ("agreement", "refusal"):
        await told(town, f"/stories/{nobody}/{path}", town.member(member_id), 404, **({"text_version": 1} if path == "agreement" else {}))
    elsewhere = town.service.token(Role.MEMBER, subject=member_id, district="elsewhere")
    await told(town, f"/stories/{story_id}/refusal", elsewhere, 404)
    assert await shown(town, elsewhere) == []
    for cursor in ("rubbish", "WyJhIiwiYiJd"):
        assert (await town.service.get("/stories", as_=town.admin, params={"after": cursor})).status_code == 422
    for role in (Role.SYSTEM_ADMIN, Role.RESIDENT):
        outsider = town.service.token(role, subject="x", district=town.district)
        assert (await town.service.get("/stories", as_=outsider)).status_code == 403


async def test_published_stories_come_newest_first_page_by_page_and_nobody_notes_who_reads(town: Town) -> None:
    member_id = await town.enrolled(BUREAU, "何云帆")
    told_of = []
    for _ in range(3):
        town.service.now += timedelta(minutes=1)
        story_id = (await drafted(town, member_id, town.liaison(BUREAU), BUREAU))["result"]["story_id"]
        await told(town, f"/stories/{story_id}/agreement", town.member(member_id), text_version=1)
        await told(town, f"/stories/{story_id}/publication", secretary(town, where=BUREAU))
        told_of.append(story_id)
    first = (await town.service.get("/stories", as_=town.admin, params={"limit": 2})).json()
    rest = (await town.service.get("/stories", as_=town.admin, params={"limit": 2, "after": first["next"]})).json()
    assert [each["story_id"] for each in (*first["items"], *rest["items"])][:3] == told_of[::-1]
    drafts = f"/organisations/{town.units[BUREAU]}/stories"
    page = (await town.service.get(drafts, as_=town.liaison(BUREAU), params={"limit": 1})).json()
    following = (await town.service.get(drafts, as_=town.liaison(BUREAU), params={"limit": 1, "after": page["next"]})).json()
    assert [each["story_id"] for each in (*page["items"], *following["items"])] == told_of[:0:-1]
    looked = await town.service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))
    assert {(each["actor"], each["purpose"]) for each in looked.json()["items"]} == {(f"liaison {BUREAU}", "stories")}


@pytest.mark.parametrize("what", ["erased", "merged"])
async def test_a_story_goes_with_its_member(town: Town, what: str) -> None:
    member_id = await town.enrolled(SCHOOL, "柳青")
    story_id = await published(town, member_id)
    assert story_id in ids(await shown(town))
    if what == "erased":
        await told(town, f"/members/{member_id}/erasure", town.member(member_id))
    else:
        other = await town.enrolled(SCHOOL, "柳青")
        await told(town, f"/members/{member_id}/merge", town.admin, into_member_id=other, reason="重复登记")
    assert story_id not in ids(await shown(town))
    listed = await town.service.get(f"/organisations/{town.units[SCHOOL]}/stories", as_=town.liaison(SCHOOL), params={"limit": 500})
    assert story_id not in ids(listed.json()["items"])
    assert await own(town, member_id) == []
    await told(town, f"/stories/{story_id}/publication", secretary(town), 404)
    await told(town, f"/stories/{story_id}/text", town.liaison(SCHOOL), 404, **WORDS)
    if what == "erased":
        sealed = next(each.data for each in await town.service.log(town.district) if str(getattr(each.data, "story_id", "")) == story_id)
        ring = await town.service.client._transport.app.state.vault.key_ring(town.district, [UUID(member_id)])
        assert ring.open(UUID(member_id), "story_text", sealed.text_sealed) is None


async def test_g15_a_text_nobody_agrees_to_for_half_a_year_is_given_up(town: Town, database: Database) -> None:
    waiting, agreed = await town.enrolled(SCHOOL, "柳青"), await town.enrolled(SCHOOL, "白羽")
    await drafted(town, waiting, town.liaison(SCHOOL))
    story_id = await published(town, agreed)
    for days, statuses in ((182, ["DRAFTED", "PUBLISHED"]), (2, ["GIVEN_UP", "PUBLISHED"])):
        town.service.now += timedelta(days=days)
        await town.enrolled(BUREAU, "何云帆")  # the district's business goes on
        await town.service.settled()
        assert [(await own(town, each))[0]["status"] for each in (waiting, agreed)] == statuses
    assert (await own(town, waiting))[0]["text"] is None
    await told(town, f"/stories/{story_id}/refusal", town.member(agreed))
    town.service.now += timedelta(days=184)
    await town.enrolled(BUREAU, "何云帆")
    await town.service.settled()
    assert (await own(town, agreed))[0]["status"] == "GIVEN_UP"
    told_of = {event.name for event in await town.service.log(town.district) if event.name.startswith("Story")}
    assert told_of >= {"StoryDrafted", "StoryAgreed", "StoryPublished", "StoryWithdrawn", "StoryGivenUp"}
    owner, role = database.url("registration_owner"), database.url("registration")
    assert (await rebuild(SERVICE.read_model(), town.service.feeds, owner_url=owner, service_url=role, swap=False)).is_equal
