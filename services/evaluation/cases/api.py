"""Cases: both assessments of a member in a period, and what organisations grant."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from services.evaluation import scorebook
from services.evaluation.access import MEMBER_PATH, Body, ShortText, allow, period_of
from services.evaluation.cases.access import managed_case
from services.evaluation.cases.assessments import Count, Meetings, SubmitCommunityAssessment, SubmitUnitAssessment
from services.evaluation.cases.case import CASE
from services.evaluation.cases.grants import GrantCommendation, GrantExemption, WaiveCategory
from services.evaluation.cases.state import case_id
from services.evaluation.scoring.engine import NoRuleSetInForce
from shared.contracts.evaluation.assessments import RubricScore
from shared.contracts.evaluation.codes import CommunityOpinion, ExemptionReason, WaiverReason
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(prefix=MEMBER_PATH, tags=["cases"])


class UnitBody(Body):
    """The unit's figures and judgement: meetings in sum, by kind or both, all four items, a reason for marks of 4 or less."""

    attended: Count | None = None
    required: Count | None = None
    excused: Count | None = None
    meetings: Meetings = ()
    rubric: tuple[RubricScore, ...]
    unit_tasks: Count = 0


class CommunityBody(Body):
    """The community's opinion."""

    opinion: CommunityOpinion
    reason: Annotated[str, StringConstraints(max_length=200)] = ""


class CommendationBody(Body):
    """What for, and when."""

    granted_on: date
    reason: ShortText


class ExemptionBody(Body):
    """Which days; a code, never a diagnosis."""

    starts_on: date
    ends_on: date
    reason_code: ExemptionReason


class WaiverBody(Body):
    """Which category, and why it cannot be asked."""

    category: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,10}$")]
    reason_code: WaiverReason


@router.post("/unit-assessment")
async def assess_for_unit(
    period_id: UUID, member_id: UUID, body: UnitBody, call: Annotated[Call, Depends(allow("assess_for_unit"))]
) -> CommandAnswer:
    """The unit's half of the dual evaluation."""
    membership = await managed_case(call, "assess_for_unit", period_id, member_id)
    command = SubmitUnitAssessment(
        member_id=membership.member_id,
        period_id=period_id,
        unit_id=membership.unit_id,
        assessed_by=call.principal.subject,
        **dict(body),
    )
    return await call.handle(CASE, case_id(membership.member_id, period_id), command)


@router.post("/community-assessment")
async def assess_for_community(
    period_id: UUID, member_id: UUID, body: CommunityBody, call: Annotated[Call, Depends(allow("assess_for_community"))]
) -> CommandAnswer:
    """The community's half."""
    membership = await managed_case(call, "assess_for_community", period_id, member_id)
    command = SubmitCommunityAssessment(
        member_id=membership.member_id,
        period_id=period_id,
        community_id=membership.community_id,
        assessed_by=call.principal.subject,
        **dict(body),
    )
    return await call.handle(CASE, case_id(membership.member_id, period_id), command)


@router.post("/commendations", status_code=201)
async def grant_commendation(
    period_id: UUID, member_id: UUID, body: CommendationBody, call: Annotated[Call, Depends(allow("commend"))]
) -> CommandAnswer:
    """Commend service in the programme."""
    membership = await managed_case(call, "commend", period_id, member_id)
    commendation_id = call.new_id("commendation")
    command = GrantCommendation(
        commendation_id=commendation_id,
        member_id=membership.member_id,
        period_id=period_id,
        period=await period_of(call, period_id),
        **dict(body),
    )
    answer = await call.handle(CASE, case_id(membership.member_id, period_id), command)
    return answer.with_result(commendation_id=commendation_id)


@router.post("/exemptions", status_code=201)
async def grant_exemption(
    period_id: UUID, member_id: UUID, body: ExemptionBody, call: Annotated[Call, Depends(allow("exempt"))]
) -> CommandAnswer:
    """Take days out of what is asked."""
    membership = await managed_case(call, "exempt", period_id, member_id)
    exemption_id = call.new_id("exemption")
    command = GrantExemption(exemption_id=exemption_id, member_id=membership.member_id, period_id=period_id, **dict(body))
    answer = await call.handle(CASE, case_id(membership.member_id, period_id), command)
    return answer.with_result(exemption_id=exemption_id)


@router.post("/waivers", status_code=201)
async def waive_category(
    period_id: UUID, member_id: UUID, body: WaiverBody, call: Annotated[Call, Depends(allow("waive"))]
) -> CommandAnswer:
    """Do not ask a category of this member."""
    membership = await managed_case(call, "waive", period_id, member_id)
    waivable = await _waivable(call, period_id)
    command = WaiveCategory(member_id=membership.member_id, period_id=period_id, waivable=waivable, **dict(body))
    return await call.handle(CASE, case_id(membership.member_id, period_id), command)


async def _waivable(call: Call, period_id: UUID) -> frozenset[str]:
    """Core categories of the community side, by the rules in force when the period ends."""
    period = await period_of(call, period_id)
    async with call.read() as tx:
        version = (await scorebook.load_books(tx, call.district)).community.on(period.ends_on)
    if version is None:
        raise NoRuleSetInForce
    return frozenset(category.code for category in version.rules.categories if category.is_core and category.side == "COMMUNITY")
