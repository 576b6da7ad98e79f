"""Handing a statement on for an enabled occasion (G13), who has it until when, and confirming that it is destroyed."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.evaluation.access import DEFAULT_LIMIT, MEMBER_PATH, After, Body, Limit, ShortText, allow, position, today
from services.evaluation.cases.access import managed_case
from services.evaluation.cases.queries import has_open_appeal
from services.evaluation.cases.state import case_id
from services.evaluation.handouts import queries
from services.evaluation.handouts.handout import HANDOUT, ConfirmDestruction, ExportStatement
from services.evaluation.handouts.queries import HandoutQuery, HandoutView
from services.evaluation.membership.access import entries_of, require_reader
from services.evaluation.periods.queries import enabled_occasions
from shared.contracts.evaluation.codes import EvaluationOccasion
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Role

router = APIRouter(tags=["statements"])
EXPORTS: Final = MEMBER_PATH + "/exports"
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
    """Hand it on, for an occasion that the district has enabled; the member is notified, and the unit when the day has passed."""
    membership = await managed_case(call, "export_statement", period_id, member_id)
    async with call.read() as tx:
        is_open = await has_open_appeal(tx, call.district, (period_id, membership.entries))
        enabled = await enabled_occasions(tx, call.district, period_id)
    export_id = call.new_id("export")
    command = ExportStatement(export_id=export_id, enabled=enabled, today=today(call), has_open_appeal=is_open, **dict(body))
    answer = await call.handle(HANDOUT, case_id(membership.member_id, period_id), command)
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
    wanted = HandoutQuery(
        case=(period_id, await require_reader(call, member_id)),
        units=None,
        today=today(call),
        only_overdue=False,
        after=position(after),
        limit=limit,
    )
    async with call.read() as tx:
        return page_of(await queries.handouts(tx, call.district, wanted), limit, lambda each: (each.export_id,))


@router.get("/exports")
async def list_exports(
    call: Annotated[Call, Depends(allow("list_exports"))], overdue: Overdue = False, after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[HandoutView]:
    """What the caller's units have handed on."""
    units = sorted(call.principal.organisations)
    wanted = HandoutQuery(case=None, units=units, today=today(call), only_overdue=overdue, after=position(after), limit=limit)
    async with call.read() as tx:
        return page_of(await queries.handouts(tx, call.district, wanted), limit, lambda each: (each.export_id,))


@router.post(EXPORTS + "/{export_id}/destruction")
async def confirm_destruction(
    period_id: UUID, member_id: UUID, export_id: UUID, call: Annotated[Call, Depends(allow("export_statement"))]
) -> CommandAnswer:
    """Confirm that the recipient has destroyed it: the unit that handed it on, or the district."""
    entries = await entries_of(call, member_id)
    async with call.read() as tx:
        id_ = case_id(await queries.opened_under(tx, call.district, export_id, entries), period_id)
    handout = (await call.state(HANDOUT, id_)).handouts.get(export_id)
    if handout is None:
        raise NotFound
    if not call.principal.has_any({Role.DISTRICT_ADMIN}) and handout.exported.unit_id not in call.principal.organisations:
        raise NotFound  # to another unit it is none
    return await call.handle(HANDOUT, id_, ConfirmDestruction(export_id=export_id, confirmed_by=call.principal.subject, today=today(call)))
