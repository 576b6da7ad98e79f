"""HTTP of posts: the board, proposing to closing, claims."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from services.activities.access import (
    DEFAULT_LIMIT,
    After,
    Limit,
    after_id,
    allow,
    member_id,
    report_scope,
    require_registered,
    whose,
)
from services.activities.modules.api import is_module_on
from services.activities.needs.access import require_need_of_community
from services.activities.neighbourhoods.access import require_area_of_community
from services.activities.plans import queries as plans
from services.activities.plans.planned_days import PlannedPost
from services.activities.policy import DESK, OVERSIGHT
from services.activities.posts import queries
from services.activities.posts.access import known_post, own_post
from services.activities.posts.applications import ActivePostLimitReached, ClaimPost
from services.activities.posts.claims import CompletePostTerm, ConfirmPostClaim, ReleasePost
from services.activities.posts.post import SERVICE_POST, AmendPost, ClosePost, EstablishPost, PostDraft, ProposePost
from services.activities.posts.queries import ClaimView, PostDetail, PostFilter, PostReportLine, PostSummary
from services.activities.posts.state import KnownPost, Open, Post, PostTerms, ended_claims, living_claim, rejections
from services.activities.wording import Reason
from shared.calendar.local_time import local_day
from shared.contracts.activities.codes import ReleaseReason
from shared.contracts.activities.modules import DistrictModule
from shared.contracts.activities.posts import PostClaimed, PostClaimRejected, PostClaimWaitlisted, PostReleased
from shared.contracts.event import Event
from shared.contracts.service_preference import PostCategory
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Principal, Role

router = APIRouter()
PostStatus = Literal["PROPOSED", "OPEN", "CLOSED"]
OUTCOMES: Final[Mapping[type[Event], str]] = {PostClaimed: "claimed", PostClaimWaitlisted: "waitlisted", PostClaimRejected: "rejected"}


class ClosePostBody(Command):
    """Why the post is closed."""

    reason: Reason


class ClaimBody(Command):
    """Empty for a member's own claim; assisted entry names the member and how they agreed."""

    member_id: UUID | None = None
    consent: Reason | None = None


class TakeUpBody(Command):
    """When the post is taken up (default: today), and that qualification and, with minors, the vetting were checked."""

    taken_up_on: date | None = None
    qualification_checked: bool = False
    is_vetted: bool = False


class ReleaseBody(Command):
    """Why and when (default: today) the claim ends."""

    reason: ReleaseReason
    note: Reason | None = None
    leaves_on: date | None = None


class FulfilBody(Command):
    """When the term ended (default: today)."""

    ended_on: date | None = None


class PostReport(BaseModel):
    """Supply, demand and fulfilment by category, and the sums."""

    items: list[PostReportLine]
    totals: dict[str, int]


def _wanted(
    community_id: UUID | None = None,
    category: PostCategory | None = None,
    status: PostStatus | None = None,
    vanguard: Annotated[bool | None, Query(description="only vanguard posts (党员先锋岗), or only others")] = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PostFilter:
    return PostFilter(community_id, category, status, after=after_id(after), is_vanguard=vanguard, limit=limit)


@router.get("/posts")
async def post_board(
    call: Annotated[Call, Depends(allow("see_posts"))], wanted: Annotated[PostFilter, Depends(_wanted)]
) -> Page[PostSummary]:
    """Posts with supply, demand and fulfilment."""
    async with call.read() as tx:
        return page_of(await queries.post_list(tx, call.district, wanted), wanted.limit, lambda post: (post.post_id,))


@router.get("/posts/{post_id}")
async def post_detail(post_id: UUID, call: Annotated[Call, Depends(allow("see_posts"))]) -> PostDetail:
    """Return one post with the claims that the caller may see: members their own, the community and oversight all."""
    async with call.read() as tx:
        found = await queries.post_summary(tx, call.district, post_id)
        claims = await queries.post_claims(tx, call.district, post_id)
    if found is None:
        raise NotFound
    return PostDetail(**found.model_dump(), claims=[each for each in claims if _may_see(call.principal, found, each)])


def _may_see(principal: Principal, post: PostSummary, claim: ClaimView) -> bool:
    by_community = principal.has_any(DESK | {Role.TEAM_LEADER}) and post.community_id in principal.organisations
    return by_community or principal.has_any(OVERSIGHT) or principal.is_member(claim.member_id)


@router.get("/reports/posts")
async def post_report(call: Annotated[Call, Depends(allow("see_reports"))], community_id: UUID | None = None) -> PostReport:
    """Post supply, demand and fulfilment by category."""
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        items = await queries.post_report(tx, call.district, community_id)
    numbers = [name for name in PostReportLine.model_fields if name != "category"]
    return PostReport(items=items, totals={name: sum(getattr(each, name) for each in items) for name in numbers})


@router.post("/posts", status_code=201)
async def propose_post(body: PostDraft, call: Annotated[Call, Depends(allow("propose_post"))]) -> CommandAnswer:
    """创岗."""
    call.principal.require_organisation(body.community_id)
    if body.area_id is not None:
        await require_area_of_community(call, body.area_id, body.community_id)
    if body.need_id is not None:
        await require_need_of_community(call, body.need_id, body.community_id)
    post_id = call.new_id("post")
    is_on = body.is_with_minors and await is_module_on(call, DistrictModule.WORK_WITH_MINORS)
    answer = await call.handle(SERVICE_POST, post_id, ProposePost(post_id=post_id, is_minors_module_on=is_on, **dict(body)))
    return answer.with_result(post_id=post_id)


@router.post("/posts/{post_id}/establish")
async def establish_post(post_id: UUID, call: Annotated[Call, Depends(allow("establish_post"))]) -> CommandAnswer:
    """设岗."""
    await own_post(call, post_id)
    return await call.handle(SERVICE_POST, post_id, EstablishPost())


@router.post("/posts/{post_id}/amend")
async def amend_post(post_id: UUID, body: AmendPost, call: Annotated[Call, Depends(allow("amend_post"))]) -> CommandAnswer:
    """Change the terms; new places go to those who wait."""
    await own_post(call, post_id)
    return await call.handle(SERVICE_POST, post_id, body)


@router.post("/posts/{post_id}/close")
async def close_post(post_id: UUID, body: ClosePostBody, call: Annotated[Call, Depends(allow("close_post"))]) -> CommandAnswer:
    """Close the post and let everybody go."""
    await own_post(call, post_id)
    async with call.read() as tx:
        done = await queries.done_units(tx, call.district, post_id)
    return await call.handle(SERVICE_POST, post_id, ClosePost(reason=body.reason, today=local_day(call.now), done_units=done))


@router.post("/posts/{post_id}/claims", status_code=201)
async def claim_post(post_id: UUID, body: ClaimBody, call: Annotated[Call, Depends(allow("claim_post"))]) -> CommandAnswer:
    """认岗: a place, a position on the waiting list, or a rejection; all three are answers, not errors.

    A place whose duty times make days longer than eight planned hours, or meet what else is planned, comes with warnings that name both.
    """
    who, acting = whose(call, body.member_id, body.consent)
    if acting.is_assisted:
        await own_post(call, post_id)
    terms = (await known_post(call, post_id)).terms
    known = await require_registered(call, [who])
    async with call.read() as tx:
        held = await queries.held_posts(tx, call.district, [who])
    command = ClaimPost(
        claim_id=call.new_id("claim"),
        member_id=who,
        today=local_day(call.now),
        held=held[who],
        skills=known[who].skills,
        assisted_consent=body.consent if acting.is_assisted else None,
    )
    try:
        answer, post = await acting.decided(SERVICE_POST, post_id, command)
    except ActivePostLimitReached:
        # Claimed elsewhere at this moment, which the read model could not know. This too is an outcome, not an error.
        answer, post = await acting.decided(SERVICE_POST, post_id, command.model_copy(update={"is_at_limit": True}))
    result = _claim_result(post, command, answer)
    is_warned = not acting.is_assisted and result["outcome"] != "rejected"  # only the member may know what else the member has planned
    return answer.with_result(**result, **(await _warning(call, who, terms) if is_warned else {}))


async def _warning(call: Call, who: UUID, terms: PostTerms) -> dict[str, Any]:
    post = PlannedPost(post_id=terms.post_id, term_start=terms.term_start, term_end=terms.term_end, slots=terms.slots)
    async with call.read() as tx:
        return await plans.warning_with_post(tx, call.district, who, post, call.now)


def _claim_result(post: Post, command: ClaimPost, answer: CommandAnswer) -> dict[str, Any]:
    result: dict[str, Any] = {"claim_id": command.claim_id, "outcome": OUTCOMES[type(answer.events[0])]}
    if result["outcome"] == "waitlisted":
        waiting = [each.claim_id for each in post.waiting] if isinstance(post, Open) else []
        result["position"] = waiting.index(command.claim_id) + 1 if command.claim_id in waiting else None
    if result["outcome"] == "rejected":
        result["reason"] = rejections(post).get(command.claim_id)
    return result


@router.post("/posts/{post_id}/claims/{claim_id}/confirm")
async def confirm_claim(
    post_id: UUID, claim_id: UUID, body: TakeUpBody, call: Annotated[Call, Depends(allow("confirm_claim"))]
) -> CommandAnswer:
    """领岗: the community confirms."""
    await own_post(call, post_id)
    command = ConfirmPostClaim(
        claim_id=claim_id,
        taken_up_on=body.taken_up_on or local_day(call.now),
        confirmed_by=call.principal.subject,
        qualification_checked=body.qualification_checked,
        is_vetted=body.is_vetted,
    )
    return await call.handle(SERVICE_POST, post_id, command)


@router.post("/posts/{post_id}/claims/{claim_id}/release")
async def release_post(
    post_id: UUID, claim_id: UUID, body: ReleaseBody, call: Annotated[Call, Depends(allow("release_post"))]
) -> CommandAnswer:
    """End a claim, one's own or as the community; whoever waits longest gets the place."""
    state = await known_post(call, post_id)
    claim = living_claim(state, claim_id)
    by_member = claim is not None and call.principal.is_member(claim.member_id)
    if not by_member:
        _require_desk(call.principal, state, claim_id)
    async with call.read() as tx:
        done = await queries.done_units(tx, call.district, post_id)
    command = ReleasePost(
        claim_id=claim_id,
        by_member=by_member,
        reason=body.reason,
        note=body.note,
        today=local_day(call.now),
        leaves_on=body.leaves_on or local_day(call.now),
        done_units=done.get(claim.member_id, 0) if claim else 0,
    )
    answer = await call.handle(SERVICE_POST, post_id, command)
    if not answer.events:
        return answer
    ended, *promoted = answer.events
    outcome = "released" if isinstance(ended, PostReleased) else "withdrawn"
    return answer.with_result(outcome=outcome, has_promoted=bool(promoted))


def _require_desk(principal: Principal, state: KnownPost, claim_id: UUID) -> None:
    if principal.has_any(DESK):
        principal.require_organisation(state.terms.community_id)
    elif ended_claims(state).get(claim_id) != member_id(principal):
        raise NotFound  # to a member, somebody else's claim is none


@router.post("/posts/{post_id}/claims/{claim_id}/fulfil")
async def fulfil_post(
    post_id: UUID, claim_id: UUID, body: FulfilBody, call: Annotated[Call, Depends(allow("complete_post_term"))]
) -> CommandAnswer:
    """Settle a taken-up post at the end of its term: units done against units agreed."""
    state = await own_post(call, post_id)
    claim = living_claim(state, claim_id)
    async with call.read() as tx:
        done = await queries.done_units(tx, call.district, post_id)
    today = local_day(call.now)
    done_units = done.get(claim.member_id, 0) if claim else 0
    command = CompletePostTerm(claim_id=claim_id, ended_on=body.ended_on or today, today=today, done_units=done_units)
    return await call.handle(SERVICE_POST, post_id, command)
