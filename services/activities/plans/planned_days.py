"""What a member has planned, so that a long day and two things at one time are pointed out in advance and not only checked afterwards.

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
OVERLAP_PLANNED: Final = "overlapping_plans"


class LongDay(BaseModel):
    """A day with more than eight planned hours."""

    day: date
    minutes: int


class Overlap(BaseModel, frozen=True):
    """Something else that is planned for the same time: an activity, or the duty of a post."""

    activity_id: UUID | None = None
    post_id: UUID | None = None
    starts_at: datetime
    ends_at: datetime


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

    def overlaps(self, own: UUID, span: Span) -> tuple[Overlap, ...]:
        """What else than `own`, an activity or post, is planned for a part of `span`, in order."""
        starts, ends = span
        activities = (
            Overlap(activity_id=activity_id, starts_at=first, ends_at=last)
            for activity_id, (first, last) in self.activities.items()
            if activity_id != own and first < ends and starts < last
        )
        duties = (
            Overlap(post_id=post.post_id, starts_at=first, ends_at=last)
            for day in days_of(span)
            for post in self.posts
            if post.post_id != own
            for first, last in duties_on(day, post)
            if first < ends and starts < last
        )
        return tuple(sorted((*activities, *duties), key=_place))

    def overlaps_of(self, activity_id: UUID, span: Span, now: datetime) -> tuple[Overlap, ...]:
        """The same for an activity that the member is coming to; nothing when it is over."""
        return () if span[1] <= now or activity_id not in self.activities else self.overlaps(activity_id, span)

    def overlaps_of_post(self, post: PlannedPost, days: Iterable[date]) -> tuple[Overlap, ...]:
        """What else is planned during the duty of a post on these days, each once."""
        spans = (span for day in set(days) for span in duties_on(day, post))
        return tuple(sorted({each for span in spans for each in self.overlaps(post.post_id, span)}, key=_place))

    def _duties_on(self, day: date) -> Iterable[Span]:
        return (span for post in self.posts for span in duties_on(day, post))


def duties_on(day: date, post: PlannedPost) -> Iterable[Span]:
    """The duty times of a post on a day of its term."""
    if not post.term_start <= day <= post.term_end:
        return ()
    return ((_moment(day, slot.starts), _moment(day, slot.ends)) for slot in post.slots if slot.weekday == day.isoweekday())


def warning(long_days: tuple[LongDay, ...], overlaps: tuple[Overlap, ...] = ()) -> dict[str, Any]:
    """What an answer says about long days and things at the same time; nothing when there are none."""
    said = {LONG_DAY_PLANNED: ("long_days", long_days), OVERLAP_PLANNED: ("overlaps", overlaps)}
    found = {code: each for code, each in said.items() if each[1]}
    return {"warnings": list(found), **dict(found.values())} if found else {}


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


def _place(overlap: Overlap) -> tuple[datetime, UUID]:
    return overlap.starts_at, overlap.activity_id or overlap.post_id or UUID(int=0)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CHINA)
