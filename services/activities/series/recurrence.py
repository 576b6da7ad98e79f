"""Which days a recurrence rule names (RFC 5545, by python-dateutil).

Invariant: a rule is of a kind that always names a day soon, and is followed from where it is looked at and at most AHEAD, so that no rule
and no first day keep the service busy.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from dateutil.rrule import rrulestr

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
_INTERVAL: Final = re.compile(r"INTERVAL=(\d+)")


def is_rule(rule: str) -> bool:
    """Whether this is a rule that can be followed."""
    return _RULE.fullmatch(rule) is not None


def days_of(rule: str, first_day: date, until: date, *, since: date | None = None) -> list[date]:
    """Days that the rule names from `since` (or `first_day`) to `until`; the rule counts from `first_day`, however long ago that is."""
    since = first_day if since is None else max(first_day, since)
    start = datetime.combine(_nearer(rule, first_day, since), time.min)
    named = rrulestr(rule, dtstart=start).between(datetime.combine(since, time.min), datetime.combine(until, time.min), inc=True)
    return [each.date() for each in named]


def _nearer(rule: str, first_day: date, since: date) -> date:
    """A later day than `first_day`, but not than `since`, from which the rule names the same days."""
    interval = int(found[1]) if (found := _INTERVAL.search(rule)) else 1
    if rule.startswith(("FREQ=DAILY", "FREQ=WEEKLY")):
        period = interval * (7 if rule.startswith("FREQ=WEEKLY") else 1)
        return first_day + timedelta(days=(since - first_day).days // period * period)
    # Intervals of months divide the year, and those rules name their days of the month themselves.
    return first_day if first_day.year >= since.year - 1 else date(since.year - 1, first_day.month, 1)
