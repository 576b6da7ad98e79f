"""HTTP of requests to correct a record: a member asks, the community answers by a day that both see, and who is above sees what is late."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activities.access import DEFAULT_LIMIT, After, Limit, ReasonBody, acting_for, after_id, allow, member_id
from services.activities.gatherings.access import known_activity, own_activity
from services.activities.gatherings.service_records import open_request
from services.activities.gatherings.state import records_of
from services.activities.policy import DESK
from services.activities.records import queries
from services.activities.records.corrections import ANSWER_WITHIN, DeclineRecordCorrection, RequestRecordCorrection
from services.activities.records.queries import OpenRequest, RequestFilter
from services.activities.records.record import RECORDS
from services.activities.wording import Reason
from shared.calendar.local_time import local_day
from shared.calendar.working_days import working_days_after
from shared.decider import Command
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of

router = APIRouter()
Overdue = Annotated[bool, Query(description="only those whose day has passed")]


class CorrectionRequestBody(Command):
    """What is wrong and how it was."""

    request: Reason


@router.get("/correction-requests")
async def correction_requests(
    call: Annotated[Call, Depends(allow("see_correction_requests"))],
    overdue: Overdue = False,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[OpenRequest]:
    """What members ask to have corrected and nobody has answered: a community's own, and for street and district those that are late."""
    communities = acting_for(call.principal) if call.principal.has_any(DESK) else None
    wanted = RequestFilter(
        communities=communities,
        only_overdue=overdue or communities is None,
        today=local_day(call.now),
        after=after_id(after),
        limit=limit,
    )
    async with call.read() as tx:
        found = await queries.open_requests(tx, call.district, wanted)
    return page_of(found, limit, lambda each: (each.record_id,))


@router.post("/activities/{activity_id}/records/{record_id}/correction-requests", status_code=201)
async def request_correction(
    activity_id: UUID, record_id: UUID, body: CorrectionRequestBody, call: Annotated[Call, Depends(allow("request_correction"))]
) -> CommandAnswer:
    """Ask for a correction of one's own record. The community answers until `answer_by`; asking again does not move that day."""
    state = await known_activity(call, activity_id)
    own = member_id(call.principal)
    record = records_of(state).get(record_id)
    if record is None or record.logged.member_id != own:
        raise NotFound
    answer_by = working_days_after(local_day(call.now), ANSWER_WITHIN)
    command = RequestRecordCorrection(record_id=record_id, member_id=own, request=body.request, answer_by=answer_by)
    answer, afterwards = await call.decided(RECORDS, activity_id, command)
    asked = open_request(records_of(afterwards)[record_id])
    return answer.with_result(answer_by=asked and asked.answer_by)


@router.post("/activities/{activity_id}/records/{record_id}/correction-requests/decline")
async def decline_correction(
    activity_id: UUID, record_id: UUID, body: ReasonBody, call: Annotated[Call, Depends(allow("decline_correction"))]
) -> CommandAnswer:
    """Keep the record, with the reason."""
    await own_activity(call, activity_id)
    command = DeclineRecordCorrection(record_id=record_id, declined_by=call.principal.subject, reason=body.reason)
    return await call.handle(RECORDS, activity_id, command)
