"""Recurrence and calendar files by RFC 5545: which days a rule names (python-dateutil), and activities as .ics (icalendar).

Invariant: a rule is of a kind that always names a day soon, and is followed at most AHEAD, so that no rule keeps the service busy.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dateutil.rrule import rrulestr

from services.activities.calendar.queries import CalendarEntry
from shared.web import Malformed

AHEAD: Final = timedelta(days=400)
_EVERY: Final = r"(;INTERVAL=[1-9]\d?)?"
_WEEKDAY: Final = "(MO|TU|WE|TH|FR|SA|SU)"
_NTH_WEEKDAY: Final = rf"[+-]?[1-5]{_WEEKDAY}"
_MONTH_DAY: Final = r"-?([1-9]|[12]\d|3[01])"
_MONTH: Final = r"([1-9]|1[0-2])"
# The part of RFC 5545 that series need. Rules that never name a day (31 February) would be searched for until the year 9999.
_RULE: Final = re.compile(
    rf"FREQ=DAILY{_EVERY}"
    rf"|FREQ=WEEKLY{_EVERY}(;BYDAY={_WEEKDAY}(,{_WEEKDAY})*)?"
    rf"|FREQ=MONTHLY(;INTERVAL=[12346])?;(BYMONTHDAY={_MONTH_DAY}(,{_MONTH_DAY})*|BYDAY={_NTH_WEEKDAY}(,{_NTH_WEEKDAY})*)"
    rf"|FREQ=YEARLY;BYMONTH={_MONTH};BYMONTHDAY=([1-9]|1\d|2[0-8])"
)
EXPECTED: Final = "a recurrence rule of RFC 5545 by days, e.g. FREQ=MONTHLY;BYMONTHDAY=15 or FREQ=WEEKLY;BYDAY=TU,TH"


def check_rule(rule: str) -> None:
    """Raise Malformed for a rule that cannot be followed."""
    if not _RULE.fullmatch(rule):
        raise Malformed(rule=EXPECTED)


def days_of(rule: str, first_day: date, until: date) -> list[date]:
    """Days that the rule names from `first_day` to `until`, AHEAD at most; the rule counts from `first_day`."""
    check_rule(rule)
    start = datetime.combine(first_day, time.min)
    end = datetime.combine(until, time.min)
    return [each.date() for each in rrulestr(rule, dtstart=start).between(start, end, inc=True)]


def calendar_file(name: str, entries: Iterable[CalendarEntry], now: datetime) -> bytes:
    """An iCalendar file (RFC 5545) of activities; cancelled ones stay in it as cancelled, so that they vanish from people's calendars."""
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
            description=each.note,
            status=STATUS.CANCELLED if each.status == "CANCELLED" else STATUS.CONFIRMED,
        )
        calendar.add_component(event)
    return calendar.to_ical()
