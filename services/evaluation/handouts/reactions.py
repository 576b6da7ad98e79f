"""Reminds the unit of a statement that was handed on, once its day has passed."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from services.evaluation.cases.state import case_id
from services.evaluation.handouts.handout import HANDOUT, RemindOfExport
from shared.calendar.local_time import day_after_begins, local_day
from shared.contracts.evaluation.statements import StatementExported
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class AskBack(Task):
    """The recipient should have destroyed it by now."""

    KIND: ClassVar[str] = "ask_back"
    export_id: UUID
    member_id: UUID
    period_id: UUID


def exported(_event: Recorded, data: StatementExported) -> Iterator[Intent]:
    """When the day until which it was handed on is over."""
    task = AskBack(export_id=data.export_id, member_id=data.member_id, period_id=data.period_id)
    yield task.intent(f"ask-back/{data.export_id}", day_after_begins(data.expires_on))


async def ask_back(task: AskBack, call: Call) -> None:
    """Nothing happens when it is destroyed by then."""
    reminder = RemindOfExport(export_id=task.export_id, today=local_day(call.now))
    await call.handle(HANDOUT, case_id(task.member_id, task.period_id), reminder)


REACTIONS: Final[Reactions] = {StatementExported: exported}
PERFORMERS: Final[Performers] = {AskBack: ask_back}
