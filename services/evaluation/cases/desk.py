"""The list of cases for those who work on them: who has been assessed, published, confirmed. No figures."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.evaluation.access import DEFAULT_LIMIT, Body, allow, period_of, position, require_scope
from services.evaluation.cases import queries
from services.evaluation.cases.queries import CaseQuery, CaseView
from shared.http.endpoints import MOST_ITEMS, Call
from shared.http.paging import Page, page_of

router = APIRouter(tags=["periods"])


class CaseFilter(Body):
    """Which cases: of a unit, of a community; `missing`: whose assessment is missing."""

    unit_id: UUID | None = None
    community_id: UUID | None = None
    missing: Literal["unit", "community"] | None = None
    after: str | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = DEFAULT_LIMIT


@router.get("/periods/{period_id}/cases")
async def list_cases(
    period_id: UUID, asked: Annotated[CaseFilter, Query()], call: Annotated[Call, Depends(allow("list_cases"))]
) -> Page[CaseView]:
    """Cases by member id: who has been assessed, published, confirmed. No figures."""
    period = await period_of(call, period_id)
    require_scope(call, asked.unit_id, asked.community_id)
    query = CaseQuery(
        unit_id=asked.unit_id, community_id=asked.community_id, missing=asked.missing, after=position(asked.after), limit=asked.limit
    )
    async with call.read() as tx:
        found = await queries.cases(tx, call.district, period, query)
    return page_of(found, asked.limit, lambda case: (case.member_id,))
