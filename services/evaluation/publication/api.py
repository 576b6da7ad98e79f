"""Publishing the statements of a period: the order, how far it is, how many statements suggest which grade."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.evaluation import scorebook
from services.evaluation.access import Body, CommunityId, UnitId, allow, period_of, require_scope, today
from services.evaluation.periods.missing import MissingDecision
from services.evaluation.periods.period import PERIOD, OrderPublication
from services.evaluation.publication import queries
from services.evaluation.publication.queries import GradeCounts, ProgressView
from services.evaluation.scorebook import AT_ONCE
from services.evaluation.scoring.engine import NoRuleSetInForce
from services.evaluation.scoring.facts import Period
from services.evaluation.scoring.rule_set import RuleBooks
from shared.contracts.evaluation.codes import NotRatedReason, Unknown
from shared.contracts.evaluation.periods import StatementPublicationOrdered
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(tags=["periods"])
MOST_DECISIONS: Final = 10_000


class PublicationBody(Body):
    """What becomes of those whom a side has not assessed."""

    decisions: Annotated[dict[UUID, MissingDecision], Field(max_length=MOST_DECISIONS, default_factory=dict)]


@router.post("/periods/{period_id}/statements", status_code=202)
async def publish_statements(
    period_id: UUID, call: Annotated[Call, Depends(allow("run_period"))], body: PublicationBody | None = None
) -> CommandAnswer:
    """Publish the statements of everybody registered in the period; once more publishes who came later and restates who changed.

    Refused as long as a side has not assessed somebody and it is not decided whether to wait for it; the refusal names them.
    """
    period = await period_of(call, period_id)
    async with call.read() as tx:
        members = await scorebook.registrants(tx, call.district, period)
        books = await scorebook.load_books(tx, call.district)
    if books.unit.on(period.ends_on) is None:
        raise NoRuleSetInForce
    command = OrderPublication(
        period_id=period_id,
        today=today(call),
        missing=await _missing(call, period, members, books),
        decisions=body.decisions if body else {},
    )
    answer = await call.handle(PERIOD, period_id, command)
    ordered = [each for each in answer.events if isinstance(each, StatementPublicationOrdered)]
    waiting = sum(len(each.waiting) for each in ordered)
    return answer.with_result(members=len(members), ordered=bool(ordered), waiting=waiting)


async def _missing(call: Call, period: Period, members: Sequence[UUID], books: RuleBooks) -> dict[UUID, tuple[Unknown, ...]]:
    """Who is not rated because a side has not assessed them, and not for another reason; a bounded number of members at a time."""
    async with call.read() as tx:
        assessed = await queries.assessed_by_both(tx, call.district, period.period_id)
    unclear = [each for each in members if each not in assessed]
    found: dict[UUID, tuple[Unknown, ...]] = {}
    for start in range(0, len(unclear), AT_ONCE):
        async with call.read() as tx:
            computed = await scorebook.compute(tx, call.district, period, unclear[start : start + AT_ONCE], books)
        found |= {who: each.unknown for who, each in computed.items() if each.not_rated_reason is NotRatedReason.ASSESSMENT_MISSING}
    return found


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
