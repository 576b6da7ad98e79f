"""Periods: open, publish everybody's statements, close; how far it is, how many of which grade, which cases wait for whom."""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.evaluation import queries, scorebook
from services.evaluation.access import DEFAULT_LIMIT, After, Body, Limit, ShortText, allow, period_of, position, require_scope, today
from services.evaluation.comparisons import queries as comparison
from services.evaluation.comparisons.queries import PeriodComparison
from services.evaluation.periods.period import PERIOD, ClosePeriod, OpenPeriod, OrderPublication
from services.evaluation.queries import CaseQuery, CaseView, GradeCounts, PeriodView, ProgressView
from services.evaluation.scoring.engine import NoRuleSetInForce
from shared.contracts.evaluation import EvaluationOccasion, StatementPublicationOrdered
from shared.web import MOST_ITEMS, Call, CommandAnswer, NotFound, Page, page_of

router = APIRouter(tags=["periods"])

DEFAULT_OCCASIONS: Final = (EvaluationOccasion.DEMOCRATIC_APPRAISAL, EvaluationOccasion.AWARD_SELECTION)
UnitId = Annotated[UUID | None, Query(description="only this unit")]
CommunityId = Annotated[UUID | None, Query(description="only this community")]


class OpenBody(Body):
    """A period and the occasions for which its statements may be used."""

    title: ShortText
    starts_on: date
    ends_on: date
    programme_deadline: date
    occasions: tuple[EvaluationOccasion, ...] = DEFAULT_OCCASIONS
    promotion_decision: ShortText | None = None


class CaseFilter(Body):
    """Which cases: of a unit, of a community; `missing`: whose assessment is missing."""

    unit_id: UUID | None = None
    community_id: UUID | None = None
    missing: Literal["unit", "community"] | None = None
    after: str | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = DEFAULT_LIMIT


@router.post("/periods", status_code=201)
async def open_period(body: OpenBody, call: Annotated[Call, Depends(allow("run_period"))]) -> CommandAnswer:
    """Open a period."""
    period_id = call.new_id("period")
    answer = await call.handle(PERIOD, period_id, OpenPeriod(period_id=period_id, **body.model_dump()))
    return answer.with_result(period_id=answer.stream.rpartition("/")[2])


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
    is_ordered = StatementPublicationOrdered.type_name() in answer.event_types
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


@router.get("/periods/{period_id}/beside/{other_id}")
async def compare_periods(
    period_id: UUID,
    other_id: UUID,
    call: Annotated[Call, Depends(allow("see_counts"))],
    unit_id: UnitId = None,
    community_id: CommunityId = None,
) -> PeriodComparison:
    """What came about in two periods, side by side: sums only, and none behind which fewer than three persons stand."""
    require_scope(call, unit_id, community_id)
    periods = [await period_of(call, each) for each in (period_id, other_id)]
    of = (unit_id, community_id)
    async with call.read() as tx:
        first, second = [await comparison.amounts(tx, call.district, each, of) for each in periods]
    figures = comparison.side_by_side(first, second)
    return PeriodComparison(
        first_period_id=period_id, second_period_id=other_id, unit_id=unit_id, community_id=community_id, figures=figures
    )


@router.get("/periods/{period_id}/cases")
async def list_cases(
    period_id: UUID, asked: Annotated[CaseFilter, Query()], call: Annotated[Call, Depends(allow("list_cases"))]
) -> Page[CaseView]:
    """Cases by member id: who has been assessed, published, confirmed. No figures."""
    period = await period_of(call, period_id)
    require_scope(call, asked.unit_id, asked.community_id)
    query = CaseQuery(asked.unit_id, asked.community_id, asked.missing, position(asked.after), asked.limit)
    async with call.read() as tx:
        found = await queries.cases(tx, call.district, period, query)
    return page_of(found, asked.limit, lambda case: (case.member_id,))
