"""HTTP of suggestions and practical matters."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activities.access import DEFAULT_LIMIT, After, Limit, acting_for, after_id, allow, member_id, require_registered_in
from services.activities.listing import Listing
from services.activities.policy import OVERSIGHT
from services.activities.suggestions import queries
from services.activities.suggestions.matter import (
    MATTER,
    ApproveMatter,
    CompleteMatter,
    DeclineMatter,
    MatterDraft,
    NotProposed,
    ProposeMatter,
    ReportMatter,
)
from services.activities.suggestions.queries import MatterView, SuggestionView
from services.activities.suggestions.suggestion import (
    SUGGESTION,
    AcceptSuggestion,
    AdoptSuggestion,
    DeclineSuggestion,
    NotSubmitted,
    ReportSuggestionResult,
    SubmitSuggestion,
    SuggestionDraft,
)
from services.activities.wording import Reason
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Principal, Role

router = APIRouter()
SuggestionStatus = Literal["SUBMITTED", "ACCEPTED", "ADOPTED", "DECLINED", "CARRIED_OUT"]
MatterStatus = Literal["PROPOSED", "APPROVED", "DECLINED", "REPORTED", "COMPLETED"]


class SuggestionPlan(Command):
    """What will be done."""

    plan: Reason


class DeclineBody(Command):
    """Why not."""

    reason: Reason


class ResultReport(Command):
    """What came of it."""

    result: Reason


def seen_by(principal: Principal, community_id: UUID | None, status: str | None, after: str | None, limit: int) -> Listing:
    """What a list shows the caller: oversight everything, communities theirs, members their own."""
    communities = None if principal.has_any(OVERSIGHT) else acting_for(principal)
    own = member_id(principal) if Role.MEMBER in principal.roles else None
    return Listing(communities=communities, member_id=own, community_id=community_id, status=status, after=after_id(after), limit=limit)


@router.get("/suggestions")
async def suggestion_list(
    call: Annotated[Call, Depends(allow("see_suggestions"))],
    community_id: UUID | None = None,
    status: SuggestionStatus | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[SuggestionView]:
    """Suggestions the caller may see."""
    wanted = seen_by(call.principal, community_id, status, after, limit)
    async with call.read() as tx:
        return page_of(await queries.suggestions(tx, call.district, wanted), limit, lambda each: (each.suggestion_id,))


@router.post("/suggestions", status_code=201)
async def submit_suggestion(body: SuggestionDraft, call: Annotated[Call, Depends(allow("submit_suggestion"))]) -> CommandAnswer:
    """Make a suggestion."""
    who = member_id(call.principal)
    await require_registered_in(call, who, body.community_id)
    suggestion_id = call.new_id("suggestion")
    command = SubmitSuggestion(suggestion_id=suggestion_id, member_id=who, **dict(body))
    return (await call.handle(SUGGESTION, suggestion_id, command)).with_result(suggestion_id=suggestion_id)


@router.post("/suggestions/{suggestion_id}/accept")
async def accept_suggestion(suggestion_id: UUID, call: Annotated[Call, Depends(allow("decide_suggestion"))]) -> CommandAnswer:
    """Accept for review; this completes the item of the six ones."""
    await _own_suggestion(call, suggestion_id)
    return await call.handle(SUGGESTION, suggestion_id, AcceptSuggestion(accepted_by=call.principal.subject))


@router.post("/suggestions/{suggestion_id}/adopt")
async def adopt_suggestion(
    suggestion_id: UUID, body: SuggestionPlan, call: Annotated[Call, Depends(allow("adopt_suggestion"))]
) -> CommandAnswer:
    """Take it up."""
    await _own_suggestion(call, suggestion_id)
    return await call.handle(SUGGESTION, suggestion_id, AdoptSuggestion(adopted_by=call.principal.subject, plan=body.plan))


@router.post("/suggestions/{suggestion_id}/decline")
async def decline_suggestion(
    suggestion_id: UUID, body: DeclineBody, call: Annotated[Call, Depends(allow("decide_suggestion"))]
) -> CommandAnswer:
    """Do not take it up, with the reason."""
    await _own_suggestion(call, suggestion_id)
    return await call.handle(SUGGESTION, suggestion_id, DeclineSuggestion(declined_by=call.principal.subject, reason=body.reason))


@router.post("/suggestions/{suggestion_id}/carried-out")
async def report_suggestion_result(
    suggestion_id: UUID, body: ResultReport, call: Annotated[Call, Depends(allow("decide_suggestion"))]
) -> CommandAnswer:
    """Say what became of an adopted suggestion."""
    await _own_suggestion(call, suggestion_id)
    return await call.handle(SUGGESTION, suggestion_id, ReportSuggestionResult(result=body.result))


async def _own_suggestion(call: Call, suggestion_id: UUID) -> None:
    state = await call.state(SUGGESTION, suggestion_id)
    if isinstance(state, NotSubmitted):
        raise NotFound
    call.principal.require_organisation(state.submitted.community_id)


@router.get("/matters")
async def matter_list(
    call: Annotated[Call, Depends(allow("see_matters"))],
    community_id: UUID | None = None,
    status: MatterStatus | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[MatterView]:
    """Practical matters the caller may see."""
    wanted = seen_by(call.principal, community_id, status, after, limit)
    async with call.read() as tx:
        return page_of(await queries.matters(tx, call.district, wanted), limit, lambda each: (each.matter_id,))


@router.post("/matters", status_code=201)
async def propose_matter(body: MatterDraft, call: Annotated[Call, Depends(allow("propose_matter"))]) -> CommandAnswer:
    """Offer to get a matter done."""
    who = member_id(call.principal)
    await require_registered_in(call, who, body.community_id)
    matter_id = call.new_id("matter")
    command = ProposeMatter(matter_id=matter_id, member_id=who, **dict(body))
    return (await call.handle(MATTER, matter_id, command)).with_result(matter_id=matter_id)


@router.post("/matters/{matter_id}/approve")
async def approve_matter(matter_id: UUID, call: Annotated[Call, Depends(allow("decide_matter"))]) -> CommandAnswer:
    """Agree that it is wanted."""
    await _own_matter(call, matter_id)
    return await call.handle(MATTER, matter_id, ApproveMatter(approved_by=call.principal.subject))


@router.post("/matters/{matter_id}/decline")
async def decline_matter(matter_id: UUID, body: DeclineBody, call: Annotated[Call, Depends(allow("decide_matter"))]) -> CommandAnswer:
    """Do not agree, with the reason."""
    await _own_matter(call, matter_id)
    return await call.handle(MATTER, matter_id, DeclineMatter(declined_by=call.principal.subject, reason=body.reason))


@router.post("/matters/{matter_id}/report")
async def report_matter(matter_id: UUID, body: ResultReport, call: Annotated[Call, Depends(allow("propose_matter"))]) -> CommandAnswer:
    """Report one's own matter done."""
    who = member_id(call.principal)
    state = await call.state(MATTER, matter_id)
    if isinstance(state, NotProposed) or state.proposed.member_id != who:
        raise NotFound
    return await call.handle(MATTER, matter_id, ReportMatter(member_id=who, result=body.result))


@router.post("/matters/{matter_id}/complete")
async def complete_matter(matter_id: UUID, call: Annotated[Call, Depends(allow("decide_matter"))]) -> CommandAnswer:
    """Confirm that it is done; this completes the item of the six ones."""
    await _own_matter(call, matter_id)
    return await call.handle(MATTER, matter_id, CompleteMatter(confirmed_by=call.principal.subject))


async def _own_matter(call: Call, matter_id: UUID) -> None:
    state = await call.state(MATTER, matter_id)
    if isinstance(state, NotProposed):
        raise NotFound
    call.principal.require_organisation(state.proposed.community_id)
