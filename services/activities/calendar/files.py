"""Activities as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel

REFRESH_EVERY: Final = timedelta(hours=1)  # RFC 7986, 5.7: how soon a calendar program should ask again


class CalendarEntry(BaseModel):
    """An activity as a calendar shows it; `revision` grows with every change that participants should notice.

    `is_on_long_day`: the member has planned more than eight hours there; `is_overlapping`: and something else for the same time.
    """

    activity_id: UUID
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    status: str
    revision: int = 0
    is_on_long_day: bool = False
    is_overlapping: bool = False


def calendar_file(name: str, entries: Iterable[CalendarEntry], now: datetime, *, long_day_note: str, overlap_note: str) -> bytes:
    """The file; cancelled activities stay in it as cancelled, so that they vanish from people's calendars."""
    from icalendar import Calendar, Event, vDuration  # noqa: PLC0415 - 3 MB, for which most processes never have a use
    from icalendar.enums import STATUS  # noqa: PLC0415 - goes with it

    calendar = Calendar.new(prodid="-//guangcai//activities//ZH", version="2.0", name=name, refresh_interval=REFRESH_EVERY)
    calendar["X-PUBLISHED-TTL"] = vDuration(REFRESH_EVERY)  # what Outlook and Apple's programs read instead (MS-OXCICAL, 2.1.3.1.1.16)
    for each in entries:
        notes = [note for note, is_so in ((long_day_note, each.is_on_long_day), (overlap_note, each.is_overlapping)) if is_so]
        event = Event.new(
            uid=f"{each.activity_id}@guangcai",
            stamp=now.astimezone(UTC),
            start=each.starts_at.astimezone(UTC),
            end=each.ends_at.astimezone(UTC),
            summary=each.title,
            location=each.place,
            description="\n".join(notes) or None,
            sequence=each.revision,
            status=STATUS.CANCELLED if each.status == "CANCELLED" else STATUS.CONFIRMED,
        )
        calendar.add_component(event)
    return calendar.to_ical()
