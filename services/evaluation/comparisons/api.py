"""Two periods side by side."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.evaluation.access import CommunityId, UnitId, allow, period_of, require_scope
from services.evaluation.comparisons import queries
from services.evaluation.comparisons.queries import PeriodComparison
from shared.http.endpoints import Call

router = APIRouter(tags=["periods"])


@router.get("/periods/{period_id}/beside/{other_id}")
async def compare_periods(
    period_id: UUID,
    other_id: UUID,
    call: Annotated[Call, Depends(allow("see_counts"))],
    unit_id: UnitId = None,
    community_id: CommunityId = None,
) -> PeriodComparison:
    """What was done in two periods, side by side: sums only, and none of fewer than three persons."""
    require_scope(call, unit_id, community_id)
    periods = [await period_of(call, each) for each in (period_id, other_id)]
    of = (unit_id, community_id)
    async with call.read() as tx:
        first, second = [await queries.amounts(tx, call.district, each, of) for each in periods]
    figures = queries.side_by_side(first, second)
    return PeriodComparison(
        first_period_id=period_id, second_period_id=other_id, unit_id=unit_id, community_id=community_id, figures=figures
    )
