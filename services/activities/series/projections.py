"""Series of activities, and secret links to calendars."""

from typing import Final

from services.activities.writes import Writes, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

SERIES_COLUMNS: Final = (
    *("community_id", "title", "activity_type", "rule", "holiday_rule", "first_day", "last_day", "starts", "ends", "place", "capacity"),
    *("template", "time_band", "unit_consent"),
)


def calendar_link(event: Recorded) -> Writes:
    """Secret links, open or revoked."""
    match data := event.data:
        case own.CalendarLinkOpened():
            return (save(event, "calendar_links", fields(data, "link_id"), {"member_id": data.member_id, "is_open": True}),)
        case own.CalendarLinkRevoked():
            return (change(event, "calendar_links", fields(data, "link_id"), {"is_open": False}),)
        case _:
            return ()


def series(event: Recorded) -> Writes:
    """Series as defined."""
    match data := event.data:
        case own.ActivitySeriesDefined():
            return (save(event, "activity_series", fields(data, "series_id"), fields(data, *SERIES_COLUMNS)),)
        case own.ActivitySeriesEnded():
            return (change(event, "activity_series", fields(data, "series_id"), fields(data, "last_day")),)
        case _:
            return ()
