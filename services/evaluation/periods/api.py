"""Periods: open, read, close."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends

from services.evaluation.access import DEFAULT_LIMIT, After, Body, Limit, ShortText, allow, period_of, position
from services.evaluation.periods import queries
from services.evaluation.periods.period import PERIOD, ClosePeriod, OpenPeriod
from services.evaluation.periods.queries import PeriodView
from shared.contracts.evaluation.codes import EvaluationOccasion
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of

router = APIRouter(tags=["periods"])

DEFAULT_OCCASIONS: Final = (EvaluationOccasion.DEMOCRATIC_APPRAISAL, EvaluationOccasion.AWARD_SELECTION)


class OpenBody(Body):
    """A period and the occasions for which its statements may be used."""

    title: ShortText
    starts_on: date
    ends_on: date
    programme_deadline: date
    occasions: tuple[EvaluationOccasion, ...] = DEFAULT_OCCASIONS
    promotion_decision: ShortText | None = None


@router.post("/periods", status_code=201)
async def open_period(body: OpenBody, call: Annotated[Call, Depends(allow("run_period"))]) -> CommandAnswer:
    """Open a period."""
    period_id = call.new_id("period")
    answer = await call.handle(PERIOD, period_id, OpenPeriod(period_id=period_id, **body.model_dump()))
    return answer.with_result(period_id=answer.stream.rpartition("/")[2])


@router.post("/periods/{period_id}/close")
async def close_period(period_id: UUID, call: Annotated[Call, Depends(allow("run_period"))]) -> CommandAnswer:
    """Publish nothing more for it."""
    await period_of(call, period_id)
    return await call.handle(PERIOD, period_id, ClosePeriod(period_id=period_id))


@router.get("/periods")
async def list_periods(
    call: Annotated[Call, Depends(allow("read_rules"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[PeriodView]:
    """All periods of the district."""
    async with call.read() as tx:
        found = await queries.periods(tx, call.district, None, position(after), limit)
    return page_of(found, limit, lambda period: (period.period_id,))


@router.get("/periods/{period_id}")
async def read_period(period_id: UUID, call: Annotated[Call, Depends(allow("read_rules"))]) -> PeriodView:
    """One period."""
    async with call.read() as tx:
        found = await queries.periods(tx, call.district, period_id, None, 1)
    if not found:
        raise NotFound
    return found[0]
