"""HTTP of suggestions: posts for a member, members for a post, and skills that open posts lack.

Invariant: asking stores, assigns and sends nothing; every suggestion gives its reasons, and members are in no order of merit.
"""

import asyncio
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from services.activities.access import DEFAULT_LIMIT, After, Limit, allow, member_id, report_scope
from services.activities.matching import queries
from services.activities.matching.matching import FitGap, FitReason, Match, Why, member_key, members_for, post_key, posts_for
from services.activities.matching.queries import LackingSkill
from services.activities.modules.api import is_module_on
from services.activities.posts.access import own_post
from services.activities.posts.applications import PostIsNotOpen
from services.activities.refusals import NotRegistered
from shared.calendar.local_time import local_day
from shared.contracts.activities.modules import DistrictModule
from shared.contracts.service_preference import PostCategory
from shared.http.endpoints import Call
from shared.http.paging import Page, decode_cursor, page_of
from shared.papers.workbooks import WORKBOOK, Sheet, workbook_answer
from shared.texts import Text, text

router = APIRouter()
MOST_ROWS: Final = 20_000
COLUMNS: Final = ("community_id", "title", "category", "skill", "is_qualification", "places", "declared")
# Codes that have labels in texts.
WORDS: Final = {FitReason.KIND: "post_category", FitReason.TIME: "service_time", FitGap.OTHER_TIMES: "service_time"}


class Said(BaseModel):
    """A text in both languages; `code` for machines."""

    code: str
    zh: str
    en: str


class PostSuggestion(BaseModel):
    """An open post, why it is suggested, and what to know before claiming it."""

    post_id: UUID
    community_id: UUID
    title: str
    category: PostCategory
    place: str
    term_start: date
    term_end: date
    reasons: list[Said]
    missing: list[Said]


class MemberSuggestion(BaseModel):
    """A registrant of the community whose declarations fit the post."""

    member_id: UUID
    member_no: str
    reasons: list[Said]
    missing: list[Said]


class SuggestedPosts(Page[PostSuggestion]):
    """A page, with how it came about."""

    note: Said


class SuggestedMembers(Page[MemberSuggestion]):
    """A page, with how it came about."""

    note: Said


@router.get("/me/post-suggestions")
async def my_post_suggestions(
    call: Annotated[Call, Depends(allow("see_own"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> SuggestedPosts:
    """Open posts that fit what the caller declared, those with more reasons first; what is open in their community comes in any case.

    Claiming is the caller's choice, and leaving all of them has no effect.
    """
    own, today = member_id(call.principal), local_day(call.now)
    is_on = await is_module_on(call, DistrictModule.WORK_WITH_MINORS)
    async with call.read() as tx:
        candidate = await queries.candidate(tx, call.district, own)
        if candidate is None:
            raise NotRegistered(member_ids=[str(own)])
        offers = await queries.offers(tx, call.district, candidate, today)
    found = await asyncio.to_thread(posts_for, candidate, offers, today, is_minors_module_on=is_on)
    since = decode_cursor(after, (str, str, str))
    page = page_of([each for each in found if since is None or post_key(each) > since][: limit + 1], limit, post_key)
    note = _said("posts_by_fit" if candidate.has_declared else "nothing_declared")
    return SuggestedPosts(items=[_post(each) for each in page.items], next=page.next, note=note)


@router.get("/posts/{post_id}/suggested-members")
async def suggested_members(
    post_id: UUID, call: Annotated[Call, Depends(allow("see_suggested_members"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> SuggestedMembers:
    """Registrants of the post's own community whose declarations fit it, in groups of the same reasons and by number in each: no order
    of merit. Whoever declared nothing is not listed and misses nothing. Nobody is notified; people ask each other in person.
    """
    await own_post(call, post_id)
    today = local_day(call.now)
    is_on = await is_module_on(call, DistrictModule.WORK_WITH_MINORS)
    async with call.read() as tx:
        offer = await queries.offer(tx, call.district, post_id, today)
        if offer is None:
            raise PostIsNotOpen
        candidates = await queries.candidates(tx, call.district, offer.terms.community_id)
    found = await asyncio.to_thread(members_for, offer, candidates, today, is_minors_module_on=is_on)
    since = decode_cursor(after, (str, str, str))
    page = page_of([each for each in found if since is None or member_key(each) > since][: limit + 1], limit, member_key)
    return SuggestedMembers(items=[_member(each) for each in page.items], next=page.next, note=_said("members_in_groups"))


def _post(match: Match) -> PostSuggestion:
    terms = match.offer.terms
    return PostSuggestion(
        post_id=terms.post_id,
        community_id=terms.community_id,
        title=terms.title,
        category=terms.category,
        place=terms.place,
        term_start=terms.term_start,
        term_end=terms.term_end,
        reasons=[_why(each) for each in match.reasons],
        missing=[_why(each) for each in match.missing],
    )


def _member(match: Match) -> MemberSuggestion:
    return MemberSuggestion(
        member_id=match.candidate.member_id,
        member_no=match.candidate.member_no,
        reasons=[_why(each) for each in match.reasons],
        missing=[_why(each) for each in match.missing],
    )


def _why(why: Why) -> Said:
    table = WORDS.get(why.code)
    words = [Text(each, each) if table is None else text("activities", "labels", f"{table}_{each.lower()}") for each in why.about]
    zh, en = "、".join(each.zh for each in words), ", ".join(each.en for each in words)
    key = f"fit_{why.code.lower()}"
    return Said(code=why.code, zh=text("activities", "labels", key, about=zh).zh, en=text("activities", "labels", key, about=en).en)


def _said(code: str) -> Said:
    words = text("activities", "labels", f"fit_note_{code}")
    return Said(code=code, zh=words.zh, en=words.en)


@router.get("/reports/lacking-skills")
async def lacking_skills(
    call: Annotated[Call, Depends(allow("see_reports"))],
    community_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[LackingSkill]:
    """Skills and qualifications that open posts ask for and too few active registrants of their community declare."""
    found = await _lacking(call, community_id, decode_cursor(after, (UUID, str)), limit)
    return page_of(found, limit, lambda each: (each.post_id, each.skill))


@router.get("/reports/lacking-skills.xlsx", response_class=Response, responses=WORKBOOK)
async def lacking_skills_workbook(call: Annotated[Call, Depends(allow("see_reports"))], community_id: UUID | None = None) -> Response:
    """The same list as a workbook of text cells."""
    rows = [_cells(each) for each in await _lacking(call, community_id, None, MOST_ROWS)]
    headings = [text("activities", "labels", f"lacking_{column}").zh for column in COLUMNS]
    return await workbook_answer("lacking-skills", [Sheet(text("activities", "labels", "lacking_sheet").zh, headings, rows)])


async def _lacking(call: Call, community_id: UUID | None, after: tuple[UUID, str] | None, limit: int) -> list[LackingSkill]:
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        return await queries.lacking_skills(tx, call.district, community_id, local_day(call.now), after, limit)


def _cells(row: LackingSkill) -> list[str]:
    """One line as text cells, in the order of COLUMNS."""
    asked_as = text("activities", "labels", "lacking_as_qualification" if row.is_qualification else "lacking_as_skill").zh
    category = text("activities", "labels", f"post_category_{row.category.lower()}").zh
    declared = text("activities", "labels", "lacking_too_few").zh if row.declared is None else str(row.declared)
    return [str(row.community_id), row.title, category, row.skill, asked_as, str(row.places), declared]
