"""A complaint that nobody answered by its day is passed up to the desk above."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from services.activities.complaints.complaint import COMPLAINT, RemindOfComplaint
from shared.calendar.local_time import day_after_begins, local_day
from shared.contracts.activities.complaints import ComplaintLodged
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class PassComplaintUp(Task):
    """Let the desk above answer too, if nobody has answered."""

    KIND: ClassVar[str] = "remind_of_complaint"

    complaint_id: UUID


def lodged(_event: Recorded, data: ComplaintLodged) -> Iterator[Intent]:
    """One intent per complaint, due when the day for the answer is over."""
    key = f"remind_of_complaint/{data.complaint_id}"
    yield PassComplaintUp(complaint_id=data.complaint_id).intent(key, day_after_begins(data.answer_by))


async def pass_complaint_up(task: PassComplaintUp, call: Call) -> None:
    """The aggregate knows whether it was answered."""
    await call.handle(COMPLAINT, task.complaint_id, RemindOfComplaint(today=local_day(call.now)))


REACTIONS: Final[Reactions] = {ComplaintLodged: lodged}
PERFORMERS: Final[Performers] = {PassComplaintUp: pass_complaint_up}
