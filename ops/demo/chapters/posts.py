"""Chapter 3: residents' needs become posts; members claim, wait, are refused, take up, release; teams are suggested and joined.

Invariant: claims on one post are sent one after the other, so that the network does not decide who gets a place.
"""

import asyncio
from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from ops.demo.programme import ANSWERED, DUTY_UNITS, FORWARDED, NEEDS, POSTS, PostPlan
from ops.demo.world import Diligence, Member, Post, World, at

NEEDS_DAY = date(2026, 1, 4)
POSTS_DAY = date(2026, 1, 5)
CLAIMS_DAY = date(2026, 1, 7)
TERM_START, TERM_END = date(2026, 1, 15), date(2026, 12, 15)
TAKEN_UP_DAY = date(2026, 1, 15)
RELEASE_DAY = date(2026, 1, 19)
LEAVES_ON = date(2026, 1, 30)
TEAMS_DAY = date(2026, 1, 16)
TERM_IS_OVER = date(2026, 12, 16)

TEAM_NAMES = {"SUBSTITUTE_PARENTS": "代理家长队", "COMMUNITY_SECURITY": "社区治安队", "POLICY_PROMOTION": "政策宣传队"}
TEAM_OF = {
    "TEACHER": "SUBSTITUTE_PARENTS",
    "POLICE": "COMMUNITY_SECURITY",
    "DISTRICT_ORGAN": "POLICY_PROMOTION",
    "STREET_OFFICE": "POLICY_PROMOTION",
}


async def tell(world: World) -> None:
    """Needs → posts → claims → taken up → released; then teams."""
    needs = await _hear_needs(world)
    plans = [plan for plan in POSTS if world.communities[plan.community].members]
    world.posts = posts = await world.each(plans, lambda plan: _establish(world, plan, needs))
    await _answer_needs(world, needs)
    await world.client.settle(at(POSTS_DAY, 18))
    await _claim(world, posts)
    await world.each(posts, lambda post: _take_up(world, post))
    await _release(world, posts)
    await _form_teams(world)
    await world.client.settle(at(RELEASE_DAY, 20))


async def complete_terms(world: World) -> None:
    """In December every holder's term on a post is completed."""

    async def complete(claim: tuple[Post, UUID]) -> None:
        post, claim_id = claim
        await world.activities.post(f"/posts/{post.id}/claims/{claim_id}/fulfil", {}, by=post.community.clerk, at=at(TERM_IS_OVER))

    await world.each([(post, claim_id) for post in world.posts for claim_id in post.claims], complete)


async def _hear_needs(world: World) -> dict[tuple[str, str], str]:
    """Residents' needs by community and category; some are forwarded to others, one is only a question."""

    async def hear(need: tuple[str, str, str, str]) -> tuple[tuple[str, str], str]:
        name, category, text, place = need
        community = world.communities[name]
        body = {"community_id": community.id, "category": category, "text": text, "place": place}
        need_id = (await world.activities.result("/needs", body, by=community.clerk, at=at(NEEDS_DAY)))["need_id"]
        await world.activities.post(f"/needs/{need_id}/publish", {}, by=community.secretary, at=at(NEEDS_DAY, 14))
        if name in FORWARDED:
            forwarding = {"forwarded_to": FORWARDED[name]}
            await world.activities.post(f"/needs/{need_id}/forward", forwarding, by=community.secretary, at=at(NEEDS_DAY, 15))
        if name in ANSWERED:
            await world.activities.post(f"/needs/{need_id}/answer", {"answer": ANSWERED[name]}, by=community.clerk, at=at(NEEDS_DAY, 15))
        return (name, category), need_id

    needs = dict(await world.each(NEEDS, hear))
    await world.client.settle(at(NEEDS_DAY, 18))
    return needs


async def _answer_needs(world: World, needs: dict[tuple[str, str], str]) -> None:
    """Residents are told about the posts. Forwarded needs stay open; after the due day the community is reminded once."""

    async def answer(name: str, need_id: str) -> None:
        body = {"answer": "已设公益岗位,由党员认领服务"}
        await world.activities.post(f"/needs/{need_id}/answer", body, by=world.communities[name].secretary, at=at(POSTS_DAY, 16))

    waiting = [(name, need_id) for (name, _), need_id in needs.items() if name not in FORWARDED and name not in ANSWERED]
    await world.each(waiting, lambda each: answer(*each))


async def _establish(world: World, plan: PostPlan, needs: dict[tuple[str, str], str]) -> Post:
    community = world.communities[plan.community]
    capacity = community.scaled(plan.places)
    body: dict[str, Any] = {
        "community_id": community.id,
        "title": plan.title,
        "category": plan.category,
        "duties": plan.text,
        "place": f"{community.name}服务站",
        "capacity": capacity,
        "waiting_list_limit": plan.waiting_list_limit,
        "agreed_units": DUTY_UNITS * len(plan.duties),
        "term_start": TERM_START,
        "term_end": TERM_END,
    }
    body |= {"qualification": plan.qualification} if plan.qualification else {}
    handled_elsewhere = plan.community in FORWARDED or plan.community in ANSWERED
    if (plan.community, plan.category) in needs and not handled_elsewhere:
        body["need_id"] = needs[plan.community, plan.category]
    post_id = UUID((await world.activities.result("/posts", body, by=community.clerk, at=at(POSTS_DAY, 9)))["post_id"])
    await world.activities.post(f"/posts/{post_id}/establish", {}, by=community.secretary, at=at(POSTS_DAY, 15))
    return Post(post_id, plan, community, capacity)


async def _claim(world: World, posts: list[Post]) -> None:
    offered: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        offered[post.community.name].append(post)
    queues: list[tuple[Post, list[Member]]] = []
    for community in world.populated():
        willing = [member for member in community.members if member.diligence is not Diligence.RARE and member.reports_on < POSTS_DAY]
        await _claim_first(world, willing, offered[community.name])
        queues += _queues(willing, offered[community.name])

    async def claim_in_turn(queue: tuple[Post, list[Member]]) -> None:
        for member in queue[1]:
            await _claim_one(world, queue[0], member)

    await world.each(queues, claim_in_turn)
    await world.client.settle(at(CLAIMS_DAY, 20))


async def _claim_first(world: World, willing: list[Member], offered: list[Post]) -> None:
    """Claims of the example member, and of one who claims four posts and is refused the fourth."""
    example = next((member for member in willing if member.is_example), None)
    if example is not None:
        willing.remove(example)
        await _claim_one(world, offered[0], example)
    zealous = next((member for member in willing if member.diligence is Diligence.KEEN), None)
    if zealous is not None and len(offered) > 3:
        willing.remove(zealous)
        for post in offered:
            await _claim_one(world, post, zealous)
            await world.client.settle(at(CLAIMS_DAY, 10))


def _queues(willing: list[Member], offered: list[Post]) -> list[tuple[Post, list[Member]]]:
    """Which other members claim which post, in this order. The contested post comes first, so that it is full even with few members."""
    queues: list[tuple[Post, list[Member]]] = []
    for post in sorted(offered, key=lambda post: not (post.plan.is_contested or post.plan.qualification)):
        free = max(0, post.capacity - len(post.claims))
        if post.plan.qualification:
            able = [member for member in willing if member.unit.occupation_group == "POLICE" and member.diligence is Diligence.KEEN]
            unable = [member for member in willing if member.unit.occupation_group == "TEACHER"]
            claimants = able[:free] + unable[:1]  # the last one is refused and free to claim another
            willing[:] = [member for member in willing if member not in able[:free]]
        else:
            # One more than the waiting list holds, so that one claim is refused.
            count = free + (post.plan.waiting_list_limit + 1 if post.plan.is_contested else 0)
            claimants, willing[:] = willing[:count], willing[count:]
        queues.append((post, claimants))
    return queues


async def _claim_one(world: World, post: Post, member: Member) -> None:
    outcome = await world.activities.result(f"/posts/{post.id}/claims", {}, by=member.caller, at=at(CLAIMS_DAY, 10))
    if outcome["outcome"] == "claimed":
        post.claims[UUID(outcome["claim_id"])] = member
    elif outcome["outcome"] == "waitlisted":
        world.told.setdefault("waiting", {})[UUID(outcome["claim_id"])] = member


async def _take_up(world: World, post: Post) -> None:
    body = {"taken_up_on": TAKEN_UP_DAY, "qualification_checked": post.plan.qualification is not None}

    async def one(claim_id: UUID) -> None:
        await world.activities.post(f"/posts/{post.id}/claims/{claim_id}/confirm", body, by=post.community.clerk, at=at(TAKEN_UP_DAY))

    await asyncio.gather(*(one(claim_id) for claim_id in post.claims))


async def _release(world: World, posts: list[Post]) -> None:
    """A holder of the contested post releases it with notice; whoever waited longest moves up and takes it up."""
    for post in posts:
        if not (post.plan.is_contested and post.claims):
            continue
        claim_id, leaving = next(reversed(post.claims.items()))
        body = {"reason": "WORKLOAD", "note": "本学期任毕业班,时间不足", "leaves_on": LEAVES_ON}
        outcome = await world.activities.result(f"/posts/{post.id}/claims/{claim_id}/release", body, by=leaving.caller, at=at(RELEASE_DAY))
        del post.claims[claim_id]
        if promoted := outcome.get("promoted_claim_id"):
            await world.client.settle(at(RELEASE_DAY, 12))
            post.claims[UUID(promoted)] = world.told["waiting"][UUID(promoted)]
            taken = {"taken_up_on": LEAVES_ON}
            by = post.community.clerk
            await world.activities.post(f"/posts/{post.id}/claims/{promoted}/confirm", taken, by=by, at=at(RELEASE_DAY, 15))


async def _form_teams(world: World) -> None:
    """Communities form the teams that occupations suggest; members decide themselves whether to join."""
    wanted = sorted({(member.community.name, TEAM_OF[member.unit.occupation_group]) for member in world.members})

    async def form(team: tuple[str, str]) -> tuple[tuple[str, str], str]:
        community, kind = world.communities[team[0]], team[1]
        body = {"community_id": community.id, "kind": kind, "name": f"{community.name}{TEAM_NAMES[kind]}"}
        return team, (await world.activities.result("/teams", body, by=community.secretary, at=at(TEAMS_DAY, 9)))["team_id"]

    teams = dict(await world.each(wanted, form))
    await world.client.settle(at(TEAMS_DAY, 12))

    async def join(member: Member) -> None:
        team_id = teams[member.community.name, TEAM_OF[member.unit.occupation_group]]
        await world.activities.post(f"/teams/{team_id}/join", {}, by=member.caller, at=at(TEAMS_DAY, 19))

    joining = [member for member in world.members if member.diligence is not Diligence.RARE and member.reports_on < TEAMS_DAY]
    await world.each(joining, join)
