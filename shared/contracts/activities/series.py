"""Events of activity series: a dedication day, a study day. The activities themselves are planned from it one by one and name it."""

from datetime import date, time
from typing import ClassVar
from uuid import UUID

from shared.contracts.activities.codes import ActivityType, HolidayRule, SixOnesItem, TimeBand
from shared.contracts.event import Event


class ActivitySeriesDefined(Event):
    """A community holds an activity again and again; `rule` is a rule of RFC 5545, times are local, `template` its model."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivitySeriesDefined"
    VERSION: ClassVar[int] = 1

    series_id: UUID
    community_id: UUID
    title: str
    activity_type: ActivityType
    rule: str
    holiday_rule: HolidayRule
    first_day: date
    last_day: date | None = None
    starts: time
    ends: time
    place: str
    capacity: int | None = None
    description: str = ""
    template: str | None = None
    team_id: UUID | None = None
    six_ones_item: SixOnesItem | None = None
    time_band: TimeBand | None = None
    time_band_reason: str | None = None
    unit_consent: str | None = None


class ActivitySeriesEnded(Event):
    """Nothing is planned from this series after `last_day`; what is planned already stays."""

    TYPE: ClassVar[str] = "guangcai.activities.ActivitySeriesEnded"
    VERSION: ClassVar[int] = 1

    series_id: UUID
    community_id: UUID
    last_day: date
    reason: str
