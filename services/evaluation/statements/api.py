"""Statements: published, live, under other rules; the grade that people confirm."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from services.evaluation import scorebook
from services.evaluation.access import DEFAULT_LIMIT, MEMBER_PATH, After, Body, Limit, allow, period_of, position, today
from services.evaluation.cases.access import cases_of, managed_case
from services.evaluation.cases.queries import has_open_appeal
from services.evaluation.cases.state import case_id
from services.evaluation.membership.access import entries_of, is_one_of, membership_of, require_reader, require_self
from services.evaluation.policy import CHECKING, UNIT
from services.evaluation.scoring.rule_set import RuleBooks
from services.evaluation.statements import queries
from services.evaluation.statements.grade import GRADE, ConfirmGrade
from services.evaluation.statements.queries import StatementHead, StatementView
from services.evaluation.statements.refusals import REFUSAL, RefuseProposal, TakeBackRefusal
from shared.contracts.evaluation.codes import ConfirmedGrade
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of

router = APIRouter(tags=["statements"])


class GradeBody(Body):
    """What people decided. 不合格 needs reasons and the day of the hearing."""

    grade: ConfirmedGrade
    reasons: Annotated[str, StringConstraints(max_length=200)] = ""
    heard_on: date | None = None


@router.get(MEMBER_PATH + "/statement")
async def read_statement(
    period_id: UUID,
    member_id: UUID,
    call: Annotated[Call, Depends(allow("read_case"))],
    version: Annotated[int | None, Query(ge=1)] = None,
) -> StatementView:
    """The published statement, or an earlier version of it, with every line explained."""
    entries = await require_reader(call, member_id)
    async with call.read() as tx:
        statement = await queries.statement(tx, call.district, (period_id, entries), version)
    if statement is None:
        raise NotFound
    acts_for_unit = call.principal.has_any(UNIT) and statement.unit_id in call.principal.organisations
    if not (is_one_of(call, entries) or acts_for_unit or call.principal.has_any(CHECKING)):
        return statement.model_copy(update={"confirmed_reasons": None})  # written for the member, not for the community
    return statement


@router.get(MEMBER_PATH + "/live-statement")
async def read_live_statement(period_id: UUID, member_id: UUID, call: Annotated[Call, Depends(allow("read_case"))]) -> StatementView:
    """What the statement would be now; nothing is published by looking."""
    remaining, *_ = await require_reader(call, member_id)
    return await _computed(call, period_id, remaining, None)


@router.get(MEMBER_PATH + "/what-if")
async def try_rules(
    period_id: UUID, member_id: UUID, rule_set_id: UUID, call: Annotated[Call, Depends(allow("try_rules"))]
) -> StatementView:
    """The same facts under another published rule set, for the member who asks."""
    remaining, *_ = await require_self(call, member_id)
    return await _computed(call, period_id, remaining, rule_set_id)


async def _computed(call: Call, period_id: UUID, member_id: UUID, rule_set_id: UUID | None) -> StatementView:
    period = await period_of(call, period_id)
    async with call.read() as tx:
        books = await scorebook.load_books(tx, call.district)
        if rule_set_id is not None:
            book = books.unit.only(rule_set_id)
            if book is None:
                raise NotFound
            books = RuleBooks(book, book)
        computed = await scorebook.compute(tx, call.district, period, [member_id], books)
    if member_id not in computed:
        raise NotFound
    return queries.live(computed[member_id])


@router.get("/me/statements")
async def list_own_statements(
    call: Annotated[Call, Depends(allow("read_own"))], after: After = None, limit: Limit = DEFAULT_LIMIT
) -> Page[StatementHead]:
    """The caller's own statements."""
    entries = await entries_of(call, UUID(call.principal.subject))
    async with call.read() as tx:
        found = await queries.own_statements(tx, call.district, entries, position(after), limit)
    return page_of(found, limit, lambda head: (head.period_id,))


@router.post(MEMBER_PATH + "/grade")
async def confirm_grade(
    period_id: UUID, member_id: UUID, body: GradeBody, call: Annotated[Call, Depends(allow("confirm_grade"))]
) -> CommandAnswer:
    """The unit's Party organisation decides; the statement is its reference (G6). Without a proposed grade it gives reasons."""
    membership = await managed_case(call, "confirm_grade", period_id, member_id)
    async with call.read() as tx:
        is_open = await has_open_appeal(tx, call.district, (period_id, membership.entries))
    given_up = await cases_of(call, period_id, membership.entries[1:])
    command = ConfirmGrade(
        unit_id=membership.unit_id,
        today=today(call),
        has_open_appeal=is_open,
        is_proposal_refused=any(case.is_proposal_refused for case in given_up.values()),
        **dict(body),
    )
    return await call.handle(GRADE, case_id(membership.member_id, period_id), command)


@router.post(MEMBER_PATH + "/proposal-refusal")
async def refuse_proposal(period_id: UUID, member_id: UUID, call: Annotated[Call, Depends(allow("refuse_proposal"))]) -> CommandAnswer:
    """The member wants no grade proposed by the engine for the period; no reason is asked, and it has no effect on any point."""
    remaining, *_ = await require_self(call, member_id)
    await period_of(call, period_id)
    membership = await membership_of(call, member_id)
    command = RefuseProposal(member_id=remaining, period_id=period_id, unit_id=membership.unit_id)
    return await call.handle(REFUSAL, case_id(remaining, period_id), command)


@router.post(MEMBER_PATH + "/proposal-refusal/take-back")
async def take_back_refusal(period_id: UUID, member_id: UUID, call: Annotated[Call, Depends(allow("refuse_proposal"))]) -> CommandAnswer:
    """The member takes it back, under whichever entry it was made, while people have not decided."""
    remaining, *given_up = entries = await require_self(call, member_id)
    await period_of(call, period_id)
    is_confirmed = any(case.confirmed for case in (await cases_of(call, period_id, entries)).values())
    command = TakeBackRefusal(member_id=remaining, period_id=period_id, is_confirmed=is_confirmed)
    for each in given_up:
        own = command.model_copy(update={"member_id": each})
        await call.step(f"take back/{each}").handle(REFUSAL, case_id(each, period_id), own)
    return await call.handle(REFUSAL, case_id(remaining, period_id), command)
