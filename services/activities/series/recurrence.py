"""Which days a recurrence rule names (RFC 5545, by python-dateutil).

Invariant: a rule is of a kind that always names a day soon, and is followed at most AHEAD, so that no rule keeps the service busy.
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


def is_rule(rule: str) -> bool:
    """Whether this is a rule that can be followed."""
    return _RULE.fullmatch(rule) is not None


def days_of(rule: str, first_day: date, until: date) -> list[date]:
    """Days that the rule names from `first_day` to `until`, AHEAD at most; the rule counts from `first_day`."""
    start = datetime.combine(first_day, time.min)
    end = datetime.combine(until, time.min)
    return [each.date() for each in rrulestr(rule, dtstart=start).between(start, end, inc=True)]
