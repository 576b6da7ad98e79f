"""How much of a day a member has planned, so that a long day is pointed out in advance and not only checked afterwards.

Invariant: the warning refuses nothing and goes to nobody but the member; times that overlap count once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.activities.work_hours import LONG_DAY
from shared.calendar.local_time import CHINA, day_after_begins, day_begins, local_day
from shared.contracts.activities.codes import DutySlot

Span = tuple[datetime, datetime]
WEEK: Final = 7
LONG_DAY_PLANNED: Final = "more_than_eight_hours_planned"


class LongDay(BaseModel):
    """A day with more than eight planned hours."""

    day: date
    minutes: int


class PlannedPost(BaseModel):
    """A post with the duty times of its term."""

    model_config = ConfigDict(frozen=True)

    post_id: UUID
    term_start: date
    term_end: date
    slots: tuple[DutySlot, ...] = ()


@dataclass(frozen=True, slots=True)
class Plans:
    """What a member signed up for, and the posts whose duty times they serve."""

    activities: Mapping[UUID, Span] = field(default_factory=dict[UUID, Span])
    posts: tuple[PlannedPost, ...] = ()

    def with_activity(self, activity_id: UUID, span: Span) -> "Plans":
        """The same, and this activity."""
        return replace(self, activities={**self.activities, activity_id: span})

    def with_post(self, post: PlannedPost) -> "Plans":
        """The same, and this post."""
        return replace(self, posts=(*(each for each in self.posts if each.post_id != post.post_id), post))

    def long_days(self, days: Iterable[date]) -> tuple[LongDay, ...]:
        """Those of `days` that are too long, in order."""
        spans = {day: [*self._duties_on(day)] for day in sorted(set(days))}
        for span in self.activities.values():
            for day in days_of(span):
                if day in spans:
                    spans[day].append(span)
        found = ((day, _minutes_on(day, spans[day])) for day in spans)
        return tuple(LongDay(day=day, minutes=minutes) for day, minutes in found if minutes > LONG_DAY)

    def long_days_of(self, activity_id: UUID, span: Span, now: datetime) -> tuple[LongDay, ...]:
        """The long days of an activity that the member is coming to; none when it is over."""
        if span[1] <= now or activity_id not in self.activities:
            return ()
        return self.long_days(days_of(span))

    def _duties_on(self, day: date) -> Iterable[Span]:
        posts = (each for each in self.posts if each.term_start <= day <= each.term_end)
        slots = (slot for post in posts for slot in post.slots if slot.weekday == day.isoweekday())
        return ((_moment(day, slot.starts), _moment(day, slot.ends)) for slot in slots)


def warning(long_days: tuple[LongDay, ...]) -> dict[str, Any]:
    """What an answer says about long days; nothing when there are none."""
    return {"warnings": [LONG_DAY_PLANNED], "long_days": long_days} if long_days else {}


def days_of(span: Span) -> tuple[date, ...]:
    """The local days that a span touches."""
    first, last = local_day(span[0]), local_day(span[1] - timedelta(microseconds=1))
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def days_of_duty(post: PlannedPost, plans: Plans, today: date) -> tuple[date, ...]:
    """The days on which a post could make the difference: its first week from now, and those with activities in its term."""
    first = max(today, post.term_start)
    week = (first + timedelta(days=number) for number in range(WEEK))
    others = (day for span in plans.activities.values() for day in days_of(span))
    return tuple(day for day in (*week, *others) if first <= day <= post.term_end)


def _minutes_on(day: date, spans: list[Span]) -> int:
    until, ends = day_begins(day), day_after_begins(day)
    total = timedelta()
    for start, end in sorted(spans):
        first, last = max(start, until), min(end, ends)
        if first < last:
            total, until = total + (last - first), last
    return int(total.total_seconds()) // 60


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CHINA)
