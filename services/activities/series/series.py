"""A series of activities (奉献日, 学习活动日): by which rule it returns, and on which day each occurrence is held.

Invariants: an occurrence keeps its date on rest days unless the series says otherwise; where the working calendar would decide and does
not reach, nothing is guessed; the same occurrence always becomes the same activity, so that planning twice plans once.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field, StringConstraints

from services.activities.gatherings.activity import ActivityCapacity, ActivityEndsBeforeItStarts, PlanActivity, WorkingCalendarUnknown
from services.activities.refusals import AlreadyExists, TermEndsBeforeItStarts, WrongStep
from services.activities.series.recurrence import days_of
from services.activities.series.templates import TemplateCode
from services.activities.wording import Line, Reason, Title
from shared.calendar.local_time import CHINA
from shared.calendar.working_calendar import ARRANGEMENTS, LONGEST_BREAK, DayKind, Years, day_kind, first_of_kind
from shared.contracts.activities.codes import ActivityType, HolidayRule, SixOnesItem, TimeBand
from shared.contracts.activities.series import ActivitySeriesDefined, ActivitySeriesEnded
from shared.contracts.event import Event
from shared.contracts.values import HAS_LINES
from shared.decider import Command, Decider
from shared.identifiers import named_id

RuleText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class SeriesDraft(Command):
    """What a community states about a series; the rule is checked by the caller. `ends` is on the same day as `starts`."""

    community_id: UUID
    title: Title
    activity_type: ActivityType
    rule: RuleText
    holiday_rule: HolidayRule = HolidayRule.KEEP_DATE
    first_day: date
    last_day: date | None = None
    starts: time
    ends: time
    place: Line
    capacity: ActivityCapacity | None = None
    description: Annotated[str, HAS_LINES, Field(max_length=2000)] = ""
    template: TemplateCode | None = None
    team_id: UUID | None = None
    six_ones_item: SixOnesItem | None = None
    time_band: TimeBand | None = None
    time_band_reason: Line | None = None
    unit_consent: Line | None = None


class DefineSeries(SeriesDraft):
    """Found the series."""

    series_id: UUID


class EndSeries(Command):
    """End it earlier than stated, or end one without a last day."""

    last_day: date
    reason: Reason


SeriesCommand = DefineSeries | EndSeries


@dataclass(frozen=True, slots=True)
class Undefined:
    """There is no such series."""


@dataclass(frozen=True, slots=True)
class Defined:
    """It plans activities, until its last day if it has one."""

    series: ActivitySeriesDefined
    last_day: date | None


Series = Undefined | Defined


def decide(command: SeriesCommand, state: Series) -> tuple[Event, ...]:
    """Decide one command about a series."""
    match command:
        case DefineSeries():
            return _define(command, state)
        case EndSeries():
            return _end(command, state)
        case _:
            assert_never(command)


def _define(command: DefineSeries, state: Series) -> tuple[Event, ...]:
    if not isinstance(state, Undefined):
        raise AlreadyExists
    if command.ends <= command.starts:
        raise ActivityEndsBeforeItStarts
    if command.last_day is not None and command.last_day < command.first_day:
        raise TermEndsBeforeItStarts
    return (ActivitySeriesDefined.model_validate(command.model_dump()),)


def _end(command: EndSeries, state: Series) -> tuple[Event, ...]:
    if isinstance(state, Undefined):
        raise WrongStep
    if state.last_day is not None and state.last_day <= command.last_day:
        return ()
    ids = {"series_id": state.series.series_id, "community_id": state.series.community_id}
    return (ActivitySeriesEnded(**ids, last_day=command.last_day, reason=command.reason),)


def placed(day: date, rule: HolidayRule, years: Years = ARRANGEMENTS) -> date | None:
    """The day on which the occurrence of `day` is held, None when it is left out. Raises WorkingCalendarUnknown where it would decide."""
    if rule is HolidayRule.KEEP_DATE:
        return day
    wanted = DayKind.REST_DAY if rule is HolidayRule.NEXT_REST_DAY else DayKind.WORKING_DAY
    kind = day_kind(day, years)
    if kind is wanted:
        return day
    if kind is DayKind.REST_DAY and rule is HolidayRule.LEAVE_OUT:
        return None
    found = None if kind is DayKind.UNKNOWN else first_of_kind(wanted, day, years)
    if found is None:
        raise WorkingCalendarUnknown(first_day=day.isoformat(), last_day=day.isoformat())
    return found


def dates(series: ActivitySeriesDefined, today: date, until: date, years: Years = ARRANGEMENTS) -> list[tuple[date, date | None]]:
    """Dates still to come until `until`, with the day on which they are held (None: left out).

    Of several that are moved to one day the first is held, whatever day it is today: so that planning again finds what was planned.
    """
    taken: set[date] = set()
    found: list[tuple[date, date | None]] = []
    for named in days_of(series.rule, series.first_day, until, since=today - timedelta(days=LONGEST_BREAK)):
        try:
            held_on = placed(named, series.holiday_rule, years)
        except WorkingCalendarUnknown:
            if named < today:
                continue
            raise
        if held_on in taken:
            continue
        if held_on is not None:
            taken.add(held_on)
        if (held_on or named) >= today:
            found.append((named, held_on))
    return found


def occurrence_id(series_id: UUID, day: date) -> UUID:
    """Id of the activity that the occurrence of `day` (before it is moved) becomes."""
    return named_id(b"occurrence", series_id.bytes, day.isoformat().encode())


def occurrence(series: ActivitySeriesDefined, day: date, held_on: date) -> PlanActivity:
    """The plan of one occurrence."""
    shared = ("community_id", "title", "activity_type", "place", "capacity", "description", "team_id", "six_ones_item")
    stated = ("time_band", "time_band_reason", "unit_consent", "series_id")
    return PlanActivity(
        activity_id=occurrence_id(series.series_id, day),
        starts_at=datetime.combine(held_on, series.starts, CHINA),
        ends_at=datetime.combine(held_on, series.ends, CHINA),
        **{name: getattr(series, name) for name in (*shared, *stated)},
    )


def evolve(state: Series, event: Event) -> Series:
    """Fold one event. Never raises."""
    match state, event:
        case _, ActivitySeriesDefined():
            return Defined(event, event.last_day)
        case Defined(series), ActivitySeriesEnded():
            return Defined(series, event.last_day)
        case _:
            return state


INITIAL: Final[Series] = Undefined()
SERIES: Final = Decider(category="series", initial=INITIAL, decide=decide, evolve=evolve)
