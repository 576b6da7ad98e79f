"""Series of activities."""

from typing import Final

from services.activities.projections.writes import Writes, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

SERIES_COLUMNS: Final = (
    *("community_id", "title", "activity_type", "rule", "holiday_rule", "first_day", "last_day", "starts", "ends", "place", "capacity"),
    *("template", "time_band", "unit_consent"),
)


def series(event: Recorded) -> Writes:
    """Series as defined."""
    match data := event.data:
        case own.ActivitySeriesDefined():
            return (save(event, "activity_series", fields(data, "series_id"), fields(data, *SERIES_COLUMNS)),)
        case own.ActivitySeriesEnded():
            return (change(event, "activity_series", fields(data, "series_id"), fields(data, "last_day")),)
        case _:
            return ()
