"""情况反馈: quarterly reports from the community to the work unit, which the member reads first."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints

from services.evaluation.access import DEFAULT_LIMIT, After, Body, Limit, ShortText, allow, position, today
from services.evaluation.facts.queries import served as services_of
from services.evaluation.membership.access import entries_of, is_one_of, membership_of
from services.evaluation.policy import COMMUNITY, POLICY, UNIT
from services.evaluation.reports import queries
from services.evaluation.reports.feedback_report import FEEDBACK_REPORT, AcknowledgeReport, CommentOnReport, DraftReport, SendReport
from services.evaluation.reports.queries import ReportView
from shared.calendar.quarters import days_of_quarter
from shared.calendar.working_days import working_days_after
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Forbidden, Role

router = APIRouter(prefix="/feedback-reports", tags=["quarterly reports"])
COMMENT_DAYS: Final = 5  # working days before the report may be sent


class ReportDraft(Body):
    """Whom it is about and which quarter; the figures come from confirmed records."""

    member_id: UUID
    year: Annotated[int, Field(ge=2000, le=2999)]
    quarter: Annotated[int, Field(ge=1, le=4)]
    remark: Annotated[str, StringConstraints(max_length=200)] = ""


class CommentBody(Body):
    """The member's comment."""

    comment: ShortText


@router.post("", status_code=201)
async def draft_report(body: ReportDraft, call: Annotated[Call, Depends(allow("write_report"))]) -> CommandAnswer:
    """Write a report; the member sees it first."""
    membership = await membership_of(call, body.member_id)
    call.principal.require_organisation(membership.community_id)
    async with call.read() as tx:
        served = await services_of(tx, call.district, membership.entries, None, days_of_quarter(body.year, body.quarter))
    report_id, comment_until = call.new_id("report"), working_days_after(today(call), COMMENT_DAYS)
    command = DraftReport(
        report_id=report_id,
        community_id=membership.community_id,
        unit_id=membership.unit_id,
        activities=len(served),
        minutes=sum(minutes for _, minutes in served),
        comment_until=comment_until,
        member_id=membership.member_id,
        year=body.year,
        quarter=body.quarter,
        remark=body.remark,
    )
    answer = await call.handle(FEEDBACK_REPORT, report_id, command)
    return answer.with_result(report_id=answer.stream.rpartition("/")[2], comment_until=comment_until)


@router.post("/{report_id}/comment")
async def comment_on_report(
    report_id: UUID, body: CommentBody, call: Annotated[Call, Depends(allow("comment_on_report"))]
) -> CommandAnswer:
    """The member comments; the comment goes along."""
    await _require(call, await _report(call, report_id), "comment_on_report")
    return await call.handle(FEEDBACK_REPORT, report_id, CommentOnReport(comment=body.comment))


@router.post("/{report_id}/send")
async def send_report(report_id: UUID, call: Annotated[Call, Depends(allow("send_report"))]) -> CommandAnswer:
    """Send it to the work unit."""
    await _require(call, await _report(call, report_id), "send_report")
    return await call.handle(FEEDBACK_REPORT, report_id, SendReport(today=today(call)))


@router.post("/{report_id}/acknowledge")
async def acknowledge_report(report_id: UUID, call: Annotated[Call, Depends(allow("acknowledge_report"))]) -> CommandAnswer:
    """The work unit has taken note."""
    await _require(call, await _report(call, report_id), "acknowledge_report")
    return await call.handle(FEEDBACK_REPORT, report_id, AcknowledgeReport())


@router.get("")
async def list_reports(
    call: Annotated[Call, Depends(allow("read_reports"))],
    member_id: UUID | None = None,
    unit_id: Annotated[UUID | None, Query(description="only what was sent to this unit")] = None,
    community_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ReportView]:
    """Reports on the caller, to the caller's unit, or by the caller's community: name one of them."""
    principal = call.principal
    entries = None if member_id is None else await entries_of(call, member_id)
    is_allowed = (
        (entries is not None and is_one_of(call, entries))
        or (unit_id in principal.organisations and principal.has_any(UNIT))
        or (community_id in principal.organisations and principal.has_any(COMMUNITY))
    )
    if not is_allowed:
        message = "name the member, unit or community you act for"
        raise Forbidden(message)
    async with call.read() as tx:
        found = await queries.reports(tx, call.district, None, (entries, unit_id, community_id), (position(after), limit))
    return page_of(found, limit, lambda report: (report.report_id,))


async def _report(call: Call, report_id: UUID) -> ReportView:
    async with call.read() as tx:
        found = await queries.reports(tx, call.district, report_id, (None, None, None), (None, 1))
    if not found:
        raise NotFound
    return found[0]


async def _require(call: Call, report: ReportView, action: str) -> None:
    """Only the member, the unit that received it and the community that wrote it have anything to do with a report."""
    principal, roles = call.principal, POLICY[action]
    as_member = Role.MEMBER in roles and is_one_of(call, await entries_of(call, report.member_id))
    as_unit = principal.has_any(UNIT & roles) and report.unit_id in principal.organisations
    as_community = principal.has_any(COMMUNITY & roles) and report.community_id in principal.organisations
    if not (as_member or as_unit or as_community):
        message = "has nothing to do with this report"
        raise Forbidden(message)
