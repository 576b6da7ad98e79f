"""Chapter 5: suggestions, practical matters, residents' ratings by one-time links, ends of post terms, feedback reports to units."""

import asyncio
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from ops.demo.chapters import organisations, posts
from ops.demo.programme import MATTERS, SUGGESTIONS
from ops.demo.world import Diligence, Member, Record, World, at

NEXT_RULES = date(2026, 11, 19)  # more than 30 days before they take effect
SUGGESTED, ACCEPTED, ADOPTED = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 26)
PROPOSED, APPROVED, REPORTED, COMPLETED = date(2026, 11, 21), date(2026, 11, 24), date(2026, 12, 4), date(2026, 12, 8)
RATED = date(2026, 12, 10)
DRAFTED, COMMENTED, SENT, NOTED = date(2026, 12, 17), date(2026, 12, 18), date(2026, 12, 25), date(2026, 12, 28)
EXAMPLE_RATINGS = (5, 5, 5, 5, 4, 4)
USUAL_RATINGS = (5, 5, 5, 4, 4, 3)
MOST_RATED = 12
ADOPTED_BESIDE_THE_EXAMPLE = 3


async def tell(world: World) -> None:
    """Suggestions and practical matters of members, ratings, and feedback to members and units."""
    await organisations.publish_rules(world, 2, 2027, NEXT_RULES)
    await _suggest(world)
    await _take_in_hand(world)
    await _rate(world)
    await posts.complete_terms(world)
    await world.client.settle(at(posts.TERM_IS_OVER, 18))
    await _feed_back(world)


async def _suggest(world: World) -> None:
    """Accepted suggestions complete an item of the six ones, adopted ones earn the bonus, one is declined with a reason."""
    active = [member for member in world.members if member.reports_on < SUGGESTED]
    suggesters = [member for place, member in enumerate(active) if _is_active(member, place)]

    async def suggest(place_and_member: tuple[int, Member]) -> str:
        place, member = place_and_member
        title, text = SUGGESTIONS[place % len(SUGGESTIONS)]
        body = {"community_id": member.community.id, "title": title, "text": text}
        return (await world.activities.result("/suggestions", body, by=member.caller, at=at(SUGGESTED, 20)))["suggestion_id"]

    ids = await world.each(enumerate(suggesters), suggest)
    await world.client.settle(at(SUGGESTED, 21))
    pairs = list(zip(ids, suggesters, strict=True))
    others = [pair for pair in pairs if not pair[1].is_example]
    declined = others[-1:] if len(others) > ADOPTED_BESIDE_THE_EXAMPLE else []
    accepted = [pair for pair in pairs if pair not in declined]
    adopted = [pair for pair in pairs if pair[1].is_example] + [pair for pair in others if pair not in declined][
        :ADOPTED_BESIDE_THE_EXAMPLE
    ]

    async def decide(pair: tuple[str, Member], verb: str, body: dict[str, str], day: date) -> None:
        await world.activities.post(f"/suggestions/{pair[0]}/{verb}", body, by=pair[1].community.secretary, at=at(day, 10))

    await world.each(accepted, lambda pair: decide(pair, "accept", {}, ACCEPTED))
    await world.each(declined, lambda pair: decide(pair, "decline", {"reason": "已列入明年改造计划"}, ACCEPTED))
    await world.each(adopted, lambda pair: decide(pair, "adopt", {"plan": "列入社区年度办理事项"}, ADOPTED))
    await world.client.settle(at(ADOPTED, 18))


def _is_active(member: Member, place: int) -> bool:
    return member.is_example or member.diligence is Diligence.KEEN or (member.diligence is Diligence.STEADY and place % 2 == 0)


async def _take_in_hand(world: World) -> None:
    """Practical matters from proposal to completion: another item of the six ones."""
    active = [member for member in world.members if member.reports_on < PROPOSED and not member.is_example]
    doers = [member for place, member in enumerate(active) if member.diligence is Diligence.KEEN and place % 2 == 0]

    async def take(place_and_member: tuple[int, Member]) -> None:
        place, member = place_and_member
        title, text = MATTERS[place % len(MATTERS)]
        body = {"community_id": member.community.id, "title": title, "text": text}
        matter_id = (await world.activities.result("/matters", body, by=member.caller, at=at(PROPOSED, 20)))["matter_id"]
        by = member.community.secretary
        await world.activities.post(f"/matters/{matter_id}/approve", {}, by=by, at=at(APPROVED))
        await world.activities.post(f"/matters/{matter_id}/report", {"result": "已办结,居民已确认"}, by=member.caller, at=at(REPORTED))
        await world.activities.post(f"/matters/{matter_id}/complete", {}, by=by, at=at(COMPLETED))

    await world.each(enumerate(doers), take)
    await world.client.settle(at(COMPLETED, 18))


async def _rate(world: World) -> None:
    """Residents answer through one-time links without an account: six for the example, three to five for others; one is withheld."""
    last: dict[UUID, Record] = {}
    for record in world.records:
        last[record.member.id] = record
    rated = [member for member in world.members if member.id in last and (member.is_example or member.diligence is Diligence.KEEN)]
    rated.sort(key=lambda member: not member.is_example)
    answers: list[tuple[Record, Sequence[int | None]]] = []
    for member in rated[:MOST_RATED]:
        usual: list[int | None] = [world.chance.choice(USUAL_RATINGS) for _ in range(world.chance.randint(3, 5))]
        answers.append((last[member.id], EXAMPLE_RATINGS if member.is_example else usual))
    if len(answers) > 1:
        answers[-1] = (answers[-1][0], [*answers[-1][1], None])

    async def rate(record: Record, ratings: Sequence[int | None]) -> None:
        body = {"activity_id": record.activity_id, "member_id": record.member.id, "count": len(ratings)}
        by = record.member.community.clerk
        tokens = (await world.evaluation.post("/rating-invitations", body, by=by, at=at(RATED, 9)))["tokens"]
        path = f"/districts/{world.client.district}/ratings"
        said = [{"token": token, **_answer(rating)} for token, rating in zip(tokens, ratings, strict=True)]
        await asyncio.gather(*(world.evaluation.post(path, each, by=None, at=at(RATED, 20)) for each in said))

    await world.each(answers, lambda each: rate(*each))
    await world.client.settle(at(RATED, 21))


def _answer(rating: int | None) -> dict[str, int | bool]:
    return {"withheld": True} if rating is None else {"rating": rating}


async def _feed_back(world: World) -> None:
    """Each community reports on one member's quarter to the unit; the member sees it first and may comment."""

    async def draft(member: Member) -> tuple[Member, str]:
        body = {"member_id": member.id, "year": 2026, "quarter": 4, "remark": "按时参加岗位值勤"}
        answer = await world.evaluation.result("/feedback-reports", body, by=member.community.secretary, at=at(DRAFTED))
        return member, f"/feedback-reports/{answer['report_id']}"

    async def exchange(member: Member, path: str) -> None:
        await world.evaluation.post(f"{path}/comment", {"comment": "情况属实"}, by=member.caller, at=at(COMMENTED))
        await world.evaluation.post(f"{path}/send", {}, by=member.community.secretary, at=at(SENT))
        await world.evaluation.post(f"{path}/acknowledge", {}, by=member.unit.liaison, at=at(NOTED))

    drafts = await world.each([community.members[0] for community in world.populated()], draft)
    await world.client.settle(at(DRAFTED, 18))
    await world.each(drafts, lambda each: exchange(*each))
    await world.client.settle(at(NOTED, 18))
