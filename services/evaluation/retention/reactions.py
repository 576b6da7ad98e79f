"""Forgets a period when its years are over."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from services.evaluation.periods.period import PERIOD, GiveUpPeriod, given_up_from
from shared.calendar.local_time import day_begins, local_day
from shared.contracts.evaluation.periods import EvaluationPeriodOpened
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class ForgetPeriod(Task):
    """Keep nothing of the period any longer."""

    KIND: ClassVar[str] = "give_up"
    period_id: UUID


def opened(_event: Recorded, data: EvaluationPeriodOpened) -> Iterator[Intent]:
    """On the day on which its years are over."""
    yield ForgetPeriod(period_id=data.period_id).intent(f"give-up/{data.period_id}", day_begins(given_up_from(data.ends_on)))


async def forget_period(task: ForgetPeriod, call: Call) -> None:
    """Done again, it changes nothing."""
    await call.handle(PERIOD, task.period_id, GiveUpPeriod(period_id=task.period_id, today=local_day(call.now)))


REACTIONS: Final[Reactions] = {EvaluationPeriodOpened: opened}
PERFORMERS: Final[Performers] = {ForgetPeriod: forget_period}
