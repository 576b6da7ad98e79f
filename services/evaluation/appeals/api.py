"""Appeals against statements: lodged by the member, decided by a reviewer, taken one level up."""

from typing import Annotated, Final, Literal, TypedDict
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.evaluation import scorebook
from services.evaluation.access import (
    APPEAL_DAYS,
    DEFAULT_LIMIT,
    MEMBER_PATH,
    After,
    Body,
    Limit,
    ShortText,
    allow,
    period_of,
    position,
    today,
)
from services.evaluation.appeals import queries
from services.evaluation.appeals.appeal import APPEAL, AcceptAppeal, EscalateAppeal, LodgeAppeal, RejectAppeal, ReviewerNotIndependent
from services.evaluation.appeals.queries import AppealView
from services.evaluation.cases.state import case_id
from services.evaluation.membership.access import entries_of, is_one_of, require_reader, require_self
from services.evaluation.scorebook import Decided
from services.evaluation.scoring.engine import Statement
from shared.calendar.working_days import working_days_after
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of

router = APIRouter(tags=["appeals and hearings"])
DECIDE_DAYS: Final = 15  # working days to decide an appeal


class AppealBody(Body):
    """What is contested: the statement, or some of its lines."""

    line_ids: tuple[UUID, ...] = ()
    grounds: ShortText


class ReasonsBody(Body):
    """Why the reviewer decided so."""

    reasons: ShortText


class AcceptBody(ReasonsBody):
    """Why the reviewer decided so, which deductions are taken back, and why nothing changes where nothing does."""

    take_back: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    unchanged_because: ShortText | None = None


class GroundsBody(Body):
    """Why the member takes it one level up."""

    grounds: ShortText


@router.post(MEMBER_PATH + "/appeals", status_code=201)
async def lodge_appeal(
    period_id: UUID, member_id: UUID, body: AppealBody, call: Annotated[Call, Depends(allow("appeal"))]
) -> CommandAnswer:
    """Contest the statement; its grade is under review from now on."""
    remaining, *_ = await require_self(call, member_id)
    appeal_id = call.new_id("appeal")
    decide_by = working_days_after(today(call), DECIDE_DAYS)
    command = LodgeAppeal(appeal_id=appeal_id, today=today(call), decide_by=decide_by, **dict(body))
    answer = await call.handle(APPEAL, case_id(remaining, period_id), command)
    return answer.with_result(appeal_id=appeal_id, decide_by=decide_by)


@router.post(MEMBER_PATH + "/appeals/{appeal_id}/accept")
async def accept_appeal(
    period_id: UUID, member_id: UUID, appeal_id: UUID, body: AcceptBody, call: Annotated[Call, Depends(allow("review_appeal"))]
) -> CommandAnswer:
    """Find for the member: the statement is restated in the same act, or it is said why nothing changes."""
    entry, remaining = await _reviewed(call, member_id, appeal_id)
    decided = Decided(appeal_id, frozenset(body.take_back))
    command = AcceptAppeal(
        appeal_id=appeal_id,
        computed=await _computed(call, period_id, remaining, decided) if entry == remaining else None,
        appeal_until=working_days_after(today(call), APPEAL_DAYS),
        **dict(body),
        **_reviewer(call),
    )
    return await call.handle(APPEAL, case_id(entry, period_id), command)


async def _computed(call: Call, period_id: UUID, member_id: UUID, decided: Decided) -> Statement | None:
    period = await period_of(call, period_id)
    async with call.read() as tx:
        return (await scorebook.compute(tx, call.district, period, [member_id], decided=decided)).get(member_id)


@router.post(MEMBER_PATH + "/appeals/{appeal_id}/reject")
async def reject_appeal(
    period_id: UUID, member_id: UUID, appeal_id: UUID, body: ReasonsBody, call: Annotated[Call, Depends(allow("review_appeal"))]
) -> CommandAnswer:
    """Find no error."""
    entry, _ = await _reviewed(call, member_id, appeal_id)
    return await call.handle(APPEAL, case_id(entry, period_id), RejectAppeal(appeal_id=appeal_id, reasons=body.reasons, **_reviewer(call)))


async def _reviewed(call: Call, member_id: UUID, appeal_id: UUID) -> tuple[UUID, UUID]:
    """The entry under which it was lodged and the one that remains; nobody reviews what was lodged under another entry of their own."""
    entries = await entries_of(call, member_id)
    if is_one_of(call, entries):
        raise ReviewerNotIndependent
    return await _lodged_under(call, entries, appeal_id), entries[0]


class _Reviewer(TypedDict):
    reviewer: str
    reviewer_organisations: frozenset[UUID]


def _reviewer(call: Call) -> _Reviewer:
    """Who reviews, and whom they act for: the case refuses those who are not independent."""
    return {"reviewer": call.principal.subject, "reviewer_organisations": call.principal.organisations}


@router.post(MEMBER_PATH + "/appeals/{appeal_id}/escalate")
async def escalate_appeal(
    period_id: UUID, member_id: UUID, appeal_id: UUID, body: GroundsBody, call: Annotated[Call, Depends(allow("appeal"))]
) -> CommandAnswer:
    """Take a rejected appeal one level up."""
    entries = await require_self(call, member_id)
    decide_by = working_days_after(today(call), DECIDE_DAYS)
    command = EscalateAppeal(appeal_id=appeal_id, grounds=body.grounds, today=today(call), decide_by=decide_by)
    return await call.handle(APPEAL, case_id(await _lodged_under(call, entries, appeal_id), period_id), command)


@router.get(MEMBER_PATH + "/appeals")
async def list_appeals_of_case(period_id: UUID, member_id: UUID, call: Annotated[Call, Depends(allow("read_case"))]) -> list[AppealView]:
    """Appeals of the case."""
    entries = await require_reader(call, member_id)
    async with call.read() as tx:
        return await queries.appeals(tx, call.district, (period_id, entries), None, (None, 100))


@router.get("/appeals")
async def list_appeals(
    call: Annotated[Call, Depends(allow("list_appeals"))],
    status: Annotated[Literal["OPEN", "ACCEPTED", "REJECTED"] | None, Query()] = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[AppealView]:
    """Appeals of the district."""
    async with call.read() as tx:
        found = await queries.appeals(tx, call.district, None, status, (position(after), limit))
    return page_of(found, limit, lambda appeal: (appeal.appeal_id,))


async def _lodged_under(call: Call, entries: list[UUID], appeal_id: UUID) -> UUID:
    """The entry in whose case the appeal was lodged."""
    async with call.read() as tx:
        return await queries.opened_under(tx, call.district, appeal_id, entries)
