"""A need whose day for the first look, or for the answer, has passed is reported as overdue."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from services.activities.needs.need import NEED, RemindOfNeed
from shared.calendar.local_time import day_after_begins, local_day
from shared.contracts.activities.needs import NeedLimit, ResidentNeedPublished, ResidentNeedRecorded
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class CheckNeedLimit(Task):
    """Report the need as overdue if what was due by this limit has not been done."""

    KIND: ClassVar[str] = "remind_of_need"

    need_id: UUID
    limit: NeedLimit


def recorded(event: Recorded, data: ResidentNeedRecorded) -> Iterator[Intent]:
    """Needs of the time when they were public at once have no day for the first look."""
    if data.look_by is not None:
        yield _check(event, data.need_id, NeedLimit.FIRST_LOOK, data.look_by)


def published(event: Recorded, data: ResidentNeedPublished) -> Iterator[Intent]:
    """The day for the answer."""
    yield _check(event, data.need_id, NeedLimit.ANSWER, data.answer_by)


def _check(event: Recorded, need_id: UUID, limit: NeedLimit, due_on: date) -> Intent:
    return CheckNeedLimit(need_id=need_id, limit=limit).intent(f"remind_of_need/{event.id}", day_after_begins(due_on))


async def check_need_limit(task: CheckNeedLimit, call: Call) -> None:
    """The aggregate knows whether it has been done."""
    await call.handle(NEED, task.need_id, RemindOfNeed(limit=task.limit, today=local_day(call.now)))


REACTIONS: Final[Reactions] = {ResidentNeedRecorded: recorded, ResidentNeedPublished: published}
PERFORMERS: Final[Performers] = {CheckNeedLimit: check_need_limit}
