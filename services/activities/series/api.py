"""HTTP of activity series: define, look at the coming dates, plan their activities, end; and the models to start from."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.activities.access import DEFAULT_LIMIT, After, Limit, after_id, allow
from services.activities.gatherings.activity import ACTIVITY
from services.activities.labels import Words, words
from services.activities.refusals import AlreadyExists
from services.activities.series import queries
from services.activities.series.queries import SeriesView
from services.activities.series.recurrence import AHEAD, is_rule
from services.activities.series.series import (
    SERIES,
    Defined,
    DefineSeries,
    EndSeries,
    SeriesDraft,
    Undefined,
    dates,
    occurrence,
    occurrence_id,
)
from services.activities.series.templates import TEMPLATES, CommunityType, Template, TemplateCode
from shared.calendar.local_time import local_day
from shared.calendar.working_calendar import DayKind, day_kind
from shared.contracts.activities.codes import ActivityType, HolidayRule
from shared.decider import Command
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page, page_of
from shared.texts import text

router = APIRouter()
EXPECTED: Final = "a recurrence rule of RFC 5545 by days, e.g. FREQ=MONTHLY;BYMONTHDAY=15 or FREQ=WEEKLY;BYDAY=TU,TH"


class TemplateView(BaseModel):
    """A model for an activity or series."""

    code: TemplateCode
    title: Words
    community_type: CommunityType | None
    community_type_label: Words | None
    activity_type: ActivityType
    minutes: int
    rule: str | None
    holiday_rule: HolidayRule


class Occurrence(BaseModel):
    """A date of a series: `named` by the rule, `held_on` in the end (null: left out), and the activity once it is planned."""

    named: date
    held_on: date | None
    kind: DayKind
    activity_id: UUID
    status: str | None = None


class Occurrences(BaseModel):
    """Dates of a series."""

    items: list[Occurrence]


class PlanOccurrences(Command):
    """Plan the activities up to and including this day."""

    until: date


class PlannedOccurrences(BaseModel):
    """Activities planned now, and those that were there already."""

    series_id: UUID
    planned: list[UUID]
    already_planned: list[UUID]


@router.get("/activity-templates")
async def template_list(_call: Annotated[Call, Depends(allow("see_activities"))], community_type: str | None = None) -> list[TemplateView]:
    """Models by type of community (its code, or its name as the community states it), and those for every community."""
    wanted = None if community_type is None else community_type_of(community_type)
    return [_view(each) for each in TEMPLATES if wanted is None or each.community_type in {None, wanted}]


def community_type_of(stated: str) -> CommunityType:
    """The type by its code or its name. Raises Malformed."""
    for each in CommunityType:
        said = text("activities", "labels", f"community_type_{each.lower()}")
        if stated in {each.value, said.zh, said.zh.removesuffix("型")}:
            return each
    raise Malformed(community_type="one of " + ", ".join(CommunityType))


def _view(template: Template) -> TemplateView:
    kind = template.community_type
    return TemplateView(
        code=template.code,
        title=words(f"template_{template.code.lower()}"),
        community_type=kind,
        community_type_label=None if kind is None else words(f"community_type_{kind.lower()}"),
        activity_type=template.activity_type,
        minutes=template.minutes,
        rule=template.rule,
        holiday_rule=template.holiday_rule,
    )


@router.get("/series")
async def series_list(
    call: Annotated[Call, Depends(allow("see_activities"))],
    community_id: UUID | None = None,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[SeriesView]:
    """Series of the district or of one community."""
    async with call.read() as tx:
        found = await queries.series_list(tx, call.district, community_id, after_id(after), limit)
    return page_of(found, limit, lambda each: (each.series_id,))


@router.post("/series", status_code=201)
async def define_series(body: SeriesDraft, call: Annotated[Call, Depends(allow("plan_series"))]) -> CommandAnswer:
    """Found a series, e.g. a study day on the 15th of every month: it keeps its date on holidays unless `holiday_rule` says otherwise."""
    call.principal.require_organisation(body.community_id)
    if not is_rule(body.rule):
        raise Malformed(rule=EXPECTED)
    series_id = call.new_id("series")
    answer = await call.handle(SERIES, series_id, DefineSeries(series_id=series_id, **dict(body)))
    return answer.with_result(series_id=series_id)


@router.get("/series/{series_id}/occurrences")
async def occurrence_list(series_id: UUID, until: date, call: Annotated[Call, Depends(allow("see_activities"))]) -> Occurrences:
    """Dates from today to `until`, with the activities planned for them."""
    state = await _known(call, series_id)
    coming = _dates(call, state, until)
    ids = {named: occurrence_id(series_id, named) for named, _ in coming}
    async with call.read() as tx:
        planned = await queries.planned(tx, call.district, list(ids.values()))
    return Occurrences(
        items=[
            Occurrence(named=named, held_on=held_on, kind=day_kind(named), activity_id=ids[named], status=planned.get(ids[named]))
            for named, held_on in coming
        ]
    )


@router.post("/series/{series_id}/plan")
async def plan_occurrences(
    series_id: UUID, body: PlanOccurrences, call: Annotated[Call, Depends(allow("plan_series"))]
) -> PlannedOccurrences:
    """Plan the activities of the coming dates; what was planned, moved or cancelled before is left alone."""
    state = await _known(call, series_id)
    call.principal.require_organisation(state.series.community_id)
    answer = PlannedOccurrences(series_id=series_id, planned=[], already_planned=[])
    for named, held_on in _dates(call, state, body.until):
        if held_on is None:
            continue
        command = occurrence(state.series, named, held_on)
        try:
            await call.step(named.isoformat()).handle(ACTIVITY, command.activity_id, command)
        except AlreadyExists:
            answer.already_planned.append(command.activity_id)
        else:
            answer.planned.append(command.activity_id)
    return answer


@router.post("/series/{series_id}/end")
async def end_series(series_id: UUID, body: EndSeries, call: Annotated[Call, Depends(allow("plan_series"))]) -> CommandAnswer:
    """Plan nothing from it after a day; activities planned already are cancelled one by one."""
    state = await _known(call, series_id)
    call.principal.require_organisation(state.series.community_id)
    return await call.handle(SERIES, series_id, body)


async def _known(call: Call, series_id: UUID) -> Defined:
    state = await call.state(SERIES, series_id)
    if isinstance(state, Undefined):
        raise NotFound
    return state


def _dates(call: Call, state: Defined, until: date) -> list[tuple[date, date | None]]:
    """The series' dates from today on, to its last day and AHEAD at most."""
    today = local_day(call.now)
    return dates(state.series, today, min(until, state.last_day or until, today + AHEAD))
