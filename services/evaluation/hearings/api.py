"""Hearings before deductions: proposed, answered by the member, decided by somebody other than the proposer."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends

from services.evaluation.access import MEMBER_PATH, Body, ShortText, allow, period_of, today
from services.evaluation.cases.access import cases_of, managed_case
from services.evaluation.cases.hearing_phases import Upheld, charge
from services.evaluation.cases.state import case_id
from services.evaluation.facts.queries import facts_on_subject_of
from services.evaluation.hearings import queries
from services.evaluation.hearings.hearing import HEARING, AnswerDeduction, DropDeduction, ProposeDeduction, UpholdDeduction
from services.evaluation.hearings.queries import DeductionView
from services.evaluation.membership.access import require_reader, require_self
from services.evaluation.membership.queries import Membership
from services.evaluation.scoring.facts import Fact
from shared.calendar.working_days import working_days_after
from shared.contracts.evaluation.codes import DeductionKind
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(tags=["appeals and hearings"])
ANSWER_DAYS: Final = 5  # working days to answer a proposed deduction


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


@router.post(MEMBER_PATH + "/deductions", status_code=201)
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
        period=await period_of(call, period_id),
        known=await _known(call, membership.entries, body.source_event_id),
        elsewhere=frozenset(charge(hearing) for case in given_up.values() for hearing in case.hearings.values()),
        **dict(body),
    )
    answer = await call.handle(HEARING, case_id(membership.member_id, period_id), command, unchanged=[*given_up])
    return answer.with_result(deduction_id=deduction_id, answer_until=answer_until)


@router.post(MEMBER_PATH + "/deductions/{deduction_id}/answer")
async def answer_deduction(
    period_id: UUID, member_id: UUID, deduction_id: UUID, body: AnswerBody, call: Annotated[Call, Depends(allow("answer_deduction"))]
) -> CommandAnswer:
    """The member answers."""
    stream = await _stream(call, period_id, await require_self(call, member_id), deduction_id)
    return await call.handle(HEARING, stream, AnswerDeduction(deduction_id=deduction_id, answer=body.answer))


@router.post(MEMBER_PATH + "/deductions/{deduction_id}/uphold")
async def uphold_deduction(
    period_id: UUID, member_id: UUID, deduction_id: UUID, body: DecisionBody, call: Annotated[Call, Depends(allow("decide_deduction"))]
) -> CommandAnswer:
    """It takes effect; not before the member could answer, not by the proposer, and once for one event."""
    membership = await _heard(call, period_id, member_id, deduction_id)
    cases = await cases_of(call, period_id, membership.entries)
    stream = await _stream(call, period_id, membership.entries, deduction_id)
    proposed = [case.hearings[deduction_id].proposed for case in cases.values() if deduction_id in case.hearings]
    known = [fact for each in proposed for fact in await _known(call, membership.entries, each.source_event_id)]
    command = UpholdDeduction(
        deduction_id=deduction_id,
        decided_by=call.principal.subject,
        today=today(call),
        reason=body.reason,
        period=await period_of(call, period_id),
        known=tuple(known),
        elsewhere=frozenset(
            charge(hearing) for case in cases.values() for hearing in case.hearings.values() if isinstance(hearing, Upheld)
        ),
    )
    others = [each for each in cases if each.stream != f"{HEARING.category}/{stream}"]  # somebody may decide there at this moment
    return await call.handle(HEARING, stream, command, unchanged=others)


@router.post(MEMBER_PATH + "/deductions/{deduction_id}/drop")
async def drop_deduction(
    period_id: UUID, member_id: UUID, deduction_id: UUID, body: DecisionBody, call: Annotated[Call, Depends(allow("decide_deduction"))]
) -> CommandAnswer:
    """Nothing is deducted."""
    membership = await _heard(call, period_id, member_id, deduction_id)
    command = DropDeduction(deduction_id=deduction_id, decided_by=call.principal.subject, reason=body.reason)
    return await call.handle(HEARING, await _stream(call, period_id, membership.entries, deduction_id), command)


@router.get(MEMBER_PATH + "/deductions")
async def list_deductions(period_id: UUID, member_id: UUID, call: Annotated[Call, Depends(allow("read_case"))]) -> list[DeductionView]:
    """Deductions of the case, with their hearings."""
    entries = await require_reader(call, member_id)
    async with call.read() as tx:
        return await queries.deductions(tx, call.district, (period_id, entries))


async def _heard(call: Call, period_id: UUID, member_id: UUID, deduction_id: UUID) -> Membership:
    """The member, for whoever acts for the community in which the deduction was proposed, or for its street."""
    async with call.read() as tx:
        community_id = await queries.proposed_in(tx, call.district, deduction_id)
    return await managed_case(call, "decide_deduction", period_id, member_id, community_id)


async def _known(call: Call, entries: list[UUID], source_event_id: UUID) -> tuple[Fact, ...]:
    async with call.read() as tx:
        return await facts_on_subject_of(tx, call.district, entries, source_event_id)


async def _stream(call: Call, period_id: UUID, entries: list[UUID], deduction_id: UUID) -> UUID:
    """Stream of the case in which the deduction was proposed."""
    async with call.read() as tx:
        return case_id(await queries.opened_under(tx, call.district, deduction_id, entries), period_id)
