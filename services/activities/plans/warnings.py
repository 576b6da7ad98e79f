"""What a member is told about days that get long: in the answer when one plans them, in the own list and in the own calendar."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from services.activities.calendar import queries as calendar
from services.activities.calendar.queries import CalendarEntry
from services.activities.gatherings import queries as activities
from services.activities.gatherings.queries import Moment, MyActivity
from services.activities.gatherings.state import Plan
from services.activities.plans.planned_days import LongDay, Plans, days_of, days_of_duty
from services.activities.plans.queries import plans
from services.activities.posts.claims import HeldPost
from services.activities.posts.state import PostTerms
from services.activities.work_hours import local_day
from shared.texts import text
from shared.web import Call

LONG_DAY_PLANNED: Final = "more_than_eight_hours_planned"
LOOKING_BACK: Final = timedelta(days=92)
DAY: Final = timedelta(days=1)


async def days_with_activity(call: Call, who: UUID, plan: Plan) -> dict[str, Any]:
    """What the answer says about the days of an activity, had the member come to it."""
    span = (plan.starts_at, plan.ends_at)
    async with call.read() as tx:
        planned = await plans(tx, who, plan.starts_at - DAY, plan.ends_at + DAY)
    return _warning(planned.with_activity(plan.activity_id, span).long_days(days_of(span)))


async def days_with_post(call: Call, who: UUID, terms: PostTerms) -> dict[str, Any]:
    """What the answer says about the days of a post's duty, had the member taken it."""
    post = HeldPost(post_id=terms.post_id, term_start=terms.term_start, term_end=terms.term_end, slots=terms.slots)
    async with call.read() as tx:
        planned = (await plans(tx, who, call.now)).with_post(post)
    return _warning(planned.long_days(days_of_duty(post, planned, local_day(call.now))))


def _warning(long_days: tuple[LongDay, ...]) -> dict[str, Any]:
    return {"warnings": [LONG_DAY_PLANNED], "long_days": long_days} if long_days else {}


async def own_list(call: Call, who: UUID, after: Moment | None, limit: int) -> list[MyActivity]:
    """A member's activities; those to come name the long days they lie on."""
    async with call.read() as tx:
        found = await activities.member_activities(tx, who, after, limit)
        planned = await plans(tx, who, call.now - DAY)
    return [each.model_copy(update={"long_days": _days_of(planned, each, call)}) for each in found]


async def own_calendar(call: Call, who: UUID) -> list[CalendarEntry]:
    """A member's calendar; what lies on a long day to come says so."""
    async with call.read() as tx:
        found = await calendar.member_calendar(tx, who, call.now - LOOKING_BACK)
        planned = await plans(tx, who, call.now - DAY)
    words = text("activities", "labels", f"warning_{LONG_DAY_PLANNED}")
    note = f"{words.zh}\n{words.en}"
    return [each.model_copy(update={"note": note}) if any(_days_of(planned, each, call)) else each for each in found]


def _days_of(planned: Plans, each: MyActivity | CalendarEntry, call: Call) -> Iterable[LongDay]:
    if each.ends_at <= call.now or each.activity_id not in planned.activities:
        return ()
    return planned.long_days(days_of((each.starts_at, each.ends_at)))
