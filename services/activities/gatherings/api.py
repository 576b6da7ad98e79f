"""HTTP of activities: planning, signing up, leave, attendance."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, Field

from services.activities.access import (
    DEFAULT_LIMIT,
    After,
    Limit,
    ReasonBody,
    acting_for,
    after_moment,
    allow,
    member_id,
    require_registered,
    whose,
)
from services.activities.gatherings import queries
from services.activities.gatherings.access import known_activity, own_activity
from services.activities.gatherings.activity import (
    ACTIVITY,
    ActivityChanges,
    ActivityDraft,
    AmendActivity,
    CancelActivity,
    PlanActivity,
    PublishActivity,
)
from services.activities.gatherings.attendance import ApproveLeave, AttendanceEntry, DeclineLeave, RecordAttendance, RequestLeave
from services.activities.gatherings.queries import ActivityFilter, ActivitySummary
from services.activities.gatherings.sign_ups import SignUp, WithdrawSignUp
from services.activities.gatherings.state import Plan, people_of
from services.activities.plans import queries as plans
from services.activities.posts.access import post_of_community
from services.activities.wording import ROSTER_LIMIT, Reason
from shared.contracts.activities.codes import LeaveReason, TimeBand
from shared.decider import Command
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of

router = APIRouter()
ActivityStatus = Literal["PLANNED", "PUBLISHED", "CANCELLED"]
WITHOUT_CONSENT = "within_work_hours_without_unit_consent"


class SignUpBody(Command):
    """Empty for a member's own sign-up; assisted entry names the member and how they agreed."""

    member_id: UUID | None = None
    consent: Reason | None = None


class LeaveBody(Command):
    """Why, as a code."""

    reason_code: LeaveReason


class AttendanceBody(Command):
    """An attendance list or part of it."""

    entries: Annotated[tuple[AttendanceEntry, ...], Field(min_length=1, max_length=ROSTER_LIMIT)]


class Period(Command):
    """Part of the list: activities that start in it."""

    starts_from: AwareDatetime | None = None
    starts_before: AwareDatetime | None = None


def period(starts_from: datetime | None = None, starts_before: datetime | None = None) -> Period:
    """Read the period from the query. Raises Malformed for a time without offset."""
    if any(each is not None and each.tzinfo is None for each in (starts_from, starts_before)):
        raise Malformed(starts_from="a time with its offset", starts_before="a time with its offset")
    return Period(starts_from=starts_from, starts_before=starts_before)


@router.get("/activities")
async def activity_list(
    call: Annotated[Call, Depends(allow("see_activities"))],
    starts: Annotated[Period, Depends(period)],
    community_id: UUID | None = None,
    status: ActivityStatus | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ActivitySummary]:
    """Activities by start; plans that are not published yet are shown to their organisers only."""
    wanted = ActivityFilter(
        acting_for=acting_for(call.principal),
        community_id=community_id,
        status=status,
        starts_from=starts.starts_from,
        starts_before=starts.starts_before,
        after=after_moment(after),
        limit=limit,
    )
    async with call.read() as tx:
        found = await queries.activity_list(tx, call.district, wanted)
    return page_of(found, limit, lambda each: (each.starts_at.isoformat(), each.activity_id))


@router.get("/activities/{activity_id}")
async def activity_detail(activity_id: UUID, call: Annotated[Call, Depends(allow("see_activities"))]) -> ActivitySummary:
    """Return one activity."""
    async with call.read() as tx:
        found = await queries.activity(tx, call.district, activity_id, acting_for(call.principal))
    if found is None:
        raise NotFound
    return found


@router.post("/activities", status_code=201)
async def plan_activity(body: ActivityDraft, call: Annotated[Call, Depends(allow("plan_activity"))]) -> CommandAnswer:
    """Prepare an activity. Within work hours and without the units' consent the answer carries a warning."""
    call.principal.require_organisation(body.community_id)
    activity_id = call.new_id("activity")
    values = dict(body)
    if body.post_id is not None:  # the activities of a post with minors are with minors too
        terms = await post_of_community(call, body.post_id, body.community_id)
        values["is_with_minors"] = body.is_with_minors or terms.is_with_minors
    answer = await call.handle(ACTIVITY, activity_id, PlanActivity(activity_id=activity_id, **values))
    return answer.with_result(activity_id=activity_id, **await _band_and_warnings(call, activity_id))


async def _band_and_warnings(call: Call, activity_id: UUID) -> dict[str, Any]:
    plan = (await known_activity(call, activity_id)).plan
    is_bare = plan.time_band is TimeBand.WITHIN_WORK_HOURS and not plan.unit_consent
    return {"time_band": plan.time_band, "warnings": [WITHOUT_CONSENT] if is_bare else []}


@router.post("/activities/{activity_id}/publish")
async def publish_activity(activity_id: UUID, call: Annotated[Call, Depends(allow("publish_activity"))]) -> CommandAnswer:
    """Open the activity for signing up. Within work hours and without the units' consent the answer carries a warning."""
    await own_activity(call, activity_id)
    answer = await call.handle(ACTIVITY, activity_id, PublishActivity())
    return answer.with_result(**await _band_and_warnings(call, activity_id))


@router.post("/activities/{activity_id}/amend")
async def amend_activity(
    activity_id: UUID, body: ActivityChanges, call: Annotated[Call, Depends(allow("amend_activity"))]
) -> CommandAnswer:
    """Change the plan; those signed up hear of it only when `is_announced`."""
    await own_activity(call, activity_id)
    answer = await call.handle(ACTIVITY, activity_id, AmendActivity(**dict(body), now=call.now))
    return answer.with_result(**await _band_and_warnings(call, activity_id))


@router.post("/activities/{activity_id}/cancel")
async def cancel_activity(
    activity_id: UUID, body: CancelActivity, call: Annotated[Call, Depends(allow("cancel_activity"))]
) -> CommandAnswer:
    """Call the activity off."""
    await own_activity(call, activity_id)
    return await call.handle(ACTIVITY, activity_id, body)


@router.post("/activities/{activity_id}/sign-ups", status_code=201)
async def sign_up(activity_id: UUID, body: SignUpBody, call: Annotated[Call, Depends(allow("sign_up"))]) -> CommandAnswer:
    """报名. When every place is taken, the next place in the line, if the activity has one: the answer says which.

    It also names the days on which more than eight hours are planned now, and what else is planned for the same time; those are warnings
    and refuse nothing.
    """
    who, acting = whose(call, body.member_id, body.consent)
    if acting.is_assisted:
        await own_activity(call, activity_id)
    plan = (await known_activity(call, activity_id)).plan
    await require_registered(call, [who])
    consent = body.consent if acting.is_assisted else None
    answer, state = await acting.decided(ACTIVITY, activity_id, SignUp(member_id=who, now=call.now, assisted_consent=consent))
    warned = {} if acting.is_assisted else await _warning(call, who, plan)  # only the member may know what else the member has planned
    waiting = people_of(state).waiting
    if who in waiting:
        return answer.with_result(outcome="waitlisted", position=waiting.index(who) + 1, **warned)
    return answer.with_result(outcome="signed_up", **warned)


async def _warning(call: Call, who: UUID, plan: Plan) -> dict[str, Any]:
    async with call.read() as tx:
        span = (plan.starts_at, plan.ends_at)
        return await plans.warning_with_activity(tx, call.district, who, plan.activity_id, span)


@router.post("/activities/{activity_id}/sign-ups/withdraw")
async def withdraw_sign_up(activity_id: UUID, call: Annotated[Call, Depends(allow("withdraw_sign_up"))]) -> CommandAnswer:
    """Do not come after all."""
    await known_activity(call, activity_id)
    return await call.handle(ACTIVITY, activity_id, WithdrawSignUp(member_id=member_id(call.principal), now=call.now))


@router.post("/activities/{activity_id}/leave", status_code=201)
async def request_leave(activity_id: UUID, body: LeaveBody, call: Annotated[Call, Depends(allow("request_leave"))]) -> CommandAnswer:
    """Ask to be excused."""
    await known_activity(call, activity_id)
    command = RequestLeave(member_id=member_id(call.principal), reason_code=body.reason_code)
    return await call.handle(ACTIVITY, activity_id, command)


@router.post("/activities/{activity_id}/leave/{who}/approve")
async def approve_leave(activity_id: UUID, who: UUID, call: Annotated[Call, Depends(allow("decide_leave"))]) -> CommandAnswer:
    """Excuse a member."""
    await own_activity(call, activity_id)
    return await call.handle(ACTIVITY, activity_id, ApproveLeave(member_id=who, approved_by=call.principal.subject))


@router.post("/activities/{activity_id}/leave/{who}/decline")
async def decline_leave(
    activity_id: UUID, who: UUID, body: ReasonBody, call: Annotated[Call, Depends(allow("decide_leave"))]
) -> CommandAnswer:
    """Do not excuse a member."""
    await own_activity(call, activity_id)
    command = DeclineLeave(member_id=who, declined_by=call.principal.subject, reason=body.reason)
    return await call.handle(ACTIVITY, activity_id, command)


@router.post("/activities/{activity_id}/attendance")
async def record_attendance(
    activity_id: UUID, body: AttendanceBody, call: Annotated[Call, Depends(allow("record_attendance"))]
) -> CommandAnswer:
    """Note who attended, with who noted it. Members who never registered here are refused."""
    signed_up = people_of(await own_activity(call, activity_id)).signed_up
    await require_registered(call, [each.member_id for each in body.entries if each.member_id not in signed_up])
    command = RecordAttendance(entries=body.entries, recorder=call.principal.subject, now=call.now)
    return await call.handle(ACTIVITY, activity_id, command)
