"""Stories of models (先进典型): unit or community writes one about a member of its own, the member reads exactly that text and agrees or
refuses, then a secretary publishes it, until the member withdraws the agreement.

Invariant: no text is opened for anybody but the member, the side that drafted it, and – published – the people of the district, of whom
nobody is counted or recorded.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends
from pydantic import Field

from services.registration.access import Scope, require_community, require_self, require_unit
from services.registration.inputs import Body, Cursor, Limit
from services.registration.members.access import enrolled
from services.registration.members.state import Enrolled
from services.registration.policy import allow
from services.registration.registrations import queries as registrations
from services.registration.stories import queries
from services.registration.stories.queries import PublishedStory, StoryView
from services.registration.stories.story import STORY, AgreeToStory, DraftStory, GiveUpStory, NotDrafted, PublishStory, RefuseStory
from services.registration.vault.access import opened, vault_of
from services.registration.vault.keys import KeyRing
from shared.calendar.local_time import local_day
from shared.contracts.registration.stories import StoryDrafted
from shared.contracts.values import HAS_LINES
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, decode_cursor, page_of
from shared.identity import Forbidden, Role

router = APIRouter(tags=["stories"])


class TextBody(Body):
    """Title and text of a story. Residents are not named in it."""

    title: Annotated[str, Field(min_length=1, max_length=40)]
    text: Annotated[str, HAS_LINES, Field(min_length=1, max_length=1000)]


class StoryBody(TextBody):
    """About whom, and for which unit or community of theirs."""

    member_id: UUID
    organisation_id: UUID


class AgreementBody(Body):
    """The version of the text that was read."""

    text_version: Annotated[int, Field(ge=1)]


@router.post("/stories", status_code=201)
async def draft_story(body: StoryBody, call: Annotated[Call, Depends(allow("draft_story"))]) -> CommandAnswer:
    """Write about a member of the own unit, or one registered in the own community; the member is notified that it waits for an answer."""
    member = await enrolled(call, body.member_id)
    whose = await _side(call, member, body.organisation_id)
    _require_another(call, body.member_id)
    story_id = call.new_id("story")
    return await _draft(call, {"story_id": story_id, "member_id": body.member_id, **whose}, body)


@router.post("/stories/{story_id}/text")
async def rewrite_story(story_id: UUID, body: TextBody, call: Annotated[Call, Depends(allow("draft_story"))]) -> CommandAnswer:
    """Replace the text. It needs a new agreement, and a published story is not shown until it has one."""
    story = await _of_own_side(call, story_id)
    return await _draft(call, story.model_dump(include={"story_id", "member_id", "unit_id", "community_id"}), body)


@router.post("/stories/{story_id}/agreement")
async def agree_to_story(story_id: UUID, body: AgreementBody, call: Annotated[Call, Depends(allow("answer_story"))]) -> CommandAnswer:
    """Agree to the text as it was read. It can be withdrawn at any time."""
    await _own(call, story_id)
    return await call.handle(STORY, story_id, AgreeToStory(text_version=body.text_version))


@router.post("/stories/{story_id}/refusal")
async def refuse_story(story_id: UUID, call: Annotated[Call, Depends(allow("answer_story"))]) -> CommandAnswer:
    """Do not agree, or withdraw the agreement: a published story is not shown any more. Never refused; no reason is asked for."""
    await _own(call, story_id)
    return await call.handle(STORY, story_id, RefuseStory(refused_on=local_day(call.now)))


@router.post("/stories/{story_id}/publication")
async def publish_story(story_id: UUID, call: Annotated[Call, Depends(allow("publish_story"))]) -> CommandAnswer:
    """Show a story that was agreed to to the people of the district."""
    story = await _of_own_side(call, story_id)
    if not call.principal.has_any({Role.UNIT_SECRETARY if story.unit_id else Role.COMMUNITY_SECRETARY}):
        message = "a secretary of the side that wrote it"  # a role held elsewhere does not help
        raise Forbidden(message)
    return await call.handle(STORY, story_id, PublishStory())


@router.post("/stories/{story_id}/end")
async def give_up_story(story_id: UUID, call: Annotated[Call, Depends(allow("draft_story"))]) -> CommandAnswer:
    """End a story, whether it is published or not; its text is deleted."""
    await _of_own_side(call, story_id)
    return await call.handle(STORY, story_id, GiveUpStory(given_up_on=local_day(call.now)))


@router.get("/stories")
async def published_stories(
    call: Annotated[Call, Depends(allow("read_stories"))], after: Cursor = None, limit: Limit = 50
) -> Page[PublishedStory]:
    """Published stories of the district, newest first."""
    async with call.read() as tx:
        rows = await queries.published(tx, call.district, _since(after), limit + 1)
    page = page_of(rows, limit, lambda row: (row["published_at"].isoformat(), row["story_id"]))
    # No record of who reads: the member agreed that everybody may, and a list of readers would be a count of them.
    ring = await vault_of(call).key_ring(call.district, {row["member_id"] for row in page.items})
    return Page(items=[PublishedStory(**row, **words) for row in page.items if (words := _words(ring, row))["text"]], next=page.next)


@router.get("/organisations/{organisation_id}/stories")
async def stories_of_organisation(
    organisation_id: UUID,
    call: Annotated[Call, Depends(allow("draft_story"))],
    after: Cursor = None,
    limit: Limit = 50,
) -> Page[StoryView]:
    """What the own unit or community has drafted, in every state, newest text first; the members see who looked."""
    call.principal.require_organisation(organisation_id)
    async with call.read() as tx:
        rows = await queries.of_organisation(tx, call.district, organisation_id, _since(after), limit + 1)
    page = page_of(rows, limit, lambda row: (row["drafted_at"].isoformat(), row["story_id"]))
    ring = await opened(call, {row["member_id"] for row in page.items}, "stories")
    return Page(items=[shown_story(row, ring) for row in page.items], next=page.next)


def shown_story(row: asyncpg.Record, ring: KeyRing) -> StoryView:
    """A story opened, for those who may see it in every state."""
    return StoryView(**row, **_words(ring, row))


def _words(ring: KeyRing, row: asyncpg.Record) -> dict[str, Any]:
    return {name: ring.open(row["member_id"], f"story_{name}", row[f"{name}_sealed"]) for name in ("title", "text")}


async def _draft(call: Call, ids: dict[str, Any], body: TextBody) -> CommandAnswer:
    who = ids["member_id"]
    ring = await vault_of(call).key_ring(call.district, [who])
    sealed: dict[str, Any] = {f"{name}_sealed": ring.seal(who, f"story_{name}", getattr(body, name)) for name in ("title", "text")}
    answer, state = await call.decided(STORY, ids["story_id"], DraftStory(**ids, **sealed, drafted_on=local_day(call.now)))
    version = 1 if isinstance(state, NotDrafted) else state.drafted.text_version
    return answer.with_result(story_id=ids["story_id"], text_version=version)


async def _side(call: Call, member: Enrolled, organisation_id: UUID) -> dict[str, UUID]:
    """Whose story it is. Raises Forbidden unless the caller acts for it and the member is one of its own."""
    if organisation_id == member.unit_id:
        require_unit(call, organisation_id)
        return {"unit_id": organisation_id}
    require_community(call, organisation_id)
    scope = Scope(member_id=member.member_id, community_id=organisation_id)
    async with call.read() as tx:
        page = await registrations.registrations(tx, call.district, scope, None, (None, 50))
    if not any(each.status in {"CONFIRMED", "SUSPENDED"} for each in page.items):
        message = "neither the unit nor the community of this member"
        raise Forbidden(message)
    return {"community_id": organisation_id}


def _require_another(call: Call, member_id: UUID) -> None:
    if call.principal.subject == str(member_id):
        message = "nobody writes or publishes the own story"
        raise Forbidden(message)


async def _known(call: Call, story_id: UUID) -> StoryDrafted:
    """A story about somebody who is still on a roster. Raises NotFound."""
    story = await call.state(STORY, story_id)
    if isinstance(story, NotDrafted):
        raise NotFound
    await enrolled(call, story.drafted.member_id)
    return story.drafted


async def _of_own_side(call: Call, story_id: UUID) -> StoryDrafted:
    drafted = await _known(call, story_id)
    if drafted.unit_id is not None:
        require_unit(call, drafted.unit_id)
    if drafted.community_id is not None:
        require_community(call, drafted.community_id)
    _require_another(call, drafted.member_id)
    return drafted


async def _own(call: Call, story_id: UUID) -> None:
    require_self(call, (await _known(call, story_id)).member_id)


def _since(after: str | None) -> tuple[datetime, UUID] | tuple[None, None]:
    return decode_cursor(after, (datetime, UUID)) or (None, None)
