"""HTTP of records: logging, confirming a whole roster in three steps (list → roster → confirm), correcting, voiding."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from services.activities.access import (
    DEFAULT_LIMIT,
    OWN_ONLY,
    After,
    Limit,
    ReasonBody,
    acting_for,
    after_moment,
    allow,
    member_id,
    require_registered,
)
from services.activities.gatherings import queries as gatherings
from services.activities.gatherings.access import known_activity, own_activity
from services.activities.gatherings.attendance import AlreadyLogged
from services.activities.gatherings.service_records import ConfirmedRecord, DeclinedRecord, LoggedRecord, Record
from services.activities.gatherings.state import Activity, Plan, records_of
from services.activities.policy import ORGANISERS
from services.activities.records import queries
from services.activities.records.confirming import ConfirmRoster, RosterDecision
from services.activities.records.corrections import CorrectActivity, RecordChange, VoidActivity
from services.activities.records.queries import CONFIRMED, LIVING, OpenConfirmation, RecordInForce, Roster
from services.activities.records.record import RECORDS
from services.activities.records.service_log import LogActivity, LogEntry, LogLine, RecordDraft, TimeElsewhere
from services.activities.records.vouching import VouchRecord
from services.activities.wording import ROSTER_LIMIT
from shared.calendar.local_time import local_day
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.identity import Forbidden, Role
from shared.texts import text

router = APIRouter()
Lines = Annotated[tuple[LogLine, ...], Field(min_length=1, max_length=ROSTER_LIMIT)]


class LogBody(RecordDraft):
    """What was done, and a line per member."""

    entries: Lines


@router.post("/activities/{activity_id}/records", status_code=201)
async def log_activity(activity_id: UUID, body: LogBody, call: Annotated[Call, Depends(allow("log_activity"))]) -> CommandAnswer:
    """活动记实: the organiser's log of a roster, or a member's own line."""
    plan = (await known_activity(call, activity_id)).plan
    is_organiser = call.principal.has_any(ORGANISERS) and plan.community_id in call.principal.organisations
    if not is_organiser and {each.member_id for each in body.entries} != {member_id(call.principal)}:
        raise Forbidden(OWN_ONLY)
    command = LogActivity(
        **{name: value for name, value in body if name != "entries"},
        entries=await _entries(call, body.entries, plan),
        recorder=call.principal.subject,
        now=call.now,
    )
    answer, state = await call.decided(RECORDS, activity_id, command)
    records = {str(each.member_id): each.record_id for each in command.entries}
    known = records_of(state)
    flagged = {str(each): known[each].logged.flags for each in records.values() if each in known and known[each].logged.flags}
    return answer.with_result(record_ids=records, flagged=flagged)


async def _entries(call: Call, lines: Lines, plan: Plan) -> tuple[LogEntry, ...]:
    who = [each.member_id for each in lines]
    if len(set(who)) < len(who):
        raise AlreadyLogged
    known = await require_registered(call, who)
    starts = [each.starts_at or plan.starts_at for each in lines]
    async with call.read() as tx:
        days = (local_day(min(starts)), local_day(max(starts)))
        elsewhere = await queries.time_elsewhere(tx, call.district, plan.activity_id, who, days, LIVING)
    return tuple(
        LogEntry(
            **dict(each),
            record_id=call.new_id(f"record/{each.member_id}"),
            unit_id=known[each.member_id].unit_id,
            elsewhere=elsewhere.get(each.member_id, ()),
        )
        for each in lines
    )


@router.get("/confirmations")
async def confirmations(
    call: Annotated[Call, Depends(allow("see_confirmations"))],
    community_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[OpenConfirmation]:
    """Step 1: activities with records that wait for confirmation, oldest first."""
    if community_id is not None:
        call.principal.require_organisation(community_id)
    communities = list(acting_for(call.principal)) if community_id is None else [community_id]
    async with call.read() as tx:
        found = await queries.open_confirmations(tx, call.district, communities, after_moment(after), limit)
    return page_of(found, limit, lambda each: (each.starts_at.isoformat(), each.activity_id))


@router.get("/activities/{activity_id}/roster")
async def roster(activity_id: UUID, call: Annotated[Call, Depends(allow("see_roster"))]) -> Roster:
    """Step 2: everybody on the activity, with records and flags."""
    async with call.read() as tx:
        found = await gatherings.activity(tx, call.district, activity_id, acting_for(call.principal))
        if found is None:
            raise NotFound
        if not call.principal.has_any({Role.STREET_ADMIN, Role.DISTRICT_ADMIN}):
            call.principal.require_organisation(found.community_id)
        return await queries.roster(tx, call.district, found)


@router.post("/activities/{activity_id}/confirm")
async def confirm_roster(activity_id: UUID, body: RosterDecision, call: Annotated[Call, Depends(allow("confirm_roster"))]) -> CommandAnswer:
    """Step 3: confirm the roster, or a chosen part of it, and decline others with a reason, in one act."""
    before = await own_activity(call, activity_id)
    waiting = [each for each in records_of(before).values() if isinstance(each, LoggedRecord)]
    elsewhere = await _confirmed_elsewhere(call, activity_id, waiting)
    command = ConfirmRoster(**dict(body), confirmed_by=call.principal.subject, elsewhere=elsewhere)
    answer, state = await call.decided(RECORDS, activity_id, command)
    chosen = records_of(state) if body.record_ids is None else body.record_ids
    return answer.with_result(
        confirmed=[each for each in chosen if _is(state, each, ConfirmedRecord)],
        declined=[each.record_id for each in body.decline if _is(state, each.record_id, DeclinedRecord)],
    )


async def _confirmed_elsewhere(call: Call, activity_id: UUID, records: Sequence[Record]) -> dict[UUID, tuple[TimeElsewhere, ...]]:
    if not records:
        return {}
    days = [each.counting.served_on if isinstance(each, ConfirmedRecord) else each.logged.served_on for each in records]
    async with call.read() as tx:
        members = [each.logged.member_id for each in records]
        return await queries.time_elsewhere(tx, call.district, activity_id, members, (min(days), max(days)), CONFIRMED)


@router.post("/activities/{activity_id}/records/{record_id}/vouch")
async def vouch_record(activity_id: UUID, record_id: UUID, call: Annotated[Call, Depends(allow("vouch_record"))]) -> CommandAnswer:
    """Look at a long day as second person of the community, or for the street: what waits of a confirmed record counts then."""
    by_street = call.principal.has_any({Role.STREET_ADMIN})
    state = await (known_activity if by_street else own_activity)(call, activity_id)
    command = VouchRecord(
        record_id=record_id,
        vouched_by=call.principal.subject,
        by_street=by_street,
        reason=text("activities", "labels", "second_confirmation").zh,
    )
    record = records_of(state).get(record_id)
    if isinstance(record, ConfirmedRecord):
        in_force = await _in_force(call, activity_id, record_id)
        elsewhere = (await _confirmed_elsewhere(call, activity_id, [record])).get(record.logged.member_id, ())
        read = {"corrects_event_id": in_force.event_id, "revision": in_force.revision, "elsewhere": elsewhere}
        command = command.model_copy(update=read)
    return await call.handle(RECORDS, activity_id, command)


def _is(state: Activity, record_id: UUID, phase: type[Record]) -> bool:
    return isinstance(records_of(state).get(record_id), phase)


@router.post("/activities/{activity_id}/records/{record_id}/correct")
async def correct_record(
    activity_id: UUID, record_id: UUID, body: RecordChange, call: Annotated[Call, Depends(allow("correct_record"))]
) -> CommandAnswer:
    """Replace what a confirmed record says; the event in force is named in the correction."""
    await own_activity(call, activity_id)
    in_force = await _in_force(call, activity_id, record_id)
    days = [in_force.served_on, *([local_day(body.starts_at)] if body.starts_at else [])]
    async with call.read() as tx:
        elsewhere = await queries.time_elsewhere(tx, call.district, activity_id, [in_force.member_id], (min(days), max(days)), CONFIRMED)
    command = CorrectActivity(
        **dict(body),
        elsewhere=elsewhere.get(in_force.member_id, ()),
        record_id=record_id,
        corrects_event_id=in_force.event_id,
        revision=in_force.revision,
        corrected_by=call.principal.subject,
        now=call.now,
    )
    return await call.handle(RECORDS, activity_id, command)


@router.post("/activities/{activity_id}/records/{record_id}/void")
async def void_record(
    activity_id: UUID, record_id: UUID, body: ReasonBody, call: Annotated[Call, Depends(allow("void_record"))]
) -> CommandAnswer:
    """Take a confirmed record back altogether."""
    await own_activity(call, activity_id)
    in_force = await _in_force(call, activity_id, record_id)
    command = VoidActivity(
        record_id=record_id,
        voids_event_id=in_force.event_id,
        revision=in_force.revision,
        voided_by=call.principal.subject,
        reason=body.reason,
    )
    return await call.handle(RECORDS, activity_id, command)


async def _in_force(call: Call, activity_id: UUID, record_id: UUID) -> RecordInForce:
    """Return the event in force as the read model knows it; when it lags behind, the revision does not fit and the command is refused."""
    async with call.read() as tx:
        found = await queries.record_in_force(tx, call.district, activity_id, record_id)
    if found is None:
        raise NotFound
    return found
