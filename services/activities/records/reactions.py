"""When the day passes by which a request for a correction should be answered, that is stated once."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from services.activities.records.corrections import RemindOfCorrection
from services.activities.records.record import RECORDS
from shared.calendar.local_time import day_after_begins, local_day
from shared.contracts.activities.records import RecordCorrectionRequested
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class NoteOverdueCorrection(Task):
    """Look once more at the request for a correction of this record when its day is over."""

    KIND: ClassVar[str] = "remind_of_correction"

    activity_id: UUID
    record_id: UUID


def requested(event: Recorded, data: RecordCorrectionRequested) -> Iterator[Intent]:
    """One intent per request; requests of the time before have no day."""
    if data.answer_by is not None:
        task = NoteOverdueCorrection(activity_id=data.activity_id, record_id=data.record_id)
        yield task.intent(f"remind_of_correction/{event.id}", day_after_begins(data.answer_by))


async def note_overdue(task: NoteOverdueCorrection, call: Call) -> None:
    """A request that was answered meanwhile is left alone by the aggregate."""
    command = RemindOfCorrection(record_id=task.record_id, today=local_day(call.now))
    await call.handle(RECORDS, task.activity_id, command)


REACTIONS: Final[Reactions] = {RecordCorrectionRequested: requested}
PERFORMERS: Final[Performers] = {NoteOverdueCorrection: note_overdue}
