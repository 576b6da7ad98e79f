"""A key belongs to one request: of one account, route and body. With another one it answers 422, and hands nothing out."""

import pytest

from shared.identity import Role
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY

DRAFT = {
    "community_id": str(COMMUNITY),
    "title": "巡逻岗",
    "category": "PUBLIC_ORDER",
    "duties": "周六傍晚巡逻",
    "place": "三号楼",
    "capacity": 2,
    "waiting_list_limit": 2,
    "agreed_units": 24,
    "term_start": "2026-01-01",
    "term_end": "2026-12-31",
}


KIT = {"community_type": "平安型", "place": "二楼"}
KIT_PATH = f"/communities/{COMMUNITY}/starting-kit"
FIRST = {"one command": ("/posts", DRAFT), "several commands": (KIT_PATH, KIT)}
SECOND = {
    "another title": ("/posts", DRAFT | {"title": "读书岗"}),
    "another number": ("/posts", DRAFT | {"capacity": 3}),
    "another query": ("/posts?again=1", DRAFT),
    "another place": (KIT_PATH, KIT | {"place": "一楼"}),
}


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("second", SECOND)
async def test_the_second_intention_under_one_key_is_refused(district: District, first: str, second: str) -> None:
    key = district.service.key()
    path, body = FIRST[first]
    assert (await district.service.post(path, as_=district.clerk, json=body, key=key)).status_code == 201
    before = await district.service.names()
    path, body = SECOND[second]
    answer = await district.service.post(path, as_=district.clerk, json=body, key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "command_id_reused")
    assert await district.service.names() == before


async def test_the_same_request_again_gets_the_first_answer_and_another_account_does_not(district: District) -> None:
    key = district.service.key()
    answers = [await district.service.post("/posts", as_=district.clerk, json=DRAFT, key=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    colleague = district.service.token(Role.COMMUNITY_CLERK, subject="colleague", organisations=[COMMUNITY])
    other = await district.service.post("/posts", as_=colleague, json=DRAFT, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "command_id_reused")


async def test_the_keys_in_the_feed_open_no_secret_link(district: District) -> None:
    link = (await district.post("/me/calendar-links", district.member(1), 201))["result"]
    key = (await district.service.log())[-1].correlation_id
    stolen = await district.service.post("/me/calendar-links", as_=district.member(2), key=key)
    assert (stolen.status_code, stolen.json()["code"]) == (422, "command_id_reused")
    assert link["path"] not in stolen.text


async def test_the_fingerprint_is_kept_beside_the_event_and_not_in_it(district: District) -> None:
    await district.post("/posts", district.clerk, 201, **DRAFT)
    told = (await district.service.log())[-1]
    async with district.service.parts.database.district(district.service.district, readonly=True) as tx:
        kept = await tx.fetchval("SELECT fingerprint FROM events WHERE sequence = $1", told.sequence)
    assert len(kept) == 32
    assert kept not in told.body
    assert kept.hex().encode() not in told.body
