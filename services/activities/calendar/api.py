"""HTTP of calendars: which days are worked by which notice (a year that is not entered says UNKNOWN), and activities as iCalendar files."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel

from services.activities.access import allow, member_id
from services.activities.calendar import queries
from services.activities.calendar.files import CalendarEntry, calendar_file
from services.activities.plans.planned_days import LONG_DAY_PLANNED, OVERLAP_PLANNED
from shared.calendar.working_calendar import ARRANGEMENTS, DayKind, day_kind, first_working_day_after
from shared.http.endpoints import Call
from shared.texts import text

router = APIRouter()


class WorkingDay(BaseModel):
    """A day in the calendar; `source` is the notice that says so, null when the year is unknown."""

    day: date
    kind: DayKind
    source: str | None
    first_working_day_after: date | None


class Holiday(BaseModel):
    """A public holiday from its first to its last day."""

    first_day: date
    last_day: date


class WorkingYear(BaseModel):
    """A year's arrangement; `is_known` is false when none is entered, and then nothing is guessed."""

    year: int
    is_known: bool
    source: str | None = None
    holidays: list[Holiday] = []
    make_up_days: list[date] = []


@router.get("/working-days/{day}")
async def working_day(day: date, _call: Annotated[Call, Depends(allow("see_activities"))]) -> WorkingDay:
    """Whether this day is worked by the official calendar, and the first working day after it."""
    arrangement = ARRANGEMENTS.get(day.year)
    source = None if arrangement is None else arrangement.source
    return WorkingDay(day=day, kind=day_kind(day), source=source, first_working_day_after=first_working_day_after(day))


@router.get("/working-years/{year}")
async def working_year(
    year: Annotated[int, Path(ge=2000, le=2100)], _call: Annotated[Call, Depends(allow("see_activities"))]
) -> WorkingYear:
    """Holidays and make-up days of a year as the State Council announced them."""
    arrangement = ARRANGEMENTS.get(year)
    if arrangement is None:
        return WorkingYear(year=year, is_known=False)
    holidays = [Holiday(first_day=first, last_day=last) for first, last in arrangement.holidays]
    return WorkingYear(year=year, is_known=True, source=arrangement.source, holidays=holidays, make_up_days=list(arrangement.make_up_days))


@router.head("/me/activities.ics", include_in_schema=False)
@router.get("/me/activities.ics")
async def my_calendar(call: Annotated[Call, Depends(allow("see_own_calendar"))]) -> Response:
    """What the caller signed up for, as an iCalendar file (RFC 5545); it says which days get long."""
    async with call.read() as tx:
        found = await queries.member_calendar(tx, call.district, member_id(call.principal), call.now)
    return calendar_answer("calendar_of_member", found, call)


@router.head("/communities/{community_id}/activities.ics", include_in_schema=False)
@router.get("/communities/{community_id}/activities.ics")
async def community_calendar(community_id: UUID, call: Annotated[Call, Depends(allow("see_community_calendar"))]) -> Response:
    """Published activities of a community as an iCalendar file (RFC 5545)."""
    async with call.read() as tx:
        found = await queries.community_calendar(tx, call.district, community_id, call.now)
    return calendar_answer("calendar_of_community", found, call)


def calendar_answer(name: str, entries: list[CalendarEntry], call: Call) -> Response:
    """An iCalendar file as answer."""
    title = text("activities", "labels", name).zh
    content = calendar_file(title, entries, call.now, long_day_note=_note(LONG_DAY_PLANNED), overlap_note=_note(OVERLAP_PLANNED))
    return Response(content, media_type="text/calendar")


def _note(code: str) -> str:
    warning = text("activities", "labels", f"warning_{code}")
    return f"{warning.zh}\n{warning.en}"
