"""A term with a last day ends by itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from services.registration.offices.office import OFFICE, EndOffice
from shared.calendar.local_time import day_after_begins, local_day
from shared.contracts.registration.organisations import OfficeAssigned
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class EndTerm(Task):
    """End the office with the day before this is due."""

    KIND: ClassVar[str] = "end_office"
    office_id: UUID


def assigned(_event: Recorded, data: OfficeAssigned) -> Iterator[Intent]:
    """Due when the last day is over."""
    if data.ends_on is not None:
        yield EndTerm(office_id=data.office_id).intent(f"term/{data.office_id}", day_after_begins(data.ends_on))


async def end_term(task: EndTerm, call: Call) -> None:
    """An office that has ended before stays as it is."""
    await call.handle(OFFICE, task.office_id, EndOffice(ended_on=local_day(call.now) - timedelta(days=1)))


REACTIONS: Final[Reactions] = {OfficeAssigned: assigned}
PERFORMERS: Final[Performers] = {EndTerm: end_term}
