"""Activities as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel


class CalendarEntry(BaseModel):
    """An activity as a calendar shows it; `is_on_long_day`: the member has planned more than eight hours there."""

    activity_id: UUID
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    status: str
    is_on_long_day: bool = False


def calendar_file(name: str, entries: Iterable[CalendarEntry], now: datetime, *, long_day_note: str) -> bytes:
    """The file; cancelled activities stay in it as cancelled, so that they vanish from people's calendars."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - 3 MB, for which most processes never have a use
    from icalendar.enums import STATUS  # noqa: PLC0415 - goes with it

    calendar = Calendar.new(prodid="-//guangcai//activities//ZH", version="2.0", name=name)
    for each in entries:
        event = Event.new(
            uid=f"{each.activity_id}@guangcai",
            stamp=now.astimezone(UTC),
            start=each.starts_at.astimezone(UTC),
            end=each.ends_at.astimezone(UTC),
            summary=each.title,
            location=each.place,
            description=long_day_note if each.is_on_long_day else None,
            status=STATUS.CANCELLED if each.status == "CANCELLED" else STATUS.CONFIRMED,
        )
        calendar.add_component(event)
    return calendar.to_ical()
