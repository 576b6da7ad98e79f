"""A large day: a thousand members claim three hundred places of one post at once. Nobody too many, and the waiting list is exact."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from shared.contracts.activities.posts import PostClaimed, PostClaimRejected, PostClaimWaitlisted
from tests.activities.conftest import District, registered
from tests.activities.given import member

PEOPLE, PLACES, WAITING = 1000, 300, 100
FIRST = 1001  # numbers of the crowd, apart from the members every district has
AT_ONCE = 250  # requests under way together, as many as a server's connections


async def claim(district: District, post_id: str, number: int, slots: asyncio.Semaphore) -> tuple[dict[str, Any], float]:
    """A claim and how long its answer took once it was sent."""
    async with slots:
        answer, seconds = await district.service.insist(f"/posts/{post_id}/claims", as_=district.member(number), json={})
    assert answer.status_code == httpx2.codes.CREATED, answer.text
    return answer.json()["result"], seconds


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_thousand_claims_on_three_hundred_places_end_correct(district: District) -> None:
    for number in range(FIRST, FIRST + PEOPLE):
        district.service.foreign(*registered(number))
    post_id = await district.open_post(capacity=PLACES, waiting_list_limit=WAITING)
    district.service.now += timedelta(hours=1)
    await district.service.settled()
    slots = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(*(claim(district, post_id, number, slots) for number in range(FIRST, FIRST + PEOPLE)))
    outcomes = [answer["outcome"] for answer, _ in answers]
    assert {each: outcomes.count(each) for each in set(outcomes)} == {
        "claimed": PLACES,
        "waitlisted": WAITING,
        "rejected": PEOPLE - PLACES - WAITING,
    }
    events = [each.data for each in await district.service.log()]
    holders = [each.member_id for each in events if isinstance(each, PostClaimed)]
    waiting = [each for each in events if isinstance(each, PostClaimWaitlisted)]
    refused = [each.reason for each in events if isinstance(each, PostClaimRejected)]
    assert len({*holders, *(each.member_id for each in waiting)}) == PLACES + WAITING
    assert [each.position for each in waiting] == list(range(1, WAITING + 1))
    assert set(refused) == {"CAPACITY"}
    detail = await district.get(f"/posts/{post_id}", district.secretary)
    assert (detail["claimed"], detail["waiting"], detail["free"]) == (PLACES, WAITING, 0)
    in_line = [each["claim_id"] for each in detail["claims"] if each["status"] == "WAITING"]
    assert in_line == [str(each.claim_id) for each in waiting]
    # The first to leave makes room for the first in line.
    leaver = next(each for each in events if isinstance(each, PostClaimed))
    number = next(each for each in range(FIRST, FIRST + PEOPLE) if member(each) == leaver.member_id)
    await district.post(f"/posts/{post_id}/claims/{leaver.claim_id}/release", district.member(number), reason="CARE")
    promoted = [each for each in (event.data for event in await district.service.log()) if isinstance(each, PostClaimed)][-1]
    assert (promoted.claim_id, promoted.from_waiting_list) == (waiting[0].claim_id, True)
    times = sorted(seconds for _, seconds in answers)
    print(f"\n{PEOPLE} claims, {AT_ONCE} at once: p50 {times[PEOPLE // 2]:.2f} s, p99 {times[PEOPLE * 99 // 100]:.2f} s")  # noqa: T201 - a figure for people, asserted nowhere
