"""What protects the member: hearings before deductions, appeals against statements."""

from typing import Annotated, Literal, TypedDict
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.evaluation import queries
from services.evaluation.access import (
    DEFAULT_LIMIT,
    After,
    Body,
    Limit,
    ShortText,
    allow,
    case_with,
    cases_of,
    entries_of,
    is_one_of,
    managed_case,
    position,
    require_reader,
    require_self,
    today,
)
from services.evaluation.appeals.appeal import AcceptAppeal, EscalateAppeal, LodgeAppeal, RejectAppeal, ReviewerNotIndependent
from services.evaluation.cases.case import CASE, case_id
from services.evaluation.hearings.hearing import AnswerDeduction, DropDeduction, ProposeDeduction, UpholdDeduction
from services.evaluation.queries import AppealView, DeductionView
from shared.contracts.evaluation import DeductionKind
from shared.web import Call, CommandAnswer, Page, page_of
from shared.working_days import working_days_after

router = APIRouter(tags=["appeals and hearings"])
CASE_PATH = "/periods/{period_id}/members/{member_id}"
ANSWER_DAYS = 5  # working days to answer a proposed deduction
DECIDE_DAYS = 15  # working days to decide an appeal


class ProposalBody(Body):
    """What is held against the member, and the event that shows it."""

    kind: DeductionKind
    source_event_id: UUID
    reason: ShortText


class AnswerBody(Body):
    """The member's answer."""

    answer: ShortText


class DecisionBody(Body):
    """Why it was decided so."""

    reason: ShortText


class AppealBody(Body):
    """What is contested: the statement, or some of its lines."""

    line_ids: tuple[UUID, ...] = ()
    grounds: ShortText


class ReasonsBody(Body):
    """Why the reviewer decided so."""

    reasons: ShortText


class GroundsBody(Body):
    """Why the member takes it one level up."""

    grounds: ShortText


@router.post(CASE_PATH + "/deductions", status_code=201)
async def propose_deduction(
    period_id: UUID, member_id: UUID, body: ProposalBody, call: Annotated[Call, Depends(allow("propose_deduction"))]
) -> CommandAnswer:
    """Tell the member; nothing is deducted yet."""
    membership = await managed_case(call, "propose_deduction", period_id, member_id)
    deduction_id = call.new_id("deduction")
    answer_until = working_days_after(today(call), ANSWER_DAYS)
    given_up = await cases_of(call, period_id, membership.entries[1:])
    command = ProposeDeduction(
        deduction_id=deduction_id,
        member_id=membership.member_id,
        period_id=period_id,
        community_id=membership.community_id,
        answer_until=answer_until,
        proposed_by=call.principal.subject,
        elsewhere=frozenset(hearing.charge for case in given_up.values() for hearing in case.hearings.values()),
        **dict(body),
    )
    answer = await call.handle(CASE, case_id(membership.member_id, period_id), command, unchanged=[*given_up])
    return answer.with_result(deduction_id=deduction_id, answer_until=answer_until)


@router.post(CASE_PATH + "/deductions/{deduction_id}/answer")
async def answer_deduction(
    period_id: UUID, member_id: UUID, deduction_id: UUID, body: AnswerBody, call: Annotated[Call, Depends(allow("answer_deduction"))]
) -> CommandAnswer:
    """The member answers."""
    stream = await case_with(call, period_id, await require_self(call, member_id), deduction_id)
    return await call.handle(CASE, stream, AnswerDeduction(deduction_id=deduction_id, answer=body.answer))


@router.post(CASE_PATH + "/deductions/{deduction_id}/uphold")
async def uphold_deduction(
    period_id: UUID, member_id: UUID, deduction_id: UUID, body: DecisionBody, call: Annotated[Call, Depends(allow("decide_deduction"))]
) -> CommandAnswer:
    """It takes effect; not before the member could answer, not by the proposer, and once for one event."""
    membership = await managed_case(call, "decide_deduction", period_id, member_id)
    cases = await cases_of(call, period_id, membership.entries)
    stream = await case_with(call, period_id, membership.entries, deduction_id)
    command = UpholdDeduction(
        deduction_id=deduction_id,
        decided_by=call.principal.subject,
        today=today(call),
        reason=body.reason,
        elsewhere=frozenset(hearing.charge for case in cases.values() for hearing in case.hearings.values() if hearing.is_upheld),
    )
    others = [each for each in cases if each.stream != f"{CASE.category}/{stream}"]  # somebody may decide there at this moment
    return await call.handle(CASE, stream, command, unchanged=others)


@router.post(CASE_PATH + "/deductions/{deduction_id}/drop")
async def drop_deduction(
    period_id: UUID, member_id: UUID, deduction_id: UUID, body: DecisionBody, call: Annotated[Call, Depends(allow("decide_deduction"))]
) -> CommandAnswer:
    """Nothing is deducted."""
    membership = await managed_case(call, "decide_deduction", period_id, member_id)
    command = DropDeduction(deduction_id=deduction_id, decided_by=call.principal.subject, reason=body.reason)
    return await call.handle(CASE, await case_with(call, period_id, membership.entries, deduction_id), command)


@router.get(CASE_PATH + "/deductions")
async def list_deductions(period_id: UUID, member_id: UUID, call: Annotated[Call, Depends(allow("read_case"))]) -> list[DeductionView]:
    """Deductions of the case, with their hearings."""
    entries = await require_reader(call, member_id)
    async with call.read() as tx:
        return await queries.deductions(tx, call.district, (period_id, entries))


@router.post(CASE_PATH + "/appeals", status_code=201)
async def lodge_appeal(
    period_id: UUID, member_id: UUID, body: AppealBody, call: Annotated[Call, Depends(allow("appeal"))]
) -> CommandAnswer:
    """Contest the statement; its grade is under review from now on."""
    remaining, *_ = await require_self(call, member_id)
    appeal_id = call.new_id("appeal")
    decide_by = working_days_after(today(call), DECIDE_DAYS)
    command = LodgeAppeal(appeal_id=appeal_id, today=today(call), decide_by=decide_by, **dict(body))
    answer = await call.handle(CASE, case_id(remaining, period_id), command)
    return answer.with_result(appeal_id=appeal_id, decide_by=decide_by)


@router.post(CASE_PATH + "/appeals/{appeal_id}/accept")
async def accept_appeal(
    period_id: UUID, member_id: UUID, appeal_id: UUID, body: ReasonsBody, call: Annotated[Call, Depends(allow("review_appeal"))]
) -> CommandAnswer:
    """Find for the member."""
    stream = await _reviewed(call, period_id, member_id, appeal_id)
    return await call.handle(CASE, stream, AcceptAppeal(appeal_id=appeal_id, reasons=body.reasons, **_reviewer(call)))


@router.post(CASE_PATH + "/appeals/{appeal_id}/reject")
async def reject_appeal(
    period_id: UUID, member_id: UUID, appeal_id: UUID, body: ReasonsBody, call: Annotated[Call, Depends(allow("review_appeal"))]
) -> CommandAnswer:
    """Find no error."""
    stream = await _reviewed(call, period_id, member_id, appeal_id)
    return await call.handle(CASE, stream, RejectAppeal(appeal_id=appeal_id, reasons=body.reasons, **_reviewer(call)))


async def _reviewed(call: Call, period_id: UUID, member_id: UUID, appeal_id: UUID) -> UUID:
    """Stream of the case; nobody reviews what was lodged under another entry of their own."""
    entries = await entries_of(call, member_id)
    if is_one_of(call, entries):
        raise ReviewerNotIndependent
    return await case_with(call, period_id, entries, appeal_id)


class _Reviewer(TypedDict):
    reviewer: str
    reviewer_organisations: frozenset[UUID]


def _reviewer(call: Call) -> _Reviewer:
    """Who reviews, and whom they act for: the case refuses those who are not independent."""
    return {"reviewer": call.principal.subject, "reviewer_organisations": call.principal.organisations}


@router.post(CASE_PATH + "/appeals/{appeal_id}/escalate")
async def escalate_appeal(
    period_id: UUID, member_id: UUID, appeal_id: UUID, body: GroundsBody, call: Annotated[Call, Depends(allow("appeal"))]
) -> CommandAnswer:
    """Take a rejected appeal one level up."""
    entries = await require_self(call, member_id)
    decide_by = working_days_after(today(call), DECIDE_DAYS)
    command = EscalateAppeal(appeal_id=appeal_id, grounds=body.grounds, today=today(call), decide_by=decide_by)
    return await call.handle(CASE, await case_with(call, period_id, entries, appeal_id), command)


@router.get(CASE_PATH + "/appeals")
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
