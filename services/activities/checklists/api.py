"""HTTP of checklists: announced with a number of items, activated once all are stated, ticked off by the community."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activities.access import DEFAULT_LIMIT, After, Limit, after_id, allow, require_registered_in, require_view_of_member
from services.activities.checklists import queries
from services.activities.checklists.definition import (
    DEFINITION,
    ActivateChecklist,
    Active,
    ChecklistDraft,
    DeclareChecklist,
    Declared,
    NotDeclared,
    StateItems,
)
from services.activities.checklists.progress import PROGRESS, ProgressKey, TickItem, UntickItem, progress_id
from services.activities.checklists.queries import ChecklistView, ProgressView
from services.activities.wording import Line, Reason
from shared.calendar.local_time import local_day
from shared.contracts.activities.checklists import ChecklistAudience, ChecklistDeclared, ChecklistEntry
from shared.contracts.activities.codes import SixOnesItem
from shared.decider import Command
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Forbidden, Role
from shared.texts import text

router = APIRouter()
DISTRICT_ONLY = "a checklist for the whole district is the district's"


class TickBody(Command):
    """Whose item, confirmed by which community, and what shows it."""

    subject_id: UUID
    community_id: UUID
    year: Annotated[int, Query(ge=2000, le=2100)]
    code: Line
    evidence: Line


class UntickBody(Command):
    """Whose item, and why the tick was wrong."""

    subject_id: UUID
    community_id: UUID
    year: Annotated[int, Query(ge=2000, le=2100)]
    code: Line
    reason: Reason


@router.get("/checklists")
async def checklist_list(
    call: Annotated[Call, Depends(allow("see_activities"))],
    community_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ChecklistView]:
    """The six ones (which records, suggestions and matters complete by themselves) and the checklists announced besides."""
    async with call.read() as tx:
        found = await queries.checklists(tx, call.district, community_id, after_id(after), limit)
    page = page_of(found, limit, lambda each: (each.checklist_id,))
    return page if after else Page(items=[_six_ones(), *page.items], next=page.next)


def _six_ones() -> ChecklistView:
    items = [ChecklistEntry(code=each, title=text("activities", "labels", f"six_ones_item_{each.lower()}").zh) for each in SixOnesItem]
    return ChecklistView(
        checklist_id=None,
        community_id=None,
        name=text("activities", "labels", "checklist_six_ones").zh,
        declared_items=len(items),
        audience=ChecklistAudience.MEMBER,
        items=items,
        is_active=True,
    )


@router.post("/checklists", status_code=201)
async def declare_checklist(body: ChecklistDraft, call: Annotated[Call, Depends(allow("declare_checklist"))]) -> CommandAnswer:
    """Announce a checklist and how many items it has; the items may follow."""
    _require_owner(call, body.community_id)
    checklist_id = call.new_id("checklist")
    answer = await call.handle(DEFINITION, checklist_id, DeclareChecklist(checklist_id=checklist_id, **dict(body)))
    return answer.with_result(checklist_id=checklist_id)


@router.post("/checklists/{checklist_id}/items")
async def state_items(checklist_id: UUID, body: StateItems, call: Annotated[Call, Depends(allow("declare_checklist"))]) -> CommandAnswer:
    """State all items; until the checklist is active they may be stated anew."""
    checklist = await _known(call, checklist_id)
    _require_owner(call, checklist.declared.community_id)
    return await call.handle(DEFINITION, checklist_id, body)


@router.post("/checklists/{checklist_id}/activate")
async def activate_checklist(checklist_id: UUID, call: Annotated[Call, Depends(allow("declare_checklist"))]) -> CommandAnswer:
    """Let it be ticked off. Refused while fewer or more items are stated than were announced."""
    checklist = await _known(call, checklist_id)
    _require_owner(call, checklist.declared.community_id)
    return await call.handle(DEFINITION, checklist_id, ActivateChecklist())


@router.post("/checklists/{checklist_id}/tick")
async def tick_item(checklist_id: UUID, body: TickBody, call: Annotated[Call, Depends(allow("tick_item"))]) -> CommandAnswer:
    """Confirm that a member, unit or community did an item."""
    checklist = await _known(call, checklist_id)
    await _require_subject(call, checklist.declared, body.subject_id, body.community_id)
    command = TickItem(
        **_key(checklist_id, body).model_dump(),
        evidence=body.evidence,
        ticked_by=call.principal.subject,
        is_active=isinstance(checklist, Active),
        known_codes=frozenset(each.code for each in checklist.items),
    )
    return await call.handle(PROGRESS, progress_id(checklist_id, body.subject_id, body.year), command)


@router.post("/checklists/{checklist_id}/untick")
async def untick_item(checklist_id: UUID, body: UntickBody, call: Annotated[Call, Depends(allow("tick_item"))]) -> CommandAnswer:
    """Take a wrong tick back, with the reason."""
    checklist = await _known(call, checklist_id)
    await _require_subject(call, checklist.declared, body.subject_id, body.community_id)
    command = UntickItem(**_key(checklist_id, body).model_dump(), reason=body.reason, unticked_by=call.principal.subject)
    return await call.handle(PROGRESS, progress_id(checklist_id, body.subject_id, body.year), command)


@router.get("/checklists/{checklist_id}/progress/{subject_id}")
async def progress(
    checklist_id: UUID,
    subject_id: UUID,
    call: Annotated[Call, Depends(allow("see_member"))],
    year: Annotated[int | None, Query(ge=2000, le=2100, description="calendar year; default: this year")] = None,
) -> ProgressView:
    """What is done and missing; of a member for the member, their community and unit, of an organisation for itself."""
    checklist = await _known(call, checklist_id)
    declared = checklist.declared
    if declared.audience is ChecklistAudience.MEMBER:
        await require_view_of_member(call, subject_id)
    elif subject_id not in call.principal.organisations and declared.community_id not in call.principal.organisations:
        raise NotFound
    chosen = year or local_day(call.now).year
    async with call.read() as tx:
        done = await queries.done(tx, call.district, checklist_id, subject_id, chosen)
    missing = [each.code for each in checklist.items if each.code not in {entry.code for entry in done}]
    return ProgressView(checklist_id=checklist_id, subject_id=subject_id, year=chosen, done=done, missing=missing)


def _key(checklist_id: UUID, body: TickBody | UntickBody) -> ProgressKey:
    return ProgressKey(
        checklist_id=checklist_id, subject_id=body.subject_id, community_id=body.community_id, year=body.year, code=body.code
    )


def _require_owner(call: Call, community_id: UUID | None) -> None:
    if community_id is not None:
        call.principal.require_organisation(community_id)
    elif not call.principal.has_any({Role.DISTRICT_ADMIN}):
        raise Forbidden(DISTRICT_ONLY)


async def _require_subject(call: Call, declared: ChecklistDeclared, subject_id: UUID, community_id: UUID) -> None:
    call.principal.require_organisation(community_id)
    if declared.community_id not in {None, community_id}:
        raise Malformed(community_id="the community of the checklist")
    if declared.audience is ChecklistAudience.MEMBER:
        await require_registered_in(call, subject_id, community_id)
    elif declared.audience is ChecklistAudience.COMMUNITY and subject_id != community_id:
        raise Malformed(subject_id="the community itself")


async def _known(call: Call, checklist_id: UUID) -> Declared | Active:
    state = await call.state(DEFINITION, checklist_id)
    if isinstance(state, NotDeclared):
        raise NotFound
    return state
