"""Publishing the statements of a period: the order, how far it is, how many statements suggest which grade."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.evaluation import scorebook
from services.evaluation.access import CommunityId, UnitId, allow, period_of, require_scope, today
from services.evaluation.periods.period import PERIOD, OrderPublication
from services.evaluation.publication import queries
from services.evaluation.publication.queries import GradeCounts, ProgressView
from services.evaluation.scoring.engine import NoRuleSetInForce
from shared.contracts.evaluation.periods import StatementPublicationOrdered
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(tags=["periods"])


@router.post("/periods/{period_id}/statements", status_code=202)
async def publish_statements(period_id: UUID, call: Annotated[Call, Depends(allow("run_period"))]) -> CommandAnswer:
    """Publish the statements of everybody registered in the period; once more publishes who came later and restates who changed."""
    period = await period_of(call, period_id)
    async with call.read() as tx:
        members = await scorebook.registrants(tx, call.district, period)
        books = await scorebook.load_books(tx, call.district)
    if books.unit.on(period.ends_on) is None:
        raise NoRuleSetInForce
    answer = await call.handle(PERIOD, period_id, OrderPublication(period_id=period_id, today=today(call)))
    is_ordered = any(isinstance(each, StatementPublicationOrdered) for each in answer.events)
    return answer.with_result(members=len(members), ordered=is_ordered)


@router.get("/periods/{period_id}/progress")
async def read_progress(period_id: UUID, call: Annotated[Call, Depends(allow("see_progress"))]) -> ProgressView:
    """How far the publication is."""
    period = await period_of(call, period_id)
    async with call.read() as tx:
        members = await scorebook.registrants(tx, call.district, period)
        progress = await queries.progress(tx, call.district, period_id, len(members))
    if progress is None:
        raise NotFound
    return progress


@router.get("/periods/{period_id}/grades")
async def count_grades(
    period_id: UUID,
    call: Annotated[Call, Depends(allow("see_counts"))],
    unit_id: UnitId = None,
    community_id: CommunityId = None,
    public: Annotated[bool, Query(description="for publication: counts below 3 are suppressed")] = False,
) -> GradeCounts:
    """How many statements suggest which grade."""
    await period_of(call, period_id)
    require_scope(call, unit_id, community_id)
    async with call.read() as tx:
        return await queries.grades(tx, call.district, period_id, (unit_id, community_id), is_public=public)
