"""HTTP of complaints: anybody with a token complains about burden or a wrong process, whoever is not meant answers by a day both see."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activities.access import DEFAULT_LIMIT, After, Limit, after_id, allow, member_id
from services.activities.complaints import queries
from services.activities.complaints.complaint import (
    ANSWER_WITHIN,
    COMPLAINT,
    AnswerComplaint,
    AnswerDraft,
    ComplaintDraft,
    LodgeComplaint,
    NotLodged,
)
from services.activities.complaints.queries import ComplaintFilter, ComplaintView
from services.activities.policy import UNIT
from shared.calendar.local_time import local_day
from shared.calendar.working_days import working_days_after
from shared.contracts.activities.complaints import ComplainedOf, ComplaintDesk
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Principal, Role

router = APIRouter()
ComplaintStatus = Literal["OPEN", "ANSWERED"]
Overdue = Annotated[bool, Query(description="only those whose day has passed")]
DESKS: Final = {
    Role.STREET_ADMIN: ComplaintDesk.STREET,
    Role.DISTRICT_ADMIN: ComplaintDesk.DISTRICT,
    Role.APPEAL_REVIEWER: ComplaintDesk.REVIEWER,
}
ORGANISATIONS: Final = frozenset({ComplainedOf.UNIT, ComplainedOf.COMMUNITY})


class ComplaintBody(ComplaintDraft):
    """Whoever acts for several units or communities names the one that complains."""

    on_behalf_of: UUID | None = None


@router.post("/complaints", status_code=201)
async def lodge_complaint(body: ComplaintBody, call: Annotated[Call, Depends(allow("complain"))]) -> CommandAnswer:
    """投诉: about a burden or a procedure, never about a person. The answer comes until `answer_by`, from whom it is not about."""
    if body.organisation_id is not None:
        async with call.read() as tx:
            is_known = body.about in ORGANISATIONS and await queries.is_known(tx, call.district, body.organisation_id)
        if not is_known:
            raise Malformed(organisation_id="the unit or community that is meant, in this district")
    values: dict[str, Any] = {**body.model_dump(exclude={"on_behalf_of"}), **_complainant(call.principal, body.on_behalf_of)}
    command = LodgeComplaint(
        **values,
        complaint_id=call.new_id("complaint"),
        lodged_by=call.principal.subject,
        answer_by=working_days_after(local_day(call.now), ANSWER_WITHIN),
    )
    answer, state = await call.decided(COMPLAINT, command.complaint_id, command)
    facts: dict[str, Any] = (
        {} if isinstance(state, NotLodged) else state.lodged.model_dump(mode="json", include={"answer_by", "addressed_to"})
    )
    return answer.with_result(complaint_id=command.complaint_id, **facts)


def _complainant(principal: Principal, on_behalf_of: UUID | None) -> dict[str, UUID]:
    if Role.MEMBER in principal.roles and on_behalf_of is None:
        return {"member_id": member_id(principal)}
    if on_behalf_of is None and len(principal.organisations) != 1:
        raise Malformed(on_behalf_of="the unit or community you complain for")
    organisation_id = on_behalf_of or next(iter(principal.organisations))
    principal.require_organisation(organisation_id)
    return {"unit_id" if principal.has_any(UNIT) else "community_id": organisation_id}


@router.get("/complaints")
async def complaint_list(
    call: Annotated[Call, Depends(allow("see_complaints"))],
    overdue: Overdue = False,
    status: ComplaintStatus | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ComplaintView]:
    """The caller's own complaints, and those that the caller answers; nobody reads a complaint about their own level."""
    wanted = ComplaintFilter(
        desks=sorted(desks_of(call.principal)),
        member_id=member_id(call.principal) if Role.MEMBER in call.principal.roles else None,
        organisations=sorted(call.principal.organisations),
        is_open=None if status is None else status == "OPEN",
        after=after_id(after),
        only_overdue=overdue,
        today=local_day(call.now),
        limit=limit,
    )
    async with call.read() as tx:
        return page_of(await queries.complaints(tx, call.district, wanted), limit, lambda each: (each.complaint_id,))


@router.post("/complaints/{complaint_id}/answer")
async def answer_complaint(
    complaint_id: UUID, body: AnswerDraft, call: Annotated[Call, Depends(allow("answer_complaint"))]
) -> CommandAnswer:
    """Say what was remedied, or why it stays; whoever complained hears of it."""
    desks = desks_of(call.principal)
    state = await call.state(COMPLAINT, complaint_id)
    if isinstance(state, NotLodged) or not desks & state.desks or state.lodged.organisation_id in call.principal.organisations:
        raise NotFound  # whoever does not answer it does not learn that it exists
    return await call.handle(COMPLAINT, complaint_id, AnswerComplaint(**dict(body), desks=desks, answered_by=call.principal.subject))


def desks_of(principal: Principal) -> frozenset[ComplaintDesk]:
    """Where the caller answers."""
    return frozenset(desk for role, desk in DESKS.items() if role in principal.roles)
