"""Handing a statement on for an enabled occasion (G13), who has it until when, and confirming that it is destroyed."""

from datetime import date
from typing import Annotated
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
    entries_of,
    managed_case,
    position,
    require_reader,
    today,
)
from services.evaluation.cases.case import CASE, case_id
from services.evaluation.handouts.handout import ConfirmDestruction, ExportStatement
from services.evaluation.handouts.queries import HandoutView, handouts
from shared.contracts.evaluation import EvaluationOccasion
from shared.identity import Role
from shared.web import Call, CommandAnswer, NotFound, Page, page_of

router = APIRouter(tags=["statements"])
EXPORTS = "/periods/{period_id}/members/{member_id}/exports"
Overdue = Annotated[bool, Query(description="only those that expired and are not confirmed to be destroyed")]


class ExportBody(Body):
    """For what, to whom, until when."""

    occasion: EvaluationOccasion
    recipient: ShortText
    expires_on: date


@router.post(EXPORTS, status_code=201)
async def export_statement(
    period_id: UUID, member_id: UUID, body: ExportBody, call: Annotated[Call, Depends(allow("export_statement"))]
) -> CommandAnswer:
    """Hand it on, for an occasion that the district has enabled; the member is told, and the unit when the day has passed."""
    membership = await managed_case(call, "export_statement", period_id, member_id)
    async with call.read() as tx:
        is_open = await queries.has_open_appeal(tx, call.district, (period_id, membership.entries))
        period = (await queries.periods(tx, call.district, period_id, None, 1))[0]
    enabled = frozenset(EvaluationOccasion(each) for each in period.occasions)
    export_id = call.new_id("export")
    command = ExportStatement(export_id=export_id, enabled=enabled, today=today(call), has_open_appeal=is_open, **dict(body))
    answer = await call.handle(CASE, case_id(membership.member_id, period_id), command)
    return answer.with_result(export_id=export_id)


@router.get(EXPORTS)
async def list_exports_of_case(
    period_id: UUID,
    member_id: UUID,
    call: Annotated[Call, Depends(allow("read_case"))],
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[HandoutView]:
    """Who got the statement, for what and until when."""
    wanted = (period_id, await require_reader(call, member_id), None, today(call), False, position(after), limit)
    async with call.read() as tx:
        return page_of(await handouts(tx, call.district, wanted), limit, lambda each: (each.export_id,))


@router.get("/exports")
async def list_exports(
    call: Annotated[Call, Depends(allow("list_exports"))], overdue: Overdue = False, after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[HandoutView]:
    """What the caller's units have handed on."""
    wanted = (None, None, sorted(call.principal.organisations), today(call), overdue, position(after), limit)
    async with call.read() as tx:
        return page_of(await handouts(tx, call.district, wanted), limit, lambda each: (each.export_id,))


@router.post(EXPORTS + "/{export_id}/destruction")
async def confirm_destruction(
    period_id: UUID, member_id: UUID, export_id: UUID, call: Annotated[Call, Depends(allow("export_statement"))]
) -> CommandAnswer:
    """Confirm that the recipient has destroyed it: the unit that handed it on, or the district."""
    id_ = await case_with(call, period_id, await entries_of(call, member_id), export_id)
    handout = (await call.state(CASE, id_)).handouts.get(export_id)
    if handout is None:
        raise NotFound
    if not call.principal.has_any({Role.DISTRICT_ADMIN}) and handout.exported.unit_id not in call.principal.organisations:
        raise NotFound  # to another unit it is none
    return await call.handle(CASE, id_, ConfirmDestruction(export_id=export_id, confirmed_by=call.principal.subject, today=today(call)))
